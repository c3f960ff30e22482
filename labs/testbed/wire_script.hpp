// What the wire is told to do to packets: the language of --wire and of `wire =` in lab.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/bytes/frame.hpp"

namespace testbed {

enum class Way : std::uint8_t { both, client_to_server, server_to_client };

/// Which packets of a direction a rule is for.
struct Selector {
  enum class Kind : std::uint8_t {
    every,
    syn,
    synack,
    fin,
    rst,
    data,
    ack,
    udp,
    any,
    bytes,
    where
  };
  Kind kind = Kind::every;
  std::uint64_t first = 1, last = UINT64_MAX;  // N of KIND#N, or of #N-M; bytes A-B
  std::string filter;                          // where '…'
};

struct Action {
  enum class Kind : std::uint8_t { drop, delay, dup, corrupt, hold, rate, queue, loss, jitter };
  Kind kind = Kind::drop;
  tracer::Nanoseconds time{0};  // delay, jitter
  std::uint64_t count = 0;      // corrupt: offset in the frame; hold, queue: packets; rate: bits/s
  double probability = 0;       // loss: 0 to 1
};

struct WireRule {
  Way way = Way::both;
  Selector selector;
  Action action;
  std::string text;  // as written, for logs and fates
};

/// Rules joined by `;`. Each has one action, and may have a direction (c>s or s>c) and a selector,
/// in any order:
///
///     delay 20ms; drop c>s data#3; c>s where 'udp.length > 100' dup; loss 1%; rate 10Mbit/s
///
/// Throws tracer::Failure (2) for a fault, with the script and a caret under it.
std::vector<WireRule> parse_wire_script(std::string_view script);

}  // namespace testbed
