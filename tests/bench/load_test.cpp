// The load generator, on servers whose behaviour is known. Only lower bounds: a machine that is busy
// makes times longer, never shorter.
#include "bench/servers/load.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "bench/trips/endpoint.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;

/// One thread that serves all connections, and calls `before(number)` before each reply.
class TestServer {
 public:
  TestServer(std::function<void(unsigned)> before, std::string reply)
      : listener_(await_at({}, {htonl(INADDR_LOOPBACK)})),
        before_(std::move(before)),
        reply_(std::move(reply)),
        thread_([this] { serve(); }) {}
  ~TestServer() {
    over_ = true;
    thread_.join();
  }
  sockaddr_in address() const { return address_of(listener_); }

 private:
  void serve() {
    std::vector<Fd> clients;
    std::vector<pollfd> waits;
    for (unsigned served = 0; !over_;) {
      waits.assign(1, {listener_, POLLIN, 0});
      for (const Fd& client : clients) waits.push_back({client, POLLIN, 0});
      poll(waits.data(), waits.size(), 20);
      for (std::size_t i = waits.size(); i-- > 1;) {
        if (waits[i].revents == 0) continue;
        char request[4096];
        const ssize_t got = recv(clients[i - 1], request, sizeof request, 0);
        if (got > 0) {
          before_(served++);
          if (!reply_.empty() &&
              send(clients[i - 1], reply_.data(), reply_.size(), MSG_NOSIGNAL) > 0)
            continue;
        }
        clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i) - 1);
      }
      if (waits[0].revents)
        clients.emplace_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    }
  }

  Fd listener_;
  std::function<void(unsigned)> before_;
  std::string reply_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n";

std::vector<Nanoseconds> each_millisecond(unsigned count) {
  std::vector<Nanoseconds> due;
  for (unsigned i = 0; i < count; ++i) due.emplace_back(1ms * i);
  return due;
}

/// Samples of at least this.
std::uint64_t at_least(const Histogram& times, Nanoseconds time) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < times.buckets().size(); ++i)
    if (Histogram::lowest(i) >= static_cast<std::uint64_t>(time.count())) sum += times.buckets()[i];
  return sum;
}

/// Is stuck for 200 ms before its 100th reply.
void stuck_once(unsigned number) {
  if (number == 99) std::this_thread::sleep_for(200ms);
}

TEST(OpenLoop, AServerThatIsStuckIsSeenByAllWhoWereDueMeanwhile) {
  const TestServer server(stuck_once, good);
  const LoadResult result = open_loop(server.address(), {.connections = 4}, each_millisecond(600));
  EXPECT_EQ(result.times.count(), 600u);
  EXPECT_EQ(result.unanswered, 0u);
  EXPECT_GE(result.times.max(), 199'000'000u);
  // Due every millisecond of the 200: half of them wait for 100 ms and more, one quarter 150.
  EXPECT_GE(at_least(result.times, 98ms), 100u);
  EXPECT_GE(at_least(result.times, 148ms), 50u);
}

TEST(OpenLoop, TheTailShowsIt) {
  const TestServer server(stuck_once, good);
  const LoadResult result = open_loop(server.address(), {.connections = 4}, each_millisecond(1000));
  EXPECT_GE(result.times.quantile(0.9),
            90'000'000.0);  // one in ten: 200 of 1000 had to wait, up to 200 ms
}

TEST(OpenLoop, NoRequestIsSentBeforeItIsDue) {
  const TestServer server([](unsigned) {}, good);
  const auto due = each_millisecond(100);
  EXPECT_GE(open_loop(server.address(), {.connections = 2}, due).seconds, 0.099);
}

TEST(OpenLoop, AConnectionForEachRequest) {
  const TestServer server(stuck_once, good);
  const LoadResult result =
      open_loop(server.address(), {.connections = 4, .keep = false}, each_millisecond(300));
  EXPECT_EQ(result.times.count(), 300u);
  EXPECT_GE(at_least(result.times, 98ms), 90u);
}

TEST(OpenLoop, WhatHasNoReplyIsCounted) {
  const TestServer server(
      [](unsigned number) {
        if (number == 10) std::this_thread::sleep_for(1500ms);
      },
      good);
  const LoadResult result =
      open_loop(server.address(), {.connections = 2, .patience = 100ms}, each_millisecond(50));
  EXPECT_LE(result.times.count(), 10u);
  EXPECT_EQ(result.times.count() + result.unanswered, 50u);
}

TEST(ClosedLoop, AsksAgainAsSoonAsItHasItsReply) {
  const TestServer server([](unsigned) { std::this_thread::sleep_for(2ms); }, good);
  const LoadResult result = closed_loop(server.address(), {.connections = 4}, 200ms);
  EXPECT_GE(result.times.count(), 4u);
  EXPECT_LE(static_cast<double>(result.times.count()) / result.seconds,
            500.0);  // one thread, 2 ms each
  EXPECT_GE(result.times.max(), 2'000'000u);
}

TEST(ClosedLoop, SeesOfAServerThatIsStuckOnlyWhoHadAskedAlready) {
  const TestServer server(stuck_once, good);
  const LoadResult result = closed_loop(server.address(), {.connections = 4}, 500ms);
  EXPECT_GE(result.times.max(), 199'000'000u);
}

TEST(Load, AnotherReplyThan200IsAnError) {
  const TestServer server([](unsigned) {}, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THROW(closed_loop(server.address(), {.connections = 2}, 50ms), TripError);
}

TEST(Load, AnEndWithoutAReplyIsAnError) {
  const TestServer server([](unsigned) {}, "");
  EXPECT_THROW(closed_loop(server.address(), {.connections = 2}, 50ms), TripError);
}

TEST(Load, AReplyIsWaitedForButNotForEver) {
  const TestServer slow([](unsigned) { std::this_thread::sleep_for(50ms); }, good);
  EXPECT_GE(reply_time(slow.address(), 1ms, 30s), 49ms);
  const Fd deaf = await_at({}, {htonl(INADDR_LOOPBACK)});  // the kernel connects, nobody accepts
  EXPECT_THROW(reply_time(address_of(deaf), 1ms, 50ms), TripError);
}

TEST(Load, ArrivalsAreIndependentAndAsManyAsWanted) {
  const std::vector<Nanoseconds> due = arrivals(1000, 100s, 7);
  EXPECT_NEAR(static_cast<double>(due.size()), 100'000, 1600);  // five standard deviations
  EXPECT_TRUE(std::is_sorted(due.begin(), due.end()));
  EXPECT_LT(due.back(), 100s);
  EXPECT_EQ(due, arrivals(1000, 100s, 7));
  std::size_t longer = 0;  // of the gaps a share of 1/e is longer than the mean
  for (std::size_t i = 1; i < due.size(); ++i) longer += due[i] - due[i - 1] > 1ms;
  EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(due.size()), 0.3679, 0.01);
}

}  // namespace
}  // namespace bench
