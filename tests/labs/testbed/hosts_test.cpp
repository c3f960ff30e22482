// What the hosts are like: addresses, names, frames, settings, and the quiet between them.
#include "tests/labs/testbed/on_the_wire.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "tracer/bytes/checksum.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/pcapng_writer.hpp"

namespace testbed {
namespace {

using testing::HasSubstr;

class Hosts : public OnTheWire {};

const std::string& output(const RunResult& result, Side host) {
  return result.programs[static_cast<std::size_t>(host)].output;
}

TEST_F(Hosts, FramesAreWhatAWireWouldCarry) {
  const RunResult result =
      run_complete(scenario("", "talker tcp-sink 7000", "talker tcp-send server 7000 200000"));
  std::uint32_t longest = 0;
  for (const tracer::Frame& frame : result.frames) {
    EXPECT_LE(frame.original_length, 1514u);
    EXPECT_EQ(frame.bytes.size(), frame.original_length);
    longest = std::max(longest, frame.original_length);
    tracer::Packet packet;
    tracer::decode(frame, 1, packet);
    EXPECT_FALSE(packet.fault.has_value());
    EXPECT_EQ(transport_checksum_right(packet), true);
    EXPECT_EQ(tracer::ones_complement_sum(frame.bytes.subspan(14, 20)), 0xffff);
  }
  EXPECT_EQ(longest, 1514u) << "full segments";
}

TEST_F(Hosts, NoFrameButTheProgramsOwn) {
  for (const bool ipv6 : {false, true}) {
    RunSpec spec =
        scenario("", "talker tcp-sink 7000", "talker tcp-send $WIRELAB_PEER 7000 10; sleep 0.3");
    spec.ipv6 = ipv6;
    for (const tracer::Frame& frame : run_complete(spec).frames) {
      tracer::Packet packet;
      tracer::decode(frame, 1, packet);
      EXPECT_TRUE(packet.tcp.has_value())
          << "no ARP, neighbour discovery, router solicitation or multicast report";
      EXPECT_EQ(packet.source.octets().size(), ipv6 ? 16u : 4u);
    }
  }
}

TEST_F(Hosts, AddressesOverBothProtocols) {
  const RunResult four =
      run_complete(scenario("", "talker tcp-sink 7000", "talker tcp-send 10.0.0.2 7000 10"));
  ASSERT_FALSE(sent_by(four, Side::client).empty());
  EXPECT_EQ(sent_by(four, Side::client)[0].packet.source.text(), "10.0.0.1");
  EXPECT_EQ(sent_by(four, Side::client)[0].packet.destination_endpoint().text(), "10.0.0.2:7000");
  const RunResult six =
      run_complete(scenario("", "talker tcp-sink 7000", "talker tcp-send fd00::2 7000 10"));
  ASSERT_FALSE(sent_by(six, Side::client).empty());
  EXPECT_EQ(sent_by(six, Side::client)[0].packet.source.text(), "fd00::1");
  EXPECT_EQ(sent_by(six, Side::client)[0].packet.destination_endpoint().text(), "[fd00::2]:7000");
}

TEST_F(Hosts, WireRulesHoldForIpv6) {
  // IPv6 has no identification field, so only the time stamp tells a retransmission from its
  // original: the delay makes it another.
  RunSpec spec = scenario("delay 5ms; drop c>s data#3; drop synack#1", "talker tcp-sink 7000",
                          "talker tcp-send server 7000 8000");
  spec.ipv6 = true;
  const RunResult result = run_complete(spec);
  EXPECT_EQ(lost(result, Side::client, [](const Seen& one) { return one.is_data(); }),
            std::vector<std::size_t>{3});
  EXPECT_EQ(lost(result, Side::server, [](const Seen& one) { return one.is_synack(); }),
            std::vector<std::size_t>{1});
  EXPECT_EQ(output(result, Side::server), "8000 bytes\n");
  for (const Seen& one : sent_by(result, Side::client))
    EXPECT_EQ(transport_checksum_right(one.packet), true);
}

TEST_F(Hosts, NamesResolve) {
  const RunResult four = run_complete(
      scenario("", "getent ahosts client | head -1", "getent ahosts server | head -1"));
  EXPECT_THAT(output(four, Side::server), HasSubstr("10.0.0.1 "));
  EXPECT_THAT(output(four, Side::client), HasSubstr("10.0.0.2 "));
  RunSpec spec = scenario("", "getent ahosts client", "getent ahosts server");
  spec.ipv6 = true;
  const RunResult six = run_complete(spec);
  EXPECT_THAT(output(six, Side::server), HasSubstr("fd00::1 "));
  EXPECT_THAT(output(six, Side::client), HasSubstr("fd00::2 "));
}

TEST_F(Hosts, OuterHostsFileStaysAsItIs) {
  run_complete(scenario("", "", "cat /etc/hosts >/dev/null"));
  FILE* file = std::fopen("/etc/hosts", "r");
  std::array<char, 65'536> content{};
  if (!file) GTEST_SKIP() << "no /etc/hosts";
  content[std::fread(content.data(), 1, content.size() - 1, file)] = '\0';
  std::fclose(file);
  EXPECT_THAT(content.data(), testing::Not(HasSubstr("fd00::2 server6")));
}

TEST_F(Hosts, EnvironmentNamesThePeer) {
  const std::string say =
      "echo $WIRELAB_HOST $WIRELAB_PEER $WIRELAB_PORT {port} $EXTRA $(hostname)";
  RunSpec spec = scenario("", say, say);
  spec.port = 7123;
  spec.environment = {{"EXTRA", "more"}};
  const RunResult four = run_complete(spec);
  EXPECT_EQ(output(four, Side::client), "client 10.0.0.2 7123 7123 more client\n");
  EXPECT_EQ(output(four, Side::server), "server 10.0.0.1 7123 7123 more server\n");
  spec.ipv6 = true;
  EXPECT_EQ(output(run_complete(spec), Side::client), "client fd00::2 7123 7123 more client\n");
}

TEST_F(Hosts, ClientLearnsThePortThatTheServerReallyUses) {
  const RunResult result = run_complete(
      scenario("", "talker tcp-sink 7555", "echo $WIRELAB_PORT; talker tcp-send server {port} 10"));
  EXPECT_EQ(output(result, Side::client), "7555\n");
  EXPECT_EQ(output(result, Side::server), "10 bytes\n");
}

TEST_F(Hosts, CongestionControl) {
  EXPECT_EQ(output(run_complete(scenario("", "", "talker congestion")), Side::client), "reno\n");
  RunSpec spec = scenario("", "", "talker congestion");
  spec.congestion = "no-such-thing";
  try {
    run(spec);
    FAIL() << "accepted";
  } catch (const tracer::Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("no-such-thing"));
    EXPECT_FALSE(failure.hint.empty());
  }
}

TEST_F(Hosts, NothingIsReachableButThePeer) {
  const RunResult result = run_complete(scenario("", "",
                                                 "ls /sys/class/net >/dev/null; cat /proc/net/dev "
                                                 "| tail -n +3 | cut -d: -f1 | tr -d ' ' | sort"));
  EXPECT_EQ(output(result, Side::client), "eth0\nlo\n");
}

TEST_F(Hosts, LoopbackInsideAHostIsNotOnTheWire) {
  const RunResult result = run_complete(
      scenario("", "", "(talker tcp-sink 7001 &) ; sleep 0.2; talker tcp-send 127.0.0.1 7001 10"));
  EXPECT_EQ(result.frames.size(), 0u);
  EXPECT_TRUE(result.complete) << result.incomplete_because;
}

TEST_F(Hosts, CapturesOpenCleanInTshark) {
  if (std::system("tshark --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tshark";
  const RunResult result = run_complete(scenario(
      "delay 5ms; drop c>s data#3", "talker tcp-sink 7000", "talker tcp-send server 7000 20000"));
  std::string path = testing::TempDir() + "wirelab-hosts-XXXXXX";
  close(mkstemp(path.data()));
  {
    tracer::PcapngWriter writer(path, "wirelab test");
    writer.add_interface({"client", tracer::LinkType::ethernet, 65'535});
    writer.add_interface({"server", tracer::LinkType::ethernet, 65'535});
    for (const tracer::Frame& frame : result.frames) writer.write(frame);
    writer.flush();
  }
  const std::string command = "tshark -r " + path +
                              " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE"
                              " -Y '_ws.malformed || ip.checksum.status == 0 || "
                              "tcp.checksum.status == 0 || frame.len > 1514' 2>&1; "
                              "tshark -r " +
                              path + " -Y tcp 2>/dev/null | wc -l";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::array<char, 4096> said{};
  const std::size_t size = std::fread(said.data(), 1, said.size() - 1, pipe);
  pclose(pipe);
  unlink(path.c_str());
  // tshark warns that root should not run it; what counts is that it finds nothing wrong.
  std::string lines(said.data(), size);
  if (lines.starts_with("Running as user")) lines.erase(0, lines.find('\n') + 1);
  EXPECT_EQ(lines, std::to_string(result.frames.size()) + "\n");
}

}  // namespace
}  // namespace testbed
