#include "bench/trips/answer.hpp"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/trips/http.hpp"
#include "bench/trips/messages.hpp"
#include "bench/trips/tls.hpp"

namespace bench {
namespace {

constexpr std::chrono::seconds for_ever(3600);

void answer_datagrams(const End& end, const Trip& trip) {
  std::vector<std::byte> message(trip.size);
  for (;;) {
    const std::ptrdiff_t got = read_some(end, trip.waiting, message, for_ever);
    if (got > 0) write_all(end, std::span(message).first(static_cast<std::size_t>(got)));
  }
}

void answer_stream(const End& end, const Trip& trip) {
  std::vector<std::byte> message(trip.size);
  while (read_all(end, trip.waiting, message, for_ever)) write_all(end, message);
}

/// Connects back to whoever sends the first datagram, so that no later one needs an address.
void answer_first_sender(int fd, const Trip& trip) {
  std::vector<std::byte> first(trip.size);
  sockaddr_in sender{};
  socklen_t size = sizeof sender;
  const ssize_t got =
      recvfrom(fd, first.data(), first.size(), 0, reinterpret_cast<sockaddr*>(&sender), &size);
  must(static_cast<int>(got), "recvfrom");
  must(connect(fd, reinterpret_cast<sockaddr*>(&sender), size), "connect");
  const End end = socket_end(dup(fd), trip);
  write_all(end, std::span(first).first(static_cast<std::size_t>(got)));
  answer_datagrams(end, trip);
}

}  // namespace

void answer_local(const End& end, const Trip& trip) {
  if (is_datagram(trip.protocol))
    answer_datagrams(end, trip);
  else
    answer_stream(end, trip);
}

void answer_at(int awaiting, const Trip& trip) {
  if (trip.protocol == Protocol::udp) return answer_first_sender(awaiting, trip);
  const bool secure = is_tls(trip.manner),
             http = trip.manner == Manner::http_kept || trip.manner == Manner::http_each;
  std::unique_ptr<TlsServer> tls;
  if (secure) tls = std::make_unique<TlsServer>();
  for (;;) {
    const End end =
        socket_end(must(accept4(awaiting, nullptr, nullptr, SOCK_CLOEXEC), "accept"), trip);
    try {
      if (secure)
        tls->answer(end.read, trip.size);
      else if (http)
        answer_http(end, trip.size);
      else
        answer_stream(end, trip);
    } catch (const TripError&) {
      // The asking end resets connections when it has its answer: on to the next.
    }
  }
}

}  // namespace bench
