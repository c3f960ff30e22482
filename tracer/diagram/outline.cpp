#include "tracer/diagram/outline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/diagram/role.hpp"
#include "tracer/diagram/time_sequence.hpp"

namespace tracer {
namespace {

bool again(const Ladder& ladder, const Row& row) {
  return row_role(ladder, row).find("again") != std::string::npos;
}

/// Once both ends have sent a FIN, a late copy of one may be answered with a RST, or not: luck.
std::size_t rows_before_luck(const Ladder& ladder) {
  bool fin[2] = {false, false};
  for (std::size_t i = 0; i < ladder.rows.size(); ++i) {
    const Row& row = ladder.rows[i];
    if (row.label.kind != Label::Kind::tcp) continue;
    if (fin[0] && fin[1] && row.label.flags.has(TcpFlags::rst)) return i;
    fin[row.from] = fin[row.from] || row.label.flags.has(TcpFlags::fin);
  }
  return ladder.rows.size();
}

/// "SYN FIN": what steers the connection, in the order in which this end sent it.
std::string steering(const Ladder& ladder, std::size_t lane) {
  std::string text;
  for (const Row& row : ladder.rows) {
    if (row.from != lane || row.label.kind != Label::Kind::tcp || again(ladder, row)) continue;
    for (const auto& [bit, name] :
         {std::pair{TcpFlags::syn, "SYN"}, {TcpFlags::fin, "FIN"}, {TcpFlags::rst, "RST"}})
      if (row.label.flags.has(bit)) text.append(text.empty() ? "" : " ").append(name);
  }
  return text;
}

/// Payload that this end sent, each byte counted once.
std::uint64_t payload(const Ladder& ladder, std::size_t lane) {
  std::uint64_t sum = 0;
  if (ladder.protocol == ip_protocol::tcp) {
    const TimeSequences both = time_sequences(ladder, ladder.rows.size());
    for (const TimeSequence::Segment& one : both.of[lane].segments)
      if (!one.again) sum += one.length;
  } else {
    for (const Row& row : ladder.rows)
      if (row.from == lane) sum += row.label.length;
  }
  return sum;
}

}  // namespace

std::vector<std::string> outline(const Ladder& ladder) {
  std::vector<std::string> lines;
  if (const std::size_t sure = rows_before_luck(ladder); sure < ladder.rows.size()) {
    Ladder cut = ladder;
    cut.rows.resize(sure);
    return outline(cut);
  }
  const bool tcp = ladder.protocol == ip_protocol::tcp;
  const auto who = [&](std::size_t lane) {
    return ladder.names[lane].empty() ? fmt::format("end {}", lane + 1) : ladder.names[lane];
  };
  lines.push_back(fmt::format("{} {} {}",
                              tcp ? "TCP"
                              : ladder.protocol == ip_protocol::udp
                                  ? "UDP"
                                  : fmt::format("IP protocol {}", ladder.protocol),
                              who(0), who(1)));
  for (const std::size_t lane : {0u, 1u}) {
    if (tcp)
      lines.push_back(fmt::format("{}: {}", who(lane), steering(ladder, lane)));
    else
      lines.push_back(fmt::format(
          "{}: {} packets", who(lane),
          std::ranges::count_if(ladder.rows, [&](const Row& row) { return row.from == lane; })));
    lines.push_back(fmt::format("{}: {} bytes", who(lane), payload(ladder, lane)));
    const auto fate = [&](const char* name, auto has) {
      const auto count = std::ranges::count_if(
          ladder.rows, [&](const Row& row) { return row.from == lane && has(row); });
      if (count > 0) lines.push_back(fmt::format("{}: {} {}", who(lane), name, count));
    };
    fate("lost", [](const Row& row) { return row.fate == Fate::lost; });
    fate("corrupted", [](const Row& row) { return row.has(Note::Kind::corrupted); });
    fate("duplicated", [](const Row& row) { return row.fate == Fate::duplicated; });
    fate("unreachable", [](const Row& row) { return row.has(Note::Kind::unreachable); });
    TcpState last = TcpState::unknown;
    for (const Row& row : ladder.rows)
      if (row.state[lane] != TcpState::unknown) last = row.state[lane];
    if (last != TcpState::unknown)
      lines.push_back(fmt::format("{} ends in {}", who(lane), name(last)));
  }
  return lines;
}

}  // namespace tracer
