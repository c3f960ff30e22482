#include "bench/run.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "bench/report/moments.hpp"
#include "bench/report/rounds_json.hpp"
#include "bench/report/text.hpp"
#include "bench/servers/measure.hpp"
#include "bench/trips/moments.hpp"
#include "bench/veth.hpp"
#include "labs/testbed/testbed.hpp"

namespace bench {
namespace {

using nlohmann::json;

constexpr std::size_t protocol_offset = 14 + 9;  // of an IPv4 packet in an Ethernet frame

const char* word(Effort effort) { return effort == Effort::quick ? "quick" : "full"; }

json all_rounds(const std::vector<Subject>& subjects) {
  json all = json::array();
  for (const Subject& subject : subjects) all.push_back(rounds_json(subject));
  return all;
}

void take_rounds(Question& question, const std::string& text) {
  try {
    const json all = json::parse(text);
    for (std::size_t i = 0; i < question.subjects.size(); ++i) {
      question.subjects[i].rounds = rounds_from(all.at(i));
      question.subjects[i].moments = moments_from(all.at(i));
    }
  } catch (const json::exception&) {
    throw TripError(fmt::format("{}: {}", question.key,
                                text.empty() ? "the hosts gave no answer" : text.substr(0, 300)));
  }
}

void answer_over_veth(Question& question, Effort effort,
                      const std::function<void(double)>& progress) {
  const std::string printed = in_two_hosts([&](const Place& server) {
    measure_in_turns(question.subjects, schedule_for(question, effort), server, progress);
    return all_rounds(question.subjects).dump();
  });
  take_rounds(question, printed);
}

/// How many packets the wire dropped, by protocol, beside what the asking end missed.
std::string wire_log_note(const Question& question, const testbed::RunResult& result) {
  std::set<std::uint64_t> dropped;
  for (const testbed::WireEvent& event : result.wire)
    if (event.dropped) dropped.insert(event.id);
  std::uint64_t tcp = 0, udp = 0;
  for (const tracer::Frame& frame : result.frames) {
    if (frame.direction != tracer::Direction::outbound || !frame.packet_id ||
        !dropped.contains(*frame.packet_id))
      continue;
    if (frame.bytes.size() <= protocol_offset) continue;
    (tracer::be8(frame.bytes, protocol_offset) == IPPROTO_UDP ? udp : tcp) += 1;
  }
  std::string note =
      fmt::format("wire: {}; by its own log {} packets", question.script, result.wire.size());
  if (dropped.empty()) return note + ", none dropped";
  std::uint64_t missed = 0, before = 0;
  for (const Subject& subject : question.subjects) {
    missed += subject.lost();
    for (const Round& round : subject.rounds) before += round.lost_before;
  }
  note +=
      fmt::format(",\ndropped: {} of TCP, {} of UDP; datagrams missed here: {}", tcp, udp, missed);
  if (before > 0) note += fmt::format(" and {} while warming up", before);
  return note;
}

void answer_over_wire(Question& question, Effort effort, const std::filesystem::path& trace) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  testbed::RunSpec spec;
  spec.server = fmt::format("'{}' --in-host server", self);
  spec.client = fmt::format("'{}' --in-host {} --{}{}", self, question.key, word(effort),
                            trace.empty() ? "" : " --trace here");
  spec.wire = testbed::parse_wire_script(question.script);
  spec.time_limit = std::chrono::minutes(5);
  spec.output_limit = std::size_t{64} << 20;
  testbed::RunResult numbered = testbed::run(spec);
  const testbed::RunResult& result = numbered;
  if (result.interrupted) throw TripError("interrupted");
  const testbed::ProgramResult& client =
      result.programs[static_cast<std::size_t>(testbed::Side::client)];
  take_rounds(question, client.output);

  testbed::number_frames(numbered);
  question.note = wire_log_note(question, numbered);
  if (!trace.empty())
    question.ladders = exchange_ladders(question, numbered, trace / (question.key + ".pcapng"));
}

/// "10,000 by reactor: 25 MB; …", a line for each that waits for all connections at once.
std::string idle_note(const std::vector<Subject>& subjects) {
  std::string note =
      ";\nmemory of their own, as the kernel counts it, for connections that say nothing:";
  for (const Subject& subject : subjects) {
    const Model model = subject.served->model;
    if (model != Model::reactor && model != Model::coroutines && model != Model::nginx) continue;
    const Scratch scratch;
    const Server server(model, 1, scratch);
    const IdleCrowd crowd = hold_idle(server, 10'000);
    note +=
        fmt::format("\n{} by {}: {:.1f} MB; a reply amid them in {}", count_text(crowd.connections),
                    name(model), static_cast<double>(crowd.bytes) / 1e6,
                    duration_text(static_cast<double>(crowd.reply.count())));
  }
  return note;
}

}  // namespace

void answer(Question& question, Effort effort, const std::function<void(double)>& progress,
            const std::filesystem::path& trace) {
  if (question.subjects.front().served) {
    question.note = load_in_turns(question.subjects, schedule_for(question, effort), progress);
    if (question.key == "servers") question.note += idle_note(question.subjects);
    return;
  }
  switch (question.wire) {
    case Wire::loopback:
      return measure_in_turns(question.subjects, schedule_for(question, effort), Loopback(),
                              progress);
    case Wire::veth: return answer_over_veth(question, effort, progress);
    case Wire::scripted: return answer_over_wire(question, effort, trace);
  }
}

namespace {

std::uint16_t port_of_run() {
  const char* port = std::getenv("WIRELAB_PORT");
  return port ? static_cast<std::uint16_t>(std::atoi(port)) : 7000;
}

}  // namespace

void ask_from_host(const std::string& question_key, Effort effort, bool keep_trips) {
  const char* peer = std::getenv("WIRELAB_PEER");
  sockaddr_in control{};
  control.sin_family = AF_INET;
  control.sin_port = htons(port_of_run());
  if (!peer || inet_pton(AF_INET, peer, &control.sin_addr) != 1)
    throw TripError("WIRELAB_PEER is not set: this runs in a testbed host");
  for (Question& question : all_questions()) {
    if (question.key != question_key) continue;
    Schedule schedule = schedule_for(question, effort);
    schedule.keep_trips = keep_trips;
    measure_in_turns(question.subjects, schedule, OtherHost(control));
    for (Subject& subject : question.subjects) subject.moments = telling_moments(subject.rounds);
    fmt::print("{}\n", all_rounds(question.subjects).dump());
  }
}

void answer_from_host() { serve_trips(port_of_run()); }

}  // namespace bench
