#include "bench/trips/place.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/trips/answer.hpp"
#include "bench/trips/child.hpp"
#include "bench/trips/endpoint.hpp"
#include "bench/trips/messages.hpp"

namespace bench {
namespace {

class LocalPeer : public Peer {
 public:
  LocalPeer(Fd awaiting, const Trip& trip) : process_([&] { answer_at(awaiting, trip); }) {
    address = address_of(awaiting);
  }

 private:
  Child process_;
};

class RemotePeer : public Peer {
 public:
  explicit RemotePeer(End control) : control_(std::move(control)) {}

 private:
  End control_;
};

constexpr std::chrono::seconds patience(10);

/// One answering end, until its control connection ends.
void serve_one(const End& control) {
  Trip trip;  // from the same program: no byte order, no versions
  if (!read_all(control, Waiting::blocking, std::as_writable_bytes(std::span(&trip, 1)), patience))
    return;
  const LocalPeer peer(await_at(trip, {htonl(INADDR_ANY)}), trip);
  write_all(control, std::as_bytes(std::span(&peer.address.sin_port, 1)));
  std::byte end;
  read_all(control, Waiting::blocking, std::span(&end, 1), std::chrono::hours(1));
}

}  // namespace

std::unique_ptr<Peer> Loopback::answer(const Trip& trip) const {
  return std::make_unique<LocalPeer>(await_at(trip, {htonl(INADDR_LOOPBACK)}), trip);
}

std::unique_ptr<Peer> OtherNetwork::answer(const Trip& trip) const {
  std::unique_ptr<Peer> peer;
  inside_([&] { peer = std::make_unique<LocalPeer>(await_at(trip, address_), trip); });
  return peer;
}

std::unique_ptr<Peer> OtherHost::answer(const Trip& trip) const {
  End control = socket_end(connect_to({}, control_), {});
  write_all(control, std::as_bytes(std::span(&trip, 1)));
  std::uint16_t port = 0;  // network byte order
  if (!read_all(control, Waiting::blocking, std::as_writable_bytes(std::span(&port, 1)), patience))
    throw TripError("the answering host cannot start what was asked for");
  auto peer = std::make_unique<RemotePeer>(std::move(control));
  peer->address = control_;
  peer->address.sin_port = port;
  return peer;
}

void serve_trips(std::uint16_t port) {
  const Fd listener(must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  const int on = 1;
  must(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  must(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  must(listen(listener, 16), "listen");
  signal(SIGCHLD, SIG_IGN);  // the kernel buries those that serve
  for (;;) {
    const End control =
        socket_end(must(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept"), {});
    if (must(fork(), "fork") > 0) continue;
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      serve_one(control);
    } catch (const TripError&) {
      // The asking host sees its control connection end.
    }
    _exit(0);
  }
}

}  // namespace bench
