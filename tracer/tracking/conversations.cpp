#include "tracer/tracking/conversations.hpp"

#include <random>

namespace tracer {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_endpoint(const Endpoint& end, std::uint64_t secret) {
  const auto [low, high] = end.address.words();
  return mix(low ^ secret, (high ^ std::uint64_t{end.port} << 48 ^ end.port) + 0x9e3779b97f4a7c15u);
}

bool is_between(const Conversation& one, std::uint8_t protocol, const Endpoint& a,
                const Endpoint& b) {
  return one.protocol == protocol &&
         ((one.ends[0] == a && one.ends[1] == b) || (one.ends[0] == b && one.ends[1] == a));
}

}  // namespace

ConversationTable::ConversationTable() : slots_(1024) {
  std::random_device random;
  secret_ = std::uint64_t{random()} << 32 | random() | 1;
}

std::uint32_t ConversationTable::key(std::uint8_t protocol, const Endpoint& a,
                                     const Endpoint& b) const {
  // A sum, because both directions must give the same.
  const std::uint64_t sum = hash_endpoint(a, secret_) + hash_endpoint(b, secret_) + protocol;
  return static_cast<std::uint32_t>(mix(sum, secret_) >> 16);
}

ConversationTable::Slot& ConversationTable::slot(std::uint32_t key, std::uint8_t protocol,
                                                 const Endpoint& a, const Endpoint& b) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = key & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.index_plus_1 == 0) return slot;
    if (slot.key != key) continue;
    if (is_between((*this)[slot.index_plus_1 - 1], protocol, a, b)) return slot;
  }
}

Conversation* ConversationTable::recent(std::uint32_t key, std::uint8_t protocol, const Endpoint& a,
                                        const Endpoint& b) {
  const Slot& slot = recent_[key % recent_.size()];
  if (slot.key != key || slot.index_plus_1 == 0) return nullptr;
  Conversation& one = (*this)[slot.index_plus_1 - 1];
  return is_between(one, protocol, a, b) ? &one : nullptr;
}

Conversation& ConversationTable::append(std::uint8_t protocol, const Endpoint& source,
                                        const Endpoint& destination) {
  if (count_ % chunk_size == 0) chunks_.push_back(std::make_unique<Conversation[]>(chunk_size));
  Conversation& added = (*this)[count_];
  added.ends[0] = source;
  added.ends[1] = destination;
  added.protocol = protocol;
  added.index = static_cast<std::uint32_t>(count_++);
  return added;
}

TcpConnection& ConversationTable::add_connection() {
  const std::size_t at = connection_count_++ % chunk_size;
  if (at == 0) connections_.push_back(std::make_unique<TcpConnection[]>(chunk_size));
  return connections_.back()[at];
}

ConversationTable::Found ConversationTable::known(std::uint32_t key, std::uint8_t protocol,
                                                  const Endpoint& source,
                                                  const Endpoint& destination) {
  Conversation* found = recent(key, protocol, source, destination);
  if (!found) {
    const Slot at = slot(key, protocol, source, destination);
    if (at.index_plus_1 == 0) return {nullptr, 0, false};
    recent_[key % recent_.size()] = at;
    found = &(*this)[at.index_plus_1 - 1];
  }
  return {found, found->ends[0] == source ? 0u : 1u, false};
}

ConversationTable::Found ConversationTable::find(std::uint32_t key, std::uint8_t protocol,
                                                 const Endpoint& source,
                                                 const Endpoint& destination) {
  if (const Found found = known(key, protocol, source, destination); found.conversation)
    return found;
  if (++used_ * 2 > slots_.size()) grow();
  Conversation& added = append(protocol, source, destination);
  slot(key, protocol, source, destination) = recent_[key % recent_.size()] = {key, added.index + 1};
  return {&added, 0, true};
}

void ConversationTable::fetch(std::uint32_t key) const {
  constexpr std::size_t cache_line = 64;
  const Slot& likely = recent_[key % recent_.size()];
  if (likely.key != key || likely.index_plus_1 == 0) {
    __builtin_prefetch(&slots_[key & (slots_.size() - 1)]);
    return;
  }
  const Conversation& one = (*this)[likely.index_plus_1 - 1];
  const auto* const bytes = reinterpret_cast<const std::byte*>(&one);
  for (std::size_t at = 0; at < sizeof one; at += cache_line) __builtin_prefetch(bytes + at);
}

ConversationTable::Found ConversationTable::replace(std::uint8_t protocol, const Endpoint& source,
                                                    const Endpoint& destination) {
  const std::uint32_t key = this->key(protocol, source, destination);
  Slot& at = slot(key, protocol, source, destination);
  Conversation& added = append(protocol, source, destination);
  at = recent_[key % recent_.size()] = {key, added.index + 1};
  return {&added, 0, true};
}

void ConversationTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& one : old) {
    if (one.index_plus_1 == 0) continue;
    std::size_t at = one.key & mask;
    while (slots_[at].index_plus_1 != 0) at = (at + 1) & mask;
    slots_[at] = one;
  }
}

}  // namespace tracer
