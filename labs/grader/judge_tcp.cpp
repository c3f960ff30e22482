// Properties of TCP connections.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "labs/grader/connection.hpp"
#include "labs/grader/judge.hpp"
#include "labs/grader/resets.hpp"

namespace grader {
namespace {

using testbed::other;
using tracer::Note;

Finding broken(std::string seen, std::vector<const Sent*> evidence = {}, std::string reason = {},
               std::string repair = {}) {
  Finding finding{false, std::move(seen), {}, std::move(reason), std::move(repair)};
  for (const Sent* one : evidence)
    if (one) finding.packets.push_back(one->number);
  return finding;
}
Finding kept(std::string seen, std::vector<const Sent*> evidence = {}) {
  Finding finding = broken(std::move(seen), std::move(evidence));
  finding.holds = true;
  return finding;
}
std::string at(const Sent& sent) { return fmt::format("#{}", sent.number); }

Finding handshake(const Connection& one) {
  if (one.established()) return kept("established", {one.syn()});
  const Sent* reset = one.rst(other(one.opener()));
  return broken(fmt::format("the SYN {} was {}", one.syn() ? at(*one.syn()) : "",
                            reset ? "answered with RST " + at(*reset)
                                  : "never answered by a SYN-ACK that arrived"),
                {one.syn(), reset},
                reset ? "A RST to a SYN says that nobody listens on that port." : "");
}

Finding refused(const Connection& one) {
  const Sent* reset = one.rst(other(one.opener()));
  if (!one.established() && one.syn() && reset) return kept("refused", {one.syn(), reset});
  return broken(one.established() ? "the connection was established" : "no RST answered the SYN",
                {one.syn()});
}

Finding orderly_close(const Connection& one) {
  if (const Sent* reset = one.rst()) {
    const ResetStory story = tell_reset(one, *reset);
    return broken(
        fmt::format("RST {} from the {}: {}", at(*reset), testbed::name(reset->from), story.seen),
        {reset}, story.reason, story.repair);
  }
  for (const Side side : {one.opener(), other(one.opener())}) {
    const Sent* fin = one.fin(side);
    if (!fin) {
      return broken(
          fmt::format("the {} never sent a FIN: its socket was still open at the end of the run",
                      testbed::name(side)),
          {one.fin(other(side))},
          "A FIN goes out when the last descriptor of a socket is closed, or at shutdown() for "
          "writing.",
          fmt::format("Close the {}'s socket when it has nothing more to do with it.",
                      testbed::name(side)));
    }
    if (!one.acknowledged(other(side), fin->end()))
      return broken(
          fmt::format("the {}'s FIN {} was never acknowledged", testbed::name(side), at(*fin)),
          {fin});
  }
  return kept("both FINs acknowledged", {one.fin(Side::client), one.fin(Side::server)});
}

Finding half_close(const Connection& one, Side side) {
  const Sent* fin = one.fin(side);
  const Sent* their = one.fin(other(side));
  const std::string who = testbed::name(side), peer = testbed::name(other(side));
  if (!fin) return broken(fmt::format("the {} never sent a FIN", who), {their});
  if (their && Connection::after_arrival(*fin, *their))
    return broken(fmt::format("the {}'s FIN {} came first; the {}'s {} is the answer to it", peer,
                              at(*their), who, at(*fin)),
                  {their, fin});
  if (const Sent* reset = one.rst()) {
    const ResetStory story = tell_reset(one, *reset);
    return broken(fmt::format("RST {} from the {} ended the connection: {}", at(*reset),
                              testbed::name(reset->from), story.seen),
                  {fin, reset}, story.reason, story.repair);
  }
  const Sent* data = one.first([&](const Sent& sent) {
    return sent.from != side && sent.data() && Connection::after_arrival(sent, *fin);
  });
  if (!data)
    return broken(
        fmt::format("no data came to the {} after its FIN {}", who, at(*fin)),
        {fin, one.last_data(other(side))},
        "Half-closed means that one direction is over while the other still carries data.");
  const std::uint32_t end = one.data_end(other(side));
  if (!one.acknowledged(side, end))
    return broken(
        fmt::format("data came after the {}'s FIN {}, but it did not acknowledge all of it", who,
                    at(*fin)),
        {fin, data});
  return kept(fmt::format("FIN {}, then data {}", at(*fin), at(*data)), {fin, data});
}

Finding fin_first(const Connection& one, Side side) {
  const Sent* fin = one.fin(side);
  const Sent* their = one.fin(other(side));
  if (!fin) return broken(fmt::format("the {} never sent a FIN", testbed::name(side)), {their});
  if (their && Connection::after_arrival(*fin, *their))
    return broken(fmt::format("the {}'s FIN {} came first, and {} only answers it",
                              testbed::name(other(side)), at(*their), at(*fin)),
                  {their, fin});
  return kept(fmt::format("FIN {}", at(*fin)), {fin});
}

Finding fin_from(const Connection& one, Side side) {
  if (const Sent* fin = one.fin(side)) return kept(fmt::format("FIN {}", at(*fin)), {fin});
  return broken(fmt::format("the {} never sent a FIN", testbed::name(side)), {one.rst(side)});
}

Finding closed(const Connection& one) {
  if (one.rst() || !one.established()) return kept("closed by a RST, or never open");
  for (const Side side : {one.opener(), other(one.opener())})
    if (!one.fin(side))
      return broken(fmt::format("the {} never closed its end", testbed::name(side)),
                    {one.fin(other(side))}, "",
                    "Close every socket that you accept or connect, on every path.");
  return kept("both ends closed");
}

Finding no_rst(const Connection& one, std::optional<Side> side) {
  const Sent* reset = one.rst(side);
  if (!reset) return kept("no RST");
  const ResetStory story = tell_reset(one, *reset);
  return broken(
      fmt::format("RST {} from the {}: {}", at(*reset), testbed::name(reset->from), story.seen),
      {reset}, story.reason, story.repair);
}

Finding delivered(const Connection& one, Side side) {
  const std::uint32_t end = one.data_end(side);
  if (end == 1) return broken(fmt::format("the {} sent no data", testbed::name(side)), {one.syn()});
  if (const Sent* ack = one.acknowledged(other(side), end))
    return kept(fmt::format("{} bytes, acknowledged by {}", end - 1, at(*ack)), {ack});
  return broken(fmt::format("the {} sent {} bytes, and not all were acknowledged",
                            testbed::name(side), end - 1),
                {one.last_data(side), one.rst()});
}

Finding silent(const Connection& one, Side side) {
  const Sent* data = one.first_data(side);
  return data
             ? broken(fmt::format("the {} sent data in {}", testbed::name(side), at(*data)), {data})
             : kept("no data");
}

Finding answers_after_end(const Connection& one, Side side) {
  const Sent* data = one.first_data(side);
  const Sent* their = one.fin(other(side));
  const std::string who = testbed::name(side), peer = testbed::name(other(side));
  if (!data) return broken(fmt::format("the {} sent no data at all", who), {their});
  if (!their)
    return broken(fmt::format("the {} never sent a FIN, so there was no end to wait for", peer),
                  {data});
  if (!Connection::after_arrival(*data, *their))
    return broken(
        fmt::format("the {} answered in {} before the {}'s FIN {} had come", who, at(*data), peer,
                    at(*their)),
        {data, their},
        "recv() that returns 0 is how a program learns of the FIN; until then more may come.",
        "Read until recv() returns 0, then answer.");
  return kept(fmt::format("FIN {}, then data {}", at(*their), at(*data)), {their, data});
}

/// Properties that must hold for every connection by themselves.
std::optional<Finding> of_each(const Connection& one, const std::string& name,
                               std::optional<Side> side) {
  if (name == "handshake") return handshake(one);
  if (name == "refused") return refused(one);
  if (name == "orderly_close") return orderly_close(one);
  if (name == "half_close") return half_close(one, *side);
  if (name == "fin_first") return fin_first(one, *side);
  if (name == "fin_from") return fin_from(one, *side);
  if (name == "all_closed") return closed(one);
  if (name == "no_rst") return no_rst(one, side);
  if (name == "delivered") return delivered(one, *side);
  if (name == "silent") return silent(one, *side);
  if (name == "answers_after_end") return answers_after_end(one, *side);
  return std::nullopt;
}

Finding one_syn(const Trace& trace, const Talks& talks, std::optional<Side> side) {
  std::vector<const Sent*> attempts;
  for (const Talk* talk : talks)
    if (const Sent* syn = Connection(trace, *talk).syn(); syn && (!side || syn->from == *side))
      attempts.push_back(syn);
  if (attempts.empty()) return broken("no SYN was sent");
  if (attempts.size() == 1) return kept(fmt::format("SYN {}", at(*attempts[0])), attempts);
  return broken(fmt::format("{} connection attempts: SYN {} and {}", attempts.size(),
                            at(*attempts[0]), at(*attempts[1])),
                {attempts[0], attempts[1]},
                "Each connect() on a new socket opens a connection of its own, with its own "
                "sequence numbers.",
                "Connect once, and use that socket for everything.");
}

struct Service {
  const Talk* talk;
  tracer::Timestamp there;   // when its handshake, or its first question, had come to the server
  const Sent *first, *last;  // what the server said
};

Finding overlap(const Trace& trace, const Talks& talks, std::size_t wanted) {
  std::vector<Service> services;
  bool data = false;
  for (const Talk* talk : talks)
    data = data || Connection(trace, *talk).first_data(other(talk->opener));
  for (const Talk* talk : talks) {
    const Connection one(trace, *talk);
    const Side server = other(talk->opener);
    const Sent* syn = one.syn();
    const Sent* first = data ? one.first_data(server) : one.fin(server);
    if (!syn || !syn->arrived() || !first) continue;
    services.push_back({talk, syn->arrivals.front(), first, data ? one.last_data(server) : first});
  }
  std::size_t most = services.empty() ? 0 : 1;
  std::vector<const Sent*> best;
  for (const Service& late : services) {
    std::vector<const Sent*> evidence{late.first};
    for (const Service& early : services)
      if (&early != &late && early.there < late.there && early.last->left > late.first->left)
        evidence.push_back(early.last);
    if (evidence.size() > most) {
      most = evidence.size();
      best = evidence;
    }
  }
  if (most >= wanted)
    return kept(fmt::format("{} connections were served at the same time", most), best);
  if (services.size() < wanted) {
    Finding finding = broken(fmt::format("{} of {} connection{} got an answer", services.size(),
                                         talks.size(), talks.size() == 1 ? "" : "s"));
    for (const Talk* talk : talks)
      if (const Sent* syn = Connection(trace, *talk).syn(); syn && finding.packets.size() < wanted)
        finding.packets.push_back(syn->number);
    if (talks.size() >= wanted) {
      finding.reason =
          "A connection that stands is not yet one that is served: the kernel completes the "
          "handshake of up to a backlog of them, and accept() fetches them one by one.";
      finding.repair =
          "Serve each connection in a thread or process of its own, or all in one loop with "
          "poll().";
    }
    return finding;
  }
  std::sort(services.begin(), services.end(),
            [](const Service& a, const Service& b) { return a.first->left < b.first->left; });
  return broken(
      fmt::format(
          "one after the other: the second connection stood since {:.1f} ms, but its first answer "
          "{} came only after the last one of the first, {}",
          static_cast<double>((services[1].there - trace.packets().front().left).count()) / 1e6,
          at(*services[1].first), at(*services[0].last)),
      {services[0].last, services[1].first},
      "The kernel shook hands with both, up to the backlog of listen(); accept() fetched the "
      "second only when the first was done.",
      "Serve each connection in a thread or process of its own, or all in one loop with poll().");
}

Finding keeps_connection(const Trace& trace, const Talks& talks, std::size_t wanted) {
  std::size_t most = 0;
  for (const Talk* talk : talks) most = std::max(most, Connection(trace, *talk).turns());
  if (most >= wanted) return kept(fmt::format("{} questions and answers in one connection", most));
  Finding finding = broken(
      fmt::format("at most {} question{} and answer{} in one connection, over {} connection{}",
                  most, most == 1 ? "" : "s", most == 1 ? "" : "s", talks.size(),
                  talks.size() == 1 ? "" : "s"),
      {}, "Each new connection costs a handshake before the first byte.",
      "Leave the socket open after an answer, and read the next question from it.");
  for (const Talk* talk : talks) {
    const Connection one(trace, *talk);
    if (const Sent* fin = one.first([](const Sent& sent) { return sent.fin() || sent.rst(); });
        fin && finding.packets.empty())
      finding.packets.push_back(fin->number);
  }
  return finding;
}

bool has_any(const tracer::Row& row, std::initializer_list<Note::Kind> kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](Note::Kind kind) { return row.has(kind); });
}

