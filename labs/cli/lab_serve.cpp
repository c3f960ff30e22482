#include "labs/cli/lab_serve.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <algorithm>
#include <charconv>
#include <utility>

#include "labs/cli/lab_report.hpp"
#include "labs/testbed/front.hpp"
#include "labs/testbed/loopback.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/live/ladder_events.hpp"
#include "tracer/live/live_page.hpp"
#include "tracer/live/pace.hpp"
#include "tracer/render/html/packet_answer.hpp"
#include "tracer/render/html/packet_data.hpp"

namespace cli {
namespace {

using testbed::RunResult;
using tracer::Failure;

constexpr std::size_t followed_frames =
    10'000;  // both ends together; the rest comes at the end of the run

/// What the buttons do to the wire: to the next packet of the kind, from the moment of the click.
const std::vector<std::pair<std::string, std::string>> rules = {
    {"drop the client's next data", "drop c>s data#1"},
    {"drop the server's next data", "drop s>c data#1"},
    {"drop the server's next ACK", "drop s>c ack#1"},
    {"drop the client's next datagram", "drop c>s udp#1"},
    {"drop the server's SYN-ACK", "drop synack#1"},
    {"send the client's next data twice", "dup c>s data#1"},
    {"corrupt the client's next data", "c>s data#1 corrupt @60"},
    {"delay everything by 200 ms", "delay 200ms"},
};

std::string event(const char* type, const std::string& text) {
  std::string json = fmt::format("{{\"type\":\"{}\",\"text\":", type);
  tracer::append_script_string(json, text);
  return json + "}";
}

class Serving {
 public:
  Serving(const Paths& paths, const RunRequest& request)
      : request_(request),
        lab_(grader::read_lab_file(grader::find_lab(paths.labs, request.lab))),
        spec_(run_spec(paths, request, lab_)),
        events_(request.style),
        page_((paths.tracer.parent_path() / "tracer-live").string(),
              {lab_.name + ": " + lab_.title, true, rules}) {}

  int serve() {
    const testbed::Interrupts interrupts;
    fmt::print(
        stderr,
        "wirelab: the page is at {}\nwirelab: the run starts when it is opened; ^C ends this\n",
        page_.url());
    std::array<pollfd, 2> ready{
        {{page_.descriptor(), POLLIN, 0}, {interrupts.descriptor(), POLLIN, 0}}};
    while (page_.alive()) {
      poll(ready.data(), ready.size(), -1);
      if (ready[1].revents && interrupts.take() != 0) return tracer::exit_code::done;
      answer_requests();
      if (!std::exchange(run_wanted_, false)) continue;
      run();
      if (result_.interrupted) return tracer::exit_code::interrupted;
    }
    throw Failure(tracer::exit_code::failed, "the page's server has ended", "run it again");
  }

 private:
  void run() {
    testbed::RunSpec spec = spec_;
    std::string wire = request_.wire.value_or(lab_.scenario(request_.scenario).wire);
    for (const std::string& script : std::exchange(armed_, {})) {
      wire += (wire.empty() ? "" : "; ") + script;
      for (testbed::WireRule& rule : testbed::parse_wire_script(script))
        spec.wire.push_back(std::move(rule));
    }
    wire_ = wire;
    result_ = RunResult();
    events_.begin_again();
    page_.event(
        event("begin", wire.empty() ? "running, on a wire without rules" : "running: " + wire));
    running_ = true;
    bool two_ended = true;
    std::string why;
    RunResult whole;
    try {
      whole = testbed::run(spec, observer());
    } catch (const Failure& failure) {
      why = failure.what();
      if (failure.code == tracer::exit_code::not_permitted) {
        two_ended = false;
        spec.wire.clear();
        whole = testbed::run_on_loopback(spec);
      }
    }
    running_ = false;
    result_ = std::move(whole);
    spec_run_ = spec;
    drawn_ = draw_run(result_, two_ended);
    tell();
    if (!why.empty())
      page_.event(event("end", why));
    else
      page_.event(event("end", fmt::format("over{}{}", wire_.empty() ? "" : ": " + wire_,
                                           result_.complete || !two_ended
                                               ? ""
                                               : "; not complete: " + result_.incomplete_because)));
  }

