// The process between the hosts: takes every frame from one side and gives it to the other, or not.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "labs/testbed/wire_rules.hpp"
#include "tracer/bytes/bytes.hpp"

namespace testbed {

/// What the wire lets the conductor see at any time; lies in memory that both share.
struct WireGauge {
  std::atomic<std::uint64_t> waiting{0};   // frames on their way: delayed, queued or held
  std::atomic<std::uint64_t> received{0};  // frames so far, from both sides
};

/// One letter each, to the wire's control socket.
namespace wire_command {
inline constexpr char sentinel = 'S',  // send a sentinel frame to each host
    finish = 'F',                      // let go of everything, send sentinels, report and end
    inject = 'I';                      // u32 length, then a wire script to obey from now on
}

struct WireSetup {
  std::string interfaces[2];  // in this network namespace: towards client, towards server
  int control;                // commands in
  int report;                 // messages out
  WireGauge* gauge;
  WireRules* rules;
  FilterCompiler compile;  // for injected rules
};

/// Runs until told to finish, or until the control socket closes. Returns an exit status.
int run_wire(const WireSetup& setup);

/// Frames that are ours or the kernel's own, and no part of what a lab is about: sentinels, and the
/// IPv6 multicast reports that any new interface sends. Neither counted nor kept.
bool is_housekeeping(tracer::Bytes frame);
bool is_sentinel(tracer::Bytes frame);
/// The one behind which nothing comes; those before the run may be several.
bool is_last_sentinel(tracer::Bytes frame);

}  // namespace testbed
