#pragma once

#include "labs/testbed/testbed.hpp"

namespace testbed {

/// Letters that the front process sends to the conductor.
namespace conductor_command {
inline constexpr char stop = 'Q',  // end the programs and finish as usual
    inject = 'I';                  // u32 length, wire script: handed on to the wire
}

/// What process 1 of a run does: makes the hosts and the wire, captures at both ends, runs the
/// programs, and reports. `control` closes when the front process dies. Returns an exit status.
int conduct(const RunSpec& spec, unsigned outer_user, unsigned outer_group, int control, int report,
            int wire_report);

}  // namespace testbed
