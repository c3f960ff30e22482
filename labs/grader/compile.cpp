#include "labs/grader/compile.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "labs/support/fd.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool in_path(const std::string& program) {
  const char* path = getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

std::vector<std::string> compiler() {
  if (const char* chosen = getenv("CXX"); chosen && *chosen) {
    std::istringstream words(chosen);  // "ccache g++" is two
    return {std::istream_iterator<std::string>(words), {}};
  }
  for (const char* one : {"g++", "clang++", "clang++-14", "c++"})
    if (in_path(one)) return {one};
  throw Failure(tracer::exit_code::failed, "there is no C++ compiler", "install g++, or set CXX");
}

/// The command without source and output.
std::vector<std::string> base_command(const CompileJob& job) {
  std::vector<std::string> command = compiler();
  const bool gcc = command.back().find("g++") != std::string::npos &&
                   command.back().find("clang") == std::string::npos;
  for (const char* flag :
       {"-std=c++20", "-pipe", "-g1", "-O0", "-Wall", "-Wextra", "-pthread",
        "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"})
    command.emplace_back(flag);
  if (gcc && in_path("ld.gold"))
    command.emplace_back("-fuse-ld=gold");  // a tenth of a second sooner
  command.push_back(fmt::format("-fdiagnostics-color={}", job.color ? "always" : "never"));
  command.push_back("-I" + job.root.string());
  command.push_back("-iquote" + job.source.parent_path().string());
  command.push_back(fmt::format("-ffile-prefix-map={}/=",
                                job.root.string()));  // so that sanitizers name files shortly
  return command;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += word + '\n';
  return all;
}

/// The headers of ours that a program may include, all together.
std::string own_headers(const CompileJob& job) {
  std::vector<fs::path> headers;
  std::error_code error;
  for (const fs::path& folder : {job.source.parent_path(), job.root / "labs/support"})
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == ".hpp" || entry.path().extension() == ".h")
        headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  std::string all;
  for (const fs::path& header : headers) all += content(header);
  return all;
}

std::string digest(const std::string& text) {
  return fmt::format("{:016x}", std::hash<std::string>{}(text));
}

/// The include lines that a source begins with.
std::string leading_includes(const fs::path& source) {
  std::ifstream file(source);
  std::string includes;
  for (std::string line; std::getline(file, line);) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string::npos || line.compare(start, 2, "//") == 0) continue;
    if (line.compare(start, 8, "#include") != 0) break;
    includes += line + '\n';
  }
  return includes;
}

/// Where the compiler's reading of them is kept.
fs::path preamble_of(const CompileJob& job, const std::string& includes) {
  return job.folder / fmt::format("includes-{}.hpp",
                                  digest(joined(base_command(job)) + includes + own_headers(job)));
}

/// Runs the words as a command; its status, and what it said.
int run(const std::vector<std::string>& words, std::string& said) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
  const Fd read_end(ends[0]);
  pid_t child = 0;
  {
    const Fd write_end(ends[1]);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    child = fork();
    if (child < 0)
      throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
    if (child == 0) {
      dup2(write_end, STDOUT_FILENO);
      dup2(write_end, STDERR_FILENO);
      execvp(arguments[0], arguments.data());
      std::fprintf(stderr, "%s: %s\n", arguments[0], std::strerror(errno));
      _exit(127);
    }
  }
  std::array<char, 4096> buffer;
  for (ssize_t got;
       (got = read(read_end, buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR);)
    if (got > 0 && said.size() < (1u << 20))
      said.append(buffer.data(), static_cast<std::size_t>(got));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::vector<std::string> compile_command(const CompileJob& job) {
  std::vector<std::string> command = base_command(job);
  command.push_back(fs::proximate(job.source).string());
  return command;
}

Compiled compile(const CompileJob& job) {
  if (!fs::exists(job.source))
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{}: there is no such file", job.source.string()));
  Compiled made;
  made.program = job.folder / job.name;
  const fs::path building = job.folder / (job.name + fmt::format(".{}", getpid())),
                 stamp = job.folder / (job.name + ".made-of");
  std::vector<std::string> command = compile_command(job);
  std::vector<std::string> libraries;
  for (const std::string& library : job.libraries) libraries.push_back("-l" + library);

  std::vector<std::string> whole = command;
  whole.insert(whole.end(), libraries.begin(), libraries.end());
  const std::string now = digest(joined(whole) + content(job.source) + own_headers(job));
  std::string before = content(stamp);
  if (fs::exists(made.program) && before.substr(0, now.size()) == now) {
    made.good = true;
    made.said = before.substr(now.size());
    return made;
  }
  std::error_code error;
  fs::create_directories(job.folder, error);
  if (error)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("{}: {}", job.folder.string(), error.message()),
                  "programs that are checked are built there");
  if (const fs::path preamble = preamble_of(job, leading_includes(job.source));
      fs::exists(preamble.string() + ".gch"))
    command.insert(command.end() - 1, {"-include", preamble.string()});
  command.insert(command.end(), {"-o", building.string()});
  command.insert(command.end(), libraries.begin(), libraries.end());
  made.fresh = true;
  const int status = run(command, made.said);
  made.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!made.good) {
    fs::remove(building, error);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
      throw Failure(tracer::exit_code::failed, "the C++ compiler cannot be started: " + made.said,
                    "install g++, or set CXX");
    return made;
  }
  fs::rename(building, made.program);
  std::ofstream(stamp, std::ios::binary) << now << made.said;
  return made;
}

void precompile_includes(const CompileJob& job) {
  const std::string includes = leading_includes(job.source);
  const fs::path preamble = preamble_of(job, includes), made = preamble.string() + ".gch",
                 building = preamble.string() + fmt::format(".{}", getpid());
  if (includes.empty() || fs::exists(made)) return;
  std::ofstream(preamble) << includes;
  std::vector<std::string> command = base_command(job);
  command.insert(command.end(), {"-x", "c++-header", preamble.string(), "-o", building.string()});
  std::string said;
  std::error_code error;
  const int status = run(command, said);
  for (const auto& entry : fs::directory_iterator(
           job.folder, error))  // those of other includes are large, and of no use now
    if (entry.path().extension() == ".gch") fs::remove(entry.path(), error);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    fs::rename(building, made, error);
  else
    fs::remove(building, error);
}

}  // namespace grader
