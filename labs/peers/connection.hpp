// One end of a TCP connection, and the ways to be difficult on it.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <string_view>

#include "labs/support/fd.hpp"

namespace peers {

using Milliseconds = std::chrono::milliseconds;

class Connection {
 public:
  Connection(Fd socket, std::uint64_t seed);

  /// False as soon as the other end takes no more: it has closed or reset.
  bool send(std::string_view bytes);
  bool send_in_bytes(std::string_view bytes);   // one a segment
  bool send_in_pieces(std::string_view bytes);  // sizes by chance
  void end_sending();
  /// RST instead of FIN (SO_LINGER with no time, socket(7)).
  void reset();
  /// All that comes until the other end closes, or `bytes` of it; `so_far` grows. False after a reset
  /// or when nothing came for ten seconds.
  bool receive(std::string& so_far, std::size_t bytes = static_cast<std::size_t>(-1));
  /// Until `so_far` ends a request: by `mark`, or by a FIN; without a mark also by a pause of 100 ms.
  bool receive_request(std::string& so_far, std::string_view mark);
  /// Little by little, after the window has been full for a while.
  bool receive_slowly(std::string& so_far, Milliseconds first);
  /// Writes for so long, whatever happens; true if the other end still took it at the end.
  bool flood(std::string_view bytes, Milliseconds time);
  bool closed() const { return socket_ < 0; }
  void close() { socket_ = Fd(); }
  int descriptor() const { return socket_; }

 private:
  bool readable(Milliseconds limit) const;
  Fd socket_;
  std::mt19937_64 random_;
};

/// Throws std::runtime_error: "connect: Connection refused". A small receive window where asked for.
Connection connect_to(const std::string& host, const std::string& port, std::uint64_t seed,
                      bool small_window = false);
Fd listen_on(const std::string& port, bool small_window);
/// A UDP socket: connected to `host`, or bound to `port` if there is no host.
Fd datagram_socket(const std::string& host, const std::string& port);

}  // namespace peers
