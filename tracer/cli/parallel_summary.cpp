#include "tracer/cli/parallel_summary.hpp"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#include "tracer/render/summary.hpp"
#include "tracer/tracking/later_part.hpp"

namespace tracer {
namespace {

/// The packets of a file, decoded. Where the next one is at hand, whoever follows them is told of
/// it early: to wait for the memory of a million conversations takes longer than to judge a segment.
class Packets {
 public:
  explicit Packets(CaptureFile& file) : file_(file) {}

  struct Next {
    Packet packet;
    Tracker::Expected expected;
  };
  /// The next one, valid until the next call; null at the end, or where the file pauses.
  template <class Follower>
  Next* next(const Follower& follower) {
    Next& now = in_turn_[turn_];
    if (!is_read_) {
      if (!read<&CaptureFile::next>(now.packet)) return nullptr;
      now.expected = {};
    }
    turn_ = 1 - turn_;
    Next& then = in_turn_[turn_];
    is_read_ = read<&CaptureFile::next_at_hand>(then.packet);
    if (is_read_) then.expected = follower.expect(then.packet);
    return &now;
  }
  /// All, once next() has given null.
  std::uint64_t frames() const { return frames_; }

 private:
  template <auto next_frame>
  bool read(Packet& packet) {
    while ((file_.*next_frame)(packet.frame)) {
      ++frames_;
      if (is_seen_again(packet.frame)) continue;
      decode(frames_, packet);
      return true;
    }
    return false;
  }

  CaptureFile& file_;
  Next in_turn_[2];
  std::size_t turn_ = 0;
  bool is_read_ = false;  // the one whose turn it is
  std::uint64_t frames_ = 0;
};

/// The first part, or the whole: goes on each time where it was.
class FirstPart {
 public:
  FirstPart(CaptureFile& file, const std::atomic<bool>& interrupted)
      : packets_(file), interrupted_(interrupted) {}

  /// To the end, or to where the file pauses.
  void follow() {
    while (!interrupted_.load(std::memory_order_relaxed)) {
      auto* const next = packets_.next(tracker_);
      if (!next) return;
      tracker_.track(next->packet, next->expected);
    }
  }
  Tracker& tracker() { return tracker_; }
  std::uint64_t frames() const { return packets_.frames(); }

 private:
  Packets packets_;
  const std::atomic<bool>& interrupted_;
  Tracker tracker_{Tracker::Follows::all, Facts::flags};
};

/// The later part, followed by a thread of its own from the beginning to the end of its life.
class Helper {
 public:
  /// Throws std::system_error if there are no more threads for us.
  Helper(std::unique_ptr<CaptureFile> file, const std::atomic<bool>& interrupted)
      : file_(std::move(file)),
        interrupted_(interrupted),
        begins_(file_->place()),
        thread_([this] { follow(); }) {}
  ~Helper() { stop_ = true; }

  FilePlace begins() const { return begins_; }
  /// Waits for the end. Null: nothing came of it.
  LaterPart* result() {
    thread_.join();
    return complete_ ? &part_ : nullptr;
  }

 private:
  void follow() noexcept try {
    Packets packets(*file_);
    while (auto* const next = packets.next(part_)) {
      if (stop_.load(std::memory_order_relaxed) || interrupted_.load(std::memory_order_relaxed))
        return;
      if (!part_.follow(next->packet, next->expected)) return;
    }
    complete_ = file_->cut_short().empty();
  } catch (...) {
    // Whoever reads all from the start comes to the same error, and tells it.
  }

  std::unique_ptr<CaptureFile> file_;
  const std::atomic<bool>& interrupted_;
  const FilePlace begins_;
  LaterPart part_;
  bool complete_ = false;
  std::atomic<bool> stop_ = false;
  std::jthread thread_;  // the last member: it uses the others
};

struct Followed final : Known {
  Followed(CaptureFile& file, const std::atomic<bool>& interrupted) : first(file, interrupted) {}
  FirstPart first;
  std::optional<Helper> helper;
};

/// The conversations of both parts in the order of their first packets.
class InOrder {
 public:
  /// `later` may be null; the frames of its conversations count from `frames_before`.
  InOrder(const ConversationTable& first, const ConversationTable* later,
          std::uint64_t frames_before, const TextStyle& style)
      : first_(first), later_(later), frames_before_(frames_before), style_(style) {}

