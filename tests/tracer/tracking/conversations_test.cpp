#include "tracer/tracking/conversations.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

Endpoint end(std::uint32_t host, std::uint16_t port) {
  const std::byte octets[] = {std::byte{10}, static_cast<std::byte>(host >> 16),
                              static_cast<std::byte>(host >> 8), static_cast<std::byte>(host)};
  return {IpAddress::from(octets), port};
}

TEST(ConversationTable, BothDirectionsAreOne) {
  ConversationTable table;
  const auto there = table.find(6, end(1, 40000), end(2, 80)),
             back = table.find(6, end(2, 80), end(1, 40000));
  EXPECT_TRUE(there.is_new);
  EXPECT_FALSE(back.is_new);
  EXPECT_EQ(there.conversation, back.conversation);
  EXPECT_EQ(there.direction, 0u);
  EXPECT_EQ(back.direction, 1u);
}

TEST(ConversationTable, ProtocolPortsAndAddressesTellApart) {
  ConversationTable table;
  table.find(6, end(1, 1), end(2, 2));
  EXPECT_TRUE(table.find(17, end(1, 1), end(2, 2)).is_new);
  EXPECT_TRUE(table.find(6, end(1, 2), end(2, 1)).is_new);
  EXPECT_TRUE(table.find(6, end(1, 1), end(3, 2)).is_new);
  EXPECT_EQ(table.size(), 4u);
}

TEST(ConversationTable, AnEndpointMayTalkToItself) {
  ConversationTable table;
  const auto found = table.find(17, end(1, 7), end(1, 7));
  EXPECT_EQ(found.direction, 0u);
  EXPECT_FALSE(table.find(17, end(1, 7), end(1, 7)).is_new);
}

TEST(ConversationTable, GrowsAndKeepsAddresses) {
  ConversationTable table;
  const Conversation* first = table.find(6, end(0, 1), end(1, 1)).conversation;
  for (std::uint32_t i = 0; i < 50'000; ++i) table.find(6, end(i, 1), end(i + 1, 1));
  EXPECT_EQ(table.size(), 50'000u);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const auto found = table.find(6, end(i + 1, 1), end(i, 1));
    ASSERT_FALSE(found.is_new) << i;
    ASSERT_EQ(found.conversation->index, i);
    ASSERT_EQ(found.direction, 1u);
  }
  EXPECT_EQ(table.find(6, end(0, 1), end(1, 1)).conversation, first);
}

TEST(ConversationTable, AReplacementIsWhatIsFoundFromThenOn) {
  ConversationTable table;
  Conversation* old = table.find(6, end(1, 1), end(2, 2)).conversation;
  old->packets[0] = 5;
  const auto fresh = table.replace(6, end(2, 2), end(1, 1));
  EXPECT_NE(fresh.conversation, old);
  EXPECT_EQ(fresh.conversation->ends[0].text(), "10.0.0.2:2");
  EXPECT_EQ(table.find(6, end(1, 1), end(2, 2)).conversation, fresh.conversation);
  EXPECT_EQ(table[0].packets[0], 5u);
  EXPECT_EQ(table.size(), 2u);
}

}  // namespace
}  // namespace tracer
