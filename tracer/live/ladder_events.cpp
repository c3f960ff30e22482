#include "tracer/live/ladder_events.hpp"

#include <fmt/format.h>

#include "tracer/diagram/role.hpp"
#include "tracer/render/html/packet_data.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/tracking/tcp_states.hpp"

namespace tracer {
namespace {

std::string end_text(const Ladder& ladder, std::size_t lane) {
  const std::string address = ladder.ends[lane].text();
  return ladder.names[lane].empty() ? address : ladder.names[lane] + " " + address;
}

std::string head_of(const Ladder& ladder, std::size_t index) {
  std::string json = fmt::format(
      "{{\"type\":\"conversation\",\"c\":{},\"protocol\":{},\"two_ended\":{},\"ends\":[", index,
      ladder.protocol, ladder.two_ended);
  append_script_string(json, end_text(ladder, 0));
  json += ',';
  append_script_string(json, end_text(ladder, 1));
  return json + "]}";
}

/// Short enough for an arrow in a page; of options and payload what finds room.
std::string arrow_text(const Row& row, const TextStyle& style) {
  constexpr std::size_t columns = 66;
  std::string text = label_text(row, style).fit(columns, style);
  for (const Note& note : row.notes)
    if (note.kind == Note::Kind::lost) text += " · ✗ " + note_text(note);
  return text;
}

void append_milliseconds(std::string& json, const std::optional<Timestamp>& time, Timestamp start) {
  json += time ? fmt::format("{:.3f}", static_cast<double>((*time - start).count()) / 1e6) : "null";
}

std::string json_of(const Ladder& ladder, const Row& row, std::size_t index,
                    const TextStyle& style) {
  std::string json =
      fmt::format("{{\"n\":{},\"c\":{},\"from\":{},\"say\":", row.number, index, row.from);
  append_script_string(json, arrow_text(row, style));
  json +=
      fmt::format(",\"role\":\"{}\",\"about\":{},\"flags\":{},\"length\":{},\"kind\":{},\"left\":",
                  row_role(ladder, row), repeats_row(row), row.label.flags.bits, row.label.length,
                  static_cast<int>(row.label.kind));
  append_milliseconds(json, row.time[row.from], ladder.start);
  json += ",\"arrived\":";
  append_milliseconds(json, ladder.two_ended ? row.time[1 - row.from] : std::nullopt, ladder.start);
  const auto seen = row.time[row.from] ? row.time[row.from] : row.time[1 - row.from];
  json += fmt::format(",\"wall\":{:.3f},\"states\":[\"{}\",\"{}\"]}}",
                      seen ? static_cast<double>(seen->time_since_epoch().count()) / 1e6 : 0.0,
                      row.state[0] == TcpState::unknown ? "" : name(row.state[0]),
                      row.state[1] == TcpState::unknown ? "" : name(row.state[1]));
  return json;
}

}  // namespace

std::vector<std::string> LadderEvents::changes(const std::vector<Ladder>& ladders) {
  std::vector<std::string> events;
  std::string rows;
  if (sent_.size() < ladders.size()) sent_.resize(ladders.size());
  for (std::size_t i = 0; i < ladders.size(); ++i) {
    if (std::string head = head_of(ladders[i], i); head != sent_[i].head)
      events.push_back(sent_[i].head = std::move(head));
    auto& before = sent_[i].rows;
    if (before.size() < ladders[i].rows.size()) before.resize(ladders[i].rows.size());
    for (std::size_t k = 0; k < ladders[i].rows.size(); ++k) {
      std::string row = json_of(ladders[i], ladders[i].rows[k], i, style_);
      if (row == before[k]) continue;
      rows.append(rows.empty() ? "" : ",").append(row);
      before[k] = std::move(row);
    }
  }
  if (!rows.empty()) events.push_back("{\"type\":\"rows\",\"rows\":[" + rows + "]}");
  return events;
}

void LadderEvents::begin_again() { sent_.clear(); }

}  // namespace tracer
