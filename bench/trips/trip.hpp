// What is measured: the kinds of exchange, and one end of each.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace bench {

using Nanoseconds = std::chrono::nanoseconds;

enum class Protocol : std::uint8_t { tcp, udp, unix_stream, unix_datagram, pipe };

/// How an end waits for the other.
enum class Waiting : std::uint8_t {
  blocking,  // read() sleeps until something is there
  polling,   // poll(), then read()
  busy,      // read() again and again: a core each, and no waking up
};

/// What one round trip is made of.
enum class Manner : std::uint8_t {
  kept,        // one connection for all: write the request, read the reply
  two_writes,  // the same, but the request goes out in two halves: what Nagle's algorithm is about
  connect_each,  // connect, request, reply; closing is not counted
  http_kept,     // GET and 200 with a body of `size` bytes, on one connection (RFC 9112 §9.3)
  http_each,     // the same, with a connection each
  tls_1_2,       // connect, a full TLS 1.2 handshake, request, reply
  tls_1_3,       // the same with TLS 1.3 (RFC 8446)
  tls_resumed,   // TLS 1.3, resumed with the ticket of an earlier connection (§2.2)
};

/// One thing to measure.
struct Trip {
  Protocol protocol = Protocol::tcp;
  Waiting waiting = Waiting::blocking;
  Manner manner = Manner::kept;
  std::size_t size = 64;                     // bytes of the request, and of the reply
  bool no_delay = true;                      // TCP_NODELAY
  std::chrono::milliseconds patience{1000};  // then a datagram counts as lost
};

const char* name(Protocol protocol);  // "TCP", "UDP", "Unix stream", …
const char* key(Protocol protocol);   // "tcp", "udp", "unix_stream", …
const char* key(Waiting waiting);     // "blocking", …
const char* key(Manner manner);       // "kept", …
/// "tcp/blocking/64", "tcp/two_writes/nagle/blocking/64": how Google Benchmark and the files name it.
std::string key(const Trip& trip);
inline bool is_datagram(Protocol protocol) {
  return protocol == Protocol::udp || protocol == Protocol::unix_datagram;
}

/// The measurement cannot go on: a call failed, or the other end is gone.
struct TripError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The asking end of an exchange.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// One request and its reply, from before the first system call to after the last: the whole
  /// round trip, never half of it. Nothing if the request or the reply was lost (after the
  /// patience of the Trip). Throws TripError.
  virtual std::optional<Nanoseconds> round_trip() = 0;
};

}  // namespace bench
