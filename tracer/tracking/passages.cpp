#include "tracer/tracking/passages.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>

#include "tracer/wire/ipv4.hpp"

namespace tracer {
namespace {

/// FNV-1a: a fingerprint, not a defence.
struct Fingerprint {
  std::uint64_t value = 0xcbf29ce484222325u;
  void add(Bytes bytes) {
    for (const std::byte b : bytes)
      value = (value ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3u;
  }
  void add(std::uint64_t number) { add(std::as_bytes(std::span(&number, 1))); }
};

struct Sighting {
  std::uint32_t frame;
  std::uint8_t vantage;
  std::uint64_t content = 0;  // all that does not change on the way
  std::uint64_t place = 0;  // what even a corrupted packet most likely kept: addresses, id, length
  IpAddress source{}, destination{};
};

std::vector<Sighting> look(const FrameStore& frames) {
  std::vector<Sighting> sightings;
  Packet packet;
  for (std::uint32_t i = 0; i < frames.size(); ++i) {
    decode(frames[i], i + 1, packet);
    Sighting sighting{i, static_cast<std::uint8_t>(frames[i].vantage)};
    Fingerprint content, place;
    if (packet.has_network) {
      sighting.source = packet.source;
      sighting.destination = packet.destination;
      for (auto* print : {&content, &place}) {
        print->add(packet.source.octets());
        print->add(packet.destination.octets());
        print->add(packet.protocol);
      }
      std::uint64_t id = 0;
      for (const Layer& layer : packet.layers)
        if (layer.protocol == Protocol::ipv4 && !layer.quoted) id = be16(layer.bytes, 4);
      content.add(id);
      place.add(id);
      place.add(packet.frame.original_length);
      if (packet.fragment) {
        content.add(packet.fragment->id);
        content.add(packet.fragment->offset);
        content.add(packet.fragment->payload);
      }
      // Senders leave checksums to their hardware, so the two ends may differ in them.
      const std::size_t checksum = packet.tcp ? 16 : packet.udp ? 6 : SIZE_MAX;
      content.add(slice(packet.transport, 0, checksum));
      if (checksum != SIZE_MAX) content.add(slice(packet.transport, checksum + 2));
    } else {
      content.add(frames[i].bytes);
      place.value = content.value;
    }
    sighting.content = content.value;
    sighting.place = place.value;
    sightings.push_back(sighting);
  }
  return sightings;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // sightings at vantage 0 and at vantage 1

/// First in, first out among equals.
std::vector<Pair> match(const std::vector<Sighting>& sightings, std::uint64_t Sighting::*key,
                        std::vector<bool>& taken) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> waiting[2];
  std::unordered_map<std::uint64_t, std::size_t> used[2];
  std::vector<Pair> pairs;
  for (std::uint32_t i = 0; i < sightings.size(); ++i)
    if (!taken[i]) waiting[sightings[i].vantage][sightings[i].*key].push_back(i);
  for (const auto& [value, here] : waiting[0]) {
    const auto there = waiting[1].find(value);
    if (there == waiting[1].end()) continue;
    const std::size_t count = std::min(here.size(), there->second.size());
    for (std::size_t i = 0; i < count; ++i) {
      pairs.emplace_back(here[i], there->second[i]);
      taken[here[i]] = taken[there->second[i]] = true;
    }
  }
  return pairs;
}

/// Of the packets between two addresses, the time from vantage 0 to vantage 1, each way.
struct Lag {
  Nanoseconds least{INT64_MAX}, most{INT64_MIN};
  std::size_t packets = 0;
  void add(Nanoseconds lag) {
    least = std::min(least, lag);
    most = std::max(most, lag);
    ++packets;
  }
};

/// Which end a source address is at, and how the clocks stand, from the lags of all pairs.
///
/// A packet from a host at vantage 0 shows lag = delay + offset, one from a host at vantage 1 shows
/// offset - delay. Delays are not negative, so of two opposite directions the one with the larger
/// lag comes from vantage 0, and the offset lies between the two.
class Geometry {
 public:
  Geometry(const FrameStore& frames, const std::vector<Sighting>& sightings,
           const std::vector<Pair>& pairs) {
    for (const auto& [here, there] : pairs) {
      const Sighting& s = sightings[here];
      lags_[{s.source, s.destination}].add(frames[sightings[there].frame].time -
                                           frames[s.frame].time);
    }
  }

