// Written by hand and not with a JSON library: a document tree a frame would cost several
// allocations a field, and all that is needed here is the escaping of strings.
#include "tracer/render/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace tracer {
namespace {

/// Bytes of the UTF-8 sequence at the start of `text`; 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto more = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return more(1) ? 2 : 0;
  if (first >= 0xe0 && first < 0xf0) {
    const bool good = more(1) && more(2) && !(first == 0xe0 && byte(1) < 0xa0) &&
                      !(first == 0xed && byte(1) >= 0xa0);
    return good ? 3 : 0;
  }
  if (first >= 0xf0 && first < 0xf5) {
    const bool good = more(1) && more(2) && more(3) && !(first == 0xf0 && byte(1) < 0x90) &&
                      !(first == 0xf4 && byte(1) >= 0x90);
    return good ? 4 : 0;
  }
  return 0;
}

void append_number(std::string& out, std::uint64_t number) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

/// Integers and booleans are JSON's own; all else is the text that -T fields prints.
void append_json_value(std::string& out, const FieldValue& value) {
  switch (info(value.field).type) {
    case FieldType::boolean: out += value.number ? "true" : "false"; return;
    case FieldType::number:
    case FieldType::hex8:
    case FieldType::hex16:
    case FieldType::hex24:
    case FieldType::hex32: append_number(out, value.number); return;
    case FieldType::signed_number:
      fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(value.number));
      return;
    case FieldType::text: append_json_string(out, as_text(value.value)); return;
    default:
      out += '"';
      append_value(out, value);  // digits, letters and punctuation: nothing to escape
      out += '"';
  }
}

void append_place(std::string& out, Bytes where, Bytes frame) {
  if (where.empty() || where.data() < frame.data() ||
      where.data() + where.size() > frame.data() + frame.size())
    return;
  out += ",\"at\":";
  append_number(out, static_cast<std::uint64_t>(where.data() - frame.data()));
  out += ",\"size\":";
  append_number(out, where.size());
}

void append_seconds(std::string& out, Timestamp time) {
  const std::int64_t count = time.time_since_epoch().count();
  const auto magnitude =
      count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  fmt::format_to(std::back_inserter(out), "\"{}{}.{:09}\"", count < 0 ? "-" : "",
                 magnitude / 1'000'000'000, magnitude % 1'000'000'000);
}

