#include "labs/testbed/loopback.hpp"

#include <gmock/gmock.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "labs/support/fd.hpp"
#include "tests/labs/testbed/on_the_wire.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Loopback, HostArgumentsBecomeTheAddress) {
  const auto with = [](const char* command) { return with_address(command, "A"); };
  EXPECT_EQ(with("client server 7000"), "client A 7000");
  EXPECT_EQ(with("server 7000"), "server 7000");
  EXPECT_EQ(with("./server 7000; client server"), "./server 7000; client A");
  EXPECT_EQ(with("sleep 1 && client server"), "sleep 1 && client A");
  EXPECT_EQ(with("nc server 7000"), "nc A 7000");
  EXPECT_EQ(with("curl http://server:7000/server"), "curl http://A:7000/server");
  EXPECT_EQ(with("curl 'server/x'"), "curl 'A/x'");
  EXPECT_EQ(with("python3 server.py servers myserver"), "python3 server.py servers myserver");
  EXPECT_EQ(with("prog --to=server client"), "prog --to=A A");
  EXPECT_EQ(with(""), "");
}

/// A port that is free at the moment.
std::uint16_t free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t size = sizeof address;
  if (bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}
RunSpec on_free_port(const std::string& server, const std::string& client) {
  RunSpec spec = scenario("", server, client);
  spec.port = free_port();
  return spec;
}

TEST(Loopback, RunsBothProgramsAndSaysWhatIsMissing) {
  const RunResult result = run_on_loopback(on_free_port(
      "talker tcp-sink $WIRELAB_PORT", "talker tcp-send server {port} 5000; echo $WIRELAB_PEER"));
  EXPECT_EQ(result.programs[1].output, "5000 bytes\n");
  EXPECT_EQ(result.programs[0].output, "127.0.0.1\n");
  EXPECT_FALSE(result.complete);
  EXPECT_FALSE(result.incomplete_because.empty());
  ASSERT_FALSE(result.notes.empty());
  EXPECT_THAT(result.notes[0], HasSubstr("loopback"));
  if (result.notes.size() > 1) {
    EXPECT_THAT(result.notes[1], HasSubstr("no trace of this run"));
  } else {
    tracer::Packet packet;
    ASSERT_GE(result.frames.size(), 6u);
    tracer::decode(result.frames[0], 1, packet);
    ASSERT_TRUE(packet.tcp.has_value());
    EXPECT_TRUE(packet.tcp->flags().has(tracer::TcpFlags::syn));
  }
}

TEST(Loopback, ServerForEverIsStopped) {
  const RunResult result =
      run_on_loopback(on_free_port("talker udp-echo {port}", "talker udp-ask server {port} 3 10"));
  EXPECT_EQ(result.programs[0].status, 0);
  EXPECT_TRUE(result.programs[1].stopped);
  EXPECT_FALSE(result.programs[1].timed_out);
}

TEST(Loopback, WireRulesAreRefused) {
  RunSpec spec = on_free_port("true", "true");
  spec.wire = parse_wire_script("delay 5ms");
  try {
    run_on_loopback(spec);
    FAIL() << "accepted";
  } catch (const tracer::Failure& failure) {
    EXPECT_EQ(failure.code, tracer::exit_code::not_permitted);
    EXPECT_THAT(failure.what(), HasSubstr("delay 5ms"));
    EXPECT_FALSE(failure.hint.empty());
  }
}

TEST(Loopback, PortInUseIsSaid) {
  const Fd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(socket, 1), 0);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  RunSpec spec = scenario("", "true", "true");
  spec.port = ntohs(address.sin_port);
  EXPECT_THROW(run_on_loopback(spec), tracer::Failure);
}

TEST(Loopback, HangAndDaemonsEndWithTheRun) {
  RunSpec spec =
      on_free_port("", "setsid sh -c 'trap \"\" TERM; sleep 1000' & talker udp-sink {port}");
  spec.time_limit = 300ms;
  const RunResult result = run_on_loopback(spec);
  EXPECT_TRUE(result.programs[0].timed_out);
  EXPECT_EQ(result.programs[0].detail, "recv");
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
}

TEST(Loopback, NothingIsLeftWhenTheFrontProcessIsKilled) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // what loses its parent becomes ours
  for (const int number : {SIGKILL, SIGTERM, SIGINT}) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t front = fork();
    if (front == 0) {
      RunObserver observer;
      observer.output = [&](Side, std::string_view) {
        if (write(ends[1], "x", 1) != 1) _exit(1);
      };
      run_on_loopback(
          on_free_port("talker udp-sink {port}", "setsid sleep 1000 & echo here; sleep 1000"),
          observer);
      _exit(0);
    }
    close(ends[1]);
    char letter;
    ASSERT_EQ(read(ends[0], &letter, 1), 1) << "the client did not start";
    close(ends[0]);
    kill(front, number);
    while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {  // the test hangs here if one lives on
    }
    EXPECT_EQ(errno, ECHILD);
  }
}

TEST(Loopback, FailedServerSparesTheClient) {
  const RunResult result = run_on_loopback(on_free_port("exit 3", "echo never"));
  EXPECT_EQ(WEXITSTATUS(result.programs[1].status), 3);
  EXPECT_FALSE(result.programs[0].ran);
}

}  // namespace
}  // namespace testbed
