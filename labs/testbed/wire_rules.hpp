#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "labs/testbed/wire_script.hpp"
#include "tracer/bytes/frame.hpp"
#include "tracer/wire/packet.hpp"

namespace testbed {

enum class Side : std::uint8_t { client, server };
inline Side other(Side side) { return side == Side::client ? Side::server : Side::client; }
inline const char* name(Side side) { return side == Side::client ? "client" : "server"; }

/// Does this frame match? Called once for every frame that passes, in order, so it may keep state.
using FramePredicate = std::function<bool(const tracer::Frame&)>;
/// Compiles a display filter; throws tracer::Failure (2) if it is wrong.
using FilterCompiler = std::function<FramePredicate(const std::string& filter)>;

/// What becomes of one frame.
struct Decision {
  bool dropped = false;
  int rule = -1;                  // index of the rule that decided, -1 if none did
  std::string cause;              // "drop c>s data#3", "queue full"; empty: passed untouched
  tracer::Timestamp departure{};  // when it leaves the wire at the far end
  unsigned copies = 1;
  std::uint64_t hold = 0;  // wait until so many later packets have left
  bool corrupt = false;
  std::uint64_t corrupt_at = 0;  // offset in the frame
};

/// The wire's judgement, apart from sockets and clocks. All randomness comes from the seed, so the
/// same frames in the same order meet the same fates.
class WireRules {
 public:
  WireRules(std::vector<WireRule> rules, std::uint64_t seed, const FilterCompiler& compile);

  /// `frame` came in from `from` at `now`. Call once for each, in order.
  Decision decide(Side from, const tracer::Frame& frame, tracer::Timestamp now);
  /// One more rule, from now on; its counts start at the next packet.
  void add(WireRule rule, const FilterCompiler& compile);
  const std::vector<WireRule>& rules() const { return rules_; }
  /// How often each rule decided.
  const std::vector<std::uint64_t>& applied() const { return applied_; }

 private:
  struct Features {  // of the packet at hand
    bool syn = false, synack = false, fin = false, rst = false, data = false, ack = false,
         udp = false;
    std::uint64_t first_byte = 0, end_byte = 0;  // relative sequence numbers
  };
  Features examine(Side from, const tracer::Packet& packet);
  bool selects(std::size_t rule, Side from, const Features& features, const tracer::Frame& frame);
  bool link(Side from, std::size_t frame_bytes, tracer::Timestamp now, Decision& decision);
  double random(std::size_t rule);

  std::vector<WireRule> rules_;
  std::vector<FramePredicate> predicates_;          // one a rule; empty where it has no filter
  std::vector<std::array<std::uint64_t, 2>> seen_;  // packets of the rule's kind, per direction
  std::vector<std::uint64_t> applied_;
  std::vector<std::mt19937_64> generators_;
  std::uint64_t seed_;
  tracer::Timestamp link_free_[2]{};           // when the last bit has left
  std::vector<tracer::Timestamp> waiting_[2];  // when each queued packet starts to leave
  std::unordered_map<std::uint64_t, std::uint32_t> initial_seq_;  // by direction and ports
  tracer::Packet packet_;
};

}  // namespace testbed
