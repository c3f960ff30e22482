// A run as rules see it: the packets that crossed the wire, from both ends, and how the programs fared.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "labs/grader/rule.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/diagram/ladder.hpp"

namespace grader {

/// One packet on its way. Times are of the machine's one clock.
struct Sent {
  std::uint32_t number = 0;      // in the trace, from 1, in order of departure
  std::size_t conversation = 0;  // index in Trace::conversations()
  Side from = Side::client;
  const tracer::Row* row = nullptr;
  tracer::Timestamp left{};
  std::vector<tracer::Timestamp> arrivals;  // whole, at the other host; none: lost or corrupted
  tracer::Endpoint source, destination;
  bool tcp = false, udp = false;
  tracer::Bytes payload;

  bool arrived() const { return !arrivals.empty(); }
  bool has(std::uint16_t flag) const { return tcp && row->label.flags.has(flag); }
  bool syn() const { return has(tracer::TcpFlags::syn) && !has(tracer::TcpFlags::ack); }
  bool fin() const { return has(tracer::TcpFlags::fin); }
  bool rst() const { return has(tracer::TcpFlags::rst); }
  bool data() const { return tcp && row->label.length > 0; }
  /// Relative sequence number behind its last byte, a FIN counted.
  std::uint32_t end() const { return row->label.seq + row->label.length + (fin() ? 1 : 0); }
};

/// A TCP connection, or the packets between two endpoints.
struct Talk {
  const tracer::Ladder* ladder = nullptr;
  bool tcp = false, udp = false;
  Side opener = Side::client;        // who sent the first packet
  std::vector<std::size_t> packets;  // indices in Trace::packets(), in order of departure
};

/// Packets that a display filter selects at some place, in order.
struct Selected {
  std::size_t packet;      // index in Trace::packets()
  tracer::Timestamp time;  // there
};

class Trace {
 public:
  /// Takes what a run left. Packets that kernels sent after a program was stopped are left out:
  /// they are nobody's doing.
  explicit Trace(testbed::RunResult result);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  const testbed::RunResult& result() const { return result_; }
  const testbed::ProgramResult& program(Side side) const {
    return result_.programs[static_cast<std::size_t>(side)];
  }
  const tracer::Passages& passages() const { return passages_; }
  const std::vector<tracer::Ladder>& ladders() const { return ladders_; }
  const std::vector<Sent>& packets() const { return packets_; }
  const std::vector<Talk>& conversations() const { return talks_; }

  /// The packets that a display filter selects. At Place::sender each counts once, as it leaves; at
  /// a host each as often as it is seen there. Throws tracer::Failure (2) for a wrong filter.
  std::vector<Selected> select(const std::string& filter, Place place) const;
  /// Conversations that have a packet which `filter` selects; all if it is empty.
  std::vector<bool> touched(const std::string& filter) const;

  /// What a TCP end said, in order and each byte once, without what nobody acknowledged being
  /// left out. At most stream_limit bytes.
  std::string stream(const Talk& talk, Side from) const;
  static constexpr std::size_t stream_limit = 64 << 20;

  /// Bytes that had come to `side` in this connection and were unread when its socket ended; none if
  /// the kernel did not say.
  std::optional<std::uint32_t> unread(const Talk& talk, Side side) const;

 private:
  void add(const tracer::Ladder& ladder, tracer::Timestamp end);
  const std::vector<bool>& matching(const std::string& filter) const;

  testbed::RunResult result_;
  tracer::Passages passages_;
  std::vector<tracer::Ladder> ladders_;
  std::vector<Sent> packets_;
  std::vector<Talk> talks_;
  mutable std::map<std::string, std::vector<bool>> matching_;  // frames, by filter
};

/// The names of the hosts' addresses, for ladders.
tracer::Names host_names();

}  // namespace grader
