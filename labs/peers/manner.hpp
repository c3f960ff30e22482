#pragma once

#include <string_view>

#include "labs/peers/connection.hpp"
#include "labs/peers/plan.hpp"

namespace peers {

/// Does the plan leave the conversation before it is over?
bool leaves(Mode mode);

/// Sends `bytes` in the manner of the plan's mode, and for a mode that leaves, leaves. False if the
/// other end took no more.
bool send_in_manner(Connection& connection, std::string_view bytes, const Plan& plan);

}  // namespace peers
