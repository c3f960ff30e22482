#include "labs/testbed/wire_process.hpp"

#include <fmt/format.h>
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <queue>

#include "labs/testbed/messages.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using tracer::Nanoseconds;
using tracer::Timestamp;

constexpr int receive_buffer = 64 << 20;  // bytes; each frame costs about 2 KiB of it
constexpr std::size_t largest_frame = 65'536;

/// Wall-clock time that never steps during a run: read once, then counted by the steady clock.
class Clock {
 public:
  Clock() : offset_(read(CLOCK_REALTIME) - read(CLOCK_MONOTONIC)) {}
  Timestamp now() const { return Timestamp(read(CLOCK_MONOTONIC) + offset_); }

 private:
  static Nanoseconds read(clockid_t clock) {
    timespec time;
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
  }
  Nanoseconds offset_;
};

struct Waiting {
  Timestamp departure;
  std::uint64_t order;  // among equals, first come first served
  std::uint64_t id;
  Side to;
  std::uint8_t copy;
  bool corrupted;
  std::vector<std::byte> frame;

  bool operator<(const Waiting& other) const {  // the queue gives its largest first
    return departure != other.departure ? departure > other.departure : order > other.order;
  }
};

struct Held {
  std::uint64_t packets_left;
  Waiting frame;
};

