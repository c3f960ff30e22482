#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "labs/peers/connection.hpp"
#include "labs/peers/roles.hpp"

namespace peers {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t large_datagram = 4000;  // bytes: three fragments on Ethernet

/// The datagrams of a plan, in the order in which they go out.
std::vector<std::string> datagrams_of(const Plan& plan) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < plan.count; ++i) {
    Plan one = plan;
    one.bytes = plan.mode == Mode::large ? large_datagram : plan.bytes;
    all.push_back(payload(one, i));
    if (!plan.text.empty()) all.back() += " " + std::to_string(i + 1);
    if (plan.mode == Mode::twice) all.push_back(all.back());
  }
  if (plan.mode == Mode::empty) all.insert(all.begin(), std::string());
  if (plan.mode == Mode::reversed) std::ranges::reverse(all);
  return all;
}

bool wait_for(const Fd& socket, Milliseconds limit) {
  pollfd one{socket, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) > 0;
}

std::string take(const Fd& socket) {
  std::array<char, 65'536> buffer;
  const ssize_t got = recv(socket, buffer.data(), buffer.size(), 0);
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

}  // namespace

int udp_client(const Plan& plan) {
  const Fd socket = datagram_socket(plan.host, plan.port),
           other = datagram_socket(plan.host, plan.port);
  const std::vector<std::string> all = datagrams_of(plan);
  const bool at_once = plan.mode == Mode::burst;
  std::vector<std::string> answers;
  const auto collect = [&](Milliseconds limit) {
    while (answers.size() < all.size() && wait_for(socket, limit)) answers.push_back(take(socket));
  };
  if (plan.mode == Mode::stray && send(other, all[0].data(), all[0].size(), 0) < 0)
    std::fprintf(stderr, "peer: %s\n", std::strerror(errno));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (send(socket, all[i].data(), all[i].size(), 0) < 0)
      std::fprintf(stderr, "peer: %s\n", std::strerror(errno));
    if (at_once || plan.mode == Mode::silent) continue;
    if (wait_for(socket, plan.wait)) answers.push_back(take(socket));
  }
  if (plan.mode == Mode::silent) return 0;
  collect(plan.wait);
  if (plan.show)
    for (const std::string& one : answers) std::printf("%s\n", one.c_str());
  if (!plan.echo) return 0;
  std::vector<std::string> asked = all;
  std::ranges::sort(asked);
  std::ranges::sort(answers);
  if (asked == answers) return 0;
  std::fprintf(stderr, "peer: %zu datagrams were sent, %zu came back\n", all.size(),
               answers.size());
  return 1;
}

int udp_server(const Plan& plan) {
  const Fd socket = datagram_socket({}, plan.port), other = datagram_socket({}, "0");
  std::vector<std::pair<std::string, sockaddr_storage>> kept;  // of `reversed`
  std::array<char, 65'536> buffer;
  for (std::uint64_t stream = 0;; ++stream) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const ssize_t got = recvfrom(socket, buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0 || plan.mode == Mode::silent) continue;
    const std::string answer = plan.echo ? std::string(buffer.data(), static_cast<std::size_t>(got))
                               : plan.mode == Mode::empty ? std::string()
                                                          : payload(plan, stream);
    const auto reply = [&](const std::string& text, const sockaddr_storage& to) {
      const Fd& by = plan.mode == Mode::stray ? other : socket;
      if (sendto(by, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to), size) < 0)
        std::fprintf(stderr, "peer: %s\n", std::strerror(errno));
    };
    if (plan.mode == Mode::pause) std::this_thread::sleep_for(plan.wait);
    if (plan.mode == Mode::reversed) {
      kept.emplace_back(answer, from);
      if (kept.size() < plan.count) continue;
      for (; !kept.empty(); kept.pop_back()) reply(kept.back().first, kept.back().second);
      continue;
    }
    for (int times = plan.mode == Mode::twice ? 2 : 1; times > 0; --times) reply(answer, from);
  }
}

}  // namespace peers
