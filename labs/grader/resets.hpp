#pragma once

#include <string>

#include "labs/grader/connection.hpp"

namespace grader {

/// Why a kernel sent a RST, as far as the wire and the socket's end tell.
struct ResetStory {
  std::string seen;    // "it closed its socket with 16384 bytes unread"
  std::string reason;  // what that means (RFC 9293 §3.10.4, RFC 2525 §2.17)
  std::string repair;
};

ResetStory tell_reset(const Connection& connection, const Sent& reset);

}  // namespace grader
