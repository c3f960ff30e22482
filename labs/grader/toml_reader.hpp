#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

#include "labs/testbed/wire_rules.hpp"

namespace grader {

/// Takes values out of one TOML file; every fault is told with its place and the line it is on:
///
///     labs/01-sockets/lab.toml:12:9: 'wier' is not known here; did you mean 'wire'?
///       wier = "delay 20ms"
///       ^
class TomlReader {
 public:
  /// Throws tracer::Failure (2) if the file cannot be read or is no TOML.
  explicit TomlReader(const std::filesystem::path& path);
  const toml::table& file() const { return file_; }

  [[noreturn]] void fail(const toml::source_region& where, const std::string& why) const;
  /// Every key of `table` must be one of these.
  void only(const toml::table& table, std::initializer_list<std::string_view> known) const;

  // Values of a key; of another type than asked for is a fault.
  std::string text(const toml::table& table, std::string_view key,
                   std::string_view otherwise = {}) const;
  /// The same, but it must be there and not empty.
  std::string needed(const toml::table& table, std::string_view key) const;
  std::uint64_t number(const toml::table& table, std::string_view key, std::uint64_t otherwise,
                       std::uint64_t most) const;
  bool flag(const toml::table& table, std::string_view key) const;
  std::vector<std::string> texts(const toml::table& table, std::string_view key) const;
  testbed::Side host(const toml::table& table, std::string_view key) const;
  /// The tables of [[key]]; none if there is no such key.
  std::vector<const toml::table*> tables(const toml::table& table, std::string_view key) const;
  /// A display filter, compiled to see that it is one. Empty if there is no such key.
  std::string filter(const toml::table& table, std::string_view key) const;
  void check_filter(const toml::node& node, const std::string& filter) const;
  /// One of `choices`, by position; 0 if there is no such key.
  std::size_t choice(const toml::table& table, std::string_view key,
                     std::initializer_list<std::string_view> choices) const;

 private:
  std::filesystem::path path_;
  toml::table file_;
};

}  // namespace grader
