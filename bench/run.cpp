#include "bench/run.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "bench/report/rounds_json.hpp"
#include "bench/veth.hpp"
#include "labs/testbed/testbed.hpp"

namespace bench {
namespace {

using nlohmann::json;

const char* word(Effort effort) { return effort == Effort::quick ? "quick" : "full"; }

json all_rounds(const std::vector<Subject>& subjects) {
  json all = json::array();
  for (const Subject& subject : subjects) all.push_back(rounds_json(subject));
  return all;
}

void take_rounds(Question& question, const std::string& text) {
  try {
    const json all = json::parse(text);
    for (std::size_t i = 0; i < question.subjects.size(); ++i) question.subjects[i].rounds = rounds_from(all.at(i));
  } catch (const json::exception&) {
    throw TripError(fmt::format("{}: {}", question.key, text.empty() ? "the hosts gave no answer" : text.substr(0, 300)));
  }
}

void answer_over_veth(Question& question, Effort effort, const std::function<void(double)>& progress) {
  const std::string printed = in_two_hosts([&](const Place& server) {
    measure_in_turns(question.subjects, schedule_for(question, effort), server, progress);
    return all_rounds(question.subjects).dump();
  });
  take_rounds(question, printed);
}

void answer_over_wire(Question& question, Effort effort) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  testbed::RunSpec spec;
  spec.server = fmt::format("'{}' --in-host server", self);
  spec.client = fmt::format("'{}' --in-host {} --{}", self, question.key, word(effort));
  spec.wire = testbed::parse_wire_script(question.script);
  spec.time_limit = std::chrono::minutes(5);
  spec.output_limit = std::size_t{64} << 20;
  const testbed::RunResult result = testbed::run(spec);
  if (result.interrupted) throw TripError("interrupted");
  const testbed::ProgramResult& client = result.programs[static_cast<std::size_t>(testbed::Side::client)];
  take_rounds(question, client.output);

  std::uint64_t dropped = 0;
  for (const testbed::WireEvent& event : result.wire) dropped += event.dropped;
  question.note = fmt::format("wire: {}; its own log: {} packets, {} dropped", question.script, result.wire.size(), dropped);
}

}  // namespace

void answer(Question& question, Effort effort, const std::function<void(double)>& progress) {
  switch (question.wire) {
    case Wire::loopback: return measure_in_turns(question.subjects, schedule_for(question, effort), Loopback(), progress);
    case Wire::veth: return answer_over_veth(question, effort, progress);
    case Wire::scripted: return answer_over_wire(question, effort);
  }
}

namespace {

std::uint16_t port_of_run() {
  const char* port = std::getenv("WIRELAB_PORT");
  return port ? static_cast<std::uint16_t>(std::atoi(port)) : 7000;
}

}  // namespace

void ask_from_host(const std::string& question_key, Effort effort) {
  const char* peer = std::getenv("WIRELAB_PEER");
  sockaddr_in control{};
  control.sin_family = AF_INET;
  control.sin_port = htons(port_of_run());
  if (!peer || inet_pton(AF_INET, peer, &control.sin_addr) != 1) throw TripError("WIRELAB_PEER is not set: this runs in a testbed host");
  for (Question& question : all_questions()) {
    if (question.key != question_key) continue;
    measure_in_turns(question.subjects, schedule_for(question, effort), OtherHost(control));
    fmt::print("{}\n", all_rounds(question.subjects).dump());
  }
}

void answer_from_host() { serve_trips(port_of_run()); }

}  // namespace bench
