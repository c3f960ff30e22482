#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "labs/cli/paths.hpp"
#include "labs/grader/lab_file.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// What `wirelab run` was asked for.
struct RunRequest {
  std::string lab, scenario;
  std::optional<std::string> wire, server, client;  // instead of the scenario's
  std::uint64_t seed = 1;
  std::string out;      // folder for the captures; empty: none are kept
  std::string format;   // -T; empty: ladder
  bool serve = false;   // --serve: a live page
  std::string report;   // -o: an HTML report there; empty: none
  std::string drawing;  // -o: another format there, which its extension picks where -T does not
  std::string figure;   // name of a figure of the lab to write; empty: none
  std::string congestion = "reno";
  bool ipv6 = false;
  std::chrono::milliseconds time_limit{30'000};
  tracer::TextStyle style;
};

/// What the testbed is to do for it. Throws tracer::Failure (2) for a wrong wire script.
testbed::RunSpec run_spec(const Paths& paths, const RunRequest& request,
                          const grader::LabFile& lab);

/// Runs a lab and shows what crossed the wire. Programs' output and remarks go to standard error,
/// the ladder to standard output. Returns an exit code; throws tracer::Failure.
int run_lab(const Paths& paths, const RunRequest& request);

}  // namespace cli
