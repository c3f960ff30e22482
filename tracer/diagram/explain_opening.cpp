// How a TCP connection was opened, or why it was not.
#include <algorithm>

#include "tracer/diagram/explain_parts.hpp"
#include "tracer/wire/tcp_options.hpp"

namespace tracer::explaining {
namespace {

using Part = Sentence::Part;

struct Handshake {
  std::vector<const Row*> syns;      // every try of the originator, in order
  const Row* first_other = nullptr;  // SYN without ACK of the other end: both open at once
  const Row* syn_ack = nullptr;      // the first that reached the originator, else the first
  const Row* ack = nullptr;          // the originator's answer to it
  const Row* refusal = nullptr;      // RST that acknowledges the SYN; if any arrived, one that did
};

/// Does it acknowledge the SYN, and of the data that came with it all, some or none (RFC 7413 §4.1)?
bool answers_syn(const Row& row, const Row& syn) {
  const SeqNumber ack{row.label.ack};
  return has(row, TcpFlags::ack) && ack >= SeqNumber{syn.label.seq} + 1 && ack <= end_of(syn.label);
}

Handshake find_handshake(const Telling& telling) {
  Handshake found;
  for (const Row& row : telling.ladder.rows) {
    if (!is_tcp(row)) continue;
    const TcpFlags flags = row.label.flags;
    if (flags.has(TcpFlags::syn) && !flags.has(TcpFlags::ack)) {
      if (found.syns.empty() || row.from == found.syns[0]->from)
        found.syns.push_back(&row);
      else if (!found.first_other)
        found.first_other = &row;
    } else if (found.syns.empty() || row.from == found.syns[0]->from) {
      const bool answers = flags.has(TcpFlags::ack) && !flags.has(TcpFlags::syn | TcpFlags::rst);
      if (found.syn_ack && answers && !found.ack &&
          SeqNumber{row.label.ack} >= end_of(found.syn_ack->label))
        found.ack = &row;
    } else if (flags.has(TcpFlags::rst)) {
      if (!found.syn_ack && answers_syn(row, *found.syns[0]) &&
          (!found.refusal || !telling.reached(*found.refusal)))
        found.refusal = &row;
    } else if (flags.has(TcpFlags::syn) && answers_syn(row, *found.syns[0])) {
      if (!found.syn_ack || !telling.reached(*found.syn_ack)) found.syn_ack = &row;
    }
  }
  return found;
}

/// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text.append(i == 0 ? "" : i + 1 == list.size() ? " and " : ", ").append(list[i]);
  return text;
}

std::vector<std::uint32_t> numbers_of(const std::vector<const Row*>& rows) {
  std::vector<std::uint32_t> found;
  for (const Row* row : rows) found.push_back(row->number);
  return found;
}

TcpOptions options_of(const Telling& telling, const Row& row) {
  Packet packet;
  decode(telling.frames[row.departure != Passage::none ? row.departure : row.arrival], 1, packet);
  return packet.tcp ? TcpOptions::parse(packet.tcp->options(), packet.tcp->missing_options())
                    : TcpOptions{};
}

void tell_agreement(Telling& telling, const Row& syn, const Row& syn_ack) {
  const TcpOptions options[] = {options_of(telling, syn), options_of(telling, syn_ack)};
  const std::vector<std::uint32_t> rows{syn.number, syn_ack.number};
  const std::string asker = telling.who(syn.from), answerer = telling.who(syn_ack.from);
  if (options[0].mss && options[1].mss)
    telling.tell(
        Part::opening,
        fmt::format(
            "Each says how large a segment it is willing to receive: {} {}, {} {} (MSS option).",
            asker, bytes(*options[0].mss), answerer, bytes(*options[1].mss)),
        rows, "RFC 9293 §3.7.1");
  struct Offer {
    bool asked, answered;
    const char *what, *document, *section;
  };
  const Offer offers[] = {
      {options[0].sack_permitted, options[1].sack_permitted, "selective acknowledgments",
       "RFC 2018", "§2"},
      {options[0].window_scale.has_value(), options[1].window_scale.has_value(), "window scaling",
       "RFC 7323", "§2.2"},
      {options[0].has_timestamps, options[1].has_timestamps, "timestamps", "RFC 7323", "§3.2"}};
  for (const bool both : {true, false}) {
    std::vector<std::string> found;
    std::string source;
    for (const Offer& offer : offers)
      if (offer.asked && offer.answered == both) {
        found.emplace_back(offer.what);
        // "RFC 7323 §2.2, §3.2"
        const bool same = source.find(offer.document) != std::string::npos;
        source.append(source.empty() ? "" : ", ")
            .append(same ? "" : offer.document)
            .append(same ? "" : " ")
            .append(offer.section);
      }
    if (found.empty()) continue;
    if (!both && options[1].damaged) continue;  // what the capture cut may have held the answer
    const char* them = found.size() == 1 ? "that" : "them";
    telling.tell(
        Part::opening,
        both ? fmt::format("Both offer {}, so the connection may use {}.", joined(found), them)
             : fmt::format("{} offers {} and {} does not, so the connection does without.", asker,
                           joined(found), answerer),
        rows, source);
  }
}

void tell_tries(Telling& telling, const Handshake& found) {
  if (found.syns.size() < 2) return;
  const std::string asker = telling.who(found.syns[0]->from);
  std::vector<std::string> waits;
  bool waited =
      false;  // a timer never runs out this soon: then the network or the capture doubled the packet
  for (std::size_t i = 1; i < found.syns.size() && i < 8; ++i) {
    const auto now = found.syns[i]->time[found.syns[i]->from],
               before = found.syns[i - 1]->time[found.syns[i]->from];
    if (!now || !before) continue;
    waits.push_back(duration(*now - *before));
    waited = waited || *now - *before >= std::chrono::milliseconds(1);
  }
  std::string text =
      waited ? fmt::format("{} sent its SYN {} times ({}), waiting {} for an answer.", asker,
                           found.syns.size(), numbers(numbers_of(found.syns)), joined(waits))
             : fmt::format("The SYN of {} is in the capture {} times ({}), {} apart.", asker,
                           found.syns.size(), numbers(numbers_of(found.syns)), joined(waits));
  if (telling.two_ended()) {
    const auto lost =
        std::ranges::count_if(found.syns, [&](const Row* row) { return !telling.reached(*row); });
    if (lost > 0) text += fmt::format(" {} of these did not arrive.", lost);
  }
  telling.tell(Part::opening, std::move(text), numbers_of(found.syns), waited ? "RFC 6298 §5" : "");
}

/// The SYN that a SYN-ACK answers, if only one can be meant.
const Row* only_syn(const Handshake& found) {
  return found.syns.size() == 1 ? found.syns[0] : nullptr;
}

void tell_round_trip(Telling& telling, const Handshake& found) {
  const Row* syn = only_syn(found);
  if (!syn || !found.ack) return;
  const std::size_t lane = syn->from;
  if (telling.two_ended()) {
    if (!syn->time[lane] || !found.syn_ack->time[lane] || !telling.reached(*found.syn_ack)) return;
    telling.tell(
        Part::opening,
        fmt::format("The SYN-ACK reached {} {} after the SYN had left: the first measure of the "
                    "round-trip time.",
                    telling.who(lane), duration(*found.syn_ack->time[lane] - *syn->time[lane])),
        {syn->number, found.syn_ack->number}, "RFC 6298 §2");
  } else if (syn->time[lane] && found.ack->time[lane]) {
    telling.tell(Part::opening,
                 fmt::format("From the SYN to the ACK of the SYN-ACK, {} passed here: about one "
                             "round trip, wherever the capture was made.",
                             duration(*found.ack->time[lane] - *syn->time[lane])),
                 {syn->number, found.ack->number});
  }
}

void tell_handshake(Telling& telling, const Handshake& found) {
  const Row& syn = *found.syns[0];
  const std::string asker = telling.who(syn.from), answerer = telling.who(1u - syn.from);
  std::vector<std::uint32_t> rows{found.syns.back()->number, found.syn_ack->number};
  std::string text =
      fmt::format("{} asks for a connection (SYN {}) and {} agrees (SYN-ACK #{}).", asker,
                  numbers(numbers_of(found.syns)), answerer, found.syn_ack->number);
  if (found.ack) {
    text.pop_back();
    text += fmt::format("; {}'s ACK #{} is the third of the three-way handshake.", asker,
                        found.ack->number);
    rows.push_back(found.ack->number);
  } else if (found.refusal || std::ranges::any_of(telling.ladder.rows, [&](const Row& row) {
               return row.from == syn.from && has(row, TcpFlags::rst);
             })) {
    text += fmt::format(" {} does not complete the handshake.", asker);
  } else {
    text += fmt::format(" No ACK of {} completes the handshake in this capture.", asker);
  }
  telling.tell(Part::opening, std::move(text), rows, "RFC 9293 §3.5");
}

}  // namespace

