// Runs on a scripted wire, and what the captures at both ends say about them: the wire's own log is
// not believed here, it is what is being tested.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "labs/testbed/testbed.hpp"
#include "tracer/wire/packet.hpp"

namespace testbed {

/// A run of programs of the talker (talker.cpp), which is in the PATH.
RunSpec scenario(const std::string& wire, const std::string& server, const std::string& client);

/// Runs it; a run that is not complete, or fails, fails the test.
RunResult run_complete(const RunSpec& spec);

/// One frame as a capture shows it.
struct Seen {
  const tracer::Frame* frame;
  tracer::Packet packet;
  std::uint32_t length = 0;  // of TCP or UDP payload

  bool has(std::uint16_t flag) const { return packet.tcp && packet.tcp->flags().has(flag); }
  bool is_data() const { return packet.tcp && length > 0; }
  /// Nothing but an acknowledgement.
  bool is_ack() const {
    using tracer::TcpFlags;
    return packet.tcp && length == 0 && has(TcpFlags::ack) && !has(TcpFlags::syn) &&
           !has(TcpFlags::fin) && !has(TcpFlags::rst);
  }
  bool is_syn() const { return has(tracer::TcpFlags::syn) && !has(tracer::TcpFlags::ack); }
  bool is_synack() const { return has(tracer::TcpFlags::syn) && has(tracer::TcpFlags::ack); }
  std::uint32_t datagram_number() const {
    return tracer::be32(packet.udp->payload(), 0);
  }  // of udp-send
};

/// What left a host, and what came in, in the order of its capture.
std::vector<Seen> sent_by(const RunResult& result, Side host);
std::vector<Seen> received_by(const RunResult& result, Side host);

/// For each frame that left `host`: how often the very same bytes came in at the other one.
std::vector<unsigned> arrivals(const RunResult& result, Side host);

/// Positions, from 1, of those in `frames` that `which` holds for.
template <class Which>
std::vector<std::size_t> positions(const std::vector<Seen>& frames, Which which) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (which(frames[i])) found.push_back(i + 1);
  return found;
}

/// The positions, from 1 and among the frames that `which` holds for, of those that left `host` and
/// never came in at the other.
template <class Which>
std::vector<std::size_t> lost(const RunResult& result, Side host, Which which) {
  const auto frames = sent_by(result, host);
  const auto came = arrivals(result, host);
  std::vector<std::size_t> found;
  std::size_t count = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!which(frames[i])) continue;
    ++count;
    if (came[i] == 0) found.push_back(count);
  }
  return found;
}

/// All frames that left either host and did not arrive.
std::size_t lost_altogether(const RunResult& result);

/// The test in hand is skipped, and says why, where hosts cannot be made.
class OnTheWire : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace testbed
