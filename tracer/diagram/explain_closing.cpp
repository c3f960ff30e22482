// Who closed first, what the other end still sent, and what a RST may mean.
#include <algorithm>

#include "tracer/diagram/explain_parts.hpp"

namespace tracer::explaining {
namespace {

using Part = Sentence::Part;

class Closing {
 public:
  explicit Closing(Telling& telling) : telling_(telling), rows_(telling.ladder.rows) {}

  void tell() {
    bool opened = false;
    for (const Row& row : rows_) {
      if (!is_tcp(row)) continue;
      if (has(row, TcpFlags::rst)) resets_.push_back(&row);
      if (has(row, TcpFlags::fin) && (!fin_[row.from] || !first_try(*fin_[row.from], row)))
        fin_[row.from] = &row;
      opened =
          opened || (row.label.length > 0 || (has(row, TcpFlags::syn) && has(row, TcpFlags::ack)) ||
                     !has(row, TcpFlags::syn));
    }
    const bool refusal = std::erase_if(resets_, [&](const Row* reset) {
                           return has(*reset, TcpFlags::ack) && only_syns_before(*reset);
                         }) > 0;
    if (fin_[0] || fin_[1])
      fins();
    else if (resets_.empty() && !refusal && opened)
      telling_.tell(Part::closing, "Neither end closes the connection within the capture.");
    reset();
  }

 private:
  static bool first_try(const Row& known, const Row& again) {
    return end_of(known.label) == end_of(again.label);
  }

  /// Was nothing but SYNs of the other end seen before, and RSTs in answer to them? Then the RST
  /// refuses, as the opening has told.
  bool only_syns_before(const Row& reset) const {
    for (const Row& row : rows_) {
      if (&row == &reset) return true;
      if (is_tcp(row) &&
          (row.from == reset.from ? !has(row, TcpFlags::rst)
                                  : !has(row, TcpFlags::syn) || has(row, TcpFlags::ack)))
        return false;
    }
    return true;
  }

  const Row* acknowledgment_of(const Row& fin) const {
    for (const Row& row : rows_)
      if (is_tcp(row) && !has(row, TcpFlags::rst) && acknowledges(row, fin) &&
          telling_.reached(row))
        return &row;
    return nullptr;
  }

  void fins() {
    const bool together = fin_[0] && fin_[1] && at_once();
    if (together) {
      telling_.tell(Part::closing,
                    fmt::format("Both ends close before they hear of the other's FIN (#{} and #{} "
                                "acknowledge nothing of each other): a simultaneous close.",
                                fin_[0]->number, fin_[1]->number),
                    {fin_[0]->number, fin_[1]->number}, "RFC 9293 §3.6");
    } else {
      const std::size_t first = first_to_close();
      const Row& fin = *fin_[first];
      telling_.tell(
          Part::closing,
          fmt::format("{} closes first: its FIN (#{}) says that it will send nothing more.",
                      telling_.who(first), fin.number),
          {fin.number}, "RFC 9293 §3.6");
      still_sent(fin);
      if (fin_[1 - first])
        telling_.tell(Part::closing,
                      fmt::format("{} closes its direction with the FIN #{}.",
                                  telling_.who(1 - first), fin_[1 - first]->number),
                      {fin_[1 - first]->number}, "RFC 9293 §3.6");
      else if (resets_.empty())
        telling_.tell(Part::closing,
                      fmt::format("{} sends no FIN within the capture: its direction stays open.",
                                  telling_.who(1 - first)),
                      {}, "RFC 9293 §3.6.1");
    }
    acknowledged();
    time_wait(together);
  }

  /// Neither FIN acknowledges the other, and neither was sent after the other had come.
  bool at_once() const {
    for (const std::size_t lane : {0u, 1u})
      if (acknowledges(*fin_[lane], *fin_[1 - lane])) return false;
    if (!telling_.two_ended()) return true;  // a FIN that came would have been acknowledged
    for (const std::size_t lane : {0u, 1u}) {
      const auto left = fin_[lane]->time[lane], came = fin_[1 - lane]->time[lane];
      if (!left || !came || *came <= *left) return false;
    }
    return true;
  }

  std::size_t first_to_close() const {
    if (!fin_[0] || !fin_[1]) return fin_[0] ? 0 : 1;
    if (acknowledges(*fin_[1], *fin_[0])) return 0;
    if (acknowledges(*fin_[0], *fin_[1])) return 1;
    return fin_[0]->number < fin_[1]->number ? 0 : 1;
  }

  /// Data that the other end sent though it knew of the FIN: a half-closed connection at work.
  void still_sent(const Row& fin) {
    const std::size_t other = 1u - fin.from;
    std::uint64_t count = 0;
    std::vector<std::uint32_t> found;
    for (const Row& row : rows_) {
      if (row.from != other || !is_tcp(row) || row.label.length == 0) continue;
      if (!acknowledges(row, fin)) continue;  // by its own ACK number it knew
      count += row.label.length;
      found.push_back(row.number);
    }
    if (found.empty()) return;
    std::vector<std::uint32_t> evidence{fin.number};
    evidence.insert(evidence.end(), found.begin(), found.end());
    telling_.tell(Part::closing,
                  fmt::format("{} has taken note of the FIN and still sends {} of data ({}). A "
                              "half-closed connection may carry data the other way.",
                              telling_.who(other), bytes(count), numbers(found)),
                  std::move(evidence), "RFC 9293 §3.6.1");
  }

