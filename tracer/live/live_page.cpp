#include "tracer/live/live_page.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tracer/bytes/failure.hpp"
#include "tracer/render/html/packet_data.hpp"

namespace tracer {
namespace {

std::string json_of(const LiveSettings& settings) {
  std::string json = "{\"title\":";
  append_script_string(json, settings.title);
  json += fmt::format(",\"can_run\":{},\"rules\":[", settings.can_run);
  for (const auto& [words, script] : settings.rules) {
    json += &words == &settings.rules.front().first ? "[" : ",[";
    append_script_string(json, words);
    json += ',';
    append_script_string(json, script);
    json += ']';
  }
  return json + "]}";
}

}  // namespace

LivePage::LivePage(const std::string& server, const LiveSettings& settings) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw Failure(exit_code::failed, fmt::format("socketpair: {}", std::strerror(errno)));
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0);  // ^C is for us: the page shows the end before it goes
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(ends[1], STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execl(server.c_str(), "tracer-live", nullptr);
    _exit(127);
  }
  close(ends[1]);
  socket_ = ends[0];
  live::Inbox::Message first{};
  live::send(socket_, live::Kind::settings, json_of(settings));
  while (!inbox_.next(first))
    if (!inbox_.read_from(socket_))
      throw Failure(exit_code::failed, server + ": the page's server did not start",
                    "ninja -C build builds it");
  url_ = first.body;
}

LivePage::~LivePage() {
  close(socket_);  // the server ends when it has handed out what it has
  if (process_ > 0) waitpid(process_, nullptr, 0);
}

void LivePage::event(std::string_view json) {
  alive_ = alive_ && live::send(socket_, live::Kind::event, json);
}

void LivePage::answer(std::uint32_t number, std::string_view body) {
  alive_ = alive_ && live::send(socket_, live::Kind::answer, number, body);
}

std::vector<LivePage::Request> LivePage::requests() {
  std::vector<Request> list;
  pollfd ready{socket_, POLLIN, 0};
  if (alive_ && poll(&ready, 1, 0) == 1) alive_ = inbox_.read_from(socket_);
  live::Inbox::Message message{};
  while (inbox_.next(message))
    if (message.kind == live::Kind::request)
      list.push_back({message.number, std::move(message.body)});
  return list;
}

}  // namespace tracer
