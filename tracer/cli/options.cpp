#include "tracer/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tracer/bytes/failure.hpp"
#include "tracer/cli/option_values.hpp"
#include "tracer/fields/filter.hpp"

namespace tracer {
namespace {

/// Options whose words have to be read before they mean something.
struct Words {
  std::string interface, format, color = "auto", notation = "wireshark", write, output, offset,
                                 list, check;
  std::vector<std::string> columns, table, names, stops, expression;
  std::size_t width = 0;
  bool no_sandbox = false;
  const CLI::Option* list_fields = nullptr;
};

void declare(CLI::App& app, Options& options, Words& words) {
  app.add_option("-i", words.interface, "capture on this interface")->type_name("IF");
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
  app.add_option("-T", words.format,
                 "ladder, flat, bytes, summary, fields, json, ek, svg, timeseq, explain, html, "
                 "mermaid or plantuml; the ending of -o FILE picks one too")
      ->type_name("FORMAT");
  app.add_option("-e", words.columns, "a field for -T fields, json or ek; repeat it")
      ->type_name("FIELD")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("-E", words.table, "how -T fields prints: header=y, separator=/t, …")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("-w", words.write, "write what was read as pcapng")->type_name("FILE");
  app.add_option("-o", words.output, "print there instead of to standard output")
      ->type_name("FILE");
  app.add_option("-c", options.count, "stop after so many frames")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.add_option("-s", options.snaplen, "keep so many bytes of each frame")
      ->type_name("BYTES")
      ->check(CLI::Range(1u, 262'144u));
  app.add_option("-a", words.stops, "duration:N, stop after N seconds")
      ->type_name("CONDITION")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("-q", options.quiet, "say nothing on standard error but what went wrong");
  app.add_option("--name", words.names, "call an endpoint so")
      ->type_name("ADDR[:PORT]=NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--offset", words.offset, "the second file's clock minus the first's")
      ->type_name("B=±T");
  app.add_option("--notation", words.notation, "wireshark, stevens or rfc9293")->type_name("NAME");
  app.add_option("--width", words.width, "columns of the ladder")
      ->type_name("N")
      ->check(CLI::Range(20, 1000));
  app.add_flag("--ascii", options.style.ascii, "no characters beyond ASCII");
  app.add_option("--color", words.color, "auto, always or never")->type_name("WHEN");
  app.add_option("--check", words.check,
                 "hold the capture against the rules of this file; exit 3 if one fails")
      ->type_name("RULES");
  app.add_flag("--serve", options.serve, "with -i: a page on 127.0.0.1 that draws the ladder live");
  app.add_flag("-D", options.list_interfaces, "list the interfaces");
  words.list_fields = app.add_option("--fields", words.list,
                                     "list the fields, or those whose name contains PATTERN")
                          ->type_name("[PATTERN]")
                          ->expected(0, 1);
  app.add_option("filter", words.expression, "the capture filter's words")->type_name("BPF");
  app.add_flag("--no-sandbox", words.no_sandbox, "keep all rights while reading, for debuggers");
  app.set_version_flag("--version", "tracer " WIRELAB_VERSION);
}

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

/// Colours for a terminal, unless $NO_COLOR is set (no-color.org).
bool colored(const std::string& when, bool to_file) {
  if (when != "auto" && when != "always" && when != "never")
    throw Failure(exit_code::usage, fmt::format("--color {}: not known", when),
                  "auto, always or never");
  const char* no_color = std::getenv("NO_COLOR");
  const bool to_terminal = isatty(STDOUT_FILENO) && !to_file && !(no_color && *no_color);
  return when == "always" || (when == "auto" && to_terminal);
}

void read_words(Options& options, const Words& words) {
  if (!words.interface.empty()) options.interface = words.interface;
  if (!words.write.empty()) options.write = words.write;
  if (!words.output.empty()) options.output = words.output;
  if (!words.check.empty()) options.rules = read_check_rules(words.check);
  if (words.list_fields->count() > 0) options.list_fields = words.list;
  options.sandbox = !words.no_sandbox;
  if (!words.format.empty())
    options.format = format_of(words.format);
  else if (options.output)
    options.format = format_of_file(*options.output);
  if (!words.expression.empty() && !options.capture_filter.empty())
    throw Failure(exit_code::usage, "a capture filter with -f and another one as words",
                  "give it once");
  for (const std::string& word : words.expression)
    options.capture_filter += (options.capture_filter.empty() ? "" : " ") + word;
  for (const std::string& name : words.columns) options.columns.push_back(field_of(name));
  for (const std::string& one : words.table) table_option(options.table, one);
  for (const std::string& name : words.names) add_name(options.names, name);
  if (!words.offset.empty()) options.clock = offset_of(words.offset);
  for (const std::string& stop : words.stops) options.duration = duration_of(stop);
  options.style.notation = notation_of(words.notation);
  options.style.color = colored(words.color, options.output.has_value());
  options.style.width = words.width ? words.width : terminal_width();
}

void refuse_contradictions(const Options& options) {
  if (!options.rules.empty() && options.files.empty())
    throw Failure(exit_code::usage, "--check without -r",
                  "rules are held against a capture file: tracer -i IF -w FILE, then tracer -r "
                  "FILE --check RULES");
  if (options.format == Options::Format::fields && options.columns.empty())
    throw Failure(exit_code::usage, "-T fields without -e says nothing",
                  "tracer -r FILE -T fields -e frame.number -e ip.src");
  if (options.files.size() > 2)
    throw Failure(exit_code::usage, "more than two -r files",
                  "two files are two ends of the same wire; mergecap(1) joins others");
  if (options.serve && !options.interface)
    throw Failure(exit_code::usage, "--serve without -i",
                  "a page follows an interface; for a file: tracer -r FILE -o report.html");
  if (options.interface && !options.files.empty())
    throw Failure(exit_code::usage, "both -i and -r", "give a capture file or an interface");
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
  Words raw;
  declare(app, options, raw);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return std::nullopt;
    }
    throw Failure(exit_code::usage, error.what(), "tracer --help");
  }
  Filter::compile(options.display_filter);  // a fault shows before anything is opened
  read_words(options, raw);
  refuse_contradictions(options);
  return options;
}

void Options::say(const std::string& remark) const {
  if (!quiet) fmt::print(stderr, "{}\n", remark);
}

}  // namespace tracer
