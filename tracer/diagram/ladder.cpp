#include "tracer/diagram/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "tracer/diagram/message_text.hpp"
#include "tracer/diagram/tcp_story.hpp"
#include "tracer/tracking/tracker.hpp"
#include "tracer/wire/arp.hpp"
#include "tracer/wire/http.hpp"

namespace tracer {
namespace {

/// What the tracker says of each frame, every vantage point by itself and in its own order.
struct FrameFacts {
  std::vector<std::optional<TcpFacts>> tcp;
  std::vector<TcpOptions> options;
  std::vector<std::string> messages;
  std::vector<bool> speaks;

  explicit FrameFacts(const FrameStore& frames)
      : tcp(frames.size()), options(frames.size()), messages(frames.size()), speaks(frames.size()) {
    std::map<std::uint32_t, Tracker> trackers;
    Packet packet;
    for (std::uint32_t i = 0; i < frames.size(); ++i) {
      decode(frames[i], i + 1, packet);
      const auto [at, fresh] = trackers.try_emplace(frames[i].vantage);
      if (fresh) at->second.follow_applications();
      const Tracked& tracked = at->second.track(packet);
      tcp[i] = tracked.tcp;
      options[i] = tracked.tcp_options;
      messages[i] = message_text(tracked.messages);
      speaks[i] = speaks_in_lines(tracked.messages) ||
                  (packet.tcp && looks_like_http(packet.tcp->payload()));
    }
  }
};

struct FragmentKey {
  IpAddress source, destination;
  std::uint32_t id;
  friend auto operator<=>(const FragmentKey&, const FragmentKey&) = default;
};

class Builder {
 public:
  Builder(const FrameStore& frames, const Passages& passages, const Names& names)
      : frames_(frames), passages_(passages), names_(names), facts_(frames) {}

  std::vector<Ladder> build() {
    for (std::uint32_t i = 0; i < passages_.list.size(); ++i) add(passages_.list[i], i);
    for (auto& [key, rows] : fragments_)  // of datagrams that were never completed
      for (Pending& pending : rows)
        put({pending.source, 0}, {pending.destination, 0}, pending.protocol,
            std::move(pending.row));
    const Timestamp start = passages_.list.empty() ? Timestamp{} : passages_.list.front().left;
    for (Ladder& ladder : ladders_) {
      ladder.two_ended = passages_.two_ended;
      ladder.start = start;
      for (std::size_t lane : {0u, 1u}) ladder.names[lane] = names_.of(ladder.ends[lane]);
      const auto earlier = [](const Row& a, const Row& b) { return a.number < b.number; };
      if (!std::is_sorted(ladder.rows.begin(), ladder.rows.end(), earlier))
        std::stable_sort(ladder.rows.begin(), ladder.rows.end(), earlier);
      find_overtaken(ladder);
      if (ladder.protocol == ip_protocol::tcp) name_probes(ladder);
      if (ladder.protocol == ip_protocol::tcp) tell_tcp_story(ladder, frames_);
      find_causes_of_errors(ladder);
    }
    return std::move(ladders_);
  }

 private:
  /// A kernel asks a closed window in the form of a keep-alive: why it asks, the window tells.
  static void name_probes(Ladder& ladder) {
    bool shut[2] = {false, false};
    for (Row& row : ladder.rows) {
      if (row.label.kind != Label::Kind::tcp || row.label.flags.has(TcpFlags::rst) ||
          !row.label.flags.has(TcpFlags::ack))
        continue;
      shut[row.from] = row.label.window == 0;
      for (Note& note : row.notes)
        if (note.kind == Note::Kind::keep_alive && row.label.length == 0 && shut[1 - row.from])
          note.kind = Note::Kind::zero_window_probe;
    }
  }

  struct Pending {
    IpAddress source, destination;
    std::uint8_t protocol;
    Row row;
  };

