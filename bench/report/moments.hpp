// From a figure to the packets behind it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/questions.hpp"
#include "labs/testbed/testbed.hpp"

namespace bench {

/// The packets of each subject's telling exchanges, as ladders of 80 columns without colour:
///
///     TCP, the median exchange: 40.9 ms (packets 311 to 313)
///       #  client ms   client …
///
/// `result` is the testbed's run in which they were measured; the whole capture goes to
/// `capture` as annotated pcapng. REQUIRES: frames are numbered; their clocks are aligned. Throws tracer::Failure.
std::vector<ExchangeLadder> exchange_ladders(const Question& question, testbed::RunResult& result,
                                             const std::filesystem::path& capture);

}  // namespace bench
