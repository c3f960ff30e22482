#include "labs/testbed/wire_rules.hpp"

#include <algorithm>

#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {
constexpr std::uint64_t default_queue = 1000;  // packets; Linux's txqueuelen
}

WireRules::WireRules(std::vector<WireRule> rules, std::uint64_t seed, const FilterCompiler& compile)
    : seed_(seed) {
  for (WireRule& rule : rules) add(std::move(rule), compile);
}

void WireRules::add(WireRule rule, const FilterCompiler& compile) {
  FramePredicate predicate;
  if (rule.selector.kind == Selector::Kind::where) {
    if (!compile)
      throw tracer::Failure(tracer::exit_code::usage, rule.text + ": no display filters here");
    predicate = compile(rule.selector.filter);
  }
  // Each rule draws from a stream of its own, so that adding one does not change the others' luck.
  generators_.emplace_back(seed_ * 0x9e3779b97f4a7c15u + rules_.size());
  rules_.push_back(std::move(rule));
  predicates_.push_back(std::move(predicate));
  seen_.push_back({0, 0});
  applied_.push_back(0);
}

double WireRules::random(std::size_t rule) {
  return static_cast<double>(generators_[rule]() >> 11) * 0x1p-53;  // [0, 1), the same everywhere
}

WireRules::Features WireRules::examine(Side from, const tracer::Packet& packet) {
  Features features;
  features.udp = packet.udp.has_value();
  const auto length = packet.tcp_length();
  if (!length) return features;
  using tracer::TcpFlags;
  const TcpFlags flags = packet.tcp->flags();
  features.syn = flags.has(TcpFlags::syn) && !flags.has(TcpFlags::ack);
  features.synack = flags.has(TcpFlags::syn) && flags.has(TcpFlags::ack);
  features.fin = flags.has(TcpFlags::fin);
  features.rst = flags.has(TcpFlags::rst);
  features.data = *length > 0;
  features.ack = *length == 0 && flags.has(TcpFlags::ack) && !flags.control();

  const std::uint64_t key = std::uint64_t{from == Side::server} << 32 |
                            std::uint64_t{packet.tcp->source_port()} << 16 |
                            packet.tcp->destination_port();
  const std::uint32_t seq = packet.tcp->seq().value;
  if (flags.has(TcpFlags::syn)) initial_seq_[key] = seq;
  const auto initial = initial_seq_.try_emplace(key, seq - 1).first->second;
  features.first_byte = seq - initial;
  features.end_byte = features.first_byte + *length;
  return features;
}

bool WireRules::selects(std::size_t i, Side from, const Features& features,
                        const tracer::Frame& frame) {
  const WireRule& rule = rules_[i];
  if (rule.way != Way::both && (rule.way == Way::client_to_server) != (from == Side::client)) {
    if (predicates_[i]) predicates_[i](frame);  // keeps its view of the connection complete
    return false;
  }
  const Selector& selector = rule.selector;
  bool kind = false;
  switch (selector.kind) {
    case Selector::Kind::every: return true;
    case Selector::Kind::bytes:
      return features.data && features.first_byte <= selector.last &&
             features.end_byte > selector.first;
    case Selector::Kind::where: return predicates_[i](frame);
    case Selector::Kind::syn: kind = features.syn; break;
    case Selector::Kind::synack: kind = features.synack; break;
    case Selector::Kind::fin: kind = features.fin; break;
    case Selector::Kind::rst: kind = features.rst; break;
    case Selector::Kind::data: kind = features.data; break;
    case Selector::Kind::ack: kind = features.ack; break;
    case Selector::Kind::udp: kind = features.udp; break;
    case Selector::Kind::any: kind = true; break;
  }
  if (!kind) return false;
  const std::uint64_t count = ++seen_[i][from == Side::server];
  return count >= selector.first && count <= selector.last;
}

bool WireRules::link(Side from, std::size_t frame_bytes, tracer::Timestamp now,
                     Decision& decision) {
  const std::size_t lane = from == Side::server;
  std::uint64_t rate = 0, queue = default_queue;
  int queue_rule = -1;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const WireRule& rule = rules_[i];
    if (rule.way != Way::both && (rule.way == Way::client_to_server) != (from == Side::client))
      continue;
    if (rule.action.kind == Action::Kind::rate) rate = rule.action.count;
    if (rule.action.kind == Action::Kind::queue) {
      queue = rule.action.count;
      queue_rule = static_cast<int>(i);
    }
  }
  if (rate == 0) return true;
  auto& waiting = waiting_[lane];
  std::erase_if(waiting, [now](tracer::Timestamp start) { return start <= now; });
  if (waiting.size() >= queue) {
    decision.dropped = true;
    decision.cause = "queue full";
    decision.rule = queue_rule;
    return false;
  }
  const auto start = std::max(now, link_free_[lane]);
  if (start > now) waiting.push_back(start);
  link_free_[lane] = start + tracer::Nanoseconds(frame_bytes * 8 * 1'000'000'000 / rate);
  decision.departure = link_free_[lane];
  return true;
}

Decision WireRules::decide(Side from, const tracer::Frame& frame, tracer::Timestamp now) {
  Decision decision;
  decision.departure = now;
  tracer::decode(frame, 1, packet_);
  const Features features = examine(from, packet_);

  tracer::Nanoseconds delay{0};
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Action& action = rules_[i].action;
    if (action.kind == Action::Kind::rate || action.kind == Action::Kind::queue) continue;
    if (!selects(i, from, features, frame)) continue;
    const bool dropped_before = decision.dropped;
    bool acted = true, named = true;
    switch (action.kind) {
      case Action::Kind::drop: decision.dropped = true; break;
      case Action::Kind::loss:
        acted = random(i) < action.probability;
        if (acted) decision.dropped = true;
        break;
      case Action::Kind::delay:
        delay += action.time;
        named = rules_[i].selector.kind != Selector::Kind::every;
        break;
      case Action::Kind::jitter:
        delay += tracer::Nanoseconds(
            static_cast<std::int64_t>(random(i) * static_cast<double>(action.time.count())));
        named = false;
        break;
      case Action::Kind::dup: ++decision.copies; break;
      case Action::Kind::corrupt:
        acted = action.count < frame.bytes.size();
        if (acted) {
          decision.corrupt = true;
          decision.corrupt_at = action.count;
        }
        break;
      case Action::Kind::hold: decision.hold = action.count; break;
      case Action::Kind::rate:
      case Action::Kind::queue: break;
    }
    if (!acted) continue;
    ++applied_[i];
    const bool drops_now = decision.dropped && !dropped_before;
    if (named && !dropped_before && (decision.rule < 0 || drops_now)) {
      decision.rule = static_cast<int>(i);
      decision.cause = rules_[i].text;
    }
  }
  if (decision.dropped) return decision;
  // A dropped packet is lost behind the queue: it takes no time on the link that others would miss.
  if (link(from, frame.original_length, now, decision)) decision.departure += delay;
  return decision;
}

}  // namespace testbed
