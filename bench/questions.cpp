#include "bench/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {
namespace {

Subject plain(Protocol protocol) { return {{.protocol = protocol}, name(protocol)}; }
Subject tcp(Manner manner, const char* label) { return {{.manner = manner}, label}; }

Question sizes() {
  Question question{
      .key = "sizes", .title = "How does the time grow with the size?", .full_seconds = 10};
  for (const std::size_t size : {1u, 16u, 64u, 256u, 1024u, 1400u, 4096u, 8192u, 65'536u}) {
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
      const std::size_t fits =
          protocol == Protocol::udp ? std::min<std::size_t>(size, 65'507) : size;  // RFC 768
      question.subjects.push_back({{.protocol = protocol, .size = fits},
                                   fmt::format("{}, {} bytes", name(protocol), fits)});
    }
    question.comparisons.emplace_back(question.subjects.size() - 2, question.subjects.size() - 1);
  }
  return question;
}

Question waiting() {
  Question question{
      .key = "waiting", .title = "Sleep, poll or spin while waiting?", .full_seconds = 8};
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
    const std::size_t first = question.subjects.size();
    for (const Waiting waiting : {Waiting::blocking, Waiting::polling, Waiting::busy})
      question.subjects.push_back({{.protocol = protocol, .waiting = waiting},
                                   fmt::format("{}, {}", name(protocol), key(waiting))});
    question.comparisons.emplace_back(first, first + 1);
    question.comparisons.emplace_back(first, first + 2);
  }
  return question;
}

Question under_load(Question question, bool keep, bool open, std::initializer_list<Model> models) {
  const std::vector<Model> here = models_here();
  for (const Model model : models)
    if (std::find(here.begin(), here.end(), model) != here.end())
      question.subjects.push_back(
          {{},
           name(model),
           {},
           {},
           Served{.model = model, .load = {.connections = 32, .keep = keep}, .open = open}});
  for (std::size_t i = 1; i < question.subjects.size(); ++i)
    question.comparisons.emplace_back(0, i);  // each with the first
  question.measure = open ? Measure::time : Measure::rate;
  return question;
}

/// None where neither the labs nor nginx are there.
void add_servers(std::vector<Question>& all) {
  const auto add = [&](Question question) {
    if (question.subjects.size() >= 2) all.push_back(std::move(question));
  };
  add(under_load({.key = "servers",
                  .title = "Which server answers most requests a second? (connections kept)",
                  .quick_seconds = 6,
                  .full_seconds = 15},
                 true, false,
                 {Model::nginx, Model::reactor, Model::coroutines, Model::threads, Model::pool}));
  add(under_load(
      {.key = "clients",
       .title = "Which server answers most clients a second? (a connection for each request)",
       .quick_seconds = 6,
       .full_seconds = 15},
      false, false,
      {Model::nginx, Model::reactor, Model::coroutines, Model::one, Model::pool, Model::threads,
       Model::processes}));
  add(under_load(
      {.key = "tail",
       .title = "Which server is still quick under load? (times from when each request was due)",
       .quick_seconds = 6,
       .full_seconds = 20},
      true, true, {Model::nginx, Model::reactor, Model::coroutines, Model::threads, Model::pool}));
}

}  // namespace

std::vector<Question> all_questions() {
  std::vector<Question> all;
  all.push_back(
      {.key = "loopback",
       .title = "TCP or UDP, within this machine?",
       .subjects = {plain(Protocol::tcp), plain(Protocol::udp), plain(Protocol::unix_stream),
                    plain(Protocol::unix_datagram), plain(Protocol::pipe)},
       .comparisons = {{0, 1}, {0, 2}, {1, 3}, {2, 4}},
       .quick = true,
       .quick_seconds = 2,
       .full_seconds = 10});
  const std::vector<Subject> both{plain(Protocol::tcp), plain(Protocol::udp)};
  all.push_back({.key = "veth",
                 .title = "TCP or UDP, between two hosts joined directly?",
                 .wire = Wire::veth,
                 .subjects = both,
                 .comparisons = {{0, 1}},
                 .quick = true});
  all.push_back({.key = "delay",
                 .title = "TCP or UDP, over a wire of 20 ms?",
                 .wire = Wire::scripted,
                 .script = "delay 20ms",
                 .subjects = both,
                 .comparisons = {{0, 1}},
                 .quick = true,
                 .full_seconds = 10});
  // A datagram is given up for lost after half the time that TCP waits before it sends again: so
  // long that none which only came late is among them, so short that the question stays short.
  all.push_back(
      {.key = "loss",
       .title = "TCP or UDP, over a wire that loses 1 % of the packets?",
       .wire = Wire::scripted,
       .script = "loss 1%",
       .subjects = {plain(Protocol::tcp),
                    {{.protocol = Protocol::udp, .patience = std::chrono::milliseconds(100)},
                     "UDP"}},
       .comparisons = {{0, 1}},
       .quick = true,
       .quick_seconds = 4,
       .full_seconds = 20,
       .fewest = 50});
  all.push_back(
      {.key = "far",
       .title = "Over a wire of 20 ms: what does a connection for each request cost?",
       .wire = Wire::scripted,
       .script = "delay 20ms",
       .subjects = {tcp(Manner::kept, "one connection"),
                    tcp(Manner::connect_each, "a connection each"),
                    tcp(Manner::tls_1_2, "TLS 1.2 each"), tcp(Manner::tls_1_3, "TLS 1.3 each")},
       .comparisons = {{0, 1}, {1, 2}, {1, 3}},
       .full_seconds = 12});
  all.push_back(sizes());
  all.push_back(waiting());
  all.push_back(
      {.key = "nagle",
       .title = "A request in two writes: what does TCP_NODELAY change?",
       .subjects = {{{.manner = Manner::two_writes}, "TCP_NODELAY on"},
                    {{.manner = Manner::two_writes, .no_delay = false}, "TCP_NODELAY off"}},
       .comparisons = {{0, 1}},
       .full_seconds = 8});
  all.push_back({.key = "connect",
                 .title = "What does a connection for each request cost?",
                 .subjects = {tcp(Manner::kept, "one connection"),
                              tcp(Manner::connect_each, "a connection each")},
                 .comparisons = {{0, 1}},
                 .full_seconds = 4});
  all.push_back(
      {.key = "tls",
       .title = "What does a TLS handshake cost? (connect, handshake, request, reply)",
       .subjects = {tcp(Manner::connect_each, "no TLS"), tcp(Manner::tls_1_2, "TLS 1.2"),
                    tcp(Manner::tls_1_3, "TLS 1.3"), tcp(Manner::tls_resumed, "TLS 1.3 resumed")},
       .comparisons = {{0, 1}, {0, 2}, {1, 2}, {2, 3}}});
  all.push_back({.key = "http",
                 .title = "HTTP: what does keep-alive save?",
                 .subjects = {tcp(Manner::http_kept, "keep-alive"),
                              tcp(Manner::http_each, "a connection each")},
                 .comparisons = {{0, 1}},
                 .full_seconds = 4});
  add_servers(all);
  return all;
}

Schedule schedule_for(const Question& question, Effort effort) {
  Schedule schedule;
  const double seconds = effort == Effort::quick ? question.quick_seconds : question.full_seconds;
  const double round = seconds / schedule.rounds / static_cast<double>(question.subjects.size());
  schedule.round_time = std::chrono::milliseconds(std::max(1, static_cast<int>(round * 1000)));
  schedule.fewest = question.fewest;
  schedule.fresh_each_round = question.wire != Wire::scripted;
  return schedule;
}

}  // namespace bench
