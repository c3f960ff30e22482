// Programs that mean harm: each is contained, what stopped it is named, and the next run is fine.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "labs/support/fd.hpp"
#include "tests/labs/testbed/on_the_wire.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class Containment : public OnTheWire {
 protected:
  void SetUp() override {
    OnTheWire::SetUp();
    std::string path = testing::TempDir() + "wirelab-containment-XXXXXX";
    machine_ = mkdtemp(path.data());
    fs::create_directory(machine_ / "mine");
    fs::create_directory(machine_ / "theirs");
    std::ofstream(machine_ / "mine/notes.txt") << "my notes\n";
    std::ofstream(machine_ / "theirs/server.cpp") << "their answer\n";
  }
  void TearDown() override {
    if (!machine_.empty()) fs::remove_all(machine_);
  }

  /// A client that does `what` in its folder, with little of everything.
  RunSpec spec(const std::string& what) {
    RunSpec one = scenario("", "", what);
    one.places[0].folder = machine_ / "mine";
    one.limits = {.processes = 40, .memory = 128u << 20, .disk = 8u << 20, .output = 1u << 20};
    one.time_limit = 20s;
    one.strict = true;
    return one;
  }
  ProgramResult fate(const RunSpec& one) { return run_complete(one).programs[0]; }
  ProgramResult fate(const std::string& what) { return fate(spec(what)); }
  std::string said(const std::string& what) { return fate(what).output; }

  /// A hostile program is ended by name, and the grader goes on.
  ProgramResult expect_limited(const std::string& what, const std::string& limit) {
    const ProgramResult result = fate(what);
    EXPECT_EQ(result.limit, limit);
    EXPECT_FALSE(result.timed_out);
    EXPECT_EQ(said("echo next"), "next\n");
    return result;
  }
  void expect_killed(const std::string& what, const std::string& limit) {
    EXPECT_TRUE(WIFSIGNALED(expect_limited(what, limit).status));
  }
  /// The kernel refuses it one process more just before, and some give up at that.
  void expect_too_many(const std::string& what) {
    const int status = expect_limited(what, "more than 40 processes and threads").status;
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
  }

  std::string python(const std::string& code) { return "python3 -c '" + code + "' 2>&1"; }

  fs::path machine_;
};

TEST_F(Containment, ForkBomb) { expect_too_many(python("import os\nwhile True:\n  os.fork()")); }
TEST_F(Containment, ManySleepers) { expect_too_many("while :; do sleep 1000 & done"); }
TEST_F(Containment, ManyThreads) {
  expect_too_many(
      python("import threading\nwhile True:\n  "
             "threading.Thread(target=threading.Event().wait).start()"));
}
TEST_F(Containment, MemoryHog) {
  expect_killed(python("x = []\nwhile True:\n  x.append(b\"x\" * (1 << 22))"),
                "more than 128 MiB of memory");
}
TEST_F(Containment, MemoryOfSeveralIsAddedUp) {
  expect_killed(
      "for i in 1 2 3 4; do python3 -c 'import time\nx = b\"x\" * (50 << 20)\ntime.sleep(100)' & "
      "done; wait",
      "more than 128 MiB of memory");
}
TEST_F(Containment, OneLargeFile) {
  expect_killed("exec head -c 100000000 /dev/zero >/tmp/x", "a file of more than 8 MiB");
}
TEST_F(Containment, ManyFiles) {
  const std::string limit = "more than 8 MiB written to its folder and /tmp";
  expect_killed("i=0; while :; do i=$((i+1)); head -c 1000000 /dev/zero >f$i; done 2>/dev/null",
                limit);
  expect_killed(
      "i=0; while :; do i=$((i+1)); head -c 1000000 /dev/zero >/dev/shm/f$i; done 2>/dev/null",
      limit);
  EXPECT_TRUE(fs::exists(machine_ / "mine/notes.txt") && !fs::exists(machine_ / "mine/f1"))
      << "writes do not outlive the run";
}
TEST_F(Containment, EndlessOutput) {
  RunSpec one = spec("yes");
  one.output_limit = 1000;
  const ProgramResult result = fate(one);
  EXPECT_EQ(result.limit, "more than 1 MiB of output");
  EXPECT_EQ(result.output.size(), 1000u);
}

TEST_F(Containment, SharingIsNoHog) {
  // Four times 60 MiB, but it is the same memory.
  const ProgramResult result =
      fate(python("import os, time\nx = b\"x\" * (60 << 20)\nfor i in range(3):\n  if os.fork() == "
                  "0: break\ntime.sleep(0.3)"));
  EXPECT_EQ(result.limit, "");
  EXPECT_EQ(result.status, 0);
}

TEST_F(Containment, OneThatIgnoresSigtermIsKilledAndNamed) {
  RunSpec one = spec("trap '' TERM INT HUP; while :; do sleep 1; done");
  one.time_limit = 200ms;
  const ProgramResult result = fate(one);
  EXPECT_TRUE(result.timed_out && result.ignored_sigterm);
  one.client = "exec sleep 100";
  EXPECT_FALSE(fate(one).ignored_sigterm) << "this one heeds it";
}

TEST_F(Containment, DaemonOfADaemonEndsWithTheRun) {
  const std::string mark = "sleep 98765.4321";
  fate("setsid sh -c '(" + mark + " & ) & ' </dev/null >/dev/null 2>&1; echo gone");
  EXPECT_NE(std::system("grep -sqz '98765[.]4321' /proc/[0-9]*/cmdline"), 0);
}

