#pragma once

#include <string>
#include <vector>

#include "labs/cli/paths.hpp"

namespace CLI {
class App;
}

namespace cli {

/// What `wirelab export` was asked for: one of the two.
struct ExportRequest {
  std::string course;      // folder to be made
  std::string gradescope;  // zip file to be made
  std::string lab;         // that the autograder grades; empty: the submission tells
  std::vector<std::string> exercises;
};

CLI::App* add_export(CLI::App& app, ExportRequest& request);

/// Throws tracer::Failure.
int export_labs(const Paths& paths, const ExportRequest& request);

}  // namespace cli