  std::size_t size() const { return first_.size() + later_size(); }

  /// The lines from number `begin` to before `end`.
  std::string lines(std::size_t begin, std::size_t end) const {
    std::string text;
    std::size_t i = of_first(begin), j = begin - i;
    while (i + j < end) {
      const bool from_first = j == later_size() || (i < first_.size() && precedes(i, j));
      append_summary(text, from_first ? first_[i++] : (*later_)[j++], style_);
    }
    return text;
  }

 private:
  std::size_t later_size() const { return later_ ? later_->size() : 0; }
  bool precedes(std::size_t i, std::size_t j) const {
    return first_[i].first_number < frames_before_ + (*later_)[j].first_number;
  }
  /// How many of the first `count` lines are of the first part.
  std::size_t of_first(std::size_t count) const {
    std::size_t least = count > later_size() ? count - later_size() : 0,
                most = std::min(count, first_.size());
    while (least < most) {
      const std::size_t i = least + (most - least) / 2;
      if (precedes(i, count - i - 1))
        least = i + 1;
      else
        most = i;
    }
    return least;
  }

  const ConversationTable& first_;
  const ConversationTable* later_;
  std::uint64_t frames_before_;
  const TextStyle& style_;
};

/// Every second block of lines is put together by another thread, if `two_threads`.
void write(const InOrder& told, bool two_threads, Output& out) {
  constexpr std::size_t block = 4096;  // lines
  const std::size_t all = told.size();
  const auto lines = [&](std::size_t number) {
    return told.lines(std::min(number * block, all), std::min((number + 1) * block, all));
  };
  for (std::size_t number = 0; number * block < all; number += 2) {
    std::future<std::string> second;
    if (two_threads && (number + 1) * block < all) try {
        second = std::async(std::launch::async, lines, number + 1);
      } catch (const std::system_error&) {
        two_threads = false;  // there are no more threads for us
      }
    out.text += lines(number);
    out.flush();
    out.text += second.valid() ? second.get() : lines(number + 1);
    out.flush();
  }
}

}  // namespace

bool is_divisible(const Options& options) {
  return options.format == Options::Format::summary && options.files.size() == 1 &&
         options.rules.empty() && options.display_filter.empty() &&
         options.capture_filter.empty() && !options.write && options.count == UINT64_MAX;
}

std::unique_ptr<CaptureFile> later_half(CaptureFile& file, const Options& options) {
  constexpr std::uintmax_t small = 1 << 20;  // bytes
  cpu_set_t ours;
  CPU_ZERO(&ours);
  if (sched_getaffinity(0, sizeof ours, &ours) != 0 || CPU_COUNT(&ours) < 2) return nullptr;
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(options.files[0], unknown);
  if (unknown || size < small) return nullptr;
  return file.later_part(size / 2);
}

std::unique_ptr<Known> summarize(const TextStyle& style, CaptureFile& file,
                                 std::unique_ptr<CaptureFile> later,
                                 const std::atomic<bool>& interrupted, Output& out) {
  auto followed = std::make_unique<Followed>(file, interrupted);
  auto& [first, helper] = *followed;
  LaterPart* part = nullptr;
  const bool two_threads = later != nullptr;
  if (later) try {
      helper.emplace(std::move(later), interrupted);
    } catch (const std::system_error&) {
      // No more threads for us: all is read from `file`.
    }
  if (helper) {
    file.pause_at(helper->begins().offset);
    first.follow();
    const std::uint64_t before = first.frames();
    if (!interrupted && file.place() == helper->begins()) {
      part = helper->result();
      if (part && !part->join(first.tracker(), before)) part = nullptr;
    }
    file.pause_at(UINT64_MAX);
  }
  const std::uint64_t before = first.frames();
  if (!part) {
    helper.reset();
    first.follow();
  }
  write({first.tracker().conversations(), part ? &part->conversations() : nullptr, before, style},
        two_threads, out);
  return followed;
}

}  // namespace tracer