  void add(const Passage& passage, std::uint32_t index) {
    decode(frames_[passage.frame()], index + 1, packet_);
    Row row = row_of(passage, index);
    std::optional<FragmentInfo> fragment = packet_.fragment;
    const Tracked& tracked = tracker_.track(packet_);
    const auto& facts = facts_.tcp[passage.frame()];
    row.label = label_of(packet_, facts ? &*facts : nullptr, facts_.options[passage.frame()]);
    row.label.message = facts_.messages[passage.frame()];
    row.label.speaks = facts_.speaks[passage.frame()];
    if (facts) notes_of(*facts, row);
    if (packet_.fault)
      row.notes.push_back(
          {packet_.fault->fault == Fault::truncated ? Note::Kind::cut : Note::Kind::malformed,
           0,
           0,
           {},
           std::string(packet_.fault->header)});

    if (fragment && !tracked.conversation) {  // the rest of its datagram decides where it belongs
      fragments_[{packet_.source, packet_.destination, fragment->id}].push_back(
          {packet_.source, packet_.destination, fragment->protocol, std::move(row)});
      return;
    }
    if (!tracked.conversation) return put_other(std::move(row));
    Ladder& ladder = ladder_of(*tracked.conversation);
    row.from = static_cast<std::uint8_t>(tracked.direction);
    place_times(row);
    if (fragment) {
      if (const auto at = fragments_.find({packet_.source, packet_.destination, fragment->id});
          at != fragments_.end()) {
        for (Pending& pending : at->second) {
          pending.row.from = row.from;
          place_times(pending.row);
          row.pieces.push_back(pending.row.number);
          if ((pending.row.fate == Fate::lost || pending.row.fate == Fate::corrupted) &&
              !row.has(Note::Kind::incomplete))
            row.notes.push_back({Note::Kind::incomplete, pending.row.number, 0, {}, {}});
          ladder.rows.push_back(std::move(pending.row));
        }
        fragments_.erase(at);
      }
      row.pieces.push_back(row.number);
      row.label.options.push_back(fmt::format("in {} fragments", row.pieces.size()));
    }
    ladder.rows.push_back(std::move(row));
  }

  Row row_of(const Passage& passage, std::uint32_t index) const {
    Row row{};
    row.number = index + 1;
    row.departure = passage.departure;
    row.fate = passage.fate;
    if (!passage.arrivals.empty()) row.arrival = passage.arrivals[0];
    for (std::size_t i = 1; i < passage.arrivals.size(); ++i)
      row.more_arrivals.push_back(frames_[passage.arrivals[i]].time);
    switch (passage.fate) {
      case Fate::lost:
        row.notes.push_back({Note::Kind::lost, 0, 0, {}, std::string(passage.cause)});
        break;
      case Fate::corrupted:
        row.notes.push_back({Note::Kind::corrupted, 0, 0, {}, std::string(passage.cause)});
        break;
      case Fate::duplicated:
        row.notes.push_back(
            {Note::Kind::duplicated, 0, passage.arrivals.size(), {}, std::string(passage.cause)});
        break;
      default: break;
    }
    return row;
  }

  /// A lane is an end of the wire where both were watched; else the one time goes to both lanes.
  void place_times(Row& row) const {
    if (!passages_.two_ended) {
      row.time[0] = row.time[1] = frames_[row.departure].time;
      return;
    }
    if (row.departure != Passage::none) row.time[row.from] = frames_[row.departure].time;
    if (row.arrival != Passage::none) row.time[1 - row.from] = frames_[row.arrival].time;
  }

  void notes_of(const TcpFacts& facts, Row& row) const {
    const auto note = [&](std::uint16_t bit, Note::Kind kind) {
      if (facts.complete && facts.has(bit)) row.notes.push_back({kind, 0, 0, {}, {}});
    };
    note(analysis::reused_ports, Note::Kind::ports_reused);
    if (facts.length > 0 || row.label.sack.empty())
      note(analysis::window_update, Note::Kind::window_update);
    note(analysis::window_full, Note::Kind::window_full);
    note(analysis::keep_alive, Note::Kind::keep_alive);
    note(analysis::keep_alive_ack, Note::Kind::keep_alive_ack);
    note(analysis::zero_window_probe, Note::Kind::zero_window_probe);
    note(analysis::zero_window, Note::Kind::zero_window);
    if (!passages_.two_ended) {
      note(analysis::lost_segment, Note::Kind::gap);
      note(analysis::out_of_order, Note::Kind::overtaken);
    }
  }

  Ladder& ladder_of(const Conversation& conversation) {
    const auto [at, fresh] = by_conversation_.try_emplace(conversation.index, ladders_.size());
    if (fresh) {
      Ladder& ladder = ladders_.emplace_back();
      ladder.protocol = conversation.protocol;
      ladder.ends[0] = conversation.ends[0];
      ladder.ends[1] = conversation.ends[1];
    }
    return ladders_[at->second];
  }

