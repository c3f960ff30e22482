#include "tracer/live/channel.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tracer::live {
namespace {

struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); }
  ~Pair() {
    for (const int end : ends) close(end);
  }
  int ends[2];
};

TEST(Channel, MessagesArriveWholeAndInOrder) {
  const Pair pair;
  ASSERT_TRUE(send(pair.ends[0], Kind::event, "{}"));
  ASSERT_TRUE(send(pair.ends[0], Kind::answer, 7, std::string(100'000, 'x')));
  ASSERT_TRUE(send(pair.ends[0], Kind::event, ""));
  Inbox inbox;
  std::vector<Inbox::Message> got;
  Inbox::Message message{};
  while (got.size() < 3 && inbox.read_from(pair.ends[1]))
    while (inbox.next(message)) got.push_back(message);
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].kind, Kind::event);
  EXPECT_EQ(got[0].body, "{}");
  EXPECT_EQ(got[1].number, 7u);
  EXPECT_EQ(got[1].body.size(), 100'000u);
  EXPECT_EQ(got[2].body, "");
}

TEST(Channel, AMessageInPiecesIsNotReadEarly) {
  const Pair pair;
  const Pair whole;
  ASSERT_TRUE(send(whole.ends[0], Kind::request, 3, "packet 6"));
  char bytes[64];
  const ssize_t size = read(whole.ends[1], bytes, sizeof bytes);
  Inbox inbox;
  Inbox::Message message{};
  for (ssize_t i = 0; i < size; ++i) {
    EXPECT_FALSE(inbox.next(message));
    ASSERT_EQ(write(pair.ends[0], bytes + i, 1), 1);
    ASSERT_TRUE(inbox.read_from(pair.ends[1]));
  }
  ASSERT_TRUE(inbox.next(message));
  EXPECT_EQ(message.body, "packet 6");
}

TEST(Channel, TheEndIsTold) {
  Pair pair;
  shutdown(pair.ends[0], SHUT_WR);
  Inbox inbox;
  EXPECT_FALSE(inbox.read_from(pair.ends[1]));
}

}  // namespace
}  // namespace tracer::live
