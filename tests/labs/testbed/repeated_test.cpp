// Run after run, with all processors kept busy by something else. WIRELAB_RUNS sets how many.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "tests/labs/testbed/on_the_wire.hpp"

namespace testbed {
namespace {

/// Processes that compute for as long as this lives.
class Load {
 public:
  Load() {
    const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < std::min(processors, 4u); ++i) {
      const pid_t pid = fork();
      if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) static_cast<void>(getppid());
      }
      if (pid > 0) pids_.push_back(pid);
    }
  }
  ~Load() {
    for (const pid_t pid : pids_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::vector<pid_t> pids_;
};

class Repeated : public OnTheWire {};

TEST_F(Repeated, EveryRunIsCompleteOrSaysWhyNot) {
  const char* asked = std::getenv("WIRELAB_RUNS");
  const int runs = asked ? std::atoi(asked) : 30;
  const Load load;
  int complete = 0;
  for (int i = 0; i < runs; ++i) {
    const RunResult result = run(scenario("delay 2ms; drop c>s data#3", "talker tcp-sink 7000",
                                          "talker tcp-send server 7000 20000"));
    if (!result.complete) {
      EXPECT_FALSE(result.incomplete_because.empty()) << "run " << i + 1;
      continue;
    }
    ++complete;
    EXPECT_EQ(result.programs[1].output, "20000 bytes\n") << "run " << i + 1;
    EXPECT_EQ(lost_altogether(result), 1u) << "run " << i + 1;
    for (const tracer::Frame& frame : result.frames)
      EXPECT_TRUE(frame.packet_id.has_value()) << "run " << i + 1;
  }
  RecordProperty("complete", complete);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), 0) << "the load is all that runs";
}

}  // namespace
}  // namespace testbed
