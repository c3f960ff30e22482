#include "tracer/cli/serve.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>

#include "tracer/cli/report.hpp"
#include "tracer/cli/selection.hpp"
#include "tracer/live/ladder_events.hpp"
#include "tracer/live/pace.hpp"
#include "tracer/render/html/packet_answer.hpp"

namespace tracer {
namespace {

/// One capture and the page that follows it.
class Serving {
 public:
  Serving(const Options& options, LiveSource& source, LivePage& page, PcapngWriter* writer)
      : options_(options), source_(source), page_(page), writer_(writer), events_(options.style) {}

  std::uint64_t run(const std::atomic<bool>& interrupted) {
    using Clock = std::chrono::steady_clock;
    const auto end =
        options_.duration ? Clock::now() + *options_.duration : Clock::time_point::max();
    std::array<pollfd, 2> ready{
        {{source_.descriptor(), POLLIN, 0}, {page_.descriptor(), POLLIN, 0}}};
    while (!interrupted && page_.alive() && Clock::now() < end && captured_ < options_.count) {
      poll(ready.data(), ready.size(), changed_ ? pace_.wait() : 200);
      take();
      if (changed_ && pace_.due()) pace_.work([&] { show(); });
      for (const auto& request : page_.requests())
        page_.answer(request.number, answer(request.words));
    }
    if (changed_) show();
    page_.event("{\"type\":\"end\",\"text\":\"the capture has ended\"}");
    return captured_;
  }

 private:
  void take() {
    Frame frame;
    for (int burst = 0; burst < 512 && captured_ < options_.count && source_.next(frame); ++burst) {
      ++captured_;
      if (writer_) {
        while (writer_->interfaces() < source_.vantages().size())
          writer_->add_interface(source_.vantages()[writer_->interfaces()]);
        writer_->write(frame);
      }
      if (frames_.size() == live_packets) {
        if (!full_)
          page_.event(
              fmt::format("{{\"type\":\"note\",\"text\":\"the page follows the first {} packets; "
                          "later ones are captured, not shown\"}}",
                          live_packets));
        full_ = true;
        continue;
      }
      frames_.add(frame);
      changed_ = true;
    }
  }

  void show() {
    changed_ = false;
    passages_ = single_ended(frames_);
    ladders_ = ladders(frames_, passages_, options_.names);
    Selection(options_.display_filter, frames_, false).keep(ladders_);
    for (const std::string& event : events_.changes(ladders_)) page_.event(event);
  }

  std::string answer(const std::string& words) {
    if (words.starts_with("packet ")) {
      std::uint32_t number = 0;
      std::from_chars(words.data() + 7, words.data() + words.size(), number);
      return packet_answer(frames_, ladders_, number, options_.style);
    }
    if (words != "report") return {};
    if (changed_) show();
    ReportWords said;
    said.title = "Live on " + *options_.interface;
    said.application = "tracer " WIRELAB_VERSION;
    said.filtered = !options_.display_filter.empty();
    said.provenance = {{"made by", said.application},
                       {"command", options_.command},
                       {"interface", *options_.interface}};
    return make_report(frames_, passages_, ladders_, source_.vantages(), said, options_.style).html;
  }

  const Options& options_;
  LiveSource& source_;
  LivePage& page_;
  PcapngWriter* writer_;
  LadderEvents events_;
  FrameStore frames_;
  Passages passages_;
  std::vector<Ladder> ladders_;
  Pace pace_;
  std::uint64_t captured_ = 0;
  bool changed_ = false, full_ = false;
};

}  // namespace

std::unique_ptr<LivePage> open_page(const Options& options) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  auto page = std::make_unique<LivePage>((self.parent_path() / "tracer-live").string(),
                                         LiveSettings{"Live on " + *options.interface, false, {}});
  fmt::print(stderr, "tracer: the page is at {}\n", page->url());
  return page;
}

std::uint64_t serve_capture(const Options& options, LiveSource& source, LivePage& page,
                            PcapngWriter* writer, const std::atomic<bool>& interrupted) {
  return Serving(options, source, page, writer).run(interrupted);
}

}  // namespace tracer