  void put(const Endpoint& source, const Endpoint& destination, std::uint8_t protocol, Row row) {
    Ladder* found = nullptr;
    for (Ladder& ladder : ladders_)
      if (ladder.protocol == protocol &&
          ((ladder.ends[0] == source && ladder.ends[1] == destination) ||
           (ladder.ends[0] == destination && ladder.ends[1] == source)))
        found = &ladder;
    if (!found) {
      found = &ladders_.emplace_back();
      found->protocol = protocol;
      found->ends[0] = source;
      found->ends[1] = destination;
    }
    row.from = found->ends[0] == source ? 0 : 1;
    place_times(row);
    found->rows.push_back(std::move(row));
  }

  /// No IP: ARP speaks of addresses all the same; anything else has no lanes to go between.
  void put_other(Row row) {
    Endpoint source, destination;
    for (const Layer& layer : packet_.layers) {
      if (layer.protocol != Protocol::arp) continue;
      if (const auto arp = ArpHeader::parse(layer.bytes); arp && arp->is_ipv4()) {
        source.address = IpAddress::from(arp->sender_protocol());
        destination.address = IpAddress::from(arp->target_protocol());
      }
    }
    if (row.label.text.empty()) row.label.text = "frame";
    put(source, destination, 0, std::move(row));
  }

  /// Who arrived after packets that left later?
  void find_overtaken(Ladder& ladder) const {
    if (!passages_.two_ended) return;
    Timestamp earliest[2] = {Timestamp::max(), Timestamp::max()};
    for (std::size_t i = ladder.rows.size(); i-- > 0;) {
      Row& row = ladder.rows[i];
      const auto& arrival = row.time[1 - row.from];
      if (row.arrival == Passage::none || !arrival) continue;
      if (*arrival > earliest[row.from]) row.notes.push_back({Note::Kind::overtaken, 0, 0, {}, {}});
      earliest[row.from] = std::min(earliest[row.from], *arrival);
    }
  }

  /// An ICMP error quotes the packet that it is about: which row is that?
  void find_causes_of_errors(Ladder& ladder) {
    for (std::size_t i = 0; i < ladder.rows.size(); ++i) {
      Row& row = ladder.rows[i];
      if (row.label.kind != Label::Kind::icmp) continue;
      const Bytes quoted = quoted_transport(row);
      if (quoted.empty()) continue;
      Note note{Note::Kind::unreachable, 0, 0, {}, {}};
      for (std::size_t j = i; j-- > 0 && note.about == 0;) {
        decode(frames_[ladder.rows[j].departure != Passage::none ? ladder.rows[j].departure
                                                                 : ladder.rows[j].arrival],
               1, packet_);
        const Bytes start = slice(packet_.transport, 0, quoted.size());
        if (start.size() == quoted.size() && std::equal(start.begin(), start.end(), quoted.begin()))
          note.about = ladder.rows[j].number;
      }
      if (note.about) row.notes.push_back(note);
    }
  }

  /// The first eight bytes of the quoted transport header.
  Bytes quoted_transport(const Row& row) {
    decode(frames_[row.departure != Passage::none ? row.departure : row.arrival], 1, packet_);
    for (const Layer& layer : packet_.layers)
      if (layer.quoted && (layer.protocol == Protocol::tcp || layer.protocol == Protocol::udp))
        return slice(layer.bytes, 0, 8);
    return {};
  }

  const FrameStore& frames_;
  const Passages& passages_;
  const Names& names_;
  FrameFacts facts_;
  Tracker tracker_;  // over all packets in order of departure: says which conversation each is in
  Packet packet_;
  std::vector<Ladder> ladders_;
  std::unordered_map<std::uint32_t, std::size_t> by_conversation_;
  std::map<FragmentKey, std::vector<Pending>> fragments_;
};

}  // namespace

std::string Names::of(const Endpoint& endpoint) const {
  for (const auto& [known, name] : names_)
    if (known == endpoint) return name;
  for (const auto& [known, name] : names_)
    if (known.port == 0 && known.address == endpoint.address) return name;
  return {};
}

std::vector<Ladder> ladders(const FrameStore& frames, const Passages& passages,
                            const Names& names) {
  return Builder(frames, passages, names).build();
}

}  // namespace tracer
