#include "labs/cli/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tracer/bytes/failure.hpp"
#include "tracer/render/svg_ladder.hpp"

namespace cli {

namespace fs = std::filesystem;
using tracer::Failure;

std::string write_figure(const std::string& name, const grader::LabFile& lab, const FigureRun& run,
                         const std::vector<tracer::Ladder>& ladders) {
  const bool plain = !name.empty() && name.front() != '.' && std::ranges::none_of(name, [](char c) {
    return c == '/' || static_cast<unsigned char>(c) < 0x20;
  });
  if (!plain)
    throw Failure(tracer::exit_code::usage, fmt::format("--figure {}: not a file's name", name),
                  "for example --figure lost-segment");
  if (ladders.empty())
    throw Failure(tracer::exit_code::failed, "nothing to draw: nothing crossed the wire");
  const auto busiest = std::max_element(ladders.begin(), ladders.end(),
                                        [](const tracer::Ladder& a, const tracer::Ladder& b) {
                                          return a.rows.size() < b.rows.size();
                                        });
  tracer::SvgOptions options;
  options.caption = run.about;
  if (options.caption.size() > 1 && std::islower(static_cast<unsigned char>(options.caption[0])) &&
      options.caption.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == options.caption.find(' '))
    options.caption[0] = static_cast<char>(
        std::toupper(static_cast<unsigned char>(options.caption[0])));  // a word, not a call
  options.lanes_apart = 560;  // about as wide as the column of a README
  options.most_rows = 60;
  options.fold_from = busiest->rows.size() > 24 ? 6 : 0;
  options.run = nlohmann::ordered_json{
      {"lab", run.lab},
      {"scenario", run.scenario},
      {"wire", run.wire},
      {"seed", run.seed},
      {"ipv6",
       run.ipv6}}.dump();
  options.fold_both_ways = busiest->rows.size() > 60;  // else it is taller than any page
  std::string svg;
  append_svg_ladder(svg, *busiest, options);
  const fs::path path = fs::path(lab.folder) / "figures" / (name + ".svg");
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file << svg;
  if (!file.flush())
    throw Failure(tracer::exit_code::not_permitted, path.string() + ": cannot be written",
                  "figures belong to the sources: run it from a clone");
  return path;
}

}  // namespace cli
