#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/cli/check_rules.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/fields/field.hpp"
#include "tracer/render/field_table.hpp"
#include "tracer/render/text.hpp"
#include "tracer/tracking/passages.hpp"

namespace tracer {

/// The command line of tracer, checked.
struct Options {
  enum class Format {
    ladder,
    flat,
    bytes,
    summary,
    fields,
    json,
    ek,
    svg,
    timeseq,
    explain,
    html,
    mermaid,
    plantuml
  };

  std::optional<std::string> interface;
  std::vector<std::string> files;  // one vantage point, or two
  std::string capture_filter;      // pcap-filter(7)
  std::string display_filter;
  Format format = Format::ladder;
  std::vector<Field> columns;  // -e
  FieldTable::Style table;     // -E
  std::optional<std::string> write, output;
  std::uint64_t count = UINT64_MAX;  // -c
  std::uint32_t snaplen = 262'144;
  std::optional<std::chrono::milliseconds> duration;  // -a duration:N
  bool quiet = false, list_interfaces = false;
  std::vector<CheckRule> rules;            // --check; empty: not asked for
  bool sandbox = true;                     // enter_sandbox()
  bool serve = false;                      // --serve: a live page
  std::optional<std::string> list_fields;  // --fields [PATTERN]
  Names names;
  std::optional<ClockOffset> clock;  // --offset
  TextStyle style;
  std::string command;  // as it was given, for reports

  /// A remark for people, to standard error; nothing with -q.
  void say(const std::string& remark) const;
};

/// Throws Failure (2) for what is wrong with it; prints help or version and returns nothing.
std::optional<Options> parse_command_line(int count, char** words);

}  // namespace tracer
