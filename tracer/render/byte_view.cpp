#include "tracer/render/byte_view.hpp"

#include <fmt/format.h>

namespace tracer {
namespace {

constexpr std::size_t bytes_shown = 8;  // of a field; longer ones end in …

std::string hex(Bytes bytes, bool ascii) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size() && i < bytes_shown; ++i) text += fmt::format("{}{:02x}", i ? " " : "", be8(bytes, i));
  if (bytes.size() > bytes_shown) text += ascii ? " .." : " …";
  return text;
}

}  // namespace

std::string byte_view(std::uint64_t number, Bytes frame, std::uint32_t original_length, const FieldSink& fields, const TextStyle& style) {
  std::string out = style.paint(fmt::format("frame {}, {} bytes{}", number, original_length, frame.size() < original_length ? fmt::format(", {} captured", frame.size()) : ""), Role::heading) + "\n";
  const char* dash = style.ascii ? "-" : "–";
  const auto range = [&](Bytes where) {
    const std::size_t from = static_cast<std::size_t>(where.data() - frame.data());
    return where.size() == 1 ? fmt::format("{:>4}{}", from, "     ") : fmt::format("{:>4}{}{:<4}", from, dash, from + where.size() - 1);
  };
  const auto inside = [&](Bytes where) { return !where.empty() && where.data() >= frame.data() && where.data() + where.size() <= frame.data() + frame.size(); };
  for (const FieldValue& value : fields.values()) {
    const FieldInfo& field = info(value.field);
    if (value.field == Field::frame || field.name.starts_with("frame.")) continue;
    if (field.type == FieldType::protocol) {
      out += style.paint(fmt::format("{:<9} {}: {}", inside(value.where) ? range(value.where) : "", field.name, field.sentence), Role::heading) + "\n";
      continue;
    }
    std::string text;
    append_value(text, value);
    if (field.type == FieldType::bytes) text = fmt::format("{} bytes", value.value.size());
    std::string line = fmt::format("{:<9} {:<25} {:<24} ", inside(value.where) ? range(value.where) : "", inside(value.where) ? hex(value.where, style.ascii) : "", field.name);
    if (line.find("…") != std::string::npos) line = fmt::format("{:<9} {} {:<24} ", inside(value.where) ? range(value.where) : "", left(hex(value.where, style.ascii), 25), field.name);
    line += printable(text, style.ascii);
    if (style.width > width(line) + 12) line = left(line, 80 > width(line) ? 80 : width(line) + 2) + std::string(field.sentence);
    out += clipped(line, style.width, style.ascii) + "\n";
  }
  return out;
}

}  // namespace tracer
