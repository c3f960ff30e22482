#pragma once

#include <memory>
#include <span>

#include "bench/trips/trip.hpp"

namespace bench {

inline bool is_tls(Manner manner) {
  return manner == Manner::tls_1_2 || manner == Manner::tls_1_3 || manner == Manner::tls_resumed;
}

/// The answering end: a self-signed certificate with a P-256 key, made when this is.
class TlsServer {
 public:
  TlsServer();  // throws TripError, as all here
  ~TlsServer();
  /// Shakes hands on a blocking socket, then sends one request of `size` bytes back.
  void answer(int fd, std::size_t size);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The asking end. The certificate's signature is checked as the handshake does, but not who issued it.
class TlsClient {
 public:
  explicit TlsClient(Manner manner);
  ~TlsClient();
  /// Shakes hands on a connected socket, writes the request and reads the reply.
  void ask(int fd, std::span<const std::byte> request, std::span<std::byte> reply);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace bench
