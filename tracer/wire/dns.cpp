#include "tracer/wire/dns.hpp"

namespace tracer {
namespace {
constexpr std::size_t longest_name = 1025;  // characters shown of one name
constexpr int most_pointers = 256;
constexpr std::size_t most_labels = 1024;
}  // namespace

bool DnsMessage::name(std::size_t at, DnsName& name) const {
  name.text.clear();
  name.size = name.labels = 0;
  const std::size_t start = at;
  bool jumped = false;
  for (int pointers = 0;;) {
    if (at >= message_.size()) return false;
    const std::uint8_t length = be8(message_, at);
    if (length == 0) {
      if (!jumped) name.size = at + 1 - start;
      if (name.text.empty()) name.text = "<Root>";
      return true;
    }
    if ((length & 0xc0) == 0xc0) {
      if (at + 2 > message_.size()) return false;
      const std::size_t target = be16(message_, at) & 0x3fffu;
      if (!jumped) name.size = at + 2 - start;
      jumped = true;
      if (++pointers > most_pointers) {
        name.text = "<Name contains a pointer that loops>";
        return true;
      }
      at = target;
      continue;
    }
    if (length & 0xc0) return false;
    if (at + 1 + length > message_.size()) return false;
    if (name.text.size() + length < longest_name) {
      if (!name.text.empty()) name.text += '.';
      name.text += as_text(message_.subspan(at + 1, length));
    }
    if (++name.labels > most_labels) return false;
    at += 1u + length;
  }
}

std::optional<DnsMessage::Section> DnsMessage::next(DnsRecord& record) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto section = static_cast<Section>(i);
    before += count(section);
    if (read_ >= before) continue;
    damaged_ = true;  // until the record is whole
    if (!name(at_, record.name)) return std::nullopt;
    record.name_bytes = message_.subspan(at_, record.name.size);
    at_ += record.name.size;
    const bool question = section == Section::question;
    const std::size_t fixed = question ? 4 : 10;
    if (message_.size() - at_ < fixed) return std::nullopt;
    record.fixed = message_.subspan(at_, fixed);
    record.type = be16(record.fixed, 0);
    record.type_class = be16(record.fixed, 2);
    record.ttl = question ? 0 : be32(record.fixed, 4);
    at_ += fixed;
    const std::size_t length = question ? 0 : be16(record.fixed, 8);
    if (message_.size() - at_ < length) return std::nullopt;
    record.data = message_.subspan(at_, length);
    at_ += length;
    ++read_;
    damaged_ = false;
    return section;
  }
  return std::nullopt;
}

bool looks_like_dns(Bytes payload) {
  if (payload.size() < DnsMessage::header_size) return false;
  const unsigned flags = be16(payload, 2), questions = be16(payload, 4), answers = be16(payload, 6),
                 authorities = be16(payload, 8), additional = be16(payload, 10);
  if ((flags & 0x7800) != 0 || questions == 0 || questions > 2) return false;
  if (answers > 25 || authorities > 15 || additional > 10) return false;
  return questions * 6 + (answers + authorities + additional) * 11 <=
         payload.size() - DnsMessage::header_size;
}

}  // namespace tracer
