#include "tracer/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

Options::Format format_of(const std::string& name) {
  std::string known;
  for (const auto& [one, format] : formats) {
    if (name == one) return format;
    known += (known.empty() ? "" : ", ") + std::string(one);
  }
  throw Failure(exit_code::usage, fmt::format("-T {}: no such format", name),
                "the formats are " + known);
}

/// By the end of the file's name; the ladder for one that says nothing.
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

/// ADDR=NAME or ADDR:PORT=NAME; IPv6 with a port is [ADDR]:PORT.
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

/// B=+3.7s: the second file's clock is 3.7 s ahead of the first's.
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

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

}  // namespace

std::optional<Options> parse_command_line(int count, char** words) {
  Options options;
  for (int i = 0; i < count; ++i) options.command.append(i ? " " : "").append(words[i]);
  CLI::App app(
      "tracer: what crossed the wire, as a ladder\n\n  tracer -r FILE                  one vantage "
      "point\n  tracer -r CLIENT -r SERVER      two: fates are known\n  tracer -i eth0 tcp port 80 "
      "     live",
      "tracer");
  std::string interface, format, color = "auto", notation = "wireshark", write, output, offset,
                                 list, check;
  std::vector<std::string> columns, table, names, stops, expression;
  std::size_t width = 0;
  app.add_option("-i", interface, "capture on this interface")->type_name("IF");
  app.add_option("-r", options.files,
                 "read a capture file; - is standard input; two files are two ends")
      ->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("-f", options.capture_filter, "capture filter, as in tcpdump: pcap-filter(7)")
      ->type_name("BPF");
  app.add_option("-Y", options.display_filter, "display filter, as in Wireshark")
      ->type_name("FILTER");
  app.add_option("-T", format,
                 "ladder, flat, bytes, summary, fields, json, ek, svg, timeseq, explain, html, "
                 "mermaid or plantuml; the ending of -o FILE picks one too")
      ->type_name("FORMAT");
  app.add_option("-e", columns, "a field for -T fields, json or ek; repeat it")
      ->type_name("FIELD")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("-E", table, "how -T fields prints: header=y, separator=/t, …")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("-w", write, "write what was read as pcapng")->type_name("FILE");
  app.add_option("-o", output, "print there instead of to standard output")->type_name("FILE");
  app.add_option("-c", options.count, "stop after so many frames")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.add_option("-s", options.snaplen, "keep so many bytes of each frame")
      ->type_name("BYTES")
      ->check(CLI::Range(1u, 262'144u));
  app.add_option("-a", stops, "duration:N, stop after N seconds")
      ->type_name("CONDITION")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("-q", options.quiet, "say nothing on standard error but what went wrong");
  app.add_option("--name", names, "call an endpoint so")
      ->type_name("ADDR[:PORT]=NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--offset", offset, "the second file's clock minus the first's")
      ->type_name("B=±T");
  app.add_option("--notation", notation, "wireshark, stevens or rfc9293")->type_name("NAME");
  app.add_option("--width", width, "columns of the ladder")
      ->type_name("N")
      ->check(CLI::Range(20, 1000));
  app.add_flag("--ascii", options.style.ascii, "no characters beyond ASCII");
  app.add_option("--color", color, "auto, always or never")->type_name("WHEN");
  app.add_option("--check", check,
                 "hold the capture against the rules of this file; exit 3 if one fails")
      ->type_name("RULES");
  app.add_flag("--serve", options.serve, "with -i: a page on 127.0.0.1 that draws the ladder live");
  app.add_flag("-D", options.list_interfaces, "list the interfaces");
  auto* fields =
      app.add_option("--fields", list, "list the fields, or those whose name contains PATTERN")
          ->type_name("[PATTERN]")
          ->expected(0, 1);
  app.add_option("filter", expression, "the capture filter's words")->type_name("BPF");
  app.add_flag("!--no-sandbox", options.sandbox, "keep all rights while reading, for debuggers");
  app.set_version_flag("--version", "tracer " WIRELAB_VERSION);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return std::nullopt;
    }
    throw Failure(exit_code::usage, error.what(), "tracer --help");
  }
  if (!interface.empty()) options.interface = interface;
  if (!write.empty()) options.write = write;
  if (!output.empty()) options.output = output;
  if (!check.empty()) options.rules = read_check_rules(check);
  if (!options.rules.empty() && options.files.empty())
    throw Failure(exit_code::usage, "--check without -r",
                  "rules are held against a capture file: tracer -i IF -w FILE, then tracer -r "
                  "FILE --check RULES");
  if (fields->count() > 0) options.list_fields = list;
  Filter::compile(options.display_filter);  // a fault shows before anything is opened
  if (!format.empty())
    options.format = format_of(format);
  else if (options.output)
    options.format = format_of_file(*options.output);
  if (!expression.empty() && !options.capture_filter.empty())
    throw Failure(exit_code::usage, "a capture filter with -f and another one as words",
                  "give it once");
  for (const std::string& word : expression)
    options.capture_filter += (options.capture_filter.empty() ? "" : " ") + word;
  for (const std::string& name : columns) options.columns.push_back(field_of(name));
  if (options.format == Options::Format::fields && options.columns.empty())
    throw Failure(exit_code::usage, "-T fields without -e says nothing",
                  "tracer -r FILE -T fields -e frame.number -e ip.src");
  for (const std::string& one : table) table_option(options.table, one);
  for (const std::string& name : names) add_name(options.names, name);
  if (!offset.empty()) options.clock = offset_of(offset);
  for (const std::string& stop : stops) {
    std::uint32_t seconds = 0;
    const bool good = stop.starts_with("duration:") &&
                      std::from_chars(stop.data() + 9, stop.data() + stop.size(), seconds).ptr ==
                          stop.data() + stop.size() &&
                      stop.size() > 9;
    if (!good)
      throw Failure(exit_code::usage, fmt::format("-a {}: not known", stop),
                    "-a duration:10 stops after ten seconds");
    options.duration = std::chrono::seconds(seconds);
  }
  if (options.files.size() > 2)
    throw Failure(exit_code::usage, "more than two -r files",
                  "two files are two ends of the same wire; mergecap(1) joins others");
  if (options.serve && !options.interface)
    throw Failure(exit_code::usage, "--serve without -i",
                  "a page follows an interface; for a file: tracer -r FILE -o report.html");
  if (options.interface && !options.files.empty())
    throw Failure(exit_code::usage, "both -i and -r", "give a capture file or an interface");
  if (notation == "stevens")
    options.style.notation = TextStyle::Notation::stevens;
  else if (notation == "rfc9293")
    options.style.notation = TextStyle::Notation::rfc9293;
  else if (notation != "wireshark")
    throw Failure(exit_code::usage, fmt::format("--notation {}: not known", notation),
                  "wireshark, stevens or rfc9293");
  if (color != "auto" && color != "always" && color != "never")
    throw Failure(exit_code::usage, fmt::format("--color {}: not known", color),
                  "auto, always or never");
  const char* no_color = std::getenv("NO_COLOR");
  const bool to_terminal = isatty(STDOUT_FILENO) && !options.output && !(no_color && *no_color);
  options.style.color = color == "always" || (color == "auto" && to_terminal);
  options.style.width = width ? width : terminal_width();
  return options;
}

void Options::say(const std::string& remark) const {
  if (!quiet) fmt::print(stderr, "{}\n", remark);
}

}  // namespace tracer
