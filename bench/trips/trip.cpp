#include "bench/trips/trip.hpp"

#include <fmt/format.h>

namespace bench {

const char* name(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp: return "TCP";
    case Protocol::udp: return "UDP";
    case Protocol::unix_stream: return "Unix stream";
    case Protocol::unix_datagram: return "Unix datagram";
    case Protocol::pipe: break;
  }
  return "pipe";
}

const char* key(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp: return "tcp";
    case Protocol::udp: return "udp";
    case Protocol::unix_stream: return "unix_stream";
    case Protocol::unix_datagram: return "unix_datagram";
    case Protocol::pipe: break;
  }
  return "pipe";
}

const char* key(Waiting waiting) {
  switch (waiting) {
    case Waiting::blocking: return "blocking";
    case Waiting::polling: return "polling";
    case Waiting::busy: break;
  }
  return "busy";
}

const char* key(Manner manner) {
  switch (manner) {
    case Manner::kept: return "kept";
    case Manner::two_writes: return "two_writes";
    case Manner::connect_each: return "connect_each";
    case Manner::http_kept: return "http_kept";
    case Manner::http_each: return "http_each";
    case Manner::tls_1_2: return "tls_1_2";
    case Manner::tls_1_3: return "tls_1_3";
    case Manner::tls_resumed: break;
  }
  return "tls_resumed";
}

std::string key(const Trip& trip) {
  const bool nagle = trip.protocol == Protocol::tcp && !trip.no_delay;
  return fmt::format(
      "{}/{}{}{}{}/{}", key(trip.protocol), trip.manner == Manner::kept ? "" : key(trip.manner),
      trip.manner == Manner::kept ? "" : "/", nagle ? "nagle/" : "", key(trip.waiting), trip.size);
}

}  // namespace bench
