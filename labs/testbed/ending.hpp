// How a run ends: programs first, then what the kernels still say, then the captures.
#pragma once

#include "labs/testbed/observer.hpp"

namespace testbed {

/// Asks the programs that run still to end (SIGTERM), makes those that do not within half a second
/// (SIGKILL), and ends whatever they left behind. `ran_for`: since the run began.
void stop_programs(Observer& run, SteadyClock::duration ran_for);

/// Waits until the kernels have said all they have to say, or for so long and what the wire's rules take.
void settle(Observer& run, SteadyClock::duration limit);

/// Has the wire send its last frames through both captures, and reports what they have counted.
void finish(Observer& run);

}  // namespace testbed
