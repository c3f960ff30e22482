#include "tracer/tracking/fragments.hpp"

#include <algorithm>

namespace tracer {
namespace {
constexpr std::uint32_t largest_datagram =
    65'535 + 40;  // bytes of payload; hostile offsets end here
}

std::optional<Fragments::Datagram> Fragments::add(const Packet& packet) {
  if (!packet.fragment) return std::nullopt;  // or one that the capture cut
  const FragmentInfo& fragment = *packet.fragment;
  // A fragment that the capture cut cannot be put back together.
  if (fragment.payload.size() < fragment.wire_length) return std::nullopt;
  const std::uint32_t end = fragment.offset + fragment.wire_length;
  if (end > largest_datagram) return std::nullopt;

  const Key key{packet.source, packet.destination, fragment.id,
                packet.source.is_v6() ? std::uint8_t{0} : fragment.protocol};
  auto at = waiting_.find(key);
  if (at == waiting_.end()) {
    if (waiting_.size() >= most_waiting) give_up_oldest();
    at = waiting_.emplace(key, Partial{}).first;
    at->second.age = ++clock_;
  }
  Partial& partial = at->second;
  if (fragment.offset == 0) partial.protocol = fragment.protocol;
  if (!fragment.more && !partial.size) partial.size = end;
  insert(partial, fragment.offset, fragment.payload);

  const bool whole =
      partial.size && partial.have[0].first == 0 && partial.have[0].second >= *partial.size;
  if (!whole) return std::nullopt;
  finished_ = std::move(partial.bytes);
  const Datagram datagram{partial.protocol, Bytes(finished_).first(*partial.size), *partial.size};
  waiting_.erase(at);
  return datagram;
}

void Fragments::insert(Partial& partial, std::uint32_t from, Bytes bytes) {
  const auto to = from + static_cast<std::uint32_t>(bytes.size());
  if (partial.bytes.size() < to) partial.bytes.resize(to);
  // Copy only what is not there yet, gap by gap.
  std::uint32_t at = from;
  for (const auto& [have_from, have_to] : partial.have) {
    if (have_to <= at) continue;
    if (have_from >= to) break;
    if (have_from > at)
      std::copy_n(bytes.begin() + (at - from), have_from - at, partial.bytes.begin() + at);
    at = std::max(at, have_to);
  }
  if (at < to) std::copy_n(bytes.begin() + (at - from), to - at, partial.bytes.begin() + at);

  auto& have = partial.have;
  have.emplace_back(from, to);
  std::sort(have.begin(), have.end());
  std::size_t last = 0;
  for (std::size_t i = 1; i < have.size(); ++i) {
    if (have[i].first <= have[last].second)
      have[last].second = std::max(have[last].second, have[i].second);
    else
      have[++last] = have[i];
  }
  have.resize(last + 1);
}

void Fragments::give_up_oldest() {
  const auto oldest = std::min_element(waiting_.begin(), waiting_.end(), [](auto& a, auto& b) {
    return a.second.age < b.second.age;
  });
  waiting_.erase(oldest);
  ++given_up_;
}

}  // namespace tracer