Fd open_link(const std::string& interface) {
  Fd link(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  // Without this the wire would hear itself, and forward its own frames for ever (Linux 4.20).
  if (link < 0 || setsockopt(link, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0)
    throw tracer::Failure(tracer::exit_code::not_permitted,
                          fmt::format("packet socket: {}", std::strerror(errno)),
                          "wirelab doctor says what this system forbids, and the remedy");
  if (setsockopt(link, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0)
    setsockopt(link, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  if (bind(link, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw tracer::Failure(tracer::exit_code::failed,
                          fmt::format("packet socket: {}", std::strerror(errno)));
  return link;
}

class Wire {
 public:
  explicit Wire(const WireSetup& setup)
      : setup_(setup), links_{open_link(setup.interfaces[0]), open_link(setup.interfaces[1])} {}

  int run() {
    for (;;) {
      send_due();
      setup_.gauge->waiting = queue_.size() + held_[0].size() + held_[1].size();
      if (finishing_ && queue_.empty()) return finish();
      std::array<pollfd, 3> ready{
          {{links_[0], POLLIN, 0}, {links_[1], POLLIN, 0}, {setup_.control, POLLIN, 0}}};
      timespec wait{}, *limit = nullptr;
      if (!queue_.empty()) {
        const auto left = std::max(queue_.top().departure - clock_.now(), Nanoseconds{0});
        wait = {static_cast<time_t>(left.count() / 1'000'000'000),
                static_cast<long>(left.count() % 1'000'000'000)};
        limit = &wait;
      }
      if (ppoll(ready.data(), ready.size(), limit, nullptr) < 0 && errno != EINTR) return 1;
      for (const Side side : {Side::client, Side::server})
        if (ready[static_cast<std::size_t>(side)].revents) receive(side);
      if (ready[2].revents && !command()) return 1;
    }
  }

 private:
  int link(Side side) const { return links_[static_cast<std::size_t>(side)]; }

  void receive(Side from) {
    for (int burst = 0; burst < 64; ++burst) {  // then let the other side and the clock have a turn
      const ssize_t got = recv(link(from), buffer_.data(), buffer_.size(), MSG_TRUNC);
      if (got < 0) return;
      const auto size = std::min(static_cast<std::size_t>(got), buffer_.size());
      take(from, tracer::Bytes(buffer_).first(size));
      if (queue_.empty() || queue_.top().departure <= clock_.now()) send_due();
    }
  }

  void take(Side from, tracer::Bytes bytes) {
    if (is_housekeeping(bytes)) return;
    const Timestamp now = clock_.now();
    tracer::Frame frame;
    frame.time = now;
    frame.bytes = bytes;
    frame.original_length = static_cast<std::uint32_t>(bytes.size());
    frame.vantage = static_cast<std::uint32_t>(from);
    const Decision decision = setup_.rules->decide(from, frame, now);

    const std::size_t lane = static_cast<std::size_t>(from);
    ++counts_.received[lane];
    setup_.gauge->received = ++packets_;
    std::vector<std::byte> content(bytes.begin(), bytes.end());
    const std::uint64_t came = digest(content);
    if (decision.corrupt) content[decision.corrupt_at] ^= std::byte{0xff};
    const DecidedHead head{packets_,
                           now.time_since_epoch().count(),
                           static_cast<std::uint8_t>(from),
                           decision.dropped,
                           decision.corrupt,
                           decision.hold > 0,
                           decision.copies,
                           frame.original_length,
                           decision.rule,
                           decision.departure.time_since_epoch().count(),
                           decision.corrupt_at,
                           came,
                           decision.corrupt ? digest(content) : came};
    send_message(setup_.report, MessageType::decided, head, tracer::as_bytes(decision.cause));
    if (decision.dropped) return;

    for (unsigned copy = 0; copy < decision.copies; ++copy) {
      Waiting waiting{
          decision.departure, ++order_, packets_, other(from), static_cast<std::uint8_t>(copy),
          decision.corrupt,   content};
      if (decision.hold > 0)
        held_[lane].push_back({decision.hold, std::move(waiting)});
      else
        queue_.push(std::move(waiting));
    }
    if (decision.hold == 0) release(lane, decision.departure);
  }

  /// A packet has passed: those held back come one closer to their turn, right behind it.
  void release(std::size_t lane, Timestamp departure) {
    for (Held& held : held_[lane]) {
      if (--held.packets_left > 0) continue;
      held.frame.departure = std::max(held.frame.departure, departure);
      held.frame.order = ++order_;
      queue_.push(std::move(held.frame));
    }
    std::erase_if(held_[lane], [](const Held& held) { return held.packets_left == 0; });
  }

  void send_due() {
    while (!queue_.empty() && queue_.top().departure <= clock_.now()) {
      const Waiting& due = queue_.top();
      const bool failed = send(link(due.to), due.frame.data(), due.frame.size(), 0) < 0;
      if (failed)
        ++counts_.refused;
      else
        ++counts_.sent[static_cast<std::size_t>(due.to)];
      const SentHead head{due.id,
                          clock_.now().time_since_epoch().count(),
                          static_cast<std::uint8_t>(due.to),
                          due.copy,
                          due.corrupted,
                          failed};
      send_message(setup_.report, MessageType::sent, head);
      queue_.pop();
    }
  }

  /// False if the conductor is gone.
  bool command() {
    char letter = 0;
    if (read(setup_.control, &letter, 1) != 1) return false;
    if (letter == wire_command::sentinel) sentinels(false);
    if (letter == wire_command::finish) {
      finishing_ = true;
      for (std::size_t lane : {0u, 1u}) {
        for (Held& held : held_[lane]) queue_.push(std::move(held.frame));
        held_[lane].clear();
      }
    }
    if (letter == wire_command::inject) {
      std::uint32_t size = 0;
      if (read(setup_.control, &size, sizeof size) != sizeof size || size > 4096) return false;
      std::string script(size, ' ');
      if (read(setup_.control, script.data(), size) != static_cast<ssize_t>(size)) return false;
      try {
        for (WireRule& rule : parse_wire_script(script))
          setup_.rules->add(std::move(rule), setup_.compile);
      } catch (const tracer::Failure& failure) {
        send_message(setup_.report, MessageType::note, tracer::as_bytes(failure.what()));
      }
    }
    return true;
  }

  void sentinels(bool last) {
    std::array<std::byte, 60> frame{};
    for (std::size_t i = 0; i < 6; ++i) frame[i] = std::byte{0xff};
    frame[6] = std::byte{0x02};
    frame[12] = std::byte{0x88};
    frame[13] = std::byte{0xb5};
    frame[14] = static_cast<std::byte>(last);
    for (const Side side : {Side::client, Side::server})
      if (send(link(side), frame.data(), frame.size(), 0) < 0)
        send_message(setup_.report, MessageType::note,
                     tracer::as_bytes(fmt::format("the wire cannot reach the {}: {}", name(side),
                                                  std::strerror(errno))));
  }

  int finish() {
    for (const Side side : {Side::client, Side::server}) receive(side);
    send_due();
    sentinels(true);
    for (const Fd& one : links_) {
      tpacket_stats statistics{};
      socklen_t size = sizeof statistics;
      if (getsockopt(one, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0)
        counts_.overflow += statistics.tp_drops;
    }
    const auto& applied = setup_.rules->applied();
    counts_.applied = applied.size();
    send_message(setup_.report, MessageType::wire_done, counts_, std::as_bytes(std::span(applied)));
    return 0;
  }

  const WireSetup& setup_;
  Fd links_[2];
  Clock clock_;
  std::priority_queue<Waiting> queue_;
  std::vector<Held> held_[2];  // by the side that they came from
  WireCounts counts_{};
  std::uint64_t packets_ = 0, order_ = 0;
  bool finishing_ = false;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(largest_frame);
};

}  // namespace

int run_wire(const WireSetup& setup) {
  try {
    return Wire(setup).run();
  } catch (const tracer::Failure& failure) {
    send_message(setup.report, MessageType::failure, failure.code,
                 tracer::as_bytes(std::string(failure.what()) + '\0' + failure.hint));
    return 1;
  }
}

}  // namespace testbed
