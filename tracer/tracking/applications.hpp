// Payload -> messages of the application protocols, each on the frame that completes it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "tracer/tracking/conversations.hpp"
#include "tracer/tracking/dialogue.hpp"

namespace tracer {

/// Follows the conversations whose payload some protocol below knows. Which one is decided by port
/// first and by content where no port tells, as Wireshark 4.0 does.
class Applications {
 public:
  /// The messages that `packet` completes, in order. They are valid until the next call and as
  /// long as the frame is. `facts` belong to the packet if it is TCP.
  std::span<const Message> follow(const Packet& packet, unsigned direction, const TcpFacts* facts);
  /// Did an FTP server announce that it listens there for data?
  bool expects(const Endpoint& listener) const {
    const auto at = expected_.empty() ? expected_.end() : expected_.find(listener);
    return at != expected_.end() && at->second.passive;
  }
  /// Directions of which more had to wait than is kept, so that their messages stop.
  std::uint64_t given_up() const { return given_up_; }

 private:
  static constexpr std::size_t most_expected = 4096;

  void datagram(const Packet& packet);
  void segment(const Packet& packet, unsigned direction, const TcpFacts& facts);
  void decide(Dialogue& dialogue, const Packet& packet, unsigned direction, Bytes bytes);
  void cut(Dialogue& dialogue, const Arrival& arrival);
  void announce(Dialogue& dialogue, const Packet& packet, std::uint32_t stream);
  void ftp_data(Dialogue& dialogue, const Arrival& arrival);

  // By TCP stream; null once both directions are over.
  std::unordered_map<std::uint32_t, std::unique_ptr<Dialogue>> dialogues_;
  std::map<Endpoint, FtpExpectation> expected_;  // FTP data connections, by where they go
  std::vector<Message> messages_;
  std::optional<std::uint32_t> over_;  // a stream both of whose directions have ended
  std::uint64_t given_up_ = 0;
};

}  // namespace tracer
