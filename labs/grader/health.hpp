#pragma once

#include <string>
#include <string_view>

#include "labs/grader/lab_file.hpp"
#include "labs/grader/result.hpp"
#include "labs/grader/trace.hpp"

namespace grader {

/// The rule `runs`: the programs under test neither crashed nor hung nor ended with a failure. Where
/// none is under test, all programs are. inconclusive if the machine gave one no time.
RuleResult judge_health(const Exercise& exercise, const Scenario& scenario, const Trace& trace,
                        const RunRecord& record);

/// What a sanitizer says in one line, if one spoke: "heap-buffer-overflow server.cpp:31 in main".
std::string sanitizer_summary(std::string_view output);

}  // namespace grader
