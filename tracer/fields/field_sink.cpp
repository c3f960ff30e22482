#include "tracer/fields/field_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <iterator>

#include "tracer/wire/address.hpp"

namespace tracer {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

template <class Integer>
void append_decimal(std::string& out, Integer number) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void append_hex(std::string& out, std::uint64_t number, int digits) {
  out += "0x";
  for (int i = digits - 1; i >= 0; --i) out += hex_digits[number >> (4 * i) & 15];
}

/// Seconds and nine digits.
void append_seconds(std::string& out, std::int64_t nanoseconds) {
  const auto magnitude = nanoseconds < 0 ? -static_cast<std::uint64_t>(nanoseconds)
                                         : static_cast<std::uint64_t>(nanoseconds);
  if (nanoseconds < 0) out += '-';
  append_decimal(out, magnitude / 1'000'000'000);
  out += '.';
  char digits[9];
  std::uint64_t part = magnitude % 1'000'000'000;
  for (int i = 8; i >= 0; --i, part /= 10) digits[i] = static_cast<char>('0' + part % 10);
  out.append(digits, 9);
}

/// "Nov 22, 2026 10:30:00.500000000 UTC": local time, in English everywhere (localtime_r(3)).
void append_date(std::string& out, std::int64_t nanoseconds) {
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t part = (nanoseconds % second + second) % second;
  const std::time_t whole = (nanoseconds - part) / second;
  std::tm date{};
  if (localtime_r(&whole, &date) == nullptr) return append_seconds(out, nanoseconds);
  fmt::format_to(std::back_inserter(out), "{} {:2}, {} {:02}:{:02}:{:02}.{:09} {}",
                 months[date.tm_mon], date.tm_mday, date.tm_year + 1900, date.tm_hour, date.tm_min,
                 date.tm_sec, part, date.tm_zone);
}

/// Text as tshark writes it: control characters as C escapes, so that a line stays a line.
void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\0': out += "\\0"; break;
      default:
        if (byte >= 0x20 && byte != 0x7f) {
          out += c;
        } else {
          out += "\\x";
          out += hex_digits[byte >> 4];
          out += hex_digits[byte & 15];
        }
    }
  }
}

}  // namespace

void FieldSink::add_ascii(Field field, Bytes text) {
  if (!wants(field)) return;
  const auto plain = [](std::byte b) { return std::to_integer<unsigned>(b) < 0x80; };
  if (std::all_of(text.begin(), text.end(), plain)) return add_bytes(field, text);
  add_ascii_copy(field, as_text(text), text);
}

void FieldSink::add_ascii_copy(Field field, std::string_view text, Bytes where) {
  std::string shown;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x80)
      shown += c;
    else
      shown += "\xef\xbf\xbd";
  add_text(field, shown, where);
}

void append_value(std::string& out, const FieldValue& value) {
  switch (info(value.field).type) {
    case FieldType::protocol: out += info(value.field).name; return;
    case FieldType::presence: out += '1'; return;
    case FieldType::boolean: out += value.number ? '1' : '0'; return;
    case FieldType::number: append_decimal(out, value.number); return;
    case FieldType::signed_number:
      append_decimal(out, static_cast<std::int64_t>(value.number));
      return;
    case FieldType::hex8: append_hex(out, value.number, 2); return;
    case FieldType::hex16: append_hex(out, value.number, 4); return;
    case FieldType::hex24: append_hex(out, value.number, 6); return;
    case FieldType::hex32: append_hex(out, value.number, 8); return;
    case FieldType::ipv4:
    case FieldType::ipv6: IpAddress::from(value.value).append_to(out); return;
    case FieldType::mac: out += mac_text(value.value); return;
    case FieldType::bytes:
      if (value.value.empty()) out += "<MISSING>";  // tshark's word
      for (const std::byte b : value.value) {
        out += hex_digits[std::to_integer<unsigned>(b) >> 4];
        out += hex_digits[std::to_integer<unsigned>(b) & 15];
      }
      return;
    case FieldType::text: append_text(out, as_text(value.value)); return;
    case FieldType::date: append_date(out, static_cast<std::int64_t>(value.number)); return;
    case FieldType::time:
    case FieldType::duration: append_seconds(out, static_cast<std::int64_t>(value.number)); return;
  }
}

}  // namespace tracer
