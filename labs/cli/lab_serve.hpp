#pragma once

#include "labs/cli/lab_run.hpp"

namespace cli {

/// `wirelab run LAB --serve`: a page that shows the run while it happens. It starts when somebody opens
/// the page, and again when they ask for it; ^C ends it. Returns an exit code; throws tracer::Failure.
int serve_lab(const Paths& paths, const RunRequest& request);

}  // namespace cli
