// Which packets belong together: a TCP connection, or the packets between two endpoints.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "tracer/tracking/history.hpp"
#include "tracer/tracking/tcp_analysis.hpp"
#include "tracer/wire/packet.hpp"

namespace tracer {

/// A TCP connection, the datagrams between two UDP endpoints, or other packets between two
/// addresses. ends[0] is the originator: who sent the first packet, unless that was a SYN-ACK.
struct Conversation {
  Endpoint ends[2];
  std::uint8_t protocol = 0;       // IP protocol number
  std::uint32_t index = 0;         // order of first packet, from 0
  std::uint64_t first_number = 0;  // Packet::number of the first packet
  std::uint64_t packets[2] = {0, 0};
  std::uint64_t payload_bytes[2] = {0, 0};  // on the wire, retransmissions included
  std::uint32_t retransmissions[2] = {0, 0};
  Timestamp first{}, last{};
  History history;
  std::uint32_t stream = 0;      // tcp.stream or udp.stream
  TcpConnection* tcp = nullptr;  // lives as long as the table
};

/// Finds the conversation of a packet, or starts one. Addresses of conversations are stable.
class ConversationTable {
 public:
  ConversationTable();

  struct Found {
    Conversation* conversation;
    unsigned direction;  // 0: from ends[0]
    bool is_new;
  };
  /// Where to look for the conversation between these endpoints: the same for either direction.
  std::uint32_t key(std::uint8_t protocol, const Endpoint& a, const Endpoint& b) const;
  /// Will be asked for soon: what is known there is fetched into the processor's cache meanwhile.
  void fetch(std::uint32_t key) const;

  /// The newest conversation between these endpoints. A new one has `source` as ends[0].
  Found find(std::uint8_t protocol, const Endpoint& source, const Endpoint& destination) {
    return find(key(protocol, source, destination), protocol, source, destination);
  }
  /// REQUIRES: `key` is theirs.
  Found find(std::uint32_t key, std::uint8_t protocol, const Endpoint& source,
             const Endpoint& destination);
  /// The same where there is one; else its conversation is null.
  Found known(std::uint8_t protocol, const Endpoint& source, const Endpoint& destination) {
    return known(key(protocol, source, destination), protocol, source, destination);
  }
  Found known(std::uint32_t key, std::uint8_t protocol, const Endpoint& source,
              const Endpoint& destination);
  /// A fresh conversation in the place of the one that find() gives from now on.
  Found replace(std::uint8_t protocol, const Endpoint& source, const Endpoint& destination);

  /// Room for what is known of a TCP connection; its address is stable, too.
  TcpConnection& add_connection();

  std::size_t size() const { return count_; }
  Conversation& operator[](std::size_t index) {
    return chunks_[index / chunk_size][index % chunk_size];
  }
  const Conversation& operator[](std::size_t index) const {
    return chunks_[index / chunk_size][index % chunk_size];
  }

 private:
  static constexpr std::size_t chunk_size = 256;
  struct Slot {
    std::uint32_t key = 0, index_plus_1 = 0;  // 0: free
  };
  Slot& slot(std::uint32_t key, std::uint8_t protocol, const Endpoint& a, const Endpoint& b);
  /// The conversation between these endpoints if it was among the last ones asked for.
  Conversation* recent(std::uint32_t key, std::uint8_t protocol, const Endpoint& a,
                       const Endpoint& b);
  Conversation& append(std::uint8_t protocol, const Endpoint& source, const Endpoint& destination);
  void grow();

  std::vector<std::unique_ptr<Conversation[]>> chunks_;
  std::vector<std::unique_ptr<TcpConnection[]>> connections_;
  std::size_t count_ = 0, connection_count_ = 0, used_ = 0;
  std::vector<Slot> slots_;
  std::array<Slot, 1024> recent_{};  // by key; small enough to stay near the processor
  std::uint64_t secret_;             // so that a hostile capture cannot choose keys that collide
};

}  // namespace tracer
