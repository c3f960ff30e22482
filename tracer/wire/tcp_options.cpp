#include "tracer/wire/tcp_options.hpp"

namespace tracer {

std::string_view tcp_option::name(std::uint8_t kind) {
  switch (kind) {
    case end: return "End of Option List";
    case no_operation: return "No-Operation";
    case mss: return "Maximum segment size";
    case window_scale: return "Window scale";
    case sack_permitted: return "SACK permitted";
    case sack: return "SACK";
    case timestamps: return "Timestamps";
    case md5: return "TCP MD5 signature";
    case user_timeout: return "User Timeout";
    case authentication: return "TCP Authentication Option";
    case multipath: return "Multipath TCP";
    case fast_open: return "TCP Fast Open Cookie";
    case experiment_1:
    case experiment_2: return "RFC 3692-style Experiment";
    default: return "Unknown";
  }
}

std::optional<TcpOption> TcpOptionReader::next() {
  if (rest_.empty()) return std::nullopt;
  const std::uint8_t kind = be8(rest_, 0);
  std::size_t size = 1;
  if (kind != tcp_option::end && kind != tcp_option::no_operation) {
    size = rest_.size() < 2 ? 0 : be8(rest_, 1);
    const bool cut = size > rest_.size() && size <= rest_.size() + missing_;
    if (size < 2 || size > rest_.size()) {
      const TcpOption what_is_there{kind, rest_};
      damaged_ = true;
      rest_ = {};
      if (!cut) return std::nullopt;
      return what_is_there;
    }
  }
  const TcpOption option{kind, rest_.first(size)};
  rest_ = kind == tcp_option::end ? Bytes{} : rest_.subspan(size);
  return option;
}

void TcpOptions::read(Bytes options, std::size_t missing) {
  mss.reset();
  window_scale.reset();
  sack.clear();
  sack_permitted = has_timestamps = damaged = false;
  ts_value = ts_echo = 0;
  multipath = 0;
  // By far the most common layout (RFC 7323 appendix A): two no-operations, then timestamps.
  if (options.size() == 12 && be32(options, 0) == 0x0101080a) {
    has_timestamps = true;
    ts_value = be32(options, 4);
    ts_echo = be32(options, 8);
    return;
  }
  TcpOptionReader reader(options, missing);
  while (const auto option = reader.next()) {
    const Bytes value = option->value();
    switch (option->kind) {
      case tcp_option::mss:
        if (value.size() == 2) mss = be16(value, 0);
        break;
      case tcp_option::window_scale:
        if (value.size() == 1) window_scale = be8(value, 0);
        break;
      case tcp_option::sack_permitted: sack_permitted = true; break;
      case tcp_option::sack:
        for (std::size_t at = 0; at + 8 <= value.size(); at += 8)
          sack.push_back({{be32(value, at)}, {be32(value, at + 4)}});
        break;
      case tcp_option::timestamps:
        if (value.size() == 8) {
          has_timestamps = true;
          ts_value = be32(value, 0);
          ts_echo = be32(value, 4);
        }
        break;
      case tcp_option::multipath:
        if (!value.empty()) multipath |= static_cast<std::uint16_t>(1u << (be8(value, 0) >> 4));
        break;
      default: break;
    }
  }
  damaged = reader.damaged();
}

}  // namespace tracer
