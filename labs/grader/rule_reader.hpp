#pragma once

#include "labs/grader/rule.hpp"
#include "labs/grader/toml_reader.hpp"

namespace grader {

/// One [[scenario.rule]]. Throws tracer::Failure (2) that shows the fault.
Rule read_rule(const TomlReader& reader, const toml::table& table);

}  // namespace grader
