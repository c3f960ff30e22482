// How programs start, end, hang and misbehave in the hosts.
#include "tests/labs/testbed/on_the_wire.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>

namespace testbed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Programs : public OnTheWire {};

const ProgramResult& of(const RunResult& result, Side host) {
  return result.programs[static_cast<std::size_t>(host)];
}
bool exited_with(const ProgramResult& program, int status) {
  return WIFEXITED(program.status) && WEXITSTATUS(program.status) == status;
}

TEST_F(Programs, ExitStatusesComeBack) {
  const RunResult result = run_complete(
      scenario("", "talker tcp-sink 7000; exit 3", "talker tcp-send server 7000 10; exit 4"));
  EXPECT_TRUE(of(result, Side::server).ran && exited_with(of(result, Side::server), 3));
  EXPECT_TRUE(of(result, Side::client).ran && exited_with(of(result, Side::client), 4));
}

TEST_F(Programs, DeathBySignalIsSeen) {
  const RunResult result = run_complete(scenario("", "", "kill -SEGV $$"));
  EXPECT_TRUE(WIFSIGNALED(of(result, Side::client).status));
  EXPECT_EQ(WTERMSIG(of(result, Side::client).status), SIGSEGV);
  EXPECT_FALSE(of(result, Side::client).stopped);
}

TEST_F(Programs, OutputAndErrorsInOrder) {
  std::string live;
  RunObserver observer;
  observer.output = [&](Side side, std::string_view text) {
    EXPECT_EQ(side, Side::client);
    live += text;
  };
  const RunResult result = run(scenario("", "", "echo one; echo two >&2; echo three"), observer);
  EXPECT_EQ(of(result, Side::client).output, "one\ntwo\nthree\n");
  EXPECT_EQ(live, "one\ntwo\nthree\n");
}

TEST_F(Programs, ServerForEverIsStoppedWithoutBlame) {
  const RunResult result =
      run_complete(scenario("", "talker udp-echo 7000", "talker udp-ask server 7000 5 20"));
  EXPECT_TRUE(of(result, Side::server).stopped);
  EXPECT_FALSE(of(result, Side::server).timed_out);
  EXPECT_TRUE(exited_with(of(result, Side::client), 0));
}

TEST_F(Programs, ServerThatIsStillBusyIsWaitedFor) {
  const RunResult result = run_complete(
      scenario("", "talker tcp-sink 7000; sleep 0.4; echo done", "talker tcp-send server 7000 10"));
  EXPECT_THAT(of(result, Side::server).output, HasSubstr("done"));
  EXPECT_FALSE(of(result, Side::server).stopped);
}

TEST_F(Programs, UnknownCommandIs127) {
  const RunResult result = run_complete(scenario("", "", "no-such-program --x"));
  EXPECT_TRUE(exited_with(of(result, Side::client), 127));
  EXPECT_THAT(of(result, Side::client).output, HasSubstr("not found"));
}

TEST_F(Programs, ServerThatDiesAtOnceSparesTheClient) {
  const RunResult result = run_complete(scenario("", "echo cannot >&2; exit 1", "echo never"));
  EXPECT_TRUE(exited_with(of(result, Side::server), 1));
  EXPECT_EQ(of(result, Side::server).output, "cannot\n");
  EXPECT_FALSE(of(result, Side::client).ran);
}

TEST_F(Programs, ServerThatEndsWellAtOnceDoesNot) {
  EXPECT_EQ(of(run_complete(scenario("", "exit 0", "echo me")), Side::client).output, "me\n");
}

TEST_F(Programs, HangEndsAtTheTimeLimitAndSaysWhere) {
  RunSpec spec = scenario("", "talker tcp-sink 7000", "");
  spec.time_limit = 300ms;
  const RunResult result = run_complete(spec);
  EXPECT_TRUE(of(result, Side::server).timed_out);
  EXPECT_TRUE(of(result, Side::server).stopped);
  EXPECT_EQ(of(result, Side::server).detail, "accept");
  EXPECT_FALSE(of(result, Side::client).ran);
}