  ClockOffset clock() const {
    Nanoseconds low{INT64_MIN}, high{INT64_MAX};
    bool both = false;
    for (const auto& [way, lag] : lags_) {
      const auto back = lags_.find({way.second, way.first});
      if (back == lags_.end() || way.first > way.second) continue;
      const bool first_at_0 = lag.least >= back->second.most || middle(lag) >= middle(back->second);
      const Lag& out = first_at_0 ? lag : back->second;
      const Lag& in = first_at_0 ? back->second : lag;
      high = std::min(high, out.least);
      low = std::max(low, in.most);
      both = true;
    }
    ClockOffset clock;
    if (!both) return clock;
    if (low > high) std::swap(low, high);  // the clocks drift: the truth moved through this range
    clock.offset = low + (high - low) / 2;
    clock.error = (high - low + Nanoseconds{1}) / 2;
    clock.measured = true;
    clock.shared = low <= Nanoseconds{0} && high >= Nanoseconds{0};
    return clock;
  }

  /// The vantage point at which `source` is, for packets to `destination`.
  std::uint8_t origin(const IpAddress& source, const IpAddress& destination,
                      const ClockOffset& clock, std::uint8_t otherwise) const {
    const auto way = lags_.find({source, destination}), back = lags_.find({destination, source});
    if (way != lags_.end() && back != lags_.end() && middle(way->second) != middle(back->second))
      return middle(way->second) > middle(back->second) ? 0 : 1;
    if (way != lags_.end()) return way->second.least - clock.offset >= Nanoseconds{0} ? 0 : 1;
    if (back != lags_.end()) return back->second.least - clock.offset >= Nanoseconds{0} ? 1 : 0;
    return otherwise;
  }

 private:
  static Nanoseconds middle(const Lag& lag) { return lag.least; }
  std::map<std::pair<IpAddress, IpAddress>, Lag> lags_;
};

void in_order_of_departure(Passages& passages) {
  std::stable_sort(passages.list.begin(), passages.list.end(),
                   [](const Passage& a, const Passage& b) { return a.left < b.left; });
}

/// What one end's captures can say about packets of the other that they do not hold.
struct Watch {
  Timestamp first = Timestamp::max(), last = Timestamp::min();  // frames captured at this end
  Timestamp last_come = Timestamp::min();  // when the latest packet that arrived here had left
  Nanoseconds longest{0};                  // the longest way of a packet to this end

