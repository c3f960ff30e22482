#include "tracer/cli/parallel_summary.hpp"

#include <sched.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>

#include "tracer/render/summary.hpp"
#include "tracer/tracking/later_part.hpp"

namespace tracer {
namespace {

/// The first part, or the whole: goes on each time where it was.
class FirstPart {
 public:
  FirstPart(CaptureFile& file, const std::atomic<bool>& interrupted)
      : file_(file), interrupted_(interrupted) {}

  /// To the end, or to where the file pauses.
  void follow() {
    while (!interrupted_.load(std::memory_order_relaxed) && file_.next(packet_.frame)) {
      ++frames_;
      if (is_seen_again(packet_.frame)) continue;
      decode(frames_, packet_);
      tracker_.track(packet_);
    }
  }
  Tracker& tracker() { return tracker_; }
  std::uint64_t frames() const { return frames_; }

 private:
  CaptureFile& file_;
  const std::atomic<bool>& interrupted_;
  Tracker tracker_;
  Packet packet_;
  std::uint64_t frames_ = 0;
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
    Packet packet;
    std::uint64_t number = 0;
    while (file_->next(packet.frame)) {
      ++number;
      if (stop_.load(std::memory_order_relaxed) || interrupted_.load(std::memory_order_relaxed))
        return;
      if (is_seen_again(packet.frame)) continue;
      decode(number, packet);
      if (!part_.follow(packet)) return;
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

/// In the order of their first packets; those of `later` count from `frames_before`.
void write(const ConversationTable& first, const ConversationTable* later,
           std::uint64_t frames_before, const TextStyle& style, Output& out) {
  const std::size_t more = later ? later->size() : 0;
  for (std::size_t i = 0, j = 0; i < first.size() || j < more;) {
    const bool from_first =
        j == more ||
        (i < first.size() && first[i].first_number < frames_before + (*later)[j].first_number);
    append_summary(out.text, from_first ? first[i++] : (*later)[j++], style);
    out.flush_if_large();
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
  write(first.tracker().conversations(), part ? &part->conversations() : nullptr, before, style,
        out);
  return followed;
}

}  // namespace tracer
