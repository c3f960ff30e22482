// Every kind of exchange, for real, a few times each. How long it takes is nobody's business here.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>

#include "bench/trips/child.hpp"
#include "bench/trips/endpoint.hpp"
#include "bench/trips/place.hpp"

namespace bench {
namespace {

class EveryTrip : public testing::TestWithParam<Trip> {};

TEST_P(EveryTrip, ComesBackEachTime) {
  const auto exchange = start_exchange(GetParam(), Loopback());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(exchange->round_trip().has_value()) << "trip " << i;
}

std::vector<Trip> trips() {
  std::vector<Trip> all;
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::unix_stream,
                                  Protocol::unix_datagram, Protocol::pipe})
    for (const Waiting waiting : {Waiting::blocking, Waiting::polling, Waiting::busy})
      for (const std::size_t size : {1u, 64u, 8192u, 65'507u})
        all.push_back({.protocol = protocol,
                       .waiting = waiting,
                       .size = size,
                       .patience = std::chrono::seconds(20)});
  for (const Manner manner :
       {Manner::two_writes, Manner::connect_each, Manner::http_kept, Manner::http_each,
        Manner::tls_1_2, Manner::tls_1_3, Manner::tls_resumed})
    all.push_back({.manner = manner});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Exchange, EveryTrip, testing::ValuesIn(trips()), [](const auto& trip) {
  std::string name = key(trip.param);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

TEST(Exchange, AnAnswerThatNeverComesIsALossAndNotATime) {
  Trip trip{.protocol = Protocol::udp, .patience = std::chrono::milliseconds(20)};
  class Silent : public Place {  // an address at which nobody reads
   public:
    std::unique_ptr<Peer> answer(const Trip& asked) const override {
      auto peer = std::make_unique<Deaf>(asked);
      return peer;
    }

   private:
    struct Deaf : Peer {
      explicit Deaf(const Trip& asked) : socket(await_at(asked, {htonl(INADDR_LOOPBACK)})) {
        address = address_of(socket);
      }
      Fd socket;
    };
  };
  const auto exchange = start_exchange(trip, Silent());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(exchange->round_trip().has_value());
}

/// Answers each connection's first byte after a while in which nothing happens.
class Slow : public Place {
 public:
  std::unique_ptr<Peer> answer(const Trip& asked) const override {
    struct Other : Peer {
      explicit Other(const Trip& trip)
          : awaiting(await_at(trip, {htonl(INADDR_LOOPBACK)})), process([this] {
              for (;;) {
                const Fd connection(accept(awaiting, nullptr, nullptr));
                char byte;
                if (read(connection, &byte, 1) != 1) continue;
                usleep(50'000);
                if (write(connection, &byte, 1) != 1) continue;
              }
            }) {
        address = address_of(awaiting);
      }
      Fd awaiting;
      Child process;
    };
    return std::make_unique<Other>(asked);
  }
};

// A wait for a datagram ends by signals, which reach whatever else this process waits in.
TEST(Exchange, TheSignalsOfOneDoNotDisturbAnother) {
  Trip lost{.protocol = Protocol::udp, .patience = std::chrono::milliseconds(4)};
  const auto ticking = start_exchange(lost, Loopback());
  const auto seldom = start_exchange(
      {.protocol = Protocol::udp, .patience = std::chrono::seconds(400)}, Loopback());
  for (const Waiting waiting : {Waiting::blocking, Waiting::polling, Waiting::busy}) {
    const auto slow = start_exchange({.waiting = waiting, .size = 1}, Slow());
    const auto time = slow->round_trip();
    ASSERT_TRUE(time.has_value());
    EXPECT_GE(*time, std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(start_exchange({.manner = Manner::http_each}, Loopback())->round_trip().has_value());
  EXPECT_TRUE(seldom->round_trip().has_value());
}

TEST(Exchange, AnEndThatIsGoneIsAnError) {
  class Gone : public Place {
   public:
    std::unique_ptr<Peer> answer(const Trip& asked) const override {
      auto peer = std::make_unique<Peer>();
      peer->address = address_of(await_at(asked, {htonl(INADDR_LOOPBACK)}));  // closed at once
      return peer;
    }
  };
  EXPECT_THROW(start_exchange({}, Gone()), TripError);
}

}  // namespace
}  // namespace bench
