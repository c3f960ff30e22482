// DNS messages read in place (RFC 1035 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

/// Types of the IANA registry "DNS Resource Record Types" that we take apart.
namespace dns_type {
inline constexpr std::uint16_t a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16,
                               aaaa = 28, srv = 33, dname = 39, opt = 41, nsec = 47, nsec3 = 50,
                               https = 65, caa = 257;
}

/// A name as it is written: labels joined by dots, "<Root>" for the root.
struct DnsName {
  std::string text;
  std::size_t size = 0;    // bytes that it takes where it stands
  std::size_t labels = 0;  // followed through pointers
};

/// A question, or the fixed part of a resource record.
struct DnsRecord {
  DnsName name;
  Bytes name_bytes, fixed;  // where the name and the numbers after it stand
  std::uint16_t type = 0, type_class = 0;
  std::uint32_t ttl = 0;
  Bytes data;  // RDATA; empty in questions
};

/// The header and the sections, walked once in order. Every step is checked: compression pointers
/// and labels are counted against loops, lengths stay inside the message.
class DnsMessage {
 public:
  static constexpr std::size_t header_size = 12;
  enum class Section : std::uint8_t { question, answer, authority, additional };

  static Decoded<DnsMessage> parse(Bytes message) {
    if (message.size() < header_size)
      return DecodeError{Fault::truncated, "DNS", header_size, message.size()};
    return DnsMessage(message);
  }

  std::uint16_t id() const { return be16(message_, 0); }
  std::uint16_t flags() const { return be16(message_, 2); }
  bool response() const { return (flags() & 0x8000) != 0; }
  std::uint8_t opcode() const { return static_cast<std::uint8_t>(flags() >> 11 & 15); }
  std::uint8_t rcode() const { return static_cast<std::uint8_t>(flags() & 15); }
  std::uint16_t count(Section section) const {
    return be16(message_, 4 + 2 * static_cast<std::size_t>(section));
  }
  Bytes bytes() const { return message_; }

  /// Reads the next question or record into `record`, and says where it belongs. None at the end
  /// of the message, or where it is damaged; then damaged() is true.
  std::optional<Section> next(DnsRecord& record);
  bool damaged() const { return damaged_; }

  /// The name at `at`, a place in the message. False if it is damaged.
  bool name(std::size_t at, DnsName& name) const;
  /// Where `part`, which lies in the message, begins.
  std::size_t place(Bytes part) const {
    return static_cast<std::size_t>(part.data() - message_.data());
  }

 private:
  explicit DnsMessage(Bytes message) : message_(message) {}
  Bytes message_;
  std::size_t at_ = header_size;
  std::uint32_t read_ = 0;  // questions and records so far
  bool damaged_ = false;
};

/// May these bytes be a DNS message on a port that does not say so? Small counts and room for them.
bool looks_like_dns(Bytes payload);

}  // namespace tracer
