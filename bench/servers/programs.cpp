#include "bench/servers/programs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "bench/trips/trip.hpp"

namespace bench {

namespace fs = std::filesystem;

namespace {

/// As any worker of nginx for static files: one process, sendfile, no log, connections kept for ever.
constexpr const char* nginx_configuration = R"({user}daemon off; worker_processes 1;
pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;
events {{ worker_connections 20000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 1h; default_type text/plain;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www; }}
}}
)";

bool runs(const fs::path& program) { return access(program.c_str(), X_OK) == 0; }

/// The labs' programs: beside us in the build folder, or where both were installed.
fs::path lab_program(Model model) {
  const char* const program = model == Model::reactor      ? "08-async/server"
                              : model == Model::coroutines ? "08-async/coroutines"
                                                           : "07-threads/server";
  if (const char* chosen = std::getenv("WIRELAB_PROGRAMS"); chosen && *chosen)
    return fs::path(chosen) / program;
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path built = here.parent_path() / "labs" / program;
  return runs(built) ? built : here / "labs" / program;
}

/// Empty if there is none.
fs::path nginx() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(
      (path ? std::string(path) : std::string()).append(":/usr/sbin:/usr/local/sbin"));
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && runs(fs::path(folder) / "nginx")) return fs::path(folder) / "nginx";
  return {};
}

fs::path program_of(Model model) { return model == Model::nginx ? nginx() : lab_program(model); }

}  // namespace

const char* name(Model model) {
  switch (model) {
    case Model::one: return "one at a time";
    case Model::processes: return "a process each";
    case Model::threads: return "a thread each";
    case Model::pool: return "pool of threads";
    case Model::reactor: return "reactor";
    case Model::coroutines: return "coroutines";
    case Model::nginx: break;
  }
  return "nginx";
}

const char* key(Model model) {
  static constexpr const char* keys[] = {"one",     "processes",  "threads", "pool",
                                         "reactor", "coroutines", "nginx"};
  return keys[static_cast<std::size_t>(model)];
}

std::vector<Model> models_here() {
  std::vector<Model> here;
  for (const Model model : {Model::one, Model::processes, Model::threads, Model::pool,
                            Model::reactor, Model::coroutines, Model::nginx})
    if (const fs::path program = program_of(model); !program.empty() && runs(program))
      here.push_back(model);
  return here;
}

std::vector<std::string> command_of(Model model, std::uint16_t port, unsigned threads,
                                    const fs::path& scratch) {
  const fs::path program = program_of(model);
  if (program.empty() || !runs(program))
    throw TripError(fmt::format("{}: its program is not here", name(model)));
  const std::string www = (scratch / "www").string(), at = fmt::format("{}", port);
  switch (model) {
    case Model::reactor:
    case Model::coroutines: return {program.string(), at, www};
    case Model::pool:
      return {program.string(), key(model), at, www, "60", fmt::format("{}", threads)};
    case Model::one:
    case Model::processes:
    case Model::threads: return {program.string(), key(model), at, www, "60"};
    case Model::nginx: break;
  }
  const fs::path own = scratch / fmt::format("nginx-{}", port);
  std::error_code error;
  fs::create_directories(own, error);
  fs::create_directory_symlink(scratch / "www", own / "www", error);
  // Who starts it as root would get a worker of another user, who may not read the folder.
  std::ofstream(own / "nginx.conf") << fmt::format(
      fmt::runtime(nginx_configuration), fmt::arg("user", geteuid() == 0 ? "user root; " : ""),
      fmt::arg("folder", own.string()), fmt::arg("port", port));
  return {program.string(),
          "-p",
          own.string(),
          "-e",
          (own / "nginx.log").string(),
          "-c",
          (own / "nginx.conf").string()};
}

}  // namespace bench
