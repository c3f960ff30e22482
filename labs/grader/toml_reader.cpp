#include "labs/grader/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "labs/grader/nearest.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/fields/filter.hpp"

namespace grader {

using tracer::Failure;

TomlReader::TomlReader(const std::filesystem::path& path) : path_(path) {
  try {
    file_ = toml::parse_file(path_.string());
  } catch (const toml::parse_error& error) {
    if (error.source().begin.line == 0)
      throw Failure(tracer::exit_code::usage,
                    fmt::format("{}: {}", path_.string(), error.description()));
    fail(error.source(), std::string(error.description()));
  }
}

void TomlReader::fail(const toml::source_region& place, const std::string& why) const {
  // What is missing in the file as a whole is missing at its beginning.
  const toml::source_region where =
      place.begin ? place : toml::source_region{{1, 1}, {1, 1}, place.path};
  std::ifstream file(path_);
  std::string line;
  for (std::uint32_t i = 0; i < where.begin.line; ++i) std::getline(file, line);
  for (char& c : line)  // it goes to a terminal
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = '?';
  std::string under;  // as wide as the line before the caret, tabs included
  for (std::uint32_t i = 0; i + 1 < where.begin.column; ++i)
    under += i < line.size() && line[i] == '\t' ? '\t' : ' ';
  throw Failure(tracer::exit_code::usage,
                fmt::format("{}:{}:{}: {}\n  {}\n  {}^", path_.string(), where.begin.line,
                            where.begin.column, why, line, under));
}

void TomlReader::only(const toml::table& table,
                      std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const std::string near = nearest(key.str(), {known.begin(), known.end()});
    fail(key.source(),
         fmt::format("'{}' is not known here; {}", key.str(),
                     near.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                  : fmt::format("did you mean '{}'?", near)));
  }
}

std::string TomlReader::text(const toml::table& table, std::string_view key,
                             std::string_view otherwise) const {
  const auto node = table[key];
  if (!node) return std::string(otherwise);
  if (const auto value = node.value_exact<std::string>()) return *value;
  fail(node.node()->source(), fmt::format("'{}' is a text in quotes", key));
}

std::string TomlReader::needed(const toml::table& table, std::string_view key) const {
  std::string value = text(table, key);
  if (value.empty())
    fail(table.contains(key) ? table.get(key)->source() : table.source(),
         fmt::format("'{}' is needed here, a text that is not empty", key));
  return value;
}

std::uint64_t TomlReader::number(const toml::table& table, std::string_view key,
                                 std::uint64_t otherwise, std::uint64_t most) const {
  const auto node = table[key];
  if (!node) return otherwise;
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > most)
    fail(node.node()->source(), fmt::format("'{}' is a number from 0 to {}", key, most));
  return static_cast<std::uint64_t>(*value);
}

bool TomlReader::flag(const toml::table& table, std::string_view key) const {
  const auto node = table[key];
  if (!node) return false;
  if (const auto value = node.value_exact<bool>()) return *value;
  fail(node.node()->source(), fmt::format("'{}' is true or false", key));
}

std::vector<std::string> TomlReader::texts(const toml::table& table, std::string_view key) const {
  std::vector<std::string> list;
  const auto node = table[key];
  if (!node) return list;
  const auto* array = node.as_array();
  if (!array) fail(node.node()->source(), fmt::format("'{}' is a list of texts: ['…', '…']", key));
  for (const auto& one : *array) {
    const auto value = one.value_exact<std::string>();
    if (!value) fail(one.source(), fmt::format("'{}' is a list of texts, and this is none", key));
    list.push_back(*value);
  }
  return list;
}

testbed::Side TomlReader::host(const toml::table& table, std::string_view key) const {
  const std::string value = needed(table, key);
  if (value == "client") return testbed::Side::client;
  if (value == "server") return testbed::Side::server;
  fail(table.get(key)->source(),
       fmt::format("there is no host '{}'; the hosts are client and server", value));
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& table,
                                                   std::string_view key) const {
  std::vector<const toml::table*> list;
  const auto node = table[key];
  if (!node) return list;
  const auto* array = node.as_array();
  if (!array)
    fail(node.node()->source(),
         fmt::format("write [[{0}]], with double brackets: there may be more than one {0}", key));
  for (const auto& one : *array) {
    if (!one.as_table()) fail(one.source(), fmt::format("a {} is a table", key));
    list.push_back(one.as_table());
  }
  return list;
}

std::string TomlReader::filter(const toml::table& table, std::string_view key) const {
  std::string value = text(table, key);
  if (!value.empty()) check_filter(*table.get(key), value);
  return value;
}

void TomlReader::check_filter(const toml::node& node, const std::string& filter) const {
  if (filter.find_first_not_of(" \t\r\n") == std::string::npos)
    fail(node.source(), "an empty display filter selects everything, which no rule means");
  try {
    tracer::Filter::compile(filter);
  } catch (const Failure& failure) {
    fail(node.source(), fmt::format("not a display filter: {}", failure.what()));
  }
}

std::size_t TomlReader::choice(const toml::table& table, std::string_view key,
                               std::initializer_list<std::string_view> choices) const {
  if (!table.contains(key)) return 0;
  const std::string value = text(table, key);
  const auto at = std::find(choices.begin(), choices.end(), value);
  if (at == choices.end())
    fail(table.get(key)->source(), fmt::format("'{}' is one of {}", key, fmt::join(choices, ", ")));
  return static_cast<std::size_t>(at - choices.begin());
}

}  // namespace grader
