#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace grader {

/// A way to run a lab: its programs, the wire between them, and what is to be seen.
struct Scenario {
  std::string name, about;
  std::string server, client;  // shell commands; empty: none
  std::string wire;            // a wire script
  std::vector<std::string> fails;  // hosts whose program ends with a failure: that is the point
};

/// A lab as its lab.toml describes it.
struct LabFile {
  std::string name;  // of its folder: 01-sockets
  std::string title;
  std::uint16_t port = 7000;
  std::vector<Scenario> scenarios;  // at least one; the first is the default
  std::filesystem::path folder;

  /// By name, or the first if `name` is empty. Throws tracer::Failure (2) that lists the names.
  const Scenario& scenario(const std::string& name) const;
};

/// Throws tracer::Failure (2) with line, column and the line itself where the file is wrong.
LabFile read_lab_file(const std::filesystem::path& folder);

/// The labs under `folder`, by number. Folders without a lab.toml are none.
std::vector<std::filesystem::path> find_labs(const std::filesystem::path& folder);

/// "01-sockets", "01" or "sockets". Throws tracer::Failure (2) with the nearest names.
std::filesystem::path find_lab(const std::filesystem::path& folder, const std::string& name);

}  // namespace grader
