#include "tracer/cli/sandbox.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace tracer {
namespace {

/// Enters the sandbox in a child, and gives what `attempt` returns there.
int inside(const std::function<int()>& attempt) {
  const pid_t child = fork();
  if (child == 0) {
    enter_sandbox();
    _exit(attempt());
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  return WEXITSTATUS(status);
}

/// errno of a call that fails, 0 of one that does not.
int outcome(long result) { return result < 0 ? errno : 0; }

class Sandbox : public testing::Test {
 protected:
  void SetUp() override {
    if (!sandbox_filters_calls()) GTEST_SKIP() << "built without libseccomp";
    path_ = testing::TempDir() + "sandbox-test-XXXXXX";
    output_ = mkstemp(path_.data());
    ASSERT_GE(output_, 0);
  }
  void TearDown() override {
    if (output_ < 0) return;
    close(output_);
    unlink(path_.c_str());
  }
  std::string path_;
  int output_ = -1;
};

TEST_F(Sandbox, OpensNoFileForWriting) {
  for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_CREAT, O_RDONLY | O_CREAT,
                          O_RDONLY | O_TRUNC, O_WRONLY | O_APPEND}) {
    EXPECT_EQ(inside([&] { return outcome(open(path_.c_str(), flags, 0600)); }), EPERM) << flags;
    EXPECT_EQ(
        inside([&] { return outcome(syscall(SYS_openat, AT_FDCWD, path_.c_str(), flags, 0600)); }),
        EPERM)
        << flags;
  }
  EXPECT_EQ(inside([] { return outcome(open("/tmp", O_TMPFILE | O_RDWR, 0600)); }), EPERM);
}

TEST_F(Sandbox, StillReadsFilesAndWritesItsOutputs) {
  EXPECT_EQ(inside([&] { return outcome(write(output_, "kept", 4)); }), 0);
  EXPECT_EQ(inside([&] {
              char text[8];
              const int file = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
              return file < 0 ? errno : read(file, text, sizeof text) == 4 ? 0 : 1;
            }),
            0);
}

TEST_F(Sandbox, MakesNoSocketAndChangesNoFile) {
  EXPECT_EQ(inside([] { return outcome(socket(AF_INET, SOCK_STREAM, 0)); }), EPERM);
  EXPECT_EQ(inside([] { return outcome(socket(AF_UNIX, SOCK_DGRAM, 0)); }), EPERM);
  EXPECT_EQ(inside([] {
              int pair[2];
              return outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
            }),
            EPERM);
  EXPECT_EQ(inside([&] { return outcome(unlink(path_.c_str())); }), EPERM);
  EXPECT_EQ(inside([&] { return outcome(rename(path_.c_str(), "/tmp/elsewhere")); }), EPERM);
  EXPECT_EQ(inside([&] { return outcome(truncate(path_.c_str(), 0)); }), EPERM);
  EXPECT_EQ(inside([&] { return outcome(chmod(path_.c_str(), 0777)); }), EPERM);
  EXPECT_EQ(inside([&] { return outcome(mkdir((path_ + ".d").c_str(), 0700)); }), EPERM);
  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
}

TEST_F(Sandbox, RunsNoProgram) {
  EXPECT_EQ(inside([] {
              execl("/bin/true", "true", nullptr);
              return errno;
            }),
            EPERM);
}

TEST_F(Sandbox, HoldsInThreads) {
  EXPECT_EQ(inside([&] {
              int found = -1;
              std::thread([&] { found = outcome(open(path_.c_str(), O_WRONLY)); }).join();
              return found;
            }),
            EPERM);
}

TEST(SandboxPrivileges, AreGoneForGood) {
  EXPECT_EQ(inside([] { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); }), 1);
  EXPECT_EQ(inside([] {
              __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
              __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {};
              if (syscall(SYS_capget, &header, held) != 0) return 2;
              for (const auto& set : held)
                if (set.effective | set.permitted | set.inheritable) return 1;
              return 0;
            }),
            0);
}

}  // namespace
}  // namespace tracer
