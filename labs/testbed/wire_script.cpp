#include "labs/testbed/wire_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using tracer::Nanoseconds;

struct Word {
  std::string_view text;
  std::size_t at;       // offset in the script
  bool quoted = false;  // was written in quotes; `text` is without them
};

constexpr std::array<std::string_view, 10> selector_words{"syn", "synack", "fin", "rst",   "data",
                                                          "ack", "udp",    "any", "bytes", "where"};
constexpr std::array<std::string_view, 9> action_words{"drop", "delay", "dup",  "corrupt", "hold",
                                                       "rate", "queue", "loss", "jitter"};

/// Characters of UTF-8 text.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

class Parser {
 public:
  explicit Parser(std::string_view script) : script_(script) {}

  std::vector<WireRule> rules() {
    std::vector<WireRule> rules;
    split();
    std::size_t at = 0;
    while (at < words_.size()) {
      if (words_[at].text == ";" && !words_[at].quoted) {
        ++at;
        continue;
      }
      at_ = at;
      rules.push_back(rule());
      at = at_;
    }
    return rules;
  }

 private:
  [[noreturn]] void fail(const Word& word, const std::string& why) const {
    const std::size_t width = std::max<std::size_t>(1, columns(word.text) + (word.quoted ? 2 : 0));
    throw Failure(tracer::exit_code::usage,
                  fmt::format("wire script: {}\n  {}\n  {}^{}", why, script_,
                              std::string(columns(script_.substr(0, word.at)), ' '),
                              std::string(width - 1, '~')),
                  "a rule is [c>s|s>c] SELECTOR ACTION, as in: drop c>s data#3; delay 20ms");
  }

  void split() {
    std::size_t at = 0;
    while (at < script_.size()) {
      const char c = script_[at];
      if (c == ' ' || c == '\t' || c == '\n') {
        ++at;
      } else if (c == ';') {
        words_.push_back({script_.substr(at, 1), at});
        ++at;
      } else if (c == '\'' || c == '"') {
        const std::size_t end = script_.find(c, at + 1);
        if (end == std::string_view::npos)
          fail({script_.substr(at), at}, "this quote is not closed");
        words_.push_back({script_.substr(at + 1, end - at - 1), at, true});
        at = end + 1;
      } else {
        const std::size_t end = std::min(script_.find_first_of(" \t\n;'\"", at), script_.size());
        words_.push_back({script_.substr(at, end - at), at});
        at = end;
      }
    }
  }

  bool ended() const {
    return at_ >= words_.size() || (words_[at_].text == ";" && !words_[at_].quoted);
  }

  static bool is_way_or_selector(const Word& word) {
    const std::string_view name = word.text.substr(0, word.text.find('#'));
    return !word.quoted &&
           (name == "c>s" || name == "s>c" || std::ranges::count(selector_words, name));
  }

  Word operand(const Word& of, std::string_view what) {
    if (ended() || is_way_or_selector(words_[at_]))
      fail(of, fmt::format("'{}' must be followed by {}", of.text, what));
    return words_[at_++];
  }

  WireRule rule() {
    WireRule rule;
    bool has_way = false, has_selector = false, has_action = false;
    const Word first = words_[at_];
    Word last = first;
    while (!ended()) {
      const Word word = words_[at_++];
      const std::string_view name = word.text.substr(0, word.text.find('#'));
      if (word.text == "c>s" || word.text == "s>c") {
        if (has_way) fail(word, "the rule has a direction already");
        rule.way = word.text == "c>s" ? Way::client_to_server : Way::server_to_client;
        has_way = true;
      } else if (std::ranges::count(selector_words, name)) {
        if (has_selector) fail(word, "the rule has a selector already");
        rule.selector = selector(word, name);
        has_selector = true;
      } else if (std::ranges::count(action_words, word.text)) {
        if (has_action) fail(word, "the rule has an action already; join rules by ';'");
        rule.action = action(word);
        has_action = true;
      } else {
        unknown(word);
      }
      last = words_[at_ - 1];
    }
    if (!has_action)
      fail(first,
           "the rule has no action (drop, delay, dup, corrupt, hold, rate, queue, loss, jitter)");
    const bool link =
        rule.action.kind == Action::Kind::rate || rule.action.kind == Action::Kind::queue;
    if (link && has_selector) fail(first, "'rate' and 'queue' are for all packets of a direction");
    rule.text =
        script_.substr(first.at, last.at + last.text.size() + (last.quoted ? 2 : 0) - first.at);
    return rule;
  }

