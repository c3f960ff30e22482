#pragma once

#include <string>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// -T summary: a line a conversation.
///
///     TCP 10.0.0.1:59312 → 10.0.0.2:7000  SF ShADTadFf  20+14 packets  16384+9 B  0.164 s  1 repeated
///
/// State and history are Zeek's (conn.log): SF is a connection opened and closed in order. Packets
/// and bytes of payload are those of the originator and those of the responder.
void append_summary(std::string& out, const Conversation& conversation, const TextStyle& style);

}  // namespace tracer