void tell_opening(Telling& telling) {
  const Handshake found = find_handshake(telling);
  if (found.syns.empty()) {
    const bool syn_ack = std::ranges::any_of(
        telling.ladder.rows, [](const Row& row) { return has(row, TcpFlags::syn); });
    telling.tell(Part::opening, syn_ack ? "The first SYN is not in the capture, only an answer to "
                                          "it: what was asked for at the start is not known."
                                        : "No SYN is in the capture: it began when the connection "
                                          "was already open, or what opened it was missed.");
    return;
  }
  const Row& syn = *found.syns[0];
  const std::string asker = telling.who(syn.from), answerer = telling.who(1u - syn.from);
  if (found.first_other) {
    telling.tell(Part::opening,
                 fmt::format("Both ends send a SYN without having heard of the other's ({} and "
                             "#{}): a simultaneous open, which makes one connection.",
                             numbers(numbers_of(found.syns)), found.first_other->number),
                 {syn.number, found.first_other->number}, "RFC 9293 §3.5");
    return;
  }
  tell_tries(telling, found);
  if (found.refusal) {
    telling.tell(
        Part::opening,
        fmt::format("{} asks for a connection to port {} (SYN {}) and the answer is a RST (#{}): "
                    "the connection is refused, as a host does for a port on which nobody listens. "
                    "{}",
                    asker, telling.ladder.ends[1u - syn.from].port, numbers(numbers_of(found.syns)),
                    found.refusal->number,
                    telling.reached(*found.refusal)
                        ? "A program's connect() fails with \"connection refused\"."
                        : "But the RST does not arrive, and the program waits on."),
        {syn.number, found.refusal->number}, "RFC 9293 §3.5.2");
    return;
  }
  if (!found.syn_ack) {
    const bool none_arrived =
        telling.two_ended() &&
        std::ranges::none_of(found.syns, [&](const Row* row) { return telling.reached(*row); });
    telling.tell(
        Part::opening,
        none_arrived
            ? fmt::format("No SYN of {} reached {}, so no connection came about.", asker, answerer)
            : fmt::format("{} asks for a connection (SYN {}); no SYN-ACK is in the capture.", asker,
                          numbers(numbers_of(found.syns))),
        numbers_of(found.syns), "RFC 9293 §3.5");
    return;
  }
  tell_handshake(telling, found);
  tell_round_trip(telling, found);
  if (syn.label.length > 0)
    telling.tell(Part::opening,
                 fmt::format("The SYN already carries {} of data (#{}).", bytes(syn.label.length),
                             syn.number),
                 {syn.number}, "RFC 9293 §3.4, RFC 7413");
  tell_agreement(telling, syn, *found.syn_ack);
}

}  // namespace tracer::explaining
