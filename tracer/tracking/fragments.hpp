#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "tracer/wire/packet.hpp"

namespace tracer {

/// Puts IP datagrams together from their fragments (RFC 791 §3.2, RFC 8200 §4.5), in whatever
/// order they arrive. Bounded: of more than `most_waiting` unfinished datagrams the oldest is
/// given up. Where fragments overlap, the bytes that came first stay.
class Fragments {
 public:
  static constexpr std::size_t most_waiting = 1024;

  struct Datagram {
    std::uint8_t protocol;
    Bytes payload;  // valid until the next call
    std::uint32_t wire_length;
  };
  /// The whole datagram, if this fragment is the one that completes it.
  /// REQUIRES: packet.fragment.
  std::optional<Datagram> add(const Packet& packet);
  std::uint64_t given_up() const { return given_up_; }

 private:
  struct Key {
    IpAddress source, destination;
    std::uint32_t id;
    std::uint8_t protocol;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Partial {
    std::vector<std::byte> bytes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> have;  // [from, to), sorted, disjoint
    std::optional<std::uint32_t> size;
    std::uint8_t protocol = 0;  // from the first fragment, which alone has the right one
    std::uint64_t age = 0;
  };
  void insert(Partial& partial, std::uint32_t from, Bytes bytes);
  void give_up_oldest();

  std::map<Key, Partial> waiting_;
  std::vector<std::byte> finished_;
  std::uint64_t clock_ = 0, given_up_ = 0;
};

}  // namespace tracer
