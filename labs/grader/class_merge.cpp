#include "labs/grader/class_merge.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tracer/bytes/failure.hpp"

namespace grader {

using nlohmann::ordered_json;
using tracer::Failure;

std::vector<SubmissionGrade> merge_grades(const std::vector<std::filesystem::path>& files) {
  if (files.empty())
    throw Failure(tracer::exit_code::usage, "there is nothing to merge",
                  "wirelab grade --merge part-1.json part-2.json -o all.json");
  std::map<std::string, ordered_json> all;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const ordered_json json = ordered_json::parse(in, nullptr, false);
    if (json.is_discarded() || !json.is_object() ||
        json.value("schema", "") != "wirelab/grades/v1" || !json.contains("submissions"))
      throw Failure(tracer::exit_code::failed,
                    fmt::format("{} is no file of grades", file.string()),
                    "shards are written with --emit json");
    for (const ordered_json& one : json["submissions"]) {
      const std::string name = one.value("submission", "");
      const auto [place, is_new] = all.emplace(name, one);
      if (!is_new && place->second != one)
        throw Failure(tracer::exit_code::failed,
                      fmt::format("{}: '{}' has another grade here than in a file before it",
                                  file.string(), name),
                      "leave one of the files out");
    }
  }
  std::vector<SubmissionGrade> grades;
  for (const auto& [name, json] : all) grades.push_back(submission_from_json(json));
  return grades;
}

}  // namespace grader
