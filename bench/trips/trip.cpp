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

std::string key(const Trip& trip) {
  return fmt::format("{}/{}/{}{}", key(trip.protocol), key(trip.waiting), trip.size,
                     trip.protocol == Protocol::tcp && !trip.no_delay ? "/nagle" : "");
}

}  // namespace bench
