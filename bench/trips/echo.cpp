#include "bench/trips/echo.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "bench/trips/child.hpp"
#include "bench/trips/messages.hpp"
#include "labs/support/fd.hpp"

namespace bench {
namespace {

using std::chrono::seconds;

int must(int result, const char* call) {
  if (result < 0) throw TripError(fmt::format("{}: {}", call, std::strerror(errno)));
  return result;
}

/// What one end reads from and writes to; the same socket twice, or two pipes.
struct End {
  Fd read, write;
};

void set_patience(int fd, std::chrono::milliseconds patience) {
  const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
  must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "SO_RCVTIMEO");
}

void set_no_delay(int fd, const Trip& trip) {
  const int on = trip.no_delay;
  if (trip.protocol == Protocol::tcp) must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
}

void answer_stream(const End& end, const Trip& trip) {
  std::vector<std::byte> message(trip.size);
  while (read_all(end.read, trip.waiting, message, seconds(3600))) write_all(end.write, message);
}

void answer_datagrams(const End& end, const Trip& trip) {
  std::vector<std::byte> message(trip.size);
  for (;;) {
    const std::ptrdiff_t got = read_some(end.read, trip.waiting, message, seconds(3600));
    if (got > 0) write_all(end.write, std::span(message).first(static_cast<std::size_t>(got)));
  }
}

class StreamExchange : public Exchange {
 public:
  StreamExchange(End end, std::unique_ptr<Child> peer, const Trip& trip)
      : end_(std::move(end)), peer_(std::move(peer)), trip_(trip), request_(trip.size, std::byte{'w'}), reply_(trip.size) {}

  std::optional<Nanoseconds> round_trip() override {
    const auto start = std::chrono::steady_clock::now();
    write_all(end_.write, request_);
    if (!read_all(end_.read, trip_.waiting, reply_, seconds(10))) throw TripError("the other end closed the connection");
    return std::chrono::steady_clock::now() - start;
  }

 private:
  End end_;
  std::unique_ptr<Child> peer_;
  Trip trip_;
  std::vector<std::byte> request_, reply_;
};

/// Every request carries a number, so that a reply which comes after its time is not taken for the
/// reply to the next request.
class DatagramExchange : public Exchange {
 public:
  DatagramExchange(End end, std::unique_ptr<Child> peer, const Trip& trip)
      : end_(std::move(end)), peer_(std::move(peer)), trip_(trip), request_(trip.size, std::byte{'w'}), reply_(trip.size) {
    set_patience(end_.read, trip.patience);
  }

  std::optional<Nanoseconds> round_trip() override {
    ++number_;
    const std::size_t digits = std::min(sizeof number_, trip_.size);
    std::memcpy(request_.data(), &number_, digits);
    const auto start = std::chrono::steady_clock::now();
    write_all(end_.write, request_);
    for (;;) {
      const std::ptrdiff_t got = read_some(end_.read, trip_.waiting, reply_, trip_.patience);
      const auto end = std::chrono::steady_clock::now();
      if (got < 0 || end - start > trip_.patience) return std::nullopt;
      if (static_cast<std::size_t>(got) == trip_.size && std::memcmp(reply_.data(), &number_, digits) == 0) return end - start;
    }
  }

 private:
  End end_;
  std::unique_ptr<Child> peer_;
  Trip trip_;
  std::vector<std::byte> request_, reply_;
  std::uint64_t number_ = 0;
};

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

struct TwoEnds {
  End asking, answering;
  Fd listener;  // TCP: the answering end comes from accept()
};

End both_ways(int fd) { return {Fd(fd), Fd(must(dup(fd), "dup"))}; }

TwoEnds over_ip(const Trip& trip) {
  const int type = (trip.protocol == Protocol::tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
  sockaddr_in address = loopback();
  socklen_t size = sizeof address;
  Fd server(must(socket(AF_INET, type, 0), "socket"));
  must(bind(server, reinterpret_cast<sockaddr*>(&address), size), "bind");
  must(getsockname(server, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  if (trip.protocol == Protocol::tcp) must(listen(server, 16), "listen");
  const int client = must(socket(AF_INET, type, 0), "socket");
  TwoEnds ends;
  ends.asking = both_ways(client);
  must(connect(client, reinterpret_cast<sockaddr*>(&address), size), "connect");
  if (trip.protocol == Protocol::tcp) {
    ends.answering = both_ways(must(accept4(server, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
    set_no_delay(client, trip);
    set_no_delay(ends.answering.read, trip);
    return ends;
  }
  // Connected at both ends: neither looks an address up for each datagram.
  must(getsockname(client, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  must(connect(server, reinterpret_cast<sockaddr*>(&address), size), "connect");
  ends.answering.write = Fd(must(dup(server), "dup"));
  ends.answering.read = std::move(server);
  return ends;
}

TwoEnds local(const Trip& trip) {
  TwoEnds ends;
  if (trip.protocol == Protocol::pipe) {
    int there[2], back[2];
    must(pipe2(there, O_CLOEXEC), "pipe");
    must(pipe2(back, O_CLOEXEC), "pipe");
    ends.asking = {Fd(back[0]), Fd(there[1])};
    ends.answering = {Fd(there[0]), Fd(back[1])};
    return ends;
  }
  int pair[2];
  const int type = trip.protocol == Protocol::unix_stream ? SOCK_STREAM : SOCK_DGRAM;
  must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair), "socketpair");
  ends.asking = both_ways(pair[0]);
  ends.answering = both_ways(pair[1]);
  return ends;
}

}  // namespace

std::unique_ptr<Exchange> start_echo(const Trip& trip) {
  const bool ip = trip.protocol == Protocol::tcp || trip.protocol == Protocol::udp;
  TwoEnds ends = ip ? over_ip(trip) : local(trip);
  for (const int fd : {+ends.asking.read, +ends.asking.write, +ends.answering.read, +ends.answering.write})
    set_waiting(fd, trip.waiting);
  auto peer = std::make_unique<Child>([&] {
    ends.asking = End();  // so that we see the end of the stream
    if (is_datagram(trip.protocol)) answer_datagrams(ends.answering, trip);
    else answer_stream(ends.answering, trip);
  });
  if (is_datagram(trip.protocol))
    return std::make_unique<DatagramExchange>(std::move(ends.asking), std::move(peer), trip);
  return std::make_unique<StreamExchange>(std::move(ends.asking), std::move(peer), trip);
}

}  // namespace bench
