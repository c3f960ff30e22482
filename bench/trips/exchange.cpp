// The asking ends.
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "bench/trips/answer.hpp"
#include "bench/trips/child.hpp"
#include "bench/trips/endpoint.hpp"
#include "bench/trips/http.hpp"
#include "bench/trips/messages.hpp"
#include "bench/trips/place.hpp"
#include "bench/trips/ticks.hpp"
#include "bench/trips/tls.hpp"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a stream may be silent before the measurement is given up: TCP repairs losses itself.
constexpr std::chrono::seconds stream_patience(30);

class StreamExchange : public Exchange {
 public:
  StreamExchange(End end, const Trip& trip)
      : end_(std::move(end)), trip_(trip), request_(trip.size, std::byte{'w'}), reply_(trip.size) {}

  std::optional<Nanoseconds> round_trip() override {
    const auto start = Clock::now();
    write_all(end_, request_);
    if (!read_all(end_, trip_.waiting, reply_, stream_patience))
      throw TripError("the other end closed the connection");
    return Clock::now() - start;
  }

 protected:
  End end_;
  Trip trip_;
  std::vector<std::byte> request_, reply_;
};

class TwoWritesExchange : public StreamExchange {
 public:
  using StreamExchange::StreamExchange;
  std::optional<Nanoseconds> round_trip() override {
    const std::span request(request_);
    const auto start = Clock::now();
    write_all(end_, request.first(request.size() / 2));
    write_all(end_, request.subspan(request.size() / 2));
    if (!read_all(end_, trip_.waiting, reply_, stream_patience))
      throw TripError("the other end closed the connection");
    return Clock::now() - start;
  }
};

/// Every request carries a number, so that a reply which comes after its time is not taken for the
/// reply to the next request.
class DatagramExchange : public Exchange {
 public:
  DatagramExchange(End end, const Trip& trip)
      : end_(std::move(end)), trip_(trip), request_(trip.size, std::byte{'w'}), reply_(trip.size) {
    if (trip.waiting == Waiting::blocking) ticks_.emplace(trip.patience / 4);
  }

  std::optional<Nanoseconds> round_trip() override {
    ++number_;
    const std::size_t digits = std::min(sizeof number_, trip_.size);
    std::memcpy(request_.data(), &number_, digits);
    const auto start = Clock::now();
    write_all(end_, request_);
    for (;;) {
      const std::ptrdiff_t got = read_some(end_, trip_.waiting, reply_, trip_.patience);
      const auto end = Clock::now();
      if (end - start > trip_.patience) return std::nullopt;
      if (static_cast<std::size_t>(got) == trip_.size &&
          std::memcmp(reply_.data(), &number_, digits) == 0)
        return end - start;
    }
  }

 private:
  End end_;
  Trip trip_;
  std::vector<std::byte> request_, reply_;
  std::uint64_t number_ = 0;
  std::optional<Ticks> ticks_;
};

class HttpExchange : public Exchange {
 public:
  HttpExchange(const sockaddr_in& server, const Trip& trip)
      : end_(socket_end(connect_to(trip, server), trip)), request_(http_request(true)) {}

  std::optional<Nanoseconds> round_trip() override {
    const auto start = Clock::now();
    write_all(end_, std::as_bytes(std::span(request_)));
    read_http_response(end_);
    return Clock::now() - start;
  }

 private:
  End end_;
  std::string request_;
};

/// Connects for each request. The connection is reset afterwards, outside the time: no port is then
/// kept back in TIME-WAIT, of which there are only 28,000.
class ConnectingExchange : public Exchange {
 public:
  ConnectingExchange(const sockaddr_in& server, const Trip& trip)
      : server_(server),
        trip_(trip),
        http_request_(http_request(false)),
        request_(trip.size, std::byte{'w'}),
        reply_(trip.size) {
    if (is_tls(trip.manner)) tls_ = std::make_unique<TlsClient>(trip.manner);
  }

  std::optional<Nanoseconds> round_trip() override {
    const auto start = Clock::now();
    const End end = socket_end(connect_to(trip_, server_), trip_);
    if (tls_) {
      tls_->ask(end.read, request_, reply_);
    } else if (trip_.manner == Manner::http_each) {
      write_all(end, std::as_bytes(std::span(http_request_)));
      read_http_response(end);
    } else {
      write_all(end, request_);
      if (!read_all(end, trip_.waiting, reply_, stream_patience))
        throw TripError("the other end closed the connection");
    }
    const auto time = Clock::now() - start;
    const linger reset{1, 0};
    must(setsockopt(end.read, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "SO_LINGER");
    return time;
  }

 private:
  sockaddr_in server_;
  Trip trip_;
  std::unique_ptr<TlsClient> tls_;
  std::string http_request_;
  std::vector<std::byte> request_, reply_;
};

std::unique_ptr<Exchange> exchange_over(End end, const Trip& trip) {
  if (is_datagram(trip.protocol)) return std::make_unique<DatagramExchange>(std::move(end), trip);
  if (trip.manner == Manner::two_writes)
    return std::make_unique<TwoWritesExchange>(std::move(end), trip);
  return std::make_unique<StreamExchange>(std::move(end), trip);
}

std::unique_ptr<Exchange> exchange_with(const sockaddr_in& server, const Trip& trip) {
  switch (trip.manner) {
    case Manner::kept:
    case Manner::two_writes: return exchange_over(socket_end(connect_to(trip, server), trip), trip);
    case Manner::http_kept: return std::make_unique<HttpExchange>(server, trip);
    default: return std::make_unique<ConnectingExchange>(server, trip);
  }
}

/// An exchange, and the answering end that it needs; the exchange goes first.
template <class Other>
class Together : public Exchange {
 public:
  Together(std::unique_ptr<Other> other, std::unique_ptr<Exchange> exchange)
      : other_(std::move(other)), exchange_(std::move(exchange)) {}
  std::optional<Nanoseconds> round_trip() override { return exchange_->round_trip(); }

 private:
  std::unique_ptr<Other> other_;
  std::unique_ptr<Exchange> exchange_;
};

}  // namespace

std::unique_ptr<Exchange> start_exchange(const Trip& trip, const Place& place) {
  if (trip.protocol == Protocol::tcp || trip.protocol == Protocol::udp) {
    std::unique_ptr<Peer> peer = place.answer(trip);
    std::unique_ptr<Exchange> exchange = exchange_with(peer->address, trip);
    return std::make_unique<Together<Peer>>(std::move(peer), std::move(exchange));
  }
  if (!place.local()) throw TripError("socket pairs and pipes do not reach another host");
  LocalEnds ends = local_ends(trip);
  auto process = std::make_unique<Child>([&] {
    ends.asking = End();  // so that the end of the stream is seen
    answer_local(ends.answering, trip);
  });
  return std::make_unique<Together<Child>>(std::move(process),
                                           exchange_over(std::move(ends.asking), trip));
}

}  // namespace bench