/// eth.dst as eth_dst.
void append_underscored(std::string& out, std::string_view name) {
  for (const char c : name) out += c == '.' ? '_' : c;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t plain = static_cast<std::size_t>(
        std::ranges::find_if(
            text, [](char c) { return c < 0x20 || c >= 0x7f || c == '"' || c == '\\'; }) -
        text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text[0];
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t length = utf8_length(text);
    if (length > 1) {
      out += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    text.remove_prefix(1);
    if (length == 0)
      out += "\\ufffd";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  }
  out += '"';
}

void append_json(std::string& out, std::uint64_t number, const Frame& frame,
                 const FieldSink& fields, const FieldSet& shown) {
  out += R"({"schema":"wirelab-frame-1","number":)";
  append_number(out, number);
  out += ",\"time\":";
  append_seconds(out, frame.time);
  out += ",\"interface\":";
  append_number(out, frame.vantage);
  out += ",\"link\":";
  append_number(out, static_cast<std::uint64_t>(frame.link));
  out += ",\"length\":";
  append_number(out, frame.original_length);
  out += ",\"captured\":";
  append_number(out, frame.bytes.size());
  out += ",\"fields\":[";
  bool first = true;
  for (const FieldValue& value : fields.values()) {
    if (!shown.has(value.field)) continue;
    const FieldInfo& field = info(value.field);
    out += first ? "{\"name\":\"" : ",{\"name\":\"";
    first = false;
    (out += field.name) += '"';
    if (field.type != FieldType::protocol && field.type != FieldType::presence) {
      out += ",\"value\":";
      append_json_value(out, value);
    }
    append_place(out, value.where, frame.bytes);
    out += '}';
  }
  out += "]}\n";
}

BulkWriter::BulkWriter(std::vector<Field> columns)
    : columns_(std::move(columns)), first_(field_count), last_(field_count) {
  for (std::size_t i = 0; i < field_count; ++i) {
    // ipv6.fraghdr.more belongs to ipv6: the shortest prefix that is a protocol.
    const std::string_view name = info(field_at(i)).name;
    const auto layer = find_field(name.substr(0, name.find('.')));
    layer_of_.push_back(layer && info(*layer).type == FieldType::protocol ? *layer : field_at(i));
  }
}

void BulkWriter::chain(const FieldSink& fields) {
  for (const Field field : seen_) first_[static_cast<std::size_t>(field)] = 0;
  seen_.clear();
  layers_.clear();
  next_.assign(fields.values().size() + 1, 0);
  std::uint32_t at = 0;
  for (const FieldValue& value : fields.values()) {
    ++at;
    const auto field = static_cast<std::size_t>(value.field);
    if (first_[field] == 0) {
      seen_.push_back(value.field);
      first_[field] = at;
      if (std::find(layers_.begin(), layers_.end(), layer_of_[field]) == layers_.end())
        layers_.push_back(layer_of_[field]);
    } else {
      next_[last_[field]] = at;
    }
    last_[field] = at;
  }
}

void BulkWriter::values(std::string& out, const FieldSink& fields, std::size_t first, bool list) {
  const bool many = list || next_[first] != 0;
  if (many) out += '[';
  for (std::size_t at = first; at != 0; at = next_[at]) {
    const FieldValue& value = fields.values()[at - 1];
    const FieldType type = info(value.field).type;
    if (at != first) out += ',';
    if (type == FieldType::boolean && !list) {
      out += value.number ? "true" : "false";
    } else if (type == FieldType::text) {
      append_json_string(out, as_text(value.value));
    } else {
      text_.clear();
      append_value(text_, value);
      out += '"';
      for (std::size_t i = 0; i < text_.size(); ++i) {
        if (type == FieldType::bytes && !list && i > 0 && i % 2 == 0) out += ':';
        out += text_[i];
      }
      out += '"';
    }
  }
  if (many) out += ']';
}

void BulkWriter::append(std::string& out, const Frame& frame, const FieldSink& fields) {
  chain(fields);
  const auto day = std::chrono::floor<std::chrono::days>(frame.time);
  const std::chrono::year_month_day date(day);
  fmt::format_to(std::back_inserter(out),
                 "{{\"index\":{{\"_index\":\"packets-{:04}-{:02}-{:02}\",\"_type\":\"doc\"}}}}\n",
                 int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
  fmt::format_to(
      std::back_inserter(out), "{{\"timestamp\":\"{}\",\"layers\":{{",
      std::chrono::floor<std::chrono::milliseconds>(frame.time).time_since_epoch().count());
  bool first_one = true;
  const auto key = [&](std::string_view layer, std::string_view name) {
    if (!first_one) out += ',';
    first_one = false;
    out += '"';
    append_underscored(out, layer);
    if (!layer.empty()) out += '_';
    append_underscored(out, name);
    out += "\":";
  };
  if (!columns_.empty()) {
    for (const Field field : columns_)
      if (const std::size_t first = first_[static_cast<std::size_t>(field)]) {
        key("", info(field).name);
        values(out, fields, first, true);
      }
  } else {
    for (const Field layer : layers_) {
      key("", info(layer).name);
      out += '{';
      first_one = true;
      for (const Field field : seen_) {
        if (layer_of_[static_cast<std::size_t>(field)] != layer || field == layer) continue;
        key(info(layer).name, info(field).name);
        values(out, fields, first_[static_cast<std::size_t>(field)], false);
      }
      out += '}';
      first_one = false;
    }
  }
  out += "}}\n";
}

}  // namespace tracer
