#include "tracer/cli/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tracer/bytes/failure.hpp"
#include "tracer/fields/filter.hpp"

namespace tracer {
namespace {

constexpr std::pair<const char*, Options::Format> formats[] = {
    {"ladder", Options::Format::ladder},   {"flat", Options::Format::flat},
    {"bytes", Options::Format::bytes},     {"summary", Options::Format::summary},
    {"fields", Options::Format::fields},   {"json", Options::Format::json},
    {"ek", Options::Format::ek},           {"svg", Options::Format::svg},
    {"timeseq", Options::Format::timeseq}, {"html", Options::Format::html},
    {"mermaid", Options::Format::mermaid}, {"plantuml", Options::Format::plantuml},
    {"explain", Options::Format::explain},
};
/// What -o FILE means where no -T says otherwise.
constexpr std::pair<const char*, Options::Format> extensions[] = {
    {".svg", Options::Format::svg},         {".mmd", Options::Format::mermaid},
    {".mermaid", Options::Format::mermaid}, {".puml", Options::Format::plantuml},
    {".html", Options::Format::html},       {".json", Options::Format::json},
    {".ndjson", Options::Format::json},
};

}  // namespace

Options::Format format_of(const std::string& name) {
  std::string known;
  for (const auto& [one, format] : formats) {
    if (name == one) return format;
    known += (known.empty() ? "" : ", ") + std::string(one);
  }
  throw Failure(exit_code::usage, fmt::format("-T {}: no such format", name),
                "the formats are " + known);
}

Options::Format format_of_file(const std::string& path) {
  for (const auto& [ending, format] : extensions)
    if (path.ends_with(ending)) return format;
  return Options::Format::ladder;
}

Field field_of(const std::string& name) {
  if (const auto field = find_field(name)) return *field;
  const auto guess = nearest_field(name);
  throw Failure(exit_code::usage,
                fmt::format("-e {}: no such field{}", name,
                            guess.empty() ? "" : fmt::format("; did you mean {}?", guess)),
                "tracer --fields lists them");
}

void add_name(Names& names, const std::string& text) {
  const auto bad = [&]() -> Failure {
    return {exit_code::usage, fmt::format("--name {}: not an address and a name", text),
            "for example --name 10.0.0.2:7000=server"};
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) throw bad();
  std::string address = text.substr(0, equals), port;
  if (address.starts_with('[')) {
    const std::size_t close = address.find(']');
    if (close == std::string::npos) throw bad();
    if (close + 2 < address.size() && address[close + 1] == ':') port = address.substr(close + 2);
    address = address.substr(1, close - 1);
  } else if (std::count(address.begin(), address.end(), ':') == 1) {
    port = address.substr(address.find(':') + 1);
    address.resize(address.find(':'));
  }
  const auto parsed = IpAddress::parse(address);
  std::uint16_t number = 0;
  if (!port.empty() && std::from_chars(port.data(), port.data() + port.size(), number).ptr !=
                           port.data() + port.size())
    throw bad();
  if (!parsed) throw bad();
  names.add({*parsed, number}, text.substr(equals + 1));
}

ClockOffset offset_of(const std::string& text) {
  const auto bad = [&]() -> Failure {
    return {exit_code::usage, fmt::format("--offset {}: not an offset", text),
            "for example --offset B=+3.7s: the second file's clock is 3.7 s ahead"};
  };
  std::string value = text;
  if (value.starts_with("B=")) value.erase(0, 2);
  if (value.starts_with('+')) value.erase(0, 1);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
  const double scale = unit == "s" || unit.empty() ? 1e9
                       : unit == "ms"              ? 1e6
                       : unit == "us"              ? 1e3
                       : unit == "ns"              ? 1
                                                   : 0;
  if (error != std::errc{} || scale == 0 || !std::isfinite(number) ||
      std::abs(number * scale) > 9e18)
    throw bad();
  ClockOffset clock;
  clock.offset = Nanoseconds(std::llround(number * scale));
  return clock;
}

void table_option(FieldTable::Style& table, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals),
                    value = equals == std::string::npos ? "" : text.substr(equals + 1);
  const auto character = [&] { return value == "/t" ? "\t" : value == "/s" ? " " : value; };
  if (key == "header")
    table.header = value == "y";
  else if (key == "separator")
    table.separator = character();
  else if (key == "aggregator")
    table.aggregator = character();
  else if (key == "occurrence" && (value == "a" || value == "f" || value == "l"))
    table.occurrence = value[0];
  else if (key == "quote" && (value == "d" || value == "s" || value == "n"))
    table.quote = value == "d" ? "\"" : value == "s" ? "'" : "";
  else
    throw Failure(exit_code::usage, fmt::format("-E {}: not known", text),
                  "header=y, separator=/t, aggregator=',', occurrence=a|f|l, quote=d|s|n");
}

std::chrono::milliseconds duration_of(const std::string& text) {
  std::uint32_t seconds = 0;
  const char* const end = text.data() + text.size();
  if (!text.starts_with("duration:") || text.size() == 9 ||
      std::from_chars(text.data() + 9, end, seconds).ptr != end)
    throw Failure(exit_code::usage, fmt::format("-a {}: not known", text),
                  "-a duration:10 stops after ten seconds");
  return std::chrono::seconds(seconds);
}

TextStyle::Notation notation_of(const std::string& text) {
  if (text == "wireshark") return TextStyle::Notation::wireshark;
  if (text == "stevens") return TextStyle::Notation::stevens;
  if (text == "rfc9293") return TextStyle::Notation::rfc9293;
  throw Failure(exit_code::usage, fmt::format("--notation {}: not known", text),
                "wireshark, stevens or rfc9293");
}

}  // namespace tracer
