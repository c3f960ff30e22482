// The notation itself: what it builds, and how it fails.
#include "tests/support/track.hpp"

#include <gtest/gtest-spi.h>

#include "tracer/bytes/checksum.hpp"

namespace support {
namespace {

TEST(Notation, ALineBecomesAFrameWithRightChecksums) {
  const auto segment = parse_segment(
      "0.031  client > server  P.  1001:1101(100) ack 5001 win 512 <mss 1460,wscale 7>");
  const Buffer bytes = frame_of(segment, 9);
  const auto packet = decoded(bytes);
  ASSERT_TRUE(packet.tcp);
  EXPECT_EQ(layers(packet), "Ethernet/IPv4/TCP");
  EXPECT_EQ(packet.tcp->seq(), tracer::SeqNumber{1001});
  EXPECT_EQ(packet.tcp->ack(), tracer::SeqNumber{5001});
  EXPECT_EQ(packet.tcp->window(), 512);
  EXPECT_EQ(packet.tcp->flags().bits, tracer::TcpFlags::psh | tracer::TcpFlags::ack);
  EXPECT_EQ(packet.tcp_length(), 100u);
  EXPECT_EQ(packet.source_endpoint().text(), "10.0.0.1:40000");
  EXPECT_EQ(tracer::transport_checksum_right(packet), true);
  const auto options = tracer::TcpOptions::parse(packet.tcp->options());
  EXPECT_EQ(options.mss, 1460);
  EXPECT_EQ(options.window_scale, 7);
}

TEST(Notation, FaultsNameTheLine) {
  EXPECT_THROW(parse_segment("0.0 client > server S 1000:1001(0)"), std::invalid_argument);
  EXPECT_THROW(parse_segment("0.0 client > router S 1000:1000(0)"), std::invalid_argument);
  EXPECT_THROW(parse_segment("0.0 client > server Z 1000:1000(0)"), std::invalid_argument);
  EXPECT_THROW(parse_segment("0.0 client > server S 1000:1000(0) ack"), std::invalid_argument);
  EXPECT_THROW(parse_segment("soon client > server S 1000:1000(0)"), std::invalid_argument);
}

TEST(Notation, AFailureTeaches) {
  testing::TestPartResultArray results;
  {
    testing::ScopedFakeTestPartResultReporter reporter(&results);
    track({"0.000  client > server  S   1000:1000(0)",
           "0.031  server > client  S.  5000:5000(0) ack 1001",
           "0.031  client > server  P.  1001:1101(100) ack 5001   => client SND.UNA 1001",
           "0.062  server > client  .   5001:5001(0) ack 1101     => client SND.UNA 1102"},
          {"only SND.UNA < SEG.ACK =< SND.NXT acknowledges anything new (RFC 9293 §3.4)",
           "tracer/tracking/tcp_states.cpp, receives()"});
  }
  ASSERT_EQ(results.size(), 1);
  const std::string message = results.GetTestPartResult(0).message();
  EXPECT_NE(message.find("    0.031  client > server  P.  1001:1101(100) ack 5001"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find(" >> 0.062  server > client  .   5001:5001(0) ack 1101"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("client SND.UNA 1101, expected 1102"), std::string::npos) << message;
  EXPECT_NE(message.find("why:    only SND.UNA"), std::string::npos) << message;
  EXPECT_NE(message.find("where:  tracer/tracking/tcp_states.cpp"), std::string::npos) << message;
}

// RFC 9293 §3.4: an acceptable ACK has SND.UNA < SEG.ACK =< SND.NXT.
TEST(TcpTracking, DuplicateAckLeavesSndUnaAlone) {
  const auto connection = track({
      "0.000  client > server  S   1000:1000(0)",
      "0.031  server > client  S.  5000:5000(0) ack 1001",
      "0.031  client > server  P.  1001:1101(100) ack 5001",
      "0.062  server > client  .   5001:5001(0) ack 1101",
      "0.063  server > client  .   5001:5001(0) ack 1101",
  });
  EXPECT_EQ(connection.client.snd_una, tracer::SeqNumber{1101});
  EXPECT_EQ(connection.server.duplicate_acks, 1);
}

}  // namespace
}  // namespace support
