#include "bench/veth.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "bench/trips/endpoint.hpp"
#include "labs/testbed/namespaces.hpp"
#include "labs/testbed/netlink.hpp"
#include "tracer/bytes/failure.hpp"

namespace bench {
namespace {

using Octets4 = std::array<std::uint8_t, 4>;
using Octets6 = std::array<std::uint8_t, 6>;
constexpr Octets4 client_address{10, 0, 0, 1}, server_address{10, 0, 0, 2};
constexpr Octets6 client_mac{2, 0, 0, 0, 0, 1}, server_mac{2, 0, 0, 0, 0, 2};

template <class Octets>
tracer::Bytes bytes(const Octets& octets) {
  return std::as_bytes(std::span(octets));
}

void bring_up(const Octets4& address) {
  testbed::Netlink netlink;
  netlink.set_up("lo");
  netlink.set_up("eth0");
  netlink.add_address("eth0", bytes(address), 24);
}

std::string work_in_hosts(const std::function<std::string(const Place&)>& work) {
  const Fd here = testbed::current_network();
  const Fd there = testbed::new_network();
  testbed::Netlink().add_veth("eth0", bytes(client_mac), "eth0", bytes(server_mac), there);
  bring_up(client_address);
  const auto inside = [&](const std::function<void()>& task) {
    const testbed::InNetwork in(there, here);
    task();
  };
  inside([] { bring_up(server_address); });
  in_addr server{};
  std::memcpy(&server, server_address.data(), sizeof server);
  return work(OtherNetwork(server, inside));
}

/// What the hosts send back: one letter, then text.
constexpr char done = 'D', failed = 'F', forbidden = 'N';

void send_back(int fd, char how, const std::string& text) {
  const std::string all = how + text;
  for (std::size_t at = 0; at < all.size();) {
    const ssize_t sent = write(fd, all.data() + at, all.size() - at);
    if (sent <= 0) return;
    at += static_cast<std::size_t>(sent);
  }
}

}  // namespace

std::string in_two_hosts(const std::function<std::string(const Place& server)>& work) {
  int ends[2];
  must(pipe2(ends, O_CLOEXEC), "pipe");
  const Fd from_hosts(ends[0]);
  Fd to_front(ends[1]);
  const unsigned user = getuid(), group = getgid();
  const pid_t hosts = testbed::spawn_in_namespaces([&] {
    try {
      testbed::enter_namespaces(user, group,
                                "127.0.0.1 localhost\n10.0.0.1 client\n10.0.0.2 server\n");
      send_back(to_front, done, work_in_hosts(work));
    } catch (const tracer::Failure& failure) {
      send_back(to_front, failure.code == tracer::exit_code::not_permitted ? forbidden : failed,
                failure.what());
    } catch (const std::exception& error) {
      send_back(to_front, failed, error.what());
    }
    return 0;
  });
  if (hosts == 0)
    throw tracer::Failure(
        tracer::exit_code::not_permitted,
        fmt::format("this system forbids user namespaces: {}", std::strerror(errno)),
        "wirelab doctor names the setting and the remedy");
  to_front = Fd();
  std::string text;
  std::array<char, 65'536> buffer;
  for (ssize_t got; (got = read(from_hosts, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  waitpid(hosts, nullptr, 0);
  if (text.empty()) throw TripError("the hosts have gone");
  const std::string rest = text.substr(1);
  if (text[0] == forbidden)
    throw tracer::Failure(tracer::exit_code::not_permitted, rest,
                          "wirelab doctor names the setting and the remedy");
  if (text[0] == failed) throw TripError(rest);
  return rest;
}

}  // namespace bench
