#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/tracking/tcp_states.hpp"

namespace tracer {

/// One demand on a capture: a line of a --check file.
struct CheckRule {
  enum class Kind : std::uint8_t {
    some,   // at least one packet passes the filter
    never,  // none does
    count,  // so many do
    order,  // one of the first filter, later one of the second, and so on
    state,  // an end of a connection reaches this state
  };
  Kind kind = Kind::some;
  unsigned line = 0;
  std::string text;                  // as it was written
  std::vector<std::string> filters;  // display filters, compiled once to see that they are right
  std::uint64_t least = 0, most = UINT64_MAX;  // of count
  unsigned end = 0;                            // of state: 0 is the client, who connects
  TcpState state = TcpState::unknown;
};

/// The rules of a file, a line each; empty lines and those that begin with # are none:
///
///     some  tcp.flags.syn == 1 && tcp.flags.ack == 0
///     never tcp.flags.reset == 1
///     count 1-3 tcp.analysis.retransmission       (also: 2, 2-)
///     order http.request ; http.response ; tcp.flags.fin == 1
///     state client TIME-WAIT
///
/// Throws Failure: 1 if it cannot be read, 2 for a wrong line (which, and why) or none at all.
std::vector<CheckRule> read_check_rules(const std::string& path);

}  // namespace tracer
