#pragma once

#include <netinet/in.h>

#include <functional>
#include <memory>

#include "bench/trips/trip.hpp"

namespace bench {

/// An answering end that runs; it ends with this object.
class Peer {
 public:
  virtual ~Peer() = default;
  sockaddr_in address{};
};

/// Where answering ends live.
class Place {
 public:
  virtual ~Place() = default;
  /// Starts one for TCP or UDP. Throws TripError.
  virtual std::unique_ptr<Peer> answer(const Trip& trip) const = 0;
  /// Is it this machine, so that socket pairs and pipes reach it?
  virtual bool local() const { return false; }
};

/// Other processes of this machine, at 127.0.0.1.
class Loopback : public Place {
 public:
  std::unique_ptr<Peer> answer(const Trip& trip) const override;
  bool local() const override { return true; }
};

/// Other processes of this machine, in another of its network namespaces: a socket belongs to the
/// namespace in which it was made, whoever uses it.
class OtherNetwork : public Place {
 public:
  /// `inside(work)` must do `work` in that namespace; `address` is an address there.
  OtherNetwork(in_addr address, std::function<void(const std::function<void()>&)> inside)
      : address_(address), inside_(std::move(inside)) {}
  std::unique_ptr<Peer> answer(const Trip& trip) const override;

 private:
  in_addr address_;
  std::function<void(const std::function<void()>&)> inside_;
};

/// Another host, where serve_trips() runs.
class OtherHost : public Place {
 public:
  explicit OtherHost(const sockaddr_in& control) : control_(control) {}
  std::unique_ptr<Peer> answer(const Trip& trip) const override;

 private:
  sockaddr_in control_;
};

/// Starts an answering end for each Trip that comes over a TCP connection to `port`, and ends it with
/// that connection. Runs until it is ended. Throws TripError.
[[noreturn]] void serve_trips(std::uint16_t port);

/// The asking end, with an answering end of its own.
std::unique_ptr<Exchange> start_exchange(const Trip& trip, const Place& place);

}  // namespace bench