TEST_F(Containment, KillsNobodyElse) {
  RunSpec one = spec(
      "exec python3 -c 'import os\ntry: os.kill(-1, 9)\nexcept OSError: pass\nfor i in range(1, "
      "400):\n  try:\n    if i != os.getpid(): os.kill(i, 9)\n  except OSError: "
      "pass\nos.execlp(*\"talker talker udp-ask server 7000 3 20\".split())'");
  one.server = "talker udp-echo 7000";
  const RunResult result = run_complete(one);
  EXPECT_EQ(result.programs[0].status, 0) << result.programs[0].output;
  EXPECT_TRUE(result.programs[1].stopped) << "the server was still there at the end";
}

TEST_F(Containment, SeesNoOtherProcesses) {
  EXPECT_EQ(said("ls /proc | grep '^[0-9]' | sort -n | head -n 1; ls -d /proc/[0-9]* | wc -l")
                .substr(0, 2),
            "1\n");
  EXPECT_THAT(said("cat /proc/[0-9]*/comm"), Not(HasSubstr("wirelab-wire")));
}

TEST_F(Containment, HasNoPrivileges) {
  const std::string status = said("cat /proc/self/status");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
    EXPECT_THAT(status, HasSubstr(std::string(set) + ":\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_EQ(said("unshare -U true 2>/dev/null || echo no"), "no\n");
  EXPECT_EQ(said("ip link set eth0 down 2>/dev/null || echo no"), "no\n");
  EXPECT_EQ(said("mount -t tmpfs x /tmp 2>/dev/null || echo no"), "no\n");
  EXPECT_EQ(said("(echo 1 >/proc/sys/kernel/printk) 2>/dev/null || echo no"), "no\n");
}

TEST_F(Containment, ReadsItsFolderAndNoOther) {
  EXPECT_EQ(said("cat notes.txt"), "my notes\n");
  EXPECT_THAT(said("cat ../theirs/server.cpp"), HasSubstr("No such file"));
  EXPECT_EQ(said("ls " + machine_.string()), "mine\n");
  EXPECT_EQ(said("ls -A /run"), "");
  EXPECT_EQ(said("cat /etc/shadow 2>/dev/null | head -c 10"), "");
}

TEST_F(Containment, WritesItsFolderAndTmpOnly) {
  EXPECT_EQ(said("echo changed >notes.txt; echo new >/tmp/new; cat notes.txt /tmp/new"),
            "changed\nnew\n");
  std::ifstream notes(machine_ / "mine/notes.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(notes), {}), "my notes\n");
  for (const char* folder : {"/", "/usr", "/etc", "/var", "/home", "/dev", "/proc"})
    EXPECT_EQ(said(std::string("(echo x >") + folder + "/new-file) 2>/dev/null || echo no"), "no\n")
        << folder;
}

TEST_F(Containment, EachProgramHasItsOwnTmp) {
  RunSpec one = spec("talker udp-ask server 7000 1 20; ls /tmp | grep -v wirelab-");
  one.server = "touch /tmp/here; exec talker udp-echo 7000";
  EXPECT_THAT(run_complete(one).programs[0].output, Not(HasSubstr("here")));
}

TEST_F(Containment, ReachesNoSocketOfTheMachine) {
  const Fd inet(socket(AF_INET, SOCK_STREAM, 0)), by_path(socket(AF_UNIX, SOCK_STREAM, 0)),
      abstract(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(inet, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(getsockname(inet, reinterpret_cast<sockaddr*>(&address), &size), 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string path = machine_ / "socket";
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  ASSERT_EQ(bind(by_path, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  name = {AF_UNIX, {}};
  const std::string hidden = "wirelab-containment-" + std::to_string(getpid());
  hidden.copy(name.sun_path + 1, sizeof name.sun_path - 2);
  ASSERT_EQ(bind(abstract, reinterpret_cast<sockaddr*>(&name),
                 static_cast<socklen_t>(sizeof(sa_family_t) + 1 + hidden.size())),
            0);
  for (const Fd* one : {&inet, &by_path, &abstract}) ASSERT_EQ(listen(*one, 1), 0);

  const auto try_to = [this](const std::string& family, const std::string& where) {
    return said(python("import socket\ns = socket.socket(socket." + family +
                       ")\ntry:\n  s.connect(" + where +
                       ")\n  print(\"reached\")\nexcept OSError as e: print(\"no\")"));
  };
  EXPECT_EQ(try_to("AF_INET", "(\"127.0.0.1\", " + std::to_string(ntohs(address.sin_port)) + ")"),
            "no\n");
  EXPECT_EQ(try_to("AF_UNIX", "\"" + path + "\""), "no\n");
  EXPECT_EQ(try_to("AF_UNIX", "\"\\0" + hidden + "\""), "no\n");
}

TEST_F(Containment, LearnsNoSecretsFromTheEnvironment) {
  setenv("SOME_TOKEN", "hidden", 1);
  setenv("LC_TIME", "C", 1);
  const std::string all = said("env");
  unsetenv("SOME_TOKEN");
  EXPECT_THAT(all, Not(HasSubstr("hidden")));
  EXPECT_THAT(all, HasSubstr("LC_TIME=C"));
}

TEST_F(Containment, WhatProgramsNeedIsThere) {
  EXPECT_EQ(said("head -c 4 /dev/urandom | wc -c; : >/dev/null; echo a >/dev/stdout; getent hosts "
                 "server | tr -s ' '"),
            "4\na\n10.0.0.2 server\n");
  EXPECT_EQ(said(python("import multiprocessing, socket, ssl, "
                        "tempfile\nmultiprocessing.Lock()\ntempfile.TemporaryFile()\nsocket.create_"
                        "server((\"\", 80)).close()\nprint(\"fine\")")),
            "fine\n")
      << "a port under 1024 among them";
}

}  // namespace
}  // namespace testbed
