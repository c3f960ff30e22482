#include "labs/cli/doctor.hpp"

#include <fmt/format.h>

#include "labs/grader/command_name.hpp"
#include "labs/testbed/capabilities.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {

int doctor(const tracer::TextStyle& style) {
  bool all = true;
  for (const testbed::Capability& one : testbed::probe_capabilities()) {
    const char* mark = one.there ? (style.ascii ? "yes" : "✓") : (style.ascii ? "NO " : "✗");
    fmt::print("{} {:<28} {}\n",
               style.paint(mark, one.there ? tracer::Role::good : tracer::Role::lost), one.name,
               tracer::printable(one.detail, style.ascii));
    if (!one.there && !one.remedy.empty()) fmt::print("  {:<28} remedy: {}\n", "", one.remedy);
    all = all && (one.there || !one.needed);
  }
  fmt::print(fmt::runtime(all ? "Labs run here: {} demo\n"
                              : "Labs with a scripted wire cannot run here until that is mended; "
                                "{} run falls back to plain loopback.\n"),
             grader::command_name());
  return all ? tracer::exit_code::done : tracer::exit_code::not_permitted;
}

}  // namespace cli
