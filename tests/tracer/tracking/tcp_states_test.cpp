// RFC 9293 §3.3.2, figure 5: each path, as both ends see it.
#include "tracer/tracking/tcp_states.hpp"

#include "tests/support/track.hpp"

namespace tracer {
namespace {

using support::track;
using Script = std::vector<std::string>;

Script then(Script rest) {
  Script all{
      "0.000  client > server  S   1000:1000(0)              => client SYN-SENT, server "
      "SYN-RECEIVED",
      "0.010  server > client  S.  5000:5000(0) ack 1001     => client ESTABLISHED, server "
      "SYN-RECEIVED",
      "0.020  client > server  .   1001:1001(0) ack 5001     => client ESTABLISHED, server "
      "ESTABLISHED"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

// Figure 6.
TEST(TcpStates, Handshake) {
  const auto connection = track(then({}));
  EXPECT_EQ(connection.client.snd_una, SeqNumber{1001});
  EXPECT_EQ(connection.client.rcv_nxt, SeqNumber{5001});
  EXPECT_EQ(connection.server.rcv_nxt, SeqNumber{1001});
}

// Figure 12.
TEST(TcpStates, NormalClose) {
  track(then(
      {"0.030  client > server  F.  1001:1001(0) ack 5001     => client FIN-WAIT-1, server "
       "CLOSE-WAIT",
       "0.040  server > client  .   5001:5001(0) ack 1002     => client FIN-WAIT-2, server "
       "CLOSE-WAIT",
       "0.050  server > client  F.  5001:5001(0) ack 1002     => client TIME-WAIT, server LAST-ACK",
       "0.060  client > server  .   1002:1002(0) ack 5002     => client TIME-WAIT, server "
       "CLOSED"}));
}

TEST(TcpStates, CloseInThreeSegments) {
  track(then(
      {"0.030  client > server  F.  1001:1001(0) ack 5001     => client FIN-WAIT-1, server "
       "CLOSE-WAIT",
       "0.040  server > client  F.  5001:5001(0) ack 1002     => client TIME-WAIT, server LAST-ACK",
       "0.050  client > server  .   1002:1002(0) ack 5002     => client TIME-WAIT, server "
       "CLOSED"}));
}

// Figure 13. Both FINs are under way at once: neither acknowledges the other.
TEST(TcpStates, SimultaneousClose) {
  TcpEnd client, server;
  const auto at = [&](TcpEnd& from, TcpEnd& to, const std::string& line, bool sent, bool heard) {
    const auto segment = support::parse_segment(line);
    const auto bytes = support::frame_of(segment, 1);
    const Packet packet = support::decoded(bytes);
    if (sent) from.sends(*packet.tcp, segment.length);
    if (heard) to.receives(*packet.tcp, segment.length);
  };
  at(client, server, "0.0  client > server  S   1000:1000(0)", true, true);
  at(server, client, "0.0  server > client  S.  5000:5000(0) ack 1001", true, true);
  at(client, server, "0.0  client > server  .   1001:1001(0) ack 5001", true, true);
  at(client, server, "0.1  client > server  F.  1001:1001(0) ack 5001", true, false);
  at(server, client, "0.1  server > client  F.  5001:5001(0) ack 1001", true, false);
  EXPECT_EQ(client.state(), TcpState::fin_wait_1);
  EXPECT_EQ(server.state(), TcpState::fin_wait_1);
  at(client, server, "0.1  client > server  F.  1001:1001(0) ack 5001", false, true);
  at(server, client, "0.1  server > client  F.  5001:5001(0) ack 1001", false, true);
  EXPECT_EQ(client.state(), TcpState::closing);
  EXPECT_EQ(server.state(), TcpState::closing);
  at(client, server, "0.2  client > server  .   1002:1002(0) ack 5002", true, true);
  at(server, client, "0.2  server > client  .   5002:5002(0) ack 1002", true, true);
  EXPECT_EQ(client.state(), TcpState::time_wait);
  EXPECT_EQ(server.state(), TcpState::time_wait);
}

// Figure 7: both send SYN, both answer the other's with SYN-ACK.
TEST(TcpStates, SimultaneousOpen) {
  track({"0.000  client > server  S   1000:1000(0)",
         "0.000  server > client  S   5000:5000(0)              => client SYN-RECEIVED",
         "0.010  client > server  S.  1000:1000(0) ack 5001     => client SYN-RECEIVED, server "
         "ESTABLISHED",
         "0.010  server > client  S.  5000:5000(0) ack 1001     => client ESTABLISHED"});
}

TEST(TcpStates, HalfClose) {
  const auto connection =
      track(then({"0.030  client > server  F.  1001:1001(0) ack 5001     => client FIN-WAIT-1, "
                  "server CLOSE-WAIT",
                  "0.040  server > client  .   5001:5001(0) ack 1002     => client FIN-WAIT-2",
                  "0.050  server > client  P.  5001:5101(100) ack 1002   => client FIN-WAIT-2, "
                  "server CLOSE-WAIT",
                  "0.060  client > server  .   1002:1002(0) ack 5101     => client FIN-WAIT-2"}));
  EXPECT_EQ(connection.client.rcv_nxt, SeqNumber{5101});
}

TEST(TcpStates, AFinBeforeTheHandshakeIsDone) {
  track({"0.000  client > server  S   1000:1000(0)",
         "0.010  server > client  S.  5000:5000(0) ack 1001",
         "0.020  server > client  F.  5001:5001(0) ack 1001     => server FIN-WAIT-1",
         "0.030  client > server  .   1001:1001(0) ack 5001     => server FIN-WAIT-1",
         "0.040  client > server  .   1001:1001(0) ack 5002     => server FIN-WAIT-2"});
}

// §3.5.2: nobody listens.
TEST(TcpStates, Refused) {
  track({"0.000  client > server  S   1000:1000(0)              => client SYN-SENT",
         "0.010  server > client  R.  0:0(0) ack 1001           => client CLOSED, server CLOSED"});
}

// §3.10.7.3: in SYN-SENT a reset that does not acknowledge the SYN is not believed.
TEST(TcpStates, AResetWithAWrongAckIsIgnoredInSynSent) {
  track({"0.000  client > server  S   1000:1000(0)",
         "0.010  server > client  R.  0:0(0) ack 999            => client SYN-SENT"});
}

TEST(TcpStates, ResetInTheMiddle) {
  track(then(
      {"0.030  client > server  R.  1001:1001(0) ack 5001     => client CLOSED, server CLOSED"}));
}

TEST(TcpStates, AnOldResetIsIgnored) {
  track(then({"0.030  client > server  R   900:900(0)     => server ESTABLISHED"}));
}

TEST(TcpStates, ARepeatedFinChangesNothing) {
  track(then(
      {"0.030  client > server  F.  1001:1001(0) ack 5001     => client FIN-WAIT-1, server "
       "CLOSE-WAIT",
       "0.300  client > server  F.  1001:1001(0) ack 5001     => client FIN-WAIT-1, server "
       "CLOSE-WAIT",
       "0.310  server > client  .   5001:5001(0) ack 1002     => client FIN-WAIT-2",
       "0.320  server > client  F.  5001:5001(0) ack 1002     => client TIME-WAIT, server LAST-ACK",
       "0.600  server > client  F.  5001:5001(0) ack 1002     => client TIME-WAIT, server LAST-ACK",
       "0.610  client > server  .   1002:1002(0) ack 5002     => client TIME-WAIT, server "
       "CLOSED"}));
}

TEST(TcpStates, AFinThatOvertookItsDataWaitsForIt) {
  track(
      then({"0.030  client > server  F.  1101:1101(0) ack 5001     => server ESTABLISHED, server "
            "RCV.NXT 1001",
            "0.031  client > server  P.  1001:1101(100) ack 5001   => server CLOSE-WAIT, server "
            "RCV.NXT 1102"}));
}

TEST(TcpStates, HolesFillInAnyOrder) {
  track(then({"0.030  client > server  P.  1301:1401(100) ack 5001   => server RCV.NXT 1001",
              "0.031  client > server  P.  1101:1201(100) ack 5001   => server RCV.NXT 1001",
              "0.032  client > server  P.  1001:1101(100) ack 5001   => server RCV.NXT 1201",
              "0.033  client > server  P.  1151:1301(150) ack 5001   => server RCV.NXT 1401"}));
}

TEST(TcpStates, AcksOfWhatWasNeverSentMoveNothing) {
  track(then({"0.030  server > client  .   5001:5001(0) ack 2000     => client SND.UNA 1001",
              "0.031  server > client  .   5001:5001(0) ack 900      => client SND.UNA 1001"}),
        {"only SND.UNA < SEG.ACK =< SND.NXT acknowledges anything new (RFC 9293 §3.4)",
         "tracer/tracking/tcp_states.cpp, receives()"});
}

TEST(TcpStates, TheSequenceSpaceWraps) {
  track({"0.000  client > server  S   4294967290:4294967290(0)",
         "0.010  server > client  S.  4294967295:4294967295(0) ack 4294967291",
         "0.020  client > server  P.  4294967291:95(100) ack 0     => server RCV.NXT 95, client "
         "RCV.NXT 0",
         "0.030  server > client  F.  0:0(0) ack 95                => client SND.UNA 95, client "
         "CLOSE-WAIT",
         "0.040  client > server  F.  95:95(0) ack 1               => client LAST-ACK",
         "0.050  server > client  .   1:1(0) ack 96                => client CLOSED, server "
         "TIME-WAIT"});
}

// A capture that begins in the middle: whoever is heard first, wherever the numbers stand.
TEST(TcpStates, MidStreamFromAnyNumber) {
  for (const std::uint32_t base : {1000u, 0x7ffffff0u, 0xb0000000u, 0xfffffff0u}) {
    const auto line = [](const char* host, const char* flags, std::uint32_t seq, std::uint32_t ack,
                         const char* expect) {
      const std::string number = std::to_string(seq);
      return std::string("0.0  ") + host + "  " + flags + "  " + number + ":" + number +
             "(0) ack " + std::to_string(ack) + "   => " + expect;
    };
    track({line("client > server", ".", base, base + 7, "client ESTABLISHED, server ESTABLISHED"),
           line("server > client", "F.", base + 7, base, "server FIN-WAIT-1, client CLOSE-WAIT"),
           line("client > server", ".", base, base + 8, "server FIN-WAIT-2"),
           line("client > server", "F.", base, base + 8, "server TIME-WAIT, client LAST-ACK"),
           line("server > client", ".", base + 8, base + 1, "client CLOSED")});
  }
}

TEST(TcpStates, PortsUsedAgainBeginAgain) {
  track(then({"0.030  client > server  F.  1001:1001(0) ack 5001",
              "0.040  server > client  F.  5001:5001(0) ack 1002",
              "0.050  client > server  .   1002:1002(0) ack 5002     => server CLOSED",
              "9.000  client > server  S   90000:90000(0)            => client SYN-SENT, server "
              "SYN-RECEIVED",
              "9.010  server > client  S.  70000:70000(0) ack 90001  => client ESTABLISHED",
              "9.020  client > server  .   90001:90001(0) ack 70001  => server ESTABLISHED"}));
}

TEST(TcpStates, NamesAreTheRfcs) {
  EXPECT_EQ(name(TcpState::syn_sent), "SYN-SENT");
  EXPECT_EQ(name(TcpState::time_wait), "TIME-WAIT");
  EXPECT_EQ(name(TcpState::unknown), "");
}

}  // namespace
}  // namespace tracer