/// Is a packet of `side` there that the ladder says one of these things of?
Finding noted(const Trace& trace, const Talks& talks, std::optional<Side> side,
              std::initializer_list<Note::Kind> kinds, bool wanted, const char* what) {
  for (const Talk* talk : talks)
    for (const std::size_t i : talk->packets) {
      const Sent& one = trace.packets()[i];
      if ((side && one.from != *side) || !has_any(*one.row, kinds)) continue;
      const std::string seen =
          fmt::format("{} in {} from the {}", what, at(one), testbed::name(one.from));
      return wanted ? kept(seen, {&one}) : broken(seen, {&one});
    }
  const std::string seen = fmt::format("no {} was seen", what);
  return wanted ? broken(seen) : kept(seen);
}

}  // namespace

Finding judge_tcp(const Property& property, const Trace& trace, const Talks& all) {
  Talks talks;
  for (const Talk* talk : all)
    if (talk->tcp) talks.push_back(talk);
  std::optional<Side> side;
  std::size_t number = 2;
  if (!property.arguments.empty()) {
    const std::string& word = property.arguments[0];
    if (word == "client" || word == "server")
      side = word == "client" ? Side::client : Side::server;
    else
      std::from_chars(word.data(), word.data() + word.size(), number);
  }
  const std::string& name = property.name;
  if (talks.empty()) return broken("there was no TCP connection");
  if (name == "one_syn") return one_syn(trace, talks, side);
  if (name == "overlap") return overlap(trace, talks, number);
  if (name == "keeps_connection") return keeps_connection(trace, talks, number);
  const auto resent = {Note::Kind::fast_retransmit, Note::Kind::timeout_retransmit,
                       Note::Kind::needless_retransmit, Note::Kind::retransmit};
  if (name == "zero_window_seen" || name == "no_zero_window")
    return noted(trace, talks, side, {Note::Kind::zero_window}, name == "zero_window_seen",
                 "zero window");
  if (name == "retransmission_seen" || name == "no_retransmission")
    return noted(trace, talks, side, resent, name == "retransmission_seen", "segment sent again");
  if (name == "fast_retransmit_seen")
    return noted(trace, talks, side, {Note::Kind::fast_retransmit}, true, "fast retransmit");
  if (name == "timeout_retransmit_seen")
    return noted(trace, talks, side, {Note::Kind::timeout_retransmit}, true, "retransmit by timer");
  if (name == "rst_from") {
    for (const Talk* talk : talks)
      if (const Sent* reset = Connection(trace, *talk).rst(side))
        return kept(fmt::format("RST {}", at(*reset)), {reset});
    return broken(fmt::format("the {} sent no RST", testbed::name(*side)));
  }
  Finding last;
  for (const Talk* talk : talks) {
    const Connection one(trace, *talk);
    last = of_each(one, name, side).value_or(broken("unknown property " + name));
    if (last.holds) continue;
    if (talks.size() > 1) last.seen = fmt::format("in {}: {}", one.name(), last.seen);
    if (last.packets.empty() && one.syn()) last.packets.push_back(one.syn()->number);
    return last;
  }
  return last;
}

}  // namespace grader
