#include "tracer/render/html/packet_data.hpp"

#include <fmt/format.h>

#include "tracer/render/json.hpp"
#include "tracer/render/label_text.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_value = 300;  // characters; the bytes beside it are all there
constexpr std::size_t most_bytes = 32;      // of a value in hexadecimal

std::string value_text(const FieldValue& value) {
  std::string text;
  if (info(value.field).type == FieldType::protocol) return text;
  if (info(value.field).type == FieldType::bytes && value.value.size() > most_bytes) {
    FieldValue first = value;
    first.value = value.value.first(most_bytes);
    append_value(text, first);
    return fmt::format("{}… ({} bytes)", text, value.value.size());
  }
  if (info(value.field).type == FieldType::text && value.value.size() > 4 * longest_value) {
    FieldValue first = value;
    first.value = value.value.first(4 * longest_value);
    append_value(text, first);
  } else {
    append_value(text, value);
  }
  return clipped(printable(text), longest_value);
}

std::string milliseconds(const std::optional<Timestamp>& time, Timestamp start) {
  return time ? fmt::format("\"{:.3f}\"", static_cast<double>((*time - start).count()) / 1e6)
              : "null";
}

}  // namespace

void append_script_string(std::string& out, std::string_view text) {
  append_script_text(out, printable(text));
}

void append_script_text(std::string& out, std::string_view text) {
  if (text.find('<') == std::string_view::npos) return append_json_string(out, text);
  std::string plain;
  append_json_string(plain, text);
  for (const char c : plain) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
}

std::string FieldData::of(const FieldSink& fields, Bytes frame) {
  std::string out = "[";
  for (const FieldValue& value : fields.values()) {
    if (is_alias(value.field)) continue;
    const auto [at, fresh] =
        numbers_.try_emplace(static_cast<std::uint16_t>(value.field), used_.size());
    if (fresh) used_.push_back(value.field);
    const bool inside = !value.where.empty() && value.where.data() >= frame.data() &&
                        value.where.data() + value.where.size() <= frame.data() + frame.size();
    out.append(out.size() > 1 ? ",[" : "[").append(fmt::format_int(at->second).str()).append(",");
    append_script_text(out, value_text(value));
    if (inside)
      out.append(",")
          .append(fmt::format_int(value.where.data() - frame.data()).str())
          .append(",")
          .append(fmt::format_int(value.where.size()).str())
          .append("]");
    else
      out += ",-1,0]";
  }
  return out + "]";
}

std::string FieldData::names() const {
  std::string out = "[";
  for (const Field field : used_) {
    out += out.size() > 1 ? ",[" : "[";
    append_script_string(out, info(field).name);
    out += ',';
    append_script_string(out, info(field).sentence);
    out += info(field).type == FieldType::protocol ? ",1]" : ",0]";
  }
  return out + "]";
}

std::string row_text(const Row& row, const TextStyle& style) {
  std::string text = label_text(row, style).fit(10'000, style);
  for (const Note& note : row.notes)
    if (note.kind == Note::Kind::lost) text += " · ✗ " + note_text(note);
  return text;
}

void append_packet_data(std::string& out, const Ladder& ladder, const Row& row, std::size_t view,
                        const std::vector<PacketSighting>& sightings, const TextStyle& style) {
  out += fmt::format("{{\"n\":{},\"v\":{},\"from\":{},\"label\":", row.number, view, row.from);
  append_script_string(out, row_text(row, style));
  out += fmt::format(
      ",\"left\":{},\"arrived\":{},\"frames\":[", milliseconds(row.time[row.from], ladder.start),
      ladder.two_ended ? milliseconds(row.time[1 - row.from], ladder.start) : "null");
  for (const PacketSighting& one : sightings) {
    out += &one == sightings.data() ? "{\"where\":" : ",{\"where\":";
    append_script_string(out, one.where);
    out += fmt::format(",\"block\":{},\"size\":{},\"length\":{},\"fields\":{}}}", one.block,
                       one.frame->bytes.size(), one.frame->original_length, *one.fields);
  }
  out += "]}\n";
}

}  // namespace tracer
