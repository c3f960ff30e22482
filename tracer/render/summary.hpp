#pragma once

#include <string>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// -T summary: a line a conversation.
///
///     TCP 10.0.0.1:59312 → 10.0.0.2:7000  SF ShADadFf  34 packets  16384 B → 9 B ←  0.164 s  1 repeated
///
/// State and history are Zeek's (conn.log): SF is a connection opened and closed in order.
void append_summary(std::string& out, const Conversation& conversation, const TextStyle& style);

}  // namespace tracer
