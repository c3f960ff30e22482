#include "labs/grader/story.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "tracer/render/terminal_ladder.hpp"

namespace grader {
namespace {

constexpr std::size_t rows_before = 3, rows_after = 2, most_places = 3;

class Story {
 public:
  explicit Story(const Trace& trace) : trace_(trace) {
    for (const Talk& talk : trace.conversations()) connections_ += talk.tcp;
  }

  std::vector<Step> tell() {
    for (const Sent& one : trace_.packets()) packet(one);
    end_run();
    for (const Side side : {Side::client, Side::server}) program(side);
    return std::move(steps_);
  }

 private:
  void packet(const Sent& one) {
    const std::string fate = one.row->fate == tracer::Fate::lost        ? ", lost"
                             : one.row->fate == tracer::Fate::corrupted ? ", damaged on the way"
                                                                        : "";
    const bool carries = one.data() || one.udp;
    if (carries && !one.udp && fate.empty() && run_bytes_ > 0 && run_talk_ == one.conversation &&
        run_from_ == one.from && !one.fin()) {
      if (one.row->label.seq == run_next_) run_bytes_ += one.row->label.length;
      run_next_ = std::max(run_next_, one.row->label.seq + one.row->label.length);
      run_last_ = one.number;
      return;
    }
    if (one.tcp && !carries && !one.row->label.flags.control() && fate.empty())
      return;  // a plain ACK
    end_run();
    const std::string who = name(one);
    if (one.udp)
      return say(one,
                 fmt::format("{} sends a datagram of {} bytes{}{}", who, one.payload.size(),
                             one.row->label.text.empty() ? "" : ": " + one.row->label.text, fate));
    if (!one.tcp) return say(one, fmt::format("{} sends {}{}", who, one.row->label.text, fate));
    if (one.syn()) return say(one, fmt::format("{} asks for a connection: SYN{}", who, fate));
    if (one.has(tracer::TcpFlags::syn))
      return say(one, fmt::format("{} accepts: SYN-ACK{}", who, fate));
    if (one.rst()) return say(one, fmt::format("{} resets the connection: RST{}", who, fate));
    if (one.data() && !fate.empty())
      return say(one, fmt::format("{} sends {} bytes{}", who, one.row->label.length, fate));
    if (one.data()) {
      run_talk_ = one.conversation;
      run_from_ = one.from;
      run_bytes_ = one.row->label.length;
      run_next_ = one.row->label.seq + one.row->label.length;
      run_first_ = run_last_ = one.number;
      run_who_ = who;
      run_text_ = one.row->label.text;
    }
    if (one.fin()) {
      end_run();
      say(one, fmt::format("{} has said everything: FIN{}", who, fate));
    }
  }

  void end_run() {
    if (run_bytes_ == 0) return;
    std::string text =
        fmt::format("{} sends {} byte{}", run_who_, run_bytes_, run_bytes_ == 1 ? "" : "s");
    if (run_last_ != run_first_)
      text += fmt::format(", up to #{}", run_last_);
    else if (!run_text_.empty())
      text += ": " + run_text_;
    steps_.push_back({text, run_first_});
    run_bytes_ = 0;
  }

  void program(Side side) {
    const auto& one = trace_.program(side);
    if (!one.ran) return;
    const char* who = testbed::name(side);
    std::string text;
    if (one.timed_out)
      text = fmt::format("the {}'s program hangs{}", who,
                         one.detail.empty() ? "" : " in " + one.detail);
    else if (one.stopped)
      text = fmt::format("the {}'s program is stopped: its peer {}", who,
                         trace_.program(testbed::other(side)).timed_out ? "hangs" : "is done");
    else if (WIFSIGNALED(one.status))
      text = fmt::format("the {}'s program is killed by signal {} ({})", who, WTERMSIG(one.status),
                         strsignal(WTERMSIG(one.status)));
    else
      text = fmt::format("the {}'s program ends with status {}", who, WEXITSTATUS(one.status));
    steps_.push_back({text, 0});
    if (one.ignored_sigterm)
      steps_.push_back(
          {fmt::format("the {}'s program goes on after SIGTERM and is killed", who), 0});
  }

  /// With several connections the port tells them apart.
  std::string name(const Sent& one) const {
    const Talk& talk = trace_.conversations()[one.conversation];
    if (!one.tcp || connections_ < 2) return testbed::name(one.from);
    return fmt::format("{} ({})", testbed::name(one.from), talk.ladder->ends[0].port);
  }
  void say(const Sent& one, std::string text) { steps_.push_back({std::move(text), one.number}); }

  const Trace& trace_;
  std::vector<Step> steps_;
  std::size_t connections_ = 0, run_talk_ = 0;
  Side run_from_ = Side::client;
  std::uint64_t run_bytes_ = 0;  // 0: no data is being counted
  std::uint32_t run_next_ = 0, run_first_ = 0, run_last_ = 0;
  std::string run_who_, run_text_;
};

std::string part(const tracer::Ladder& whole, const std::vector<std::uint32_t>& packets,
                 const tracer::TextStyle& style) {
  std::vector<bool> shown(whole.rows.size());
  std::size_t places = 0;
  for (std::size_t i = 0; i < whole.rows.size(); ++i) {
    if (std::ranges::find(packets, whole.rows[i].number) == packets.end() || ++places > most_places)
      continue;
    const std::size_t from = i > rows_before ? i - rows_before : 0,
                      to = std::min(i + rows_after, whole.rows.size() - 1);
    std::fill(shown.begin() + static_cast<std::ptrdiff_t>(from),
              shown.begin() + static_cast<std::ptrdiff_t>(to) + 1, true);
  }
  tracer::Ladder some = whole;
  some.rows.clear();
  for (std::size_t i = 0; i < whole.rows.size(); ++i)
    if (shown[i]) some.rows.push_back(whole.rows[i]);
  return tracer::terminal_ladder(some, style);
}

}  // namespace

std::vector<Step> steps_of(const Trace& trace) { return Story(trace).tell(); }

std::string excerpt(const Trace& trace, const std::vector<std::uint32_t>& packets) {
  tracer::TextStyle style;
  style.width = 80;
  std::vector<const tracer::Ladder*> ladders;
  for (const std::uint32_t number : packets)
    for (const Sent& one : trace.packets())
      if (one.number == number)
        if (const auto* ladder = trace.conversations()[one.conversation].ladder;
            std::ranges::find(ladders, ladder) == ladders.end())
          ladders.push_back(ladder);
  std::string text;
  for (std::size_t i = 0; i < ladders.size() && i < 2; ++i)
    text += part(*ladders[i], packets, style);
  return text;
}

}  // namespace grader
