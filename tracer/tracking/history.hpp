#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tracer/wire/tcp.hpp"

namespace tracer {

/// The story of a connection in one word, in the letters of Zeek's conn.log `history`
/// (https://docs.zeek.org, base/protocols/conn/main.zeek): S SYN, H SYN-ACK, A pure ACK, D data,
/// F FIN, R RST, T retransmission, W zero window, G gap, Q several of SYN, FIN, RST at once;
/// upper case from the originator, lower case from the responder; `^` means that the first packet
/// seen was the responder's. A letter appears once for each side.
class History {
 public:
  void add(char letter, bool from_originator) {
    const char written = from_originator ? letter : static_cast<char>(letter - 'A' + 'a');
    const unsigned index = static_cast<unsigned>(letter - 'A') + (from_originator ? 0u : 32u);
    if ((written_ >> index & 1) != 0 || size_ == letters_.size()) return;
    written_ |= std::uint64_t{1} << index;
    letters_[size_++] = written;
  }
  void flip() {
    if (size_ < letters_.size()) letters_[size_++] = '^';
  }
  bool has(char letter, bool from_originator) const {
    return (written_ >> (static_cast<unsigned>(letter - 'A') + (from_originator ? 0u : 32u)) & 1) !=
           0;
  }
  std::string_view text() const { return {letters_.data(), size_}; }

 private:
  std::uint64_t written_ = 0;
  std::array<char, 21> letters_;  // ten letters, two sides, and ^
  std::uint8_t size_ = 0;
};

/// Zeek's `conn_state` for a TCP connection with this history: S0, S1, SF, REJ, …
std::string_view connection_state(const History& history);

}  // namespace tracer
