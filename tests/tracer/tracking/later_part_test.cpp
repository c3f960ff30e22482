#include "tracer/tracking/later_part.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

using namespace support;

constexpr std::uint16_t syn = TcpFlags::syn, ack = TcpFlags::ack;

/// One capture in two parts, each followed by its own.
class Halves {
 public:
  void before(const Buffer& frame) {
    Packet packet = decoded(frame);
    packet.number = ++frames_;
    earlier_.track(packet);
  }
  bool after(const Buffer& frame) {
    Packet packet = decoded(frame);
    packet.number = ++later_frames_;
    return later_.follow(packet);
  }
  bool join() { return later_.join(earlier_, frames_); }

  const ConversationTable& earlier() const { return earlier_.conversations(); }
  const ConversationTable& later() const { return later_.conversations(); }

 private:
  Tracker earlier_;
  LaterPart later_;
  std::uint64_t frames_ = 0, later_frames_ = 0;
};

Buffer opening(std::uint16_t port, std::uint32_t isn) {
  return tcp_frame({.source = port, .seq = isn, .flags = syn});
}
Buffer datagram(std::uint16_t port) {
  return ethernet(0x0800, ipv4({.protocol = 17}, udp(port, 7001, text("hello"))));
}
/// "Port unreachable", about the client's segment or datagram.
Buffer error_about(std::uint8_t protocol, const Buffer& transport) {
  return ethernet(0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                               icmp(3, 3, 0, ipv4({.protocol = protocol}, transport))));
}

TEST(LaterPart, AConnectionThatBeginsThereNeedsNothingFromBefore) {
  Halves halves;
  halves.before(opening(1, 100));
  EXPECT_TRUE(halves.after(opening(2, 100)));
  EXPECT_TRUE(halves.after(tcp_frame({.source = 2, .seq = 101}, text("hello"))));
  EXPECT_TRUE(halves.join());
  EXPECT_EQ(halves.earlier().size(), 1u);
  ASSERT_EQ(halves.later().size(), 1u);
  EXPECT_EQ(halves.later()[0].packets[0], 2u);
  EXPECT_EQ(halves.later()[0].payload_bytes[0], 5u);
}

TEST(LaterPart, WhatBeganBeforeGoesOnThere) {
  Halves halves;
  halves.before(opening(1, 100));
  halves.before(datagram(3));
  EXPECT_TRUE(halves.after(tcp_frame({.source = 1, .seq = 101}, text("hello"))));
  EXPECT_TRUE(halves.after(datagram(3)));
  EXPECT_EQ(halves.earlier()[0].packets[0], 1u);
  EXPECT_TRUE(halves.join());
  EXPECT_EQ(halves.later().size(), 0u);
  ASSERT_EQ(halves.earlier().size(), 2u);
  EXPECT_EQ(halves.earlier()[0].payload_bytes[0], 5u);
  EXPECT_EQ(halves.earlier()[1].packets[0], 2u);
}

TEST(LaterPart, WhatOnlySeemsToHaveBegunBeforeIsNewThere) {
  Halves halves;
  halves.before(opening(1, 100));
  EXPECT_TRUE(halves.after(datagram(4)));
  EXPECT_TRUE(halves.join());
  ASSERT_EQ(halves.earlier().size(), 2u);
  EXPECT_EQ(halves.earlier()[1].first_number, 2u);
}

TEST(LaterPart, ASynThatIsARepeatedOneIsToldBeforeAnythingIsGiven) {
  Halves halves;
  halves.before(opening(1, 100));
  halves.before(datagram(3));
  EXPECT_TRUE(halves.after(datagram(3)));
  EXPECT_TRUE(halves.after(opening(1, 100)));
  EXPECT_FALSE(halves.join());
  EXPECT_EQ(halves.earlier()[1].packets[0], 1u);
}

TEST(LaterPart, PortsUsedAgainAreAnotherConnection) {
  Halves halves;
  halves.before(opening(1, 100));
  EXPECT_TRUE(halves.after(opening(1, 200)));
  EXPECT_TRUE(halves.join());
  EXPECT_EQ(halves.earlier()[0].packets[0], 1u);
  EXPECT_EQ(halves.later()[0].packets[0], 1u);
}

TEST(LaterPart, PortsUsedAgainAfterAPacketFromBeforeStayWithIt) {
  Halves halves;
  halves.before(opening(1, 100));
  EXPECT_TRUE(halves.after(tcp_frame({.source = 1, .seq = 101, .flags = TcpFlags::fin})));
  EXPECT_TRUE(halves.after(opening(1, 200)));
  EXPECT_TRUE(halves.after(tcp_frame({.source = 1, .seq = 201}, text("hello"))));
  EXPECT_EQ(halves.later().size(), 0u);
  EXPECT_TRUE(halves.join());
  ASSERT_EQ(halves.earlier().size(), 2u);
  EXPECT_EQ(halves.earlier()[0].packets[0], 2u);
  EXPECT_EQ(halves.earlier()[1].packets[0], 2u);
}

TEST(LaterPart, AnErrorGoesWhereItsConversationIs) {
  const Buffer known = tcp({.source = 1, .seq = 100, .flags = syn}, {}),
               fresh = tcp({.source = 2, .seq = 100, .flags = syn}, {});
  Halves halves;
  halves.before(opening(1, 100));
  EXPECT_TRUE(halves.after(opening(2, 100)));
  EXPECT_TRUE(halves.after(error_about(6, known)));
  EXPECT_TRUE(halves.after(error_about(6, fresh)));
  EXPECT_TRUE(halves.join());
  EXPECT_EQ(halves.earlier()[0].packets[1], halves.later()[0].packets[1]);
  EXPECT_EQ(halves.earlier().size() + halves.later().size(), 2u);
}

// An error alone gave the endpoints a conversation, and that is the one which goes on.
TEST(LaterPart, AConversationKnownByAnErrorAloneIsNotBegunAgain) {
  Halves halves;
  halves.before(error_about(6, tcp({.source = 1, .seq = 100, .flags = syn}, {})));
  EXPECT_TRUE(halves.after(opening(1, 200)));
  EXPECT_FALSE(halves.join());
}

TEST(LaterPart, ASynAckBeginsNothing) {
  Halves halves;
  EXPECT_TRUE(halves.after(tcp_frame({.seq = 1, .flags = syn | ack})));
  EXPECT_EQ(halves.later().size(), 0u);
}

TEST(LaterPart, AFragmentMayNeedAnEarlierOne) {
  Halves halves;
  const Buffer piece = ethernet(0x0800, ipv4({.protocol = 17, .more = true}, Buffer(64)));
  EXPECT_FALSE(halves.after(piece));
}

TEST(LaterPart, WhatIsKeptIsBounded) {
  Halves halves;
  const Buffer large = tcp_frame({}, Buffer(1400));
  std::size_t bytes = 0;
  while (halves.after(large)) {
    bytes += large.size();
    ASSERT_LE(bytes, LaterPart::most_kept);
  }
  EXPECT_GT(bytes, LaterPart::most_kept / 2);
}

}  // namespace
}  // namespace tracer
