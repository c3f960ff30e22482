// What the words behind options mean. Each throws Failure (2), with an example, for one that means
// nothing.
#pragma once

#include <chrono>
#include <string>

#include "tracer/cli/options.hpp"

namespace tracer {

/// The word of -T.
Options::Format format_of(const std::string& name);
/// By the end of the file's name; the ladder for one that says nothing.
Options::Format format_of_file(const std::string& path);

/// A field by its Wireshark name, for -e.
Field field_of(const std::string& name);
/// KEY=VALUE of -E, as tshark(1) has it.
void table_option(FieldTable::Style& table, const std::string& text);

/// ADDR=NAME or ADDR:PORT=NAME; IPv6 with a port is [ADDR]:PORT.
void add_name(Names& names, const std::string& text);

/// B=+3.7s: the second file's clock is 3.7 s ahead of the first's.
ClockOffset offset_of(const std::string& text);

/// duration:N of -a, in seconds.
std::chrono::milliseconds duration_of(const std::string& text);

/// The word of --notation.
TextStyle::Notation notation_of(const std::string& text);

}  // namespace tracer