  void acknowledged() {
    std::string text;
    std::vector<std::uint32_t> evidence;
    for (const std::size_t lane : {0u, 1u}) {
      if (!fin_[lane]) continue;
      const Row* ack = acknowledgment_of(*fin_[lane]);
      if (ack) evidence.push_back(ack->number);
      text.append(text.empty() ? "" : " ")
          .append(
              ack ? fmt::format("{}'s FIN is acknowledged by #{}.", telling_.who(lane), ack->number)
                  : fmt::format("{}'s FIN is not acknowledged within the capture.",
                                telling_.who(lane)));
    }
    telling_.tell(Part::closing, std::move(text), std::move(evidence), "RFC 9293 §3.6");
  }

  /// Who sent the first FIN and has it acknowledged, and the other's as well, waits.
  void time_wait(bool together) {
    if (!resets_.empty() || !fin_[0] || !fin_[1] || !acknowledgment_of(*fin_[0]) ||
        !acknowledgment_of(*fin_[1]))
      return;
    const std::string first = telling_.who(first_to_close());
    telling_.tell(
        Part::closing,
        together ? std::string("Both ends stay in TIME-WAIT for a while.")
                 : fmt::format("{} closed first, so it is {} that stays in TIME-WAIT for a while.",
                               first, first),
        {}, "RFC 9293 §3.6");
  }

  void reset() {
    if (resets_.empty()) return;
    const Row& reset = *resets_[0];
    const std::string sender = telling_.who(reset.from), other = telling_.who(1u - reset.from);
    std::vector<std::uint32_t> evidence{reset.number};
    std::string text, source = "RFC 9293 §3.5.3";
    const Row* cause = answered(reset);
    const Row* own_fin =
        fin_[reset.from] && fin_[reset.from]->number < reset.number ? fin_[reset.from] : nullptr;
    if (cause && own_fin && brings_new_data(*cause)) {
      text = fmt::format(
          "{} had closed (FIN #{}) when #{} brought more data: nobody is left to read it, and the "
          "answer is a RST (#{}).",
          sender, own_fin->number, cause->number, reset.number);
      evidence.insert(evidence.begin(), {own_fin->number, cause->number});
      source = "RFC 1122 §4.2.2.13, RFC 9293 §3.5.2";
    } else if (cause) {
      text = fmt::format(
          "{} answers #{} with a RST (#{}): for {} that segment belongs to no connection it could "
          "go on with.",
          sender, cause->number, reset.number, sender);
      evidence.insert(evidence.begin(), cause->number);
      source = "RFC 9293 §3.5.2";
    } else {
      text = fmt::format("{} breaks the connection off with a RST (#{}) instead of a FIN.", sender,
                         reset.number);
      if (took_data(reset))
        text += fmt::format(
            " A host does so when its program closes a socket without having read all that came, "
            "or asks for it (SO_LINGER with a time of 0); the packets do not say which. {} had "
            "sent it data.",
            other);
      else
        text += fmt::format(
            " A host does so when its program asks for it (SO_LINGER with a time of 0). No data of "
            "{} {} that could have been left unread.",
            other, telling_.two_ended() ? "had come" : "is in the capture");
      source = "RFC 1122 §4.2.2.13, RFC 9293 §3.5.3";
    }
    if (!telling_.reached(reset))
      text += " The RST itself did not arrive.";
    else if (reset.state[1 - reset.from] == TcpState::closed || !telling_.two_ended())
      text += fmt::format(" {}, the connection is over for {} at once.",
                          telling_.two_ended() ? "With its arrival" : "When it arrives", other);
    telling_.tell(Part::closing, std::move(text), std::move(evidence), std::move(source));
    if (resets_.size() < 2) return;
    std::vector<std::uint32_t> more;
    for (std::size_t i = 1; i < resets_.size(); ++i) more.push_back(resets_[i]->number);
    telling_.tell(Part::closing,
                  fmt::format("{} more RST{}: {}.", more.size(),
                              more.size() == 1 ? " follows" : "s follow", numbers(more)),
                  more);
  }

  /// A RST without ACK takes its number from the segment that it answers (RFC 9293 §3.10.7.1).
  const Row* answered(const Row& reset) const {
    if (has(reset, TcpFlags::ack)) return nullptr;
    const Row* found = nullptr;
    for (const Row& row : rows_) {
      const auto came = row.time[reset.from], left = reset.time[reset.from];
      if (row.from == reset.from || !has(row, TcpFlags::ack) || row.label.ack != reset.label.seq ||
          !telling_.reached(row) || !came || !left || *came > *left)
        continue;
      if (!telling_.two_ended() && row.number > reset.number) continue;
      if (!found || *came >= *found->time[reset.from]) found = &row;
    }
    return found;
  }

  /// Had the other end none of this data by then?
  bool brings_new_data(const Row& segment) const {
    const std::size_t lane = 1u - segment.from;
    return segment.label.length > 0 && std::ranges::none_of(rows_, [&](const Row& row) {
             return &row != &segment && row.from == segment.from && is_tcp(row) &&
                    telling_.reached(row) && row.label.length > 0 && row.time[lane] &&
                    segment.time[lane] &&
                    (*row.time[lane] < *segment.time[lane] ||
                     (!telling_.two_ended() && row.number < segment.number)) &&
                    end_of(row.label) >= end_of(segment.label);
           });
  }

  bool took_data(const Row& reset) const {
    return std::ranges::any_of(rows_, [&](const Row& row) {
      const auto came = row.time[reset.from];
      return row.from != reset.from && is_tcp(row) && row.label.length > 0 &&
             telling_.reached(row) && came && reset.time[reset.from] &&
             *came <= *reset.time[reset.from] && row.number < reset.number;
    });
  }

  Telling& telling_;
  const std::vector<Row>& rows_;
  const Row* fin_[2] = {nullptr, nullptr};  // of each lane, its first sending
  std::vector<const Row*> resets_;
};

}  // namespace

void tell_closing(Telling& telling) { Closing(telling).tell(); }

}  // namespace tracer::explaining
