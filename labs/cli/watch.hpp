#pragma once

#include "labs/cli/check.hpp"

namespace cli {

/// Checks an exercise, and again whenever its file is saved (inotify(7); by looking every 200 ms where that
/// is not to be had). Keys: Enter checks again, h gives a hint, n goes on to the next exercise, q ends. Without a lab, the
/// first exercise that is not done. Returns when it is told to, or at SIGINT.
int watch(const Paths& paths, CheckRequest request);

}  // namespace cli
