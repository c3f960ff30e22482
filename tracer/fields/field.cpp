#include "tracer/fields/field.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace tracer {
namespace {

constexpr std::array<FieldInfo, field_count> table{{
#define X(id, name, type, sentence) {name, FieldType::type, sentence},
    TRACER_FIELDS(X)
#undef X
}};

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const FieldInfo& info(Field field) { return table[static_cast<std::size_t>(field)]; }

std::optional<Field> find_field(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, Field> map;
    for (std::size_t i = 0; i < field_count; ++i) map.emplace(table[i].name, field_at(i));
    return map;
  }();
  const auto at = by_name.find(name);
  if (at == by_name.end()) return std::nullopt;
  return at->second;
}

bool is_alias(Field field) {
  switch (field) {
    case Field::frame_time:
    case Field::frame_time_delta_displayed:
    case Field::eth_addr:
    case Field::eth_lg:
    case Field::eth_ig:
    case Field::eth_dst_lg:
    case Field::eth_dst_ig:
    case Field::eth_src_lg:
    case Field::eth_src_ig:
    case Field::ip_addr:
    case Field::ip_host:
    case Field::ip_src_host:
    case Field::ip_dst_host:
    case Field::ipv6_addr:
    case Field::ipv6_host:
    case Field::ipv6_src_host:
    case Field::ipv6_dst_host:
    case Field::icmp_ident_le:
    case Field::icmp_seq_le:
    case Field::tcp_port:
    case Field::tcp_flags_str:
    case Field::tcp_connection_syn:
    case Field::tcp_connection_synack:
    case Field::tcp_connection_fin:
    case Field::tcp_connection_rst:
    case Field::udp_port: return true;
    default: return false;
  }
}

std::string_view nearest_field(std::string_view name) {
  if (name.size() > 64) return {};
  const auto best = std::min_element(table.begin(), table.end(), [&](auto& a, auto& b) {
    return distance(name, a.name) < distance(name, b.name);
  });
  return distance(name, best->name) <= std::max<std::size_t>(2, name.size() / 4)
             ? best->name
             : std::string_view{};
}

}  // namespace tracer
