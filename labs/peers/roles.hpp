#pragma once

#include "labs/peers/plan.hpp"

namespace peers {

/// Each does what the plan says and returns an exit status: 0 if the other end did what was expected
/// of it, 1 with a line on standard error if not. Throws std::runtime_error where no conversation
/// comes about.
int tcp_client(const Plan& plan);
/// Serves until it is ended, one client after the other, with `many` and `hold` several at once.
int tcp_server(const Plan& plan);
int udp_client(const Plan& plan);
int udp_server(const Plan& plan);

}  // namespace peers