  [[noreturn]] void unknown(const Word& word) const {
    const std::string_view name = word.text.substr(0, word.text.find('#'));
    const auto alike = [&](std::string_view known) {
      if (name.empty() || known.empty()) return false;
      std::size_t same = 0;
      for (const char c : name) same += known.find(c) != std::string_view::npos;
      return known[0] == name[0] && same + 1 >= name.size() && name.size() + 2 >= known.size() &&
             known.size() + 2 >= name.size();
    };
    std::string guess;
    for (const auto known : selector_words)
      if (guess.empty() && alike(known)) guess = known;
    for (const auto known : action_words)
      if (guess.empty() && alike(known)) guess = known;
    if (name == "reorder") guess = "hold 1";
    if (name == "duplicate") guess = "dup";
    fail(word, fmt::format("'{}' is no direction, selector or action{}", word.text,
                           guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)));
  }

  std::uint64_t whole(const Word& word, std::string_view digits) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty())
      fail(word, fmt::format("'{}' is not a whole number", digits));
    return value;
  }

  /// N or N-M.
  void range(const Word& word, std::string_view text, Selector& selector,
             std::uint64_t smallest) const {
    const std::size_t dash = text.find('-');
    selector.first = whole(word, text.substr(0, dash));
    selector.last =
        dash == std::string_view::npos ? selector.first : whole(word, text.substr(dash + 1));
    if (selector.first < smallest) fail(word, fmt::format("counting starts at {}", smallest));
    if (selector.last < selector.first) fail(word, "the range ends before it starts");
  }

  Selector selector(const Word& word, std::string_view name) {
    Selector selector;
    selector.kind = static_cast<Selector::Kind>(1 + std::ranges::find(selector_words, name) -
                                                selector_words.begin());
    const std::size_t hash = word.text.find('#');
    if (selector.kind == Selector::Kind::bytes) {
      const Word operand_word = operand(word, "a range of relative sequence numbers: bytes 1-1448");
      range(operand_word, operand_word.text, selector, 0);
    } else if (selector.kind == Selector::Kind::where) {
      selector.filter = operand(word, "a display filter in quotes: where 'tcp.len > 100'").text;
    } else if (hash != std::string_view::npos) {
      range(word, word.text.substr(hash + 1), selector, 1);
    }
    return selector;
  }

  /// A number and what follows it.
  std::pair<double, std::string_view> measure(const Word& word) const {
    double value = 0;
    const auto [end, error] =
        std::from_chars(word.text.data(), word.text.data() + word.text.size(), value);
    if (error != std::errc{} || !std::isfinite(value) || value < 0)
      fail(word, fmt::format("'{}' does not start with a number", word.text));
    return {value, word.text.substr(static_cast<std::size_t>(end - word.text.data()))};
  }

  Nanoseconds time(const Word& word) const {
    const auto [value, unit] = measure(word);
    const double scale = unit == "s"                    ? 1e9
                         : unit == "ms"                 ? 1e6
                         : unit == "us" || unit == "µs" ? 1e3
                         : unit == "ns"                 ? 1
                                                        : 0;
    if (scale == 0) fail(word, fmt::format("'{}' needs a unit: us, ms or s", word.text));
    if (value * scale > 3600e9) fail(word, "more than an hour is not a test");
    return Nanoseconds(std::llround(value * scale));
  }

  std::uint64_t rate(const Word& word) const {
    auto [value, unit] = measure(word);
    std::string lower(unit);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    double scale = 1;
    if (!lower.empty() && (lower[0] == 'k' || lower[0] == 'm' || lower[0] == 'g')) {
      scale = lower[0] == 'k' ? 1e3 : lower[0] == 'm' ? 1e6 : 1e9;
      lower.erase(0, 1);
    }
    if (lower != "" && lower != "bit" && lower != "bit/s" && lower != "bits/s" && lower != "bps")
      fail(word,
           fmt::format("'{}' is no rate; write 10Mbit/s, 64kbit/s or bits per second", word.text));
    if (value * scale < 1000 || value * scale > 1e12)
      fail(word, "a rate is from 1kbit/s to 1000Gbit/s");
    return static_cast<std::uint64_t>(value * scale);
  }

  Action action(const Word& word) {
    Action action;
    action.kind = static_cast<Action::Kind>(std::ranges::find(action_words, word.text) -
                                            action_words.begin());
    switch (action.kind) {
      case Action::Kind::drop:
      case Action::Kind::dup: break;
      case Action::Kind::delay:
      case Action::Kind::jitter: action.time = time(operand(word, "a time: 20ms")); break;
      case Action::Kind::corrupt: {
        const Word offset = operand(word, "an offset in the frame: corrupt @60");
        action.count =
            whole(offset, offset.text.starts_with('@') ? offset.text.substr(1) : offset.text);
        break;
      }
      case Action::Kind::hold:
      case Action::Kind::queue: {
        const Word count = operand(word, "a number of packets");
        action.count = whole(count, count.text);
        if (action.count == 0) fail(count, "at least 1");
        break;
      }
      case Action::Kind::rate: action.count = rate(operand(word, "a rate: 10Mbit/s")); break;
      case Action::Kind::loss: {
        const Word percent = operand(word, "a percentage: 1%");
        const auto [value, unit] = measure(percent);
        if (unit != "%" || value > 100) fail(percent, "a loss is from 0% to 100%");
        action.probability = value / 100;
        break;
      }
    }
    return action;
  }

  std::string_view script_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<WireRule> parse_wire_script(std::string_view script) { return Parser(script).rules(); }

}  // namespace testbed