  /// Would a packet that left at this time have been seen here?
  bool covers(Timestamp left) const {
    return left >= first && (left <= last_come || left + longest <= last);
  }
};

std::array<Watch, 2> watches(const FrameStore& frames, const Passages& passages) {
  std::array<Watch, 2> both;
  for (const Frame& frame : frames) {
    Watch& one = both[frame.vantage];
    one.first = std::min(one.first, frame.time);
    one.last = std::max(one.last, frame.time);
  }
  for (const Passage& one : passages.list) {
    if (one.departure == Passage::none || one.arrivals.empty()) continue;
    Watch& far = both[1 - one.origin];
    const Timestamp left = frames[one.departure].time;
    far.last_come = std::max(far.last_come, left);
    far.longest = std::max(far.longest, frames[one.arrivals[0]].time - left);
  }
  return both;
}

/// `all`: the captures hold everything that there was, as those of a testbed do.
void judge(const FrameStore& frames, Passages& passages, bool all) {
  const auto watched = watches(frames, passages);
  for (Passage& one : passages.list) {
    const bool seen_leaving = one.departure != Passage::none;
    passages.departures += seen_leaving;
    passages.paired += seen_leaving && !one.arrivals.empty();
    one.left = frames[one.frame()].time;
    if (one.fate == Fate::corrupted) continue;
    if (one.arrivals.size() > 1)
      one.fate = Fate::duplicated;
    else if (one.arrivals.size() == 1)
      one.fate = Fate::arrived;
    else
      one.fate = all || !one.cause.empty() || watched[1 - one.origin].covers(one.left)
                     ? Fate::lost
                     : Fate::unknown;
  }
}

/// What the wire wrote next to a frame of its own testbed: "lost on the wire: CAUSE".
void read_comment(const Frame& frame, Passage& passage) {
  const std::size_t colon = frame.comment.find("on the wire: ");
  if (colon == std::string_view::npos) return;
  passage.cause = frame.comment.substr(colon + 13);
  passage.cause = passage.cause.substr(0, passage.cause.find('\n'));
  if (frame.comment.starts_with("byte ")) passage.fate = Fate::corrupted;
}

Passages by_packet_id(const FrameStore& frames) {
  Passages passages;
  passages.two_ended = passages.exact = true;
  passages.clock.shared = true;
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (std::uint32_t i = 0; i < frames.size(); ++i) {
    const auto [at, fresh] = places.try_emplace(*frames[i].packet_id, passages.list.size());
    if (fresh) passages.list.emplace_back();
    Passage& one = passages.list[at->second];
    if (frames[i].direction == Direction::inbound)
      one.arrivals.push_back(i);
    else
      one.departure = i;
    read_comment(frames[i], one);
  }
  for (Passage& one : passages.list)
    one.origin = static_cast<std::uint8_t>(one.departure != Passage::none
                                               ? frames[one.departure].vantage
                                               : 1 - frames[one.arrivals[0]].vantage);
  return passages;
}

Passages by_content(FrameStore& frames, const PairingOptions& options) {
  Passages passages;
  passages.two_ended = true;
  const auto sightings = look(frames);
  std::vector<bool> taken(sightings.size());
  auto pairs = match(sightings, &Sighting::content, taken);
  const Geometry geometry(frames, sightings, pairs);
  passages.clock = options.clock ? *options.clock : geometry.clock();
  if (passages.clock.shared && !options.clock) passages.clock.offset = Nanoseconds{0};
  for (std::uint32_t i = 0; i < frames.size(); ++i)
    if (frames[i].vantage == 1) frames[i].time -= passages.clock.offset;

  ClockOffset aligned = passages.clock;
  const std::size_t whole = pairs.size();
  const auto changed = match(sightings, &Sighting::place, taken);
  pairs.insert(pairs.end(), changed.begin(), changed.end());

  const auto origin = [&](const Sighting& s) {
    if (frames[s.frame].direction == Direction::outbound) return s.vantage;
    if (frames[s.frame].direction == Direction::inbound)
      return static_cast<std::uint8_t>(1 - s.vantage);
    return geometry.origin(s.source, s.destination, aligned, s.vantage);
  };
  std::unordered_map<std::uint64_t, std::size_t> by_key;
  const auto add = [&](const Sighting& s) -> Passage& {
    Passage one;
    one.origin = origin(s);
    passages.list.push_back(one);
    return passages.list.back();
  };
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Sighting &here = sightings[pairs[i].first], &there = sightings[pairs[i].second];
    Passage& one = add(here);
    one.departure = one.origin == 0 ? here.frame : there.frame;
    one.arrivals.push_back(one.origin == 0 ? there.frame : here.frame);
    if (i >= whole) one.fate = Fate::corrupted;
    by_key[here.content] = passages.list.size() - 1;
  }
  for (std::uint32_t i = 0; i < sightings.size(); ++i) {
    if (taken[i]) continue;
    const Sighting& s = sightings[i];
    const auto twin = by_key.find(s.content);
    if (origin(s) == s.vantage) {
      add(s).departure = s.frame;
    } else if (twin != by_key.end() && passages.list[twin->second].arrivals.push_back(s.frame)) {
      continue;  // one more copy of a packet that arrived already
    } else {
      add(s).arrivals.push_back(s.frame);
    }
  }
  return passages;
}

}  // namespace

Passages single_ended(const FrameStore& frames) {
  Passages passages;
  for (std::uint32_t i = 0; i < frames.size(); ++i) {
    Passage one;
    one.departure = i;
    one.left = frames[i].time;
    read_comment(frames[i], one);
    passages.list.push_back(one);
  }
  passages.departures = passages.list.size();
  return passages;
}

Passages two_ended(FrameStore& frames, const PairingOptions& options) {
  bool ids = true;
  for (const Frame& frame : frames)
    ids = ids && frame.packet_id && frame.direction != Direction::unknown && frame.vantage < 2;
  Passages passages = ids ? by_packet_id(frames) : by_content(frames, options);

  for (Passage& one : passages.list)
    std::stable_sort(
        one.arrivals.begin(), one.arrivals.end(),
        [&](std::uint32_t a, std::uint32_t b) { return frames[a].time < frames[b].time; });
  judge(frames, passages, ids && !options.cut);
  in_order_of_departure(passages);
  return passages;
}

}  // namespace tracer
