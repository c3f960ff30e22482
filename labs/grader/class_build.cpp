#include "labs/grader/class_build.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

#include "labs/grader/compile.hpp"
#include "labs/grader/fingerprint.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;
using namespace std::chrono_literals;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string without(std::string text, const std::string& prefix) {
  for (std::size_t at; (at = text.find(prefix)) != std::string::npos;)
    text.erase(at, prefix.size());
  return text;
}

/// The compiler's words, and after them the program, come out of the host as output: what is written
/// inside does not outlive the run.
std::string script(const BuildJob& job, const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += quoted(word) + " ";
  return fmt::format(
      "{} -o /tmp/program {} >/tmp/said 2>&1; s=$?; wc -c </tmp/said; cat /tmp/said; [ $s = 0 ] && "
      "cat /tmp/program; exit $s",
      command,
      job.libraries.empty() ? "" : "-l" + fmt::format("{}", fmt::join(job.libraries, " -l")));
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What makes two builds the same: sources and headers of the submission, and the command.
std::string fingerprint(const BuildJob& job, const std::string& command) {
  Fingerprint made_of;
  made_of.add(without(command, job.folder.string()));
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(job.folder))
    if (entry.is_regular_file()) files.insert(entry.path());
  for (const fs::path& file : files) {
    const fs::path kind = file.extension();
    if (file != job.source && (kind == ".cpp" || kind == ".py" || kind == ".sh"))
      continue;  // other exercises'
    made_of.add(fs::relative(file, job.folder).string());
    made_of.add(content(file));
  }
  return made_of.text();
}

void keep(const fs::path& file, std::string_view bytes, mode_t mode) {
  const fs::path building = file.string() + fmt::format(".{}", getpid());
  std::ofstream(building, std::ios::binary) << bytes;
  chmod(building.c_str(), mode);
  fs::rename(building, file);  // others may make the same at the same time
}

}  // namespace

Built build_contained(const BuildJob& job) {
  // Inside, the submission's folder is the current one; a compiler cache is not to be reached.
  std::vector<std::string> words = compile_command(
      {fs::relative(job.source, job.folder), job.root, {}, {}, job.libraries, false});
  if (words.front().ends_with("ccache")) words.erase(words.begin());
  const std::string command = script(job, words);
  const fs::path made = job.cache / fingerprint(job, command),
                 words_of_made = made.string() + ".said";
  if (!fs::exists(words_of_made)) {
    testbed::RunSpec spec;
    spec.client = command;
    spec.places[0].folder = job.folder;
    spec.places[0].readable = {job.root / "labs/support"};
    spec.places[0].path = "";
    spec.environment = {{"TMPDIR", "/tmp"}};
    spec.strict = true;
    spec.time_limit = 120s;
    spec.limits = {
        .processes = 64, .memory = 2048 * mebibyte, .disk = 256 * mebibyte, .output = mebibyte};
    spec.output_limit = 128 * mebibyte;
    const testbed::RunResult result = testbed::run(spec);
    if (result.interrupted) throw Failure(tracer::exit_code::interrupted, "interrupted");
    const testbed::ProgramResult& program = result.programs[0];
    if (!program.limit.empty()) return {false, true, "the compiler was stopped: " + program.limit};
    if (program.timed_out) return {false, false, "the compiler needed more than two minutes"};
    std::size_t size = 0;
    const char* end = program.output.data() + program.output.size();
    const auto [after, fault] = std::from_chars(program.output.data(), end, size);
    if (fault != std::errc() || after == end || size > static_cast<std::size_t>(end - after - 1))
      return {false, false, "the compiler could not be run: " + program.output.substr(0, 500)};
    const std::string_view rest(after + 1, static_cast<std::size_t>(end - after - 1));
    if (program.status == 0) keep(made, rest.substr(size), 0755);
    keep(words_of_made, without(std::string(rest.substr(0, size)), job.folder.string() + "/"),
         0644);
  }
  Built built{fs::exists(made), true, content(words_of_made)};
  if (built.good) {
    fs::create_directories(job.program.parent_path());
    fs::copy_file(made, job.program, fs::copy_options::overwrite_existing);
  }
  return built;
}

}  // namespace grader
