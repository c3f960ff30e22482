// Packets in, the same packets with what is known of them out; conversations kept meanwhile.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/tracking/applications.hpp"
#include "tracer/tracking/conversations.hpp"
#include "tracer/tracking/fragments.hpp"
#include "tracer/tracking/tcp_analysis.hpp"

namespace tracer {

/// What tracking adds to a packet. Valid until the next one is tracked.
struct Tracked {
  const Conversation* conversation =
      nullptr;             // null: no IP, a fragment still incomplete, or not to be followed
  unsigned direction = 0;  // 0: from conversation->ends[0]
  std::optional<TcpFacts> tcp;
  TcpOptions tcp_options;                         // of a TCP segment; else not meant for anybody
  Nanoseconds since_first{0}, since_previous{0};  // in its conversation
  std::optional<std::uint32_t> udp_stream;
  bool unreachable = false;           // an ICMP error about this conversation
  std::span<const Message> messages;  // of applications, completed by this packet
};

/// One vantage point's memory. Feed packets in file order.
class Tracker {
 public:
  enum class Follows {
    all,
    begun_here,  // TCP connections whose first packet here is a SYN; others leave no trace
  };
  /// The key of a conversation, where it is known.
  using Expected = std::optional<std::uint32_t>;
  explicit Tracker(Follows what = Follows::all, Facts facts = Facts::all)
      : follows_(what), facts_(facts) {}
  /// Also takes application messages out of the payload from now on. Costs time and memory.
  void follow_applications() { applications_ = std::make_unique<Applications>(); }
  /// Completes `packet` from earlier fragments where it is the last one, and files it.
  const Tracked& track(Packet& packet) { return track(packet, {}); }
  /// The same, with what expect() said of the packet.
  const Tracked& track(Packet& packet, Expected expected);
  /// `packet` will be tracked soon: what is known of its conversation is fetched meanwhile.
  Expected expect(const Packet& packet) const;
  const ConversationTable& conversations() const { return table_; }
  /// The newest conversation between these endpoints; its pointer is null if there is none.
  ConversationTable::Found known(std::uint8_t protocol, const Endpoint& source,
                                 const Endpoint& destination) {
    return table_.known(protocol, source, destination);
  }

 private:
  /// Its conversation is null where it is not to be followed.
  ConversationTable::Found find(const Packet& packet, std::uint8_t protocol, const Endpoint& source,
                                const Endpoint& destination, Expected expected = {});
  void tcp(Packet& packet, Expected expected);
  void count(const Packet& packet, Conversation& conversation);

  const Follows follows_;
  const Facts facts_;
  ConversationTable table_;
  Fragments fragments_;
  Tracked tracked_;
  std::unique_ptr<Applications> applications_;  // null: nobody asked
  std::uint32_t tcp_streams_ = 0, udp_streams_ = 0;
};

}  // namespace tracer
