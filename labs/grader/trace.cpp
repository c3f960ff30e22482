#include "labs/grader/trace.hpp"

#include <algorithm>

#include "tracer/fields/frame_filter.hpp"
#include "tracer/tracking/byte_stream.hpp"

namespace grader {
namespace {

constexpr std::pair<const char*, const char*> addresses[] = {
    {"10.0.0.1", "client"}, {"fd00::1", "client"}, {"10.0.0.2", "server"}, {"fd00::2", "server"}};

bool is_client(const tracer::IpAddress& address) {
  static const tracer::IpAddress v4 = *tracer::IpAddress::parse("10.0.0.1"),
                                 v6 = *tracer::IpAddress::parse("fd00::1");
  return address == v4 || address == v6;
}

/// When the first program was stopped; what leaves later is its kernel's doing.
tracer::Timestamp end_of_programs(const testbed::RunResult& result) {
  tracer::Timestamp end = tracer::Timestamp::max();
  for (const auto& program : result.programs)
    if (program.stopped && program.stopped_at != tracer::Timestamp{})
      end = std::min(end, program.stopped_at);
  return end;
}

}  // namespace

tracer::Names host_names() {
  tracer::Names names;
  for (const auto& [address, name] : addresses)
    names.add({*tracer::IpAddress::parse(address), 0}, name);
  return names;
}

Trace::Trace(testbed::RunResult result) : result_(std::move(result)) {
  passages_ = tracer::two_ended(result_.frames);
  ladders_ = tracer::ladders(result_.frames, passages_, host_names());
  const tracer::Timestamp end = end_of_programs(result_);
  for (const tracer::Ladder& ladder : ladders_) add(ladder, end);
  std::sort(packets_.begin(), packets_.end(),
            [](const Sent& a, const Sent& b) { return a.number < b.number; });
  for (std::size_t i = 0; i < packets_.size(); ++i)
    talks_[packets_[i].conversation].packets.push_back(i);
}

void Trace::add(const tracer::Ladder& ladder, tracer::Timestamp end) {
  Talk talk;
  talk.ladder = &ladder;
  talk.tcp = ladder.protocol == tracer::ip_protocol::tcp;
  talk.udp = ladder.protocol == tracer::ip_protocol::udp;
  talk.opener = is_client(ladder.ends[0].address) ? Side::client : Side::server;
  tracer::Packet packet;
  for (const tracer::Row& row : ladder.rows) {
    Sent sent;
    sent.number = row.number;
    sent.conversation = talks_.size();
    sent.from = row.from == 0 ? talk.opener : testbed::other(talk.opener);
    sent.row = &row;
    const tracer::Passage& passage = passages_.list[row.number - 1];
    sent.left = passage.left;
    if (sent.left >= end) continue;
    if (row.fate != tracer::Fate::corrupted)
      for (const std::uint32_t arrival : passage.arrivals)
        sent.arrivals.push_back(result_.frames[arrival].time);
    tracer::decode(result_.frames[passage.frame()], row.number, packet);
    sent.source = packet.source_endpoint();
    sent.destination = packet.destination_endpoint();
    sent.tcp = packet.tcp.has_value();
    sent.udp = packet.udp.has_value();
    if (packet.tcp) sent.payload = packet.tcp->payload();
    if (packet.udp) sent.payload = packet.udp->payload();
    packets_.push_back(std::move(sent));
  }
  talks_.push_back(std::move(talk));
}

const std::vector<bool>& Trace::matching(const std::string& filter) const {
  const auto [at, fresh] = matching_.try_emplace(filter);
  if (fresh) {
    tracer::FrameFilter each[2] = {tracer::FrameFilter(filter), tracer::FrameFilter(filter)};
    for (const tracer::Frame& frame : result_.frames)
      at->second.push_back(each[frame.vantage & 1](frame));
  }
  return at->second;
}

std::vector<Selected> Trace::select(const std::string& filter, Place place) const {
  const std::vector<bool>& matches = matching(filter);
  std::vector<Selected> found;
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    const Sent& sent = packets_[i];
    const tracer::Passage& passage = passages_.list[sent.number - 1];
    const bool leaves_here =
        place == Place::sender || (place == Place::client) == (sent.from == Side::client);
    if (leaves_here) {
      if (passage.departure != tracer::Passage::none && matches[passage.departure])
        found.push_back({i, sent.left});
    } else {
      for (const std::uint32_t arrival : passage.arrivals)
        if (matches[arrival]) found.push_back({i, result_.frames[arrival].time});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Selected& a, const Selected& b) { return a.time < b.time; });
  return found;
}

std::vector<bool> Trace::touched(const std::string& filter) const {
  std::vector<bool> talks(talks_.size(), filter.empty());
  if (!filter.empty())
    for (const Selected& one : select(filter, Place::sender))
      talks[packets_[one.packet].conversation] = true;
  return talks;
}

std::string Trace::stream(const Talk& talk, Side from) const {
  tracer::ByteStream stream;
  stream.begin(tracer::SeqNumber{1});
  std::string text;
  for (const std::size_t i : talk.packets) {
    const Sent& sent = packets_[i];
    if (sent.from != from || !sent.data() || text.size() >= stream_limit) continue;
    stream.add(tracer::SeqNumber{sent.row->label.seq}, sent.payload);
    text += tracer::as_text(stream.unread());
    stream.read(stream.unread().size());
  }
  return text;
}

std::optional<std::uint32_t> Trace::unread(const Talk& talk, Side side) const {
  const tracer::Endpoint& local = talk.ladder->ends[side == talk.opener ? 0 : 1];
  const tracer::Endpoint& remote = talk.ladder->ends[side == talk.opener ? 1 : 0];
  for (const testbed::ClosedSocket& one : result_.closed) {
    if (one.side != side || one.local != local || one.remote != remote) continue;
    // The kernel counts a FIN that was not read as a byte, if it came before the socket's end.
    tracer::Timestamp end = tracer::Timestamp::max();
    for (const std::size_t i : talk.packets)
      if (packets_[i].rst() && packets_[i].from == side) end = std::min(end, packets_[i].left);
    const bool fin_came = std::ranges::any_of(talk.packets, [&](std::size_t i) {
      return packets_[i].fin() && packets_[i].from != side && packets_[i].arrived() &&
             packets_[i].arrivals.front() < end;
    });
    return one.unread - (fin_came && one.unread > 0 ? 1 : 0);
  }
  return std::nullopt;
}

}  // namespace grader
