// Lab 06: how long a server waits for whom.
#pragma once

#include <chrono>

struct Patience {
  std::chrono::milliseconds idle{15'000};     // for the next request to begin
  std::chrono::milliseconds request{10'000};  // for all of a request, once it has begun
  std::chrono::milliseconds reply{30'000};    // for all of a reply to be taken
  std::chrono::milliseconds farewell{2'000};  // for the client to close, after we have
};

using Clock = std::chrono::steady_clock;
