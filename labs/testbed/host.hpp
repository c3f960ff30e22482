// One of a run's two hosts, as process 1 of the run sees it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/program.hpp"
#include "labs/testbed/socket_ends.hpp"
#include "labs/testbed/sockets.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/capture/live.hpp"

namespace testbed {

using Mac = std::array<std::byte, 6>;
/// Locally administered (IEEE 802 §8.4), the same in every run: hosts end in 01 and 02, the wire's
/// ends in 11 and 12.
constexpr Mac mac(unsigned last) {
  return {std::byte{0x02}, {}, {}, {}, {}, static_cast<std::byte>(last)};
}

struct Host {
  explicit Host(Side which) : side(which) {}
  Side side;
  Fd network;
  std::unique_ptr<tracer::LiveSource> capture;
  std::optional<SocketWatch> sockets;
  std::optional<SocketEnds> socket_ends;
  std::optional<Program> program;
  bool running = false, stopped = false, timed_out = false, ignored_sigterm = false,
       starved = false;
  int status = 0;               // of waitpid(2), once the program has ended
  std::string limit;            // that it broke
  std::string blocked_in;       // the call in which it hung
  std::int64_t stopped_at = 0;  // nanoseconds since 1970
  std::size_t printed = 0;
  std::uint64_t dropped_output = 0;
};

/// Names of the wire's two ends in the network of process 1: to the client, to the server.
inline constexpr std::array<const char*, 2> wire_ends{"to-client", "to-server"};

/// Content of a run's /etc/hosts.
const char* hosts_file(const RunSpec& spec);

/// Makes a network for each host and a cable from it to the wire's end here. Throws tracer::Failure.
void lay_cables(Host (&hosts)[2]);

using Note = std::function<void(const std::string&)>;

/// Addresses, neighbours, routes and settings of one host, and the watch over its sockets. `home` is the
/// network that the caller lives in; `note` hears what is less than it might be. Throws tracer::Failure.
void set_up_host(Host& host, const RunSpec& spec, const Fd& home, const Note& note);

/// Begins to capture what passes the host's interface. Throws tracer::Failure.
void start_capture(Host& host, const Fd& home);

}  // namespace testbed
