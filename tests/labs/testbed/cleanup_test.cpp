// Whatever is killed, nothing of a run is left: no process, namespace, mount or file.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "tests/labs/testbed/on_the_wire.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// `process` and all that it and they have started, oldest first.
std::vector<pid_t> family(pid_t process) {
  std::vector<pid_t> found{process};
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", found[i]));
    for (pid_t child; children >> child;) found.push_back(child);
  }
  return found;
}

constexpr std::array<const char*, 6> kinds{"user", "net", "mnt", "pid", "ipc", "uts"};

/// "net:[4026531840]" and the like.
std::set<std::string> namespaces_of(const std::vector<pid_t>& processes) {
  std::set<std::string> found;
  for (const pid_t process : processes)
    for (const char* kind : kinds) {
      std::array<char, 64> name{};
      if (readlink(fmt::format("/proc/{}/ns/{}", process, kind).c_str(), name.data(),
                   name.size() - 1) > 0)
        found.insert(name.data());
    }
  return found;
}

enum class Victim { front, front_during_set_up, conductor, wire, program };

struct Case {
  Victim victim;
  int signal;
};
std::string case_name(const testing::TestParamInfo<Case>& info) {
  const char* victims[] = {"Front", "FrontDuringSetUp", "Conductor", "Wire", "Program"};
  return std::string(victims[static_cast<int>(info.param.victim)]) +
         (info.param.signal == SIGKILL  ? "Sigkill"
          : info.param.signal == SIGINT ? "Sigint"
                                        : "Sigterm");
}

class Cleanup : public OnTheWire, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    OnTheWire::SetUp();
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // whoever loses its parent becomes ours, and we wait for all
    std::string path = testing::TempDir() + "wirelab-cleanup-XXXXXX";
    folder_ = mkdtemp(path.data());
    own_ = namespaces_of({getpid()});
  }
  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  /// A process that makes a run, as `wirelab run` does. Writes to `report`: "r" when it is ready,
  /// and at the end one letter: c complete, i interrupted, n not complete, f failed.
  pid_t start(int report) {
    const pid_t front = fork();
    if (front != 0) return front;
    const auto say = [report](char letter) { return write(report, &letter, 1) == 1; };
    setenv("TMPDIR", folder_.c_str(), 1);
    if (chdir(folder_.c_str()) != 0) _exit(9);
    RunObserver observer;
    observer.ready = [&] { say('r'); };
    try {
      const RunResult result = run(
          scenario("delay 1ms", "talker udp-echo 7000", "talker udp-ask server 7000 1000000 20"),
          observer);
      say(result.interrupted ? 'i' : result.complete ? 'c' : 'n');
    } catch (const tracer::Failure&) {
      say('f');
    }
    _exit(0);
  }

  pid_t find(Victim victim, pid_t front) {
    for (const pid_t one : family(front)) {
      if (victim == Victim::front) return one;
      if (victim == Victim::conductor && one != front) return one;
      if (victim == Victim::wire && content(fmt::format("/proc/{}/comm", one)) == "wirelab-wire\n")
        return one;
      if (victim == Victim::program &&
          content(fmt::format("/proc/{}/cmdline", one)).find(std::string("talker\0udp-ask", 14)) ==
              0)
        return one;
    }
    return 0;
  }

  void expect_nothing_left(const std::set<std::string>& theirs) {
    std::vector<std::string> left;
    for (const std::string& one : namespaces_of(family(getpid())))  // orphans are ours
      if (theirs.contains(one)) left.push_back(one);
    EXPECT_EQ(left, std::vector<std::string>{});
    EXPECT_TRUE(fs::is_empty(folder_)) << "files left";
    EXPECT_EQ(content("/proc/self/mounts"), mounts_);
  }

  std::string folder_, mounts_ = content("/proc/self/mounts");
  std::set<std::string> own_;
};

TEST_P(Cleanup, LeavesNothing) {
  const auto [victim, signal] = GetParam();
  for (int attempt = 0; attempt < 20; ++attempt) {
    SCOPED_TRACE(fmt::format("attempt {}", attempt + 1));
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t front = start(ends[1]);
    close(ends[1]);
    std::string said(1, ' ');
    pid_t target = front;
    if (victim == Victim::front_during_set_up) {
      std::this_thread::sleep_for(attempt * 4ms);  // another moment each time
    } else {
      ASSERT_EQ(read(ends[0], said.data(), 1), 1) << "the front process died before the run began";
      ASSERT_EQ(said, "r");
      for (int patience = 0; (target = find(victim, front)) == 0 && patience < 20'000; ++patience)
        std::this_thread::sleep_for(1ms);
      ASSERT_NE(target, 0) << "no such process in the run";
    }
    std::set<std::string> theirs;
    for (const std::string& one : namespaces_of(family(front)))
      if (!own_.contains(one)) theirs.insert(one);
    ASSERT_EQ(kill(target, signal), 0);

    // Our children are all that was there, or what it left to us: wait for the last of them.
    int status = 0;
    while (waitpid(-1, &status, 0) > 0 || errno == EINTR) {
    }
    ASSERT_EQ(errno, ECHILD);
    said.clear();
    for (char letter; read(ends[0], &letter, 1) == 1;)
      if (letter != 'r') said += letter;
    close(ends[0]);
    // Without the wire's counts the run must not claim to be complete.
    const std::string expected[] = {signal == SIGKILL ? "" : "i", said, "f", "n", "c"};
    EXPECT_EQ(said, expected[static_cast<int>(victim)]);
    expect_nothing_left(theirs);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    AfterTheDeathOf, Cleanup,
    testing::Values(Case{Victim::front, SIGINT}, Case{Victim::front, SIGTERM},
                    Case{Victim::front, SIGKILL}, Case{Victim::front_during_set_up, SIGINT},
                    Case{Victim::front_during_set_up, SIGTERM},
                    Case{Victim::front_during_set_up, SIGKILL}, Case{Victim::conductor, SIGKILL},
                    Case{Victim::wire, SIGINT}, Case{Victim::wire, SIGTERM},
                    Case{Victim::wire, SIGKILL}, Case{Victim::program, SIGINT},
                    Case{Victim::program, SIGTERM}, Case{Victim::program, SIGKILL}),
    case_name);

}  // namespace
}  // namespace testbed
