// Flow control: windows that fill and close, the probes meanwhile, and keep-alives.
#include <algorithm>
#include <set>

#include "tracer/diagram/explain_parts.hpp"

namespace tracer::explaining {
namespace {

using Part = Sentence::Part;
constexpr std::size_t most_told = 4;

/// A receiver says "no more" and, later, "go on".
struct Stall {
  const Row* shut = nullptr;
  const Row* opened = nullptr;
  const Row* full = nullptr;  // the segment that filled the window before
  std::vector<std::uint32_t> probes;
  std::vector<std::uint32_t> repeats;  // further ACKs that still say zero
};

class Windows {
 public:
  explicit Windows(Telling& telling) : telling_(telling), rows_(telling.ladder.rows) {}

  void tell() {
    std::vector<Stall> stalls;
    for (const std::uint8_t lane : {std::uint8_t{0}, std::uint8_t{1}}) find(lane, stalls);
    std::stable_sort(stalls.begin(), stalls.end(), [](const Stall& a, const Stall& b) {
      return a.shut->number < b.shut->number;
    });
    for (std::size_t i = 0; i < stalls.size() && i < most_told; ++i) one(stalls[i]);
    if (stalls.size() > most_told) {
      std::vector<std::uint32_t> more;
      for (std::size_t i = most_told; i < stalls.size(); ++i)
        more.push_back(stalls[i].shut->number);
      telling_.tell(Part::windows,
                    fmt::format("The window closed {} more: {}.",
                                more.size() == 1 ? "once" : fmt::format("{} times", more.size()),
                                numbers(more)),
                    more);
    }
    if (stalls.empty()) full();
    keep_alives();
  }

 private:
  /// Stalls of the window that this lane offers.
  void find(std::uint8_t lane, std::vector<Stall>& stalls) {
    Stall now;
    const Row* full = nullptr;
    for (const Row& row : rows_) {
      if (!is_tcp(row)) continue;
      const bool offers = row.from == lane && has(row, TcpFlags::ack) && !has(row, TcpFlags::rst);
      if (row.from != lane && row.has(Note::Kind::window_full) && !now.shut) full = &row;
      if (offers && row.label.window == 0 && row.has(Note::Kind::zero_window)) {
        if (!now.shut) {
          now = {};
          now.shut = &row;
          now.full = full;
          full = nullptr;
        } else {
          now.repeats.push_back(row.number);
        }
      } else if (offers && now.shut && row.label.window > 0) {
        now.opened = &row;
        stalls.push_back(std::exchange(now, {}));
      } else if (row.from != lane && now.shut && is_probe(row, *now.shut)) {
        now.probes.push_back(row.number);
        probing_.insert(row.number);
      }
    }
    if (now.shut) stalls.push_back(std::move(now));
  }

  /// At most a byte, at the edge of the closed window or the byte before it.
  static bool is_probe(const Row& row, const Row& shut) {
    const std::int32_t at = SeqNumber{row.label.seq} - SeqNumber{shut.label.ack};
    return row.label.length <= 1 && !row.label.flags.control() &&
           (at == -1 || (at == 0 && row.label.length == 1));
  }

  void one(const Stall& stall) {
    const std::size_t lane = stall.shut->from;
    const std::string receiver = telling_.who(lane), sender = telling_.who(1u - lane);
    std::vector<std::uint32_t> evidence{stall.shut->number};
    std::string text;
    if (stall.full) {
      text = fmt::format("With #{} {} has filled the window that {} offered. ", stall.full->number,
                         sender, receiver);
      evidence.insert(evidence.begin(), stall.full->number);
    }
    text += fmt::format(
        "#{} from {} offers a window of 0: its buffer has no room, the program there not reading "
        "as fast as data comes, and {} has to wait.",
        stall.shut->number, receiver, sender);
    if (!stall.probes.empty()) {
      text += fmt::format(
          " Meanwhile {} asks {} ({}) whether there is room again.", sender,
          stall.probes.size() == 1 ? "once" : fmt::format("{} times", stall.probes.size()),
          numbers(stall.probes));
      evidence.insert(evidence.end(), stall.probes.begin(), stall.probes.end());
    }
    const auto shut = stall.shut->time[lane];
    if (stall.opened) {
      const auto opened = stall.opened->time[lane];
      text += fmt::format(
          " #{} opens the window to {}{}.", stall.opened->number, bytes(stall.opened->label.window),
          shut && opened ? fmt::format(", {} after it had closed", duration(*opened - *shut)) : "");
      evidence.push_back(stall.opened->number);
      if (!telling_.reached(*stall.opened)) text += " That packet did not arrive.";
    } else {
      text += " It does not open again within the capture.";
    }
    telling_.tell(Part::windows, std::move(text), std::move(evidence),
                  stall.probes.empty() ? "RFC 9293 §3.8.6" : "RFC 9293 §3.8.6, §3.8.6.1");
  }

  void full() {
    std::vector<std::uint32_t> found;
    for (const Row& row : rows_)
      if (row.has(Note::Kind::window_full)) found.push_back(row.number);
    if (!found.empty())
      telling_.tell(Part::windows,
                    fmt::format("With {} the sender has sent as much as the receiver's window "
                                "allows; it goes on when an ACK moves the window.",
                                numbers(found)),
                    found, "RFC 9293 §3.8.6");
  }

  void keep_alives() {
    std::vector<std::uint32_t> asked, answered;
    for (const Row& row : rows_) {
      if (probing_.contains(row.number)) continue;
      if (row.has(Note::Kind::keep_alive)) asked.push_back(row.number);
      if (row.has(Note::Kind::keep_alive_ack)) answered.push_back(row.number);
    }
    if (asked.empty()) return;
    std::string text = fmt::format(
        "{} {} of the form of a keep-alive: {} byte before what is due, which makes the other end "
        "answer although nothing is new.",
        numbers(asked), asked.size() == 1 ? "is" : "are", "a sequence number one");
    if (!answered.empty()) text += fmt::format(" Answers: {}.", numbers(answered));
    asked.insert(asked.end(), answered.begin(), answered.end());
    telling_.tell(Part::windows, std::move(text), std::move(asked), "RFC 9293 §3.8.4");
  }

  Telling& telling_;
  const std::vector<Row>& rows_;
  std::set<std::uint32_t> probing_;
};

}  // namespace

void tell_windows(Telling& telling) { Windows(telling).tell(); }

}  // namespace tracer::explaining
