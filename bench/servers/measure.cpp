#include "bench/servers/measure.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/trips/endpoint.hpp"

namespace bench {
namespace {

constexpr double share_of_most = 0.5;  // of the slowest server's maximum: busy, and able to keep up
constexpr Nanoseconds trial = std::chrono::milliseconds(150);
constexpr double core_is_full = 0.97;
constexpr std::chrono::seconds long_patience(
    30);  // a busy machine is slow, and a broken server silent

/// While it lives, SIGINT and SIGTERM end a wait (EINTR) instead of this process, so that what was
/// started is ended and the temporary folder removed.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(SIGINT, &action, &interrupt_);
    sigaction(SIGTERM, &action, &end_);
  }
  ~Interruptible() {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &end_, nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction interrupt_ {
  }, end_{};
};

/// One server of each model, for as long as this lives. A pool is as large as the number of
/// connections that are kept: a smaller one would never serve the rest.
class Servers {
 public:
  explicit Servers(const std::vector<Subject>& subjects) {
    for (const Subject& subject : subjects) {
      const unsigned threads = subject.served->load.keep ? subject.served->load.connections : 8;
      auto& server = running_[subject.served->model];
      if (!server) server = std::make_unique<Server>(subject.served->model, threads, scratch_);
    }
  }
  const Server& of(Model model) const { return *running_.at(model); }

 private:
  Scratch scratch_;
  std::map<Model, std::unique_ptr<Server>> running_;
};

/// Requests a second that all of them can answer with room to spare.
double rate_for_all(const std::vector<Subject>& subjects, const Servers& servers) {
  double least = INFINITY;
  for (const Subject& subject : subjects) {
    const LoadResult most =
        closed_loop(servers.of(subject.served->model).address(), subject.served->load, trial);
    if (most.times.empty())
      throw TripError(fmt::format("{} answers no request", name(subject.served->model)));
    least = std::min(least, static_cast<double>(most.times.count()) / most.seconds);
  }
  const double unit = std::pow(10, std::floor(std::log10(least * share_of_most)) - 1);
  return std::floor(least * share_of_most / unit) * unit;  // two digits are enough
}

}  // namespace

std::string load_in_turns(std::vector<Subject>& subjects, const Schedule& schedule,
                          const std::function<void(double)>& progress) {
  const Interruptible interruptible;
  const Servers servers(subjects);
  const AskingCore core;
  const bool open = subjects.front().served->open;
  const double rate = open ? rate_for_all(subjects, servers) : 0;
  for (Subject& subject : subjects) subject.rounds.assign(schedule.rounds, {});
  double busiest = 0;
  for (unsigned number = 0; number < schedule.rounds; ++number) {
    const std::vector<Nanoseconds> due =
        open ? arrivals(rate, schedule.round_time, number) : std::vector<Nanoseconds>();
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      Subject& subject = subjects[number % 2 == 0 ? i : subjects.size() - 1 - i];
      const sockaddr_in server = servers.of(subject.served->model).address();
      LoadResult result = open ? open_loop(server, subject.served->load, due)
                               : closed_loop(server, subject.served->load, schedule.round_time);
      Round& round = subject.rounds[number];
      round.times = std::move(result.times);
      round.lost = result.unanswered;
      round.seconds = result.seconds;
      busiest = std::max(busiest, result.busy);
      if (progress)
        progress((number + static_cast<double>(i + 1) / static_cast<double>(subjects.size())) /
                 schedule.rounds);
    }
  }
  if (open)
    return fmt::format(
        "{:.0f} requests a second to each: half of the slowest one's most. They come at\nrandom, "
        "independently of each "
        "other; a time counts from when the request was due",
        rate);
  std::string note = fmt::format(
      "{} connections at a time; nginx with one worker; servers on one core, who asks\non another",
      subjects.front().served->load.connections);
  if (busiest > core_is_full)
    note += ";\nwho asks had no time to spare, so the fastest servers may be faster still";
  return note;
}

IdleCrowd hold_idle(const Server& server, std::size_t connections) {
  rlimit descriptors{};
  must(getrlimit(RLIMIT_NOFILE, &descriptors), "getrlimit");
  const rlimit usual = descriptors;
  descriptors.rlim_cur = descriptors.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &descriptors), "setrlimit");
  IdleCrowd crowd;
  crowd.connections = std::min<std::size_t>(
      connections, descriptors.rlim_max - std::min<rlim_t>(descriptors.rlim_max, 100));
  {
    std::vector<Fd> idle;
    for (std::size_t i = 0; i < crowd.connections; ++i)
      idle.emplace_back(connect_to({}, server.address()));
    // They are accepted in turn: who is answered after them knows that all have been.
    reply_time(server.address(), std::chrono::milliseconds(20), long_patience);
    crowd.bytes = server.resident();
    crowd.reply = reply_time(server.address(), std::chrono::milliseconds(100), long_patience);
  }
  setrlimit(RLIMIT_NOFILE, &usual);
  return crowd;
}

}  // namespace bench
