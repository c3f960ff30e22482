#pragma once

#include <optional>

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/inline_vector.hpp"
#include "tracer/wire/seq_number.hpp"

namespace tracer {

/// Option kinds of the IANA registry "TCP Option Kind Numbers".
namespace tcp_option {
inline constexpr std::uint8_t end = 0, no_operation = 1, mss = 2, window_scale = 3,
                              sack_permitted = 4, sack = 5, timestamps = 8, md5 = 19,
                              user_timeout = 28, authentication = 29, multipath = 30,
                              fast_open = 34, experiment_1 = 253, experiment_2 = 254;
/// "MSS", "Window scale", …; "Unknown" for kinds we have no name for.
std::string_view name(std::uint8_t kind);
}  // namespace tcp_option

/// One option as it stands in the header.
struct TcpOption {
  std::uint8_t kind;
  Bytes bytes;  // kind and length included
  Bytes value() const { return slice(bytes, 2); }
};

/// Walks the options of a header in order (RFC 9293 §3.1). Ends after End of Option List, at the
/// end of the bytes, or at an option whose length is impossible; then `damaged()` is true. So it is
/// after an option that the capture cut, which is given with the bytes that are there.
class TcpOptionReader {
 public:
  /// `missing`: bytes of the options that the capture did not keep.
  explicit TcpOptionReader(Bytes options, std::size_t missing = 0)
      : rest_(options), missing_(missing) {}
  std::optional<TcpOption> next();
  bool damaged() const { return damaged_; }

 private:
  Bytes rest_;
  std::size_t missing_;
  bool damaged_ = false;
};

/// A block of received data above the cumulative ACK (RFC 2018 §3): [left, right).
struct SackBlock {
  SeqNumber left, right;
};

/// The options that connection tracking acts on, gathered in one walk.
struct TcpOptions {
  std::optional<std::uint16_t> mss;          // bytes (RFC 9293 §3.7.1)
  std::optional<std::uint8_t> window_scale;  // shift count, not clamped (RFC 7323 §2.2)
  bool sack_permitted = false;
  bool has_timestamps = false;
  std::uint32_t ts_value = 0, ts_echo = 0;  // RFC 7323 §3.2
  InlineVector<SackBlock, 4> sack;
  std::uint16_t multipath = 0;  // a bit for each MPTCP subtype (RFC 8684 §3)
  bool damaged = false;         // the walk stopped early

  static TcpOptions parse(Bytes options, std::size_t missing = 0) {
    TcpOptions found;
    found.read(options, missing);
    return found;
  }
  /// The same, in the place of what was here. `missing`: see TcpOptionReader.
  void read(Bytes options, std::size_t missing = 0);
};

}  // namespace tracer
