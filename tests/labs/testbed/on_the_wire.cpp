#include "tests/labs/testbed/on_the_wire.hpp"

#include <cstdlib>
#include <map>

#include "labs/testbed/capabilities.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

std::vector<Seen> pick(const RunResult& result, Side host, tracer::Direction direction) {
  std::vector<Seen> found;
  for (const tracer::Frame& frame : result.frames) {
    if (frame.vantage != static_cast<std::uint32_t>(host) || frame.direction != direction) continue;
    Seen& seen = found.emplace_back(Seen{&frame, {}});
    tracer::decode(frame, found.size(), seen.packet);
    if (seen.packet.tcp) seen.length = seen.packet.tcp_length().value_or(0);
    if (seen.packet.udp)
      seen.length = static_cast<std::uint32_t>(seen.packet.udp->payload().size());
  }
  return found;
}

}  // namespace

void OnTheWire::SetUp() {
  static const std::vector<Capability> capabilities = probe_capabilities();
  for (const Capability& one : capabilities)
    if (one.name == "user namespaces" && !one.there)
      GTEST_SKIP() << "no user namespaces here: " << one.detail << "; " << one.remedy;
}

RunSpec scenario(const std::string& wire, const std::string& server, const std::string& client) {
  RunSpec spec;
  spec.wire = parse_wire_script(wire);
  spec.server = server;
  spec.client = client;
  if (const char* folder = std::getenv("WIRELAB_TEST_PROGRAMS")) spec.path = folder;
  return spec;
}

RunResult run_complete(const RunSpec& spec) {
  try {
    RunResult result = run(spec);
    EXPECT_TRUE(result.complete) << result.incomplete_because;
    for (const std::string& note : result.notes) ADD_FAILURE() << "a note: " << note;
    return result;
  } catch (const tracer::Failure& failure) {
    ADD_FAILURE() << failure.what() << "\nhint: " << failure.hint;
    return {};
  }
}

std::vector<Seen> sent_by(const RunResult& result, Side host) {
  return pick(result, host, tracer::Direction::outbound);
}
std::vector<Seen> received_by(const RunResult& result, Side host) {
  return pick(result, host, tracer::Direction::inbound);
}

std::vector<unsigned> arrivals(const RunResult& result, Side host) {
  std::map<std::string_view, unsigned> came;
  for (const Seen& one : received_by(result, other(host)))
    ++came[tracer::as_text(one.frame->bytes)];
  std::vector<unsigned> counts;
  for (const Seen& one : sent_by(result, host))
    counts.push_back(came[tracer::as_text(one.frame->bytes)]);
  return counts;
}

std::size_t lost_altogether(const RunResult& result) {
  std::size_t count = 0;
  for (const Side host : {Side::client, Side::server})
    for (const unsigned times : arrivals(result, host)) count += times == 0;
  return count;
}

}  // namespace testbed
