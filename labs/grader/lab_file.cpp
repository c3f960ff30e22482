#include "labs/grader/lab_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <toml++/toml.h>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

using tracer::Failure;

/// One file while it is read; every fault is told with its place and the line it is on.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {}

  LabFile read() {
    toml::table file;
    try {
      file = toml::parse_file(path_.string());
    } catch (const toml::parse_error& error) {
      fail(error.source(), std::string(error.description()));
    }
    LabFile lab;
    lab.folder = path_.parent_path();
    lab.name = lab.folder.filename();
    only(file, {"title", "port", "programs", "scenario", "myth"});
    lab.title = text(file, "title");
    lab.port = static_cast<std::uint16_t>(file["port"].value_or(7000));
    std::string server, client;
    if (const auto* programs = file["programs"].as_table()) {
      only(*programs, {"server", "client"});
      server = text(*programs, "server");
      client = text(*programs, "client");
    }
    if (const auto* scenarios = file["scenario"].as_array())
      for (const auto& node : *scenarios) {
        const auto* one = node.as_table();
        if (!one) fail(node.source(), "a scenario is a table: [[scenario]]");
        only(*one, {"name", "about", "server", "client", "wire", "fails", "rule", "seed"});
        Scenario scenario{text(*one, "name"), text(*one, "about"), server, client, text(*one, "wire"), {}};
        if (one->contains("server")) scenario.server = text(*one, "server");
        if (one->contains("client")) scenario.client = text(*one, "client");
        if (const auto* fails = (*one)["fails"].as_array())
          for (const auto& host : *fails) scenario.fails.push_back(host.value_or(std::string()));
        if (scenario.name.empty()) fail(one->source(), "a scenario needs a name");
        lab.scenarios.push_back(std::move(scenario));
      }
    if (lab.scenarios.empty()) lab.scenarios.push_back({"default", "", server, client, "", {}});
    return lab;
  }

 private:
  [[noreturn]] void fail(const toml::source_region& where, const std::string& why) const {
    std::ifstream file(path_);
    std::string line;
    for (std::uint32_t i = 0; i < where.begin.line; ++i) std::getline(file, line);
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{}:{}:{}: {}\n  {}\n  {}^", path_.string(), where.begin.line, where.begin.column, why, line, std::string(where.begin.column ? where.begin.column - 1 : 0, ' ')));
  }

  void only(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        fail(key.source(), fmt::format("'{}' is not known here; known are {}", key.str(), fmt::join(known, ", ")));
  }

  std::string text(const toml::table& table, const char* key) const {
    const auto node = table[key];
    if (!node) return {};
    if (const auto value = node.value<std::string>()) return *value;
    fail(node.node()->source(), fmt::format("'{}' is a text in quotes", key));
  }

  std::filesystem::path path_;
};

}  // namespace

const Scenario& LabFile::scenario(const std::string& wanted) const {
  if (wanted.empty()) return scenarios.front();
  std::string names;
  for (const Scenario& one : scenarios) {
    if (one.name == wanted) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  throw Failure(tracer::exit_code::usage, fmt::format("{}: no scenario '{}'", name, wanted), "it has: " + names);
}

LabFile read_lab_file(const std::filesystem::path& folder) { return Reader(folder / "lab.toml").read(); }

std::vector<std::filesystem::path> find_labs(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> labs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (std::filesystem::exists(entry.path() / "lab.toml")) labs.push_back(entry.path());
  std::sort(labs.begin(), labs.end());
  return labs;
}

std::filesystem::path find_lab(const std::filesystem::path& folder, const std::string& name) {
  std::string known;
  for (const auto& lab : find_labs(folder)) {
    const std::string one = lab.filename();
    const std::size_t dash = one.find('-');
    if (one == name || one.substr(0, dash) == name || (dash != std::string::npos && one.substr(dash + 1) == name)) return lab;
    known += (known.empty() ? "" : ", ") + one;
  }
  throw Failure(tracer::exit_code::usage, fmt::format("no lab '{}'", name), known.empty() ? "no labs are installed here" : "the labs are: " + known);
}

}  // namespace grader
