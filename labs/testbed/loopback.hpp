// What is left of a run where the system forbids hosts of our own.
#pragma once

#include <string>

#include "labs/testbed/testbed.hpp"

namespace testbed {

/// Runs both programs as ordinary processes on 127.0.0.1 (::1 with `ipv6`). There is no wire and so
/// no rules: with any, throws tracer::Failure (4). `lo` is captured where that is permitted: one
/// vantage point, 0, one clock, only packets from or to `spec.port`; otherwise there is no trace.
/// Nothing proves such a capture, so the result is never `complete`; notes say what is missing.
/// Throws tracer::Failure (1) if `spec.port` is in use on this machine.
///
/// Also here nothing survives: the programs, and what they start, end with the run.
RunResult run_on_loopback(const RunSpec& spec, const RunObserver& observer = {});

/// The command with `server` and `client`, where they are a host argument, replaced by `address`: as
/// a word of its own that is not the command, alone or before `:port` or `/path`, also after `//`.
///
///     client server 7000             ->  client 127.0.0.1 7000
///     curl http://server:7000/a      ->  curl http://127.0.0.1:7000/a
std::string with_address(const std::string& command, const std::string& address);

}  // namespace testbed
