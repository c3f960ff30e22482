#include "tests/support/track.hpp"

#include <sstream>

#include <fmt/format.h>

namespace tracer {
std::ostream& operator<<(std::ostream& out, SeqNumber number) { return out << number.value; }
}  // namespace tracer

namespace support {
namespace {

constexpr const char* bit_names[] = {
    "retransmission", "fast_retransmission", "spurious_retransmission",
    "out_of_order",   "lost_segment",        "ack_lost_segment",
    "duplicate_ack",  "keep_alive",          "keep_alive_ack",
    "zero_window",    "zero_window_probe",   "zero_window_probe_ack",
    "window_update",  "window_full",         "reused_ports"};

End end_of(const tracer::TcpEnd& end, int duplicate_acks) {
  return {end.snd_una(), end.snd_nxt(), end.rcv_nxt(), end.state(), duplicate_acks};
}

std::string sorted_words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  std::sort(words.begin(), words.end());
  return fmt::format("{}", fmt::join(words, " "));
}

/// What a step gives for the thing that an expectation names, and what was wanted: both as text.
struct Finding {
  std::string subject, wanted;
};

/// "client SND.UNA 1101" -> subject "client SND.UNA", wanted "1101".
Finding subject_of(const std::string& expectation) {
  std::istringstream in(expectation);
  std::string first, second, third;
  in >> first >> second >> third;
  if (first == "client" || first == "server") {
    if (third.empty()) return {first, second};
    return {first + " " + second, third};
  }
  for (const char* key : {"dup", "seq", "ack", "window", "flight", "acks", "stream"})
    if (first == key) return {first, second};
  return {"", sorted_words(expectation)};  // analysis flags
}

std::string actual(const std::string& subject, const Step& step) {
  const End& end = subject.starts_with("server") ? step.server : step.client;
  if (subject == "client" || subject == "server") return std::string(tracer::name(end.state));
  if (subject.ends_with("SND.UNA")) return std::to_string(end.snd_una.value);
  if (subject.ends_with("SND.NXT")) return std::to_string(end.snd_nxt.value);
  if (subject.ends_with("RCV.NXT")) return std::to_string(end.rcv_nxt.value);
  if (subject == "dup") return std::to_string(step.facts.duplicate_ack_number);
  if (subject == "seq") return std::to_string(step.facts.seq);
  if (subject == "ack") return std::to_string(step.facts.ack);
  if (subject == "window") return std::to_string(step.facts.window);
  if (subject == "acks") return std::to_string(step.facts.acks_frame);
  if (subject == "stream") return std::to_string(step.facts.stream);
  if (subject == "flight")
    return step.facts.bytes_in_flight ? std::to_string(*step.facts.bytes_in_flight) : "none";
  if (subject.empty()) return sorted_words(step.verdict);
  return "?";
}

/// The steps so far, the one that broke, expected beside actual, the reason, the place.
std::string lesson(const std::vector<Step>& steps, const Finding& finding, const Because& because) {
  std::string text;
  const auto told = [&](const Step& step) {
    return finding.subject + (finding.subject.empty() ? "" : " ") + actual(finding.subject, step);
  };
  for (std::size_t i = steps.size() > 6 ? steps.size() - 6 : 0; i < steps.size(); ++i) {
    const bool broke = i + 1 == steps.size();
    text += fmt::format("{}{:<60} {}{}\n", broke ? " >> " : "    ", steps[i].line, told(steps[i]),
                        broke ? ", expected " + finding.wanted : "");
  }
  if (!because.why.empty()) text += " why:    " + because.why + "\n";
  if (!because.where.empty()) text += " where:  " + because.where + "\n";
  return text;
}

}  // namespace

std::string analysis_names(std::uint16_t bits) {
  std::string names;
  for (std::size_t i = 0; i < std::size(bit_names); ++i)
    if (bits >> i & 1) names.append(names.empty() ? "" : " ").append(bit_names[i]);
  return names.empty() ? "none" : names;
}

Connection track(const std::vector<std::string>& script, const Because& because, const char* file,
                 int line) {
  Connection connection;
  tracer::Tracker tracker, hasty(tracer::Tracker::Follows::all, tracer::Facts::flags);
  tracer::TcpEnd client, server;
  int duplicate_acks[2] = {0, 0};
  std::string story = "the story so far:\n";
  for (const std::string& text : script) {
    const Segment segment = parse_segment(text);
    const auto number = connection.steps.size() + 1;
    const Buffer bytes = frame_of(segment, static_cast<std::uint16_t>(number));
    tracer::Frame one = frame(bytes);
    one.time = script_time(segment.departure);
    tracer::Packet packet;
    tracer::decode(one, number, packet);
    const tracer::Tracked& tracked = tracker.track(packet);
    const tracer::Tracked& in_haste = hasty.track(packet, hasty.expect(packet));
    EXPECT_EQ(in_haste.tcp.has_value(), tracked.tcp.has_value());
    if (in_haste.tcp && tracked.tcp) {
      EXPECT_EQ(analysis_names(in_haste.tcp->analysis), analysis_names(tracked.tcp->analysis))
          << "where segments are not remembered, after: " << text;
    }
    tracer::TcpEnd &from = segment.from_client ? client : server,
                   &to = segment.from_client ? server : client;
    from.sends(*packet.tcp, segment.length);
    to.receives(*packet.tcp, segment.length);

    const tracer::TcpFacts facts = tracked.tcp.value_or(tracer::TcpFacts{});
    duplicate_acks[segment.from_client ? 0 : 1] += facts.has(tracer::analysis::duplicate_ack);
    connection.steps.push_back({segment.line, facts, analysis_names(facts.analysis),
                                end_of(client, duplicate_acks[0]),
                                end_of(server, duplicate_acks[1])});
    const Step& step = connection.steps.back();
    if (tracked.conversation) {
      connection.history = tracked.conversation->history.text();
      connection.state = tracer::connection_state(tracked.conversation->history);
      connection.streams = std::max(connection.streams, tracked.conversation->stream + 1);
    }
    story += fmt::format("{:>3} {:<60} {} | {} | {}\n", number, step.line, name(step.client.state),
                         name(step.server.state), step.verdict);

    std::istringstream expectations(segment.expectation);
    for (std::string expectation; std::getline(expectations, expectation, ',');) {
      const Finding finding = subject_of(expectation);
      if (actual(finding.subject, step) != finding.wanted)
        ADD_FAILURE_AT(file, line) << lesson(connection.steps, finding, because);
    }
  }
  connection.client = end_of(client, duplicate_acks[0]);
  connection.server = end_of(server, duplicate_acks[1]);
  connection.story = std::make_unique<testing::ScopedTrace>(file, line, story);
  return connection;
}

}  // namespace support
