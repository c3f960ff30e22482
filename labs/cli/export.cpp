#include "labs/cli/export.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "labs/grader/course.hpp"
#include "labs/grader/zip.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw Failure(tracer::exit_code::failed, path.string() + ": cannot be written");
}

void write_folder(const fs::path& folder, const grader::ExportedTree& tree) {
  if (fs::exists(folder) && !fs::is_empty(folder))
    throw Failure(tracer::exit_code::usage, folder.string() + " is not empty",
                  "give a folder that is not there yet");
  for (const auto& [name, file] : tree) {
    fs::create_directories((folder / name).parent_path());
    write_file(folder / name, file.content);
    if (file.executable)
      fs::permissions(folder / name,
                      fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                      fs::perm_options::add);
  }
}

}  // namespace

CLI::App* add_export(CLI::App& app, ExportRequest& request) {
  auto* one = app.add_subcommand("export", "what a class gets, and what grades it");
  auto* course = one->add_option("--course", request.course,
                                 "the repository for students: starters and grader, no solutions")
                     ->type_name("DIR");
  auto* gradescope =
      one->add_option("--gradescope", request.gradescope, "an autograder for Gradescope")
          ->type_name("FILE.zip");
  one->add_option("--lab", request.lab, "that the autograder grades; else submissions tell")
      ->type_name("LAB");
  one->add_option("--exercise", request.exercises, "that it demands; else what was handed in")
      ->type_name("NAME")
      ->allow_extra_args(false);
  course->excludes(gradescope);
  return one;
}

int export_labs(const Paths& paths, const ExportRequest& request) {
  const grader::ExportSource source{paths.labs.parent_path(), paths.programs};
  if (!fs::exists(source.root / "meson.build"))
    throw Failure(tracer::exit_code::usage, "this wirelab is installed without its sources",
                  "run it from a clone");
  if (!request.course.empty()) {
    const grader::ExportedTree tree = grader::course_tree(source);
    write_folder(request.course, tree);
    fmt::print("{}: {} files\n", request.course, tree.size());
    return tracer::exit_code::done;
  }
  if (request.gradescope.empty())
    throw Failure(tracer::exit_code::usage, "export what?",
                  "--course DIR, or --gradescope FILE.zip");
  const grader::ExportedTree tree = grader::autograder_tree(source, request.lab, request.exercises);
  grader::Zip zip;
  for (const auto& [name, file] : tree) zip.add(name, file.content, file.executable ? 0755 : 0644);
  write_file(request.gradescope, zip.finish());
  fmt::print("{}: {} files\n", request.gradescope, tree.size());
  return tracer::exit_code::done;
}

}  // namespace cli
