#pragma once

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Adds to the rows of a TCP ladder what can be said only with the whole connection in view:
/// which segment was sent again, of which, why and whether for nothing; duplicate ACKs with their
/// number; and the state of both ends after each row (RFC 9293 §3.3.2).
///
/// With two vantage points the fates are known and this is exact. With one, a segment that was sent
/// again without an ACK for it is called lost with the text "probably".
void tell_tcp_story(Ladder& ladder, const FrameStore& frames);

}  // namespace tracer
