#include "tracer/tracking/history.hpp"

namespace tracer {

std::string_view connection_state(const History& history) {
  const auto originator = [&](char letter) { return history.has(letter, true); };
  const auto responder = [&](char letter) { return history.has(letter, false); };
  const bool syn = originator('S'), answered = responder('H');
  if (!syn && !answered) return responder('F') && responder('H') ? "SHR" : "OTH";
  if (syn && !answered) {
    if (responder('R')) return "REJ";
    if (originator('R')) return "RSTOS0";
    if (originator('F')) return "SH";
    if (responder('S')) return "OTH";  // both opened at once
    return "S0";
  }
  if (!syn) {  // the capture began with the SYN-ACK
    if (responder('R')) return "RSTRH";
    return responder('F') ? "SHR" : "OTH";
  }
  if (originator('R')) return "RSTO";
  if (responder('R')) return "RSTR";
  if (originator('F') && responder('F')) return "SF";
  if (originator('F')) return "S2";
  if (responder('F')) return "S3";
  return "S1";
}

}  // namespace tracer
