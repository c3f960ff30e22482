// Properties of datagrams.
#include <fmt/format.h>

#include <algorithm>

#include "labs/grader/connection.hpp"
#include "labs/grader/judge.hpp"

namespace grader {
namespace {

using testbed::other;

std::vector<const Sent*> datagrams(const Trace& trace, const Talks& talks, Side from) {
  std::vector<const Sent*> found;
  for (const Sent& one : trace.packets())
    if (one.udp && one.from == from &&
        std::ranges::find(talks, &trace.conversations()[one.conversation]) != talks.end())
      found.push_back(&one);
  return found;
}

std::string said(const Sent& one) {
  return fmt::format("#{} ({} bytes)", one.number, one.payload.size());
}

bool same(tracer::Bytes a, tracer::Bytes b) { return std::ranges::equal(a, b); }

bool swapped(const Sent& reply, const Sent& question) {
  return reply.source == question.destination && reply.destination == question.source;
}

Finding swap_addresses(const Trace& trace, const Talks& talks) {
  const auto questions = datagrams(trace, talks, Side::client),
             replies = datagrams(trace, talks, Side::server);
  if (replies.empty()) return {false, "the server sent no datagram", {}, {}, {}};
  for (const Sent* reply : replies) {
    const bool good = std::ranges::any_of(questions, [&](const Sent* question) {
      return swapped(*reply, *question) && Connection::after_arrival(*reply, *question);
    });
    if (good) continue;
    Finding finding{false,
                    fmt::format("{} went from {} to {}, and no question had come that way",
                                said(*reply), reply->source.text(), reply->destination.text()),
                    {reply->number},
                    "A datagram has no connection: an answer reaches who asked only if it goes to "
                    "the address and port that recvfrom() told, from the port that was asked.",
                    "Answer with sendto() on the socket that received, to the address that "
                    "recvfrom() filled in."};
    if (!questions.empty())
      finding.packets.insert(finding.packets.begin(), questions.front()->number);
    return finding;
  }
  return {true, fmt::format("{} replies", replies.size()), {replies.front()->number}, {}, {}};
}

/// Arrivals at the server, each with the reply that belongs to it.
Finding answers_each(const Trace& trace, const Talks& talks) {
  const auto questions = datagrams(trace, talks, Side::client);
  auto replies = datagrams(trace, talks, Side::server);
  std::size_t count = 0;
  for (const Sent* question : questions)
    for (const tracer::Timestamp arrival : question->arrivals) {
      ++count;
      const auto reply = std::ranges::find_if(replies, [&](const Sent* one) {
        return swapped(*one, *question) && one->left > arrival;
      });
      if (reply == replies.end())
        return {false,
                fmt::format("{} arrived at the server and was not answered", said(*question)),
                {question->number},
                {},
                {}};
      replies.erase(reply);
    }
  if (count == 0) return {false, "no datagram arrived at the server", {}, {}, {}};
  if (!replies.empty())
    return {false,
            fmt::format("{} from the server answers nothing", said(*replies.front())),
            {replies.front()->number},
            {},
            {}};
  return {true, fmt::format("{} datagrams, each answered", count), {}, {}, {}};
}

Finding echoes(const Trace& trace, const Talks& talks, Side side) {
  const auto questions = datagrams(trace, talks, other(side));
  auto replies = datagrams(trace, talks, side);
  std::size_t count = 0;
  for (const Sent* question : questions)
    for (const tracer::Timestamp arrival : question->arrivals) {
      ++count;
      const auto reply = std::ranges::find_if(replies, [&](const Sent* one) {
        return swapped(*one, *question) && one->left > arrival &&
               same(one->payload, question->payload);
      });
      if (reply != replies.end()) {
        replies.erase(reply);
        continue;
      }
      Finding finding{false,
                      fmt::format("{} came to the {} and did not come back as it was",
                                  said(*question), testbed::name(side)),
                      {question->number},
                      {},
                      {}};
      const auto wrong = std::ranges::find_if(replies, [&](const Sent* one) {
        return swapped(*one, *question) && one->left > arrival;
      });
      if (wrong != replies.end()) {
        finding.seen += fmt::format("; what came back was {}", said(**wrong));
        finding.packets.push_back((*wrong)->number);
      }
      return finding;
    }
  if (!replies.empty())
    return {false,
            fmt::format("{} from the {} is no echo of anything", said(*replies.front()),
                        testbed::name(side)),
            {replies.front()->number},
            {},
            {}};
  if (count == 0)
    return {false, fmt::format("nothing came to the {}", testbed::name(side)), {}, {}, {}};
  return {true, fmt::format("{} datagrams, each echoed", count), {}, {}, {}};
}

Finding stream_echoes(const Trace& trace, const Talks& talks, Side side) {
  for (const Talk* talk : talks) {
    if (!talk->tcp) continue;
    const std::string asked = trace.stream(*talk, other(side)), back = trace.stream(*talk, side);
    if (asked == back && !asked.empty()) continue;
    const auto [differs, unused] = std::mismatch(
        asked.begin(),
        asked.begin() + static_cast<std::ptrdiff_t>(std::min(asked.size(), back.size())),
        back.begin());
    const Connection one(trace, *talk);
    const Sent* data = one.last_data(side) ? one.last_data(side) : one.last_data(other(side));
    const std::string difference =
        asked.empty() ? "nothing was asked"
        : differs - asked.begin() ==
                static_cast<std::ptrdiff_t>(std::min(asked.size(), back.size()))
            ? fmt::format("{} bytes came to it and {} went back", asked.size(), back.size())
            : fmt::format("byte {} is the first that differs", differs - asked.begin() + 1);
    return {false,
            fmt::format("in {}: {}", one.name(), difference),
            data ? std::vector{data->number} : std::vector<std::uint32_t>{},
            {},
            {}};
  }
  return {true, "every byte came back", {}, {}, {}};
}

Finding repeats_lost(const Trace& trace, const Talks& talks, Side side) {
  const auto questions = datagrams(trace, talks, side),
             replies = datagrams(trace, talks, other(side));
  const Sent* repeated = nullptr;
  for (const Sent* question : questions) {
    const Sent* lost = question->arrived() ? nullptr : question;
    if (!lost) {
      const auto reply = std::ranges::find_if(replies, [&](const Sent* one) {
        return swapped(*one, *question) && one->left > question->arrivals.front();
      });
      if (reply == replies.end() || (*reply)->arrived()) continue;
      lost = *reply;
    }
    const auto again = std::ranges::find_if(questions, [&](const Sent* one) {
      return one->number > question->number && same(one->payload, question->payload);
    });
    if (again == questions.end())
      return {false,
              fmt::format("{} was never sent again, though {} was lost", said(*question),
                          lost == question ? "it" : "its answer " + said(*lost)),
              {question->number},
              "UDP repeats nothing: whoever asks must wait for the answer, not for ever, and ask "
              "again.",
              "Wait with a time limit (poll(), SO_RCVTIMEO), and send the same question again when "
              "it passes."};
    if (!repeated) repeated = *again;
  }
  if (!repeated) return {false, "nothing was lost, so nothing could be sent again", {}, {}, {}};
  return {true, fmt::format("sent again in {}", said(*repeated)), {repeated->number}, {}, {}};
}

}  // namespace

Finding judge_udp(const Property& property, const Trace& trace, const Talks& talks) {
  if (property.name == "replies_swap_addresses") return swap_addresses(trace, talks);
  if (property.name == "answers_each") return answers_each(trace, talks);
  const Side side = property.arguments.at(0) == "client" ? Side::client : Side::server;
  if (property.name == "repeats_lost") return repeats_lost(trace, talks, side);
  const bool tcp = std::ranges::any_of(talks, [](const Talk* talk) { return talk->tcp; });
  const bool udp = std::ranges::any_of(talks, [](const Talk* talk) { return talk->udp; });
  if (!tcp && !udp) return {false, "there was neither a connection nor a datagram", {}, {}, {}};
  if (tcp)
    if (Finding finding = stream_echoes(trace, talks, side); !finding.holds || !udp) return finding;
  return echoes(trace, talks, side);
}

Finding judge_survives(Side side, const Trace& trace, const Talks& talks) {
  const auto& program = trace.program(side);
  const std::string who = testbed::name(side);
  const Sent* last = nullptr;
  std::size_t questions = 0;
  for (const Sent& one : trace.packets()) {
    if (one.from == side ||
        std::ranges::find(talks, &trace.conversations()[one.conversation]) == talks.end())
      continue;
    const bool retry =
        one.syn() && Connection(trace, trace.conversations()[one.conversation]).syn() != &one;
    if ((one.syn() && !retry) || (one.udp && one.arrived())) {
      last = &one;
      ++questions;
    }
  }
  if (!last || questions < 2)
    return {false,
            fmt::format("the {} was asked {} time{}: whether it survived anything cannot be seen",
                        who, questions, questions == 1 ? "" : "s"),
            {},
            {},
            {}};
  const Talk& talk = trace.conversations()[last->conversation];
  const Sent* answer = Connection(trace, talk).first([&](const Sent& one) {
    return one.from == side && one.arrived() &&
           (last->udp ? one.udp && Connection::after_arrival(one, *last)
                      : one.data() || (one.fin() && !one.rst()));
  });
  if (answer && (program.stopped || program.status == 0))
    return {true,
            fmt::format("#{} is answered by #{}", last->number, answer->number),
            {last->number, answer->number},
            {},
            {}};
  Finding finding{
      false,
      fmt::format("the last who asked, in #{}, got no answer", last->number),
      {last->number},
      "A server meets clients that reset, vanish or talk nonsense; none of them may be its end.",
      "Treat an error on one connection as the end of that connection only; ignore SIGPIPE, or "
      "send with MSG_NOSIGNAL."};
  if (answer)
    finding.seen =
        fmt::format("#{} was answered, but the {}'s program did not end well", last->number, who);
  return finding;
}

}  // namespace grader