  testbed::RunObserver observer() {
    testbed::RunObserver observer;
    observer.frame = [this](const tracer::Frame& frame) {
      if (result_.frames.size() >= followed_frames) return;
      result_.frames.add(frame);
      changed_ = true;
    };
    observer.wire = [this](const testbed::WireEvent& decision) {
      result_.wire.push_back(decision);
      // What is to leave the wire counts as sent: frames may be seen before the wire says so.
      if (!decision.dropped) result_.wire.back().sent.resize(decision.copies);
      changed_ = true;
    };
    observer.output = [this](testbed::Side side, std::string_view text) {
      std::string json =
          fmt::format("{{\"type\":\"output\",\"side\":\"{}\",\"lines\":[", name(side));
      const char* separator = "";
      while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        json += std::exchange(separator, ",");
        tracer::append_script_string(json, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
      page_.event(json + "]}");
    };
    observer.turn = [this] {
      if (changed_ && pace_.due()) pace_.work([&] { look(); });
      answer_requests();
      return std::exchange(injected_, {});
    };
    observer.descriptor = page_.descriptor();
    return observer;
  }

  /// The ladder so far. A packet that the wire has not dropped and nobody has seen arrive is under way.
  void look() {
    testbed::number_frames(result_);
    for (const tracer::Frame& frame : result_.frames)
      if (!frame.packet_id) return;  // the wire's word about it is on its way
    changed_ = false;
    drawn_ = draw_run(result_, true, true);
    tell();
  }

  void tell() {
    for (const std::string& one : events_.changes(drawn_.ladders)) page_.event(one);
  }

  void answer_requests() {
    for (const auto& [number, words] : page_.requests()) page_.answer(number, answer(words));
  }

  std::string answer(const std::string& words) {
    if (words == "watching") {
      if (!opened_) run_wanted_ = opened_ = true;
      return "yes";
    }
    if (words == "run") {
      if (running_) return {};
      run_wanted_ = true;
      return "running";
    }
    if (words.starts_with("inject ")) return inject(words.substr(7));
    if (words.starts_with("packet ")) {
      std::uint32_t number = 0;
      std::from_chars(words.data() + 7, words.data() + words.size(), number);
      return tracer::packet_answer(result_.frames, drawn_.ladders, number, request_.style);
    }
    if (words == "report")
      return lab_report(request_, lab_, running_ ? spec_ : spec_run_, wire_, result_, drawn_).html;
    return {};
  }

  /// Now if the lab runs, else for the next run.
  std::string inject(const std::string& script) {
    if (std::none_of(rules.begin(), rules.end(),
                     [&](const auto& rule) { return rule.second == script; }))
      return {};
    if (!running_) {
      armed_.push_back(script);
      return "for the next run: " + script;
    }
    injected_.push_back(script);
    wire_ += (wire_.empty() ? "" : "; ") + script;
    return "from now on: " + script;
  }

  const RunRequest& request_;
  grader::LabFile lab_;
  testbed::RunSpec spec_, spec_run_;
  tracer::LadderEvents events_;
  tracer::LivePage page_;
  tracer::Pace pace_;
  RunResult result_;  // of the run that is shown: so far, or whole
  DrawnRun drawn_;
  std::string wire_;  // its script
  std::vector<std::string> armed_, injected_;
  bool opened_ = false, run_wanted_ = false, running_ = false, changed_ = false;
};

}  // namespace

int serve_lab(const Paths& paths, const RunRequest& request) {
  return Serving(paths, request).serve();
}

}  // namespace cli
