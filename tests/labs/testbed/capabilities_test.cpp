#include "labs/testbed/capabilities.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <iterator>

#include "tests/labs/testbed/on_the_wire.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using testing::HasSubstr;

std::string mounts() {
  std::ifstream file("/proc/self/mounts");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Capabilities, EachIsThereOrComesWithAWayOut) {
  const auto all = probe_capabilities();
  ASSERT_GE(all.size(), 9u);
  EXPECT_EQ(all[0].name, "user namespaces");
  for (const Capability& one : all) {
    EXPECT_FALSE(one.name.empty());
    if (one.there) {
      EXPECT_EQ(one.remedy, "") << one.name;
    } else {
      EXPECT_FALSE(one.detail.empty()) << one.name;
      EXPECT_TRUE(!one.remedy.empty() || one.detail.starts_with("not tried")) << one.name;
    }
  }
}

TEST(Capabilities, ProbingLeavesNothingBehind) {
  const std::string before = mounts();
  probe_capabilities();
  EXPECT_EQ(mounts(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

class Forbidden : public OnTheWire {
 protected:
  /// Runs `body` where `setting` (of /proc/sys/user) is 0, and returns what it says.
  std::string where_zero(const std::string& setting, const std::function<std::string()>& body) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
    const unsigned user = geteuid(), group = getegid();
    const pid_t child = fork();
    if (child == 0) {
      const auto write_to = [](const std::string& path, const std::string& text) {
        std::ofstream(path) << text << std::flush;
      };
      std::string said = "could not make the outer namespace";
      if (unshare(CLONE_NEWUSER) == 0) {
        write_to("/proc/self/setgroups", "deny");
        write_to("/proc/self/uid_map", fmt::format("0 {} 1", user));
        write_to("/proc/self/gid_map", fmt::format("0 {} 1", group));
        write_to("/proc/sys/user/" + setting, "0");
        said = body();
      }
      if (write(ends[1], said.data(), said.size()) < 0) _exit(1);
      _exit(0);
    }
    close(ends[1]);
    std::string said;
    char letter;
    while (read(ends[0], &letter, 1) == 1) said += letter;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return said;
  }
};

std::string first_missing() {
  for (const Capability& one : probe_capabilities())
    if (!one.there) return one.name + " | " + one.detail + " | " + one.remedy;
  return "nothing";
}
std::string failure_of_a_run() {
  try {
    run(scenario("", "", "true"));
    return "it ran";
  } catch (const tracer::Failure& failure) {
    return fmt::format("{} | {} | {}", failure.code, failure.what(), failure.hint);
  }
}

TEST_F(Forbidden, UserNamespacesAreNamedWithTheRemedy) {
  EXPECT_EQ(where_zero("max_user_namespaces", first_missing),
            "user namespaces | user.max_user_namespaces is 0 | sudo sysctl "
            "user.max_user_namespaces=10000");
  const std::string failure = where_zero("max_user_namespaces", failure_of_a_run);
  EXPECT_THAT(failure, testing::StartsWith("4 | "));
  EXPECT_THAT(failure, HasSubstr("user.max_user_namespaces is 0"));
  EXPECT_THAT(failure, testing::EndsWith(" | sudo sysctl user.max_user_namespaces=10000"));
}

TEST_F(Forbidden, NetworkNamespacesAreNamedWithTheRemedy) {
  EXPECT_EQ(where_zero("max_net_namespaces", first_missing),
            "network namespaces | user.max_net_namespaces is 0 | sudo sysctl "
            "user.max_net_namespaces=10000");
  EXPECT_THAT(where_zero("max_net_namespaces", failure_of_a_run), testing::StartsWith("4 | "));
}

TEST_F(Forbidden, RunsInsideAnotherUserNamespace) {
  EXPECT_EQ(where_zero("max_cgroup_namespaces", failure_of_a_run), "it ran");
}

}  // namespace
}  // namespace testbed