TEST_F(Programs, HangOfWhatAShellStartedIsFoundToo) {
  RunSpec spec = scenario("", "talker udp-sink 7000; exit 9", "");
  spec.time_limit = 300ms;
  EXPECT_EQ(of(run_complete(spec), Side::server).detail, "recv");
}

TEST_F(Programs, OneThatIgnoresSigtermIsEndedAllTheSame) {
  RunSpec spec = scenario("", "", "trap '' TERM INT HUP; while :; do sleep 1; done");
  spec.time_limit = 200ms;
  const RunResult result = run_complete(spec);
  EXPECT_TRUE(of(result, Side::client).timed_out);
  EXPECT_EQ(WTERMSIG(of(result, Side::client).status), SIGKILL);
}

TEST_F(Programs, FloodIsCutAtTheLimit) {
  RunSpec spec = scenario("", "", "head -c 3000000 /dev/zero");
  spec.output_limit = 10'000;
  const RunResult result = run_complete(spec);
  EXPECT_EQ(of(result, Side::client).output.size(), 10'000u);
  EXPECT_EQ(of(result, Side::client).dropped_output, 2'990'000u);
  EXPECT_TRUE(exited_with(of(result, Side::client), 0)) << "it was not kept from writing";
}

TEST_F(Programs, DaemonsTheyLeaveBehindAreEnded) {
  // Each keeps the output pipe open and is in a session of its own.
  const RunResult result = run_complete(
      scenario("", "", "for i in 1 2 3 4 5; do setsid sleep 1000 & done; echo started"));
  EXPECT_EQ(of(result, Side::client).output, "started\n");
}

TEST_F(Programs, DaemonThatSendsToTheEndDoesNotSpoilTheCount) {
  const RunResult result = run_complete(scenario("", "talker udp-sink 7000",
                                                 "setsid sh -c 'while :; do talker udp-send server "
                                                 "7000 20 50; done' >/dev/null 2>&1 & sleep 0.3"));
  EXPECT_GT(sent_by(result, Side::client).size(), 20u);
}

TEST_F(Programs, ServerAsADaemonWorks) {
  const RunResult result =
      run_complete(scenario("",
                            "setsid talker udp-echo 7000 >/dev/null 2>&1 & while ! grep -q ':1B58 "
                            "' /proc/net/udp6; do sleep 0.01; done",
                            "talker udp-ask server 7000 3 20"));
  EXPECT_TRUE(exited_with(of(result, Side::client), 0));
}

TEST_F(Programs, CaptureBeyondTheLimitIsIncompleteAndSaysSo) {
  RunSpec spec = scenario("", "talker tcp-sink 7000", "talker tcp-send server 7000 200000");
  spec.capture_limit = 50'000;
  const RunResult result = run(spec);
  EXPECT_FALSE(result.complete);
  EXPECT_THAT(result.incomplete_because, HasSubstr("larger than 50000 bytes"));
  EXPECT_LT(result.frames.size(), 100u);
  EXPECT_EQ(of(result, Side::server).output, "200000 bytes\n");
}

TEST_F(Programs, AnyLanguage) {
  if (std::system("python3 -c '' >/dev/null 2>&1") != 0) GTEST_SKIP() << "no python3";
  const RunResult result = run_complete(scenario("", R"(python3 -c '
import os, socket
with socket.create_server(("", int(os.environ["WIRELAB_PORT"]))) as s:
    peer, address = s.accept()
    print(address[0], peer.recv(100))
')",
                                                 R"(python3 -c '
import os, socket
socket.create_connection((os.environ["WIRELAB_PEER"], int(os.environ["WIRELAB_PORT"]))).sendall(b"hello")
')"));
  EXPECT_EQ(of(result, Side::server).output, "10.0.0.1 b'hello'\n");
}

}  // namespace
}  // namespace testbed
