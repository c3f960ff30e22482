#include "tracer/cli/check_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <string_view>

#include "tracer/bytes/failure.hpp"
#include "tracer/fields/filter.hpp"

namespace tracer {
namespace {

constexpr TcpState states[] = {TcpState::closed,       TcpState::listen,      TcpState::syn_sent,
                               TcpState::syn_received, TcpState::established, TcpState::fin_wait_1,
                               TcpState::fin_wait_2,   TcpState::close_wait,  TcpState::closing,
                               TcpState::last_ack,     TcpState::time_wait};
constexpr std::pair<std::string_view, CheckRule::Kind> kinds[] = {
    {"some", CheckRule::Kind::some},   {"never", CheckRule::Kind::never},
    {"count", CheckRule::Kind::count}, {"order", CheckRule::Kind::order},
    {"state", CheckRule::Kind::state},
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

/// Takes the first word off.
std::string_view next_word(std::string_view& text) {
  const std::string_view word = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
  text = trimmed(text.substr(word.size()));
  return word;
}

/// A slip of the keyboard is at most two letters away, or in their order.
bool alike(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return a.size() > 3 && b.size() > 3 && (b.starts_with(a) || a.starts_with(b));
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different += a[i] != b[i];
  return different <= 2;
}

/// Says where: reads well after "line 3 of rules.txt: ".
struct WrongLine {
  std::string why, hint;
};

TcpState state_named(std::string_view word) {
  std::string known, guess;
  for (const TcpState state : states) {
    if (word == name(state)) return state;
    known += (known.empty() ? "" : " ") + std::string(name(state));
    if (guess.empty() && alike(word, name(state))) guess = name(state);
  }
  throw WrongLine{fmt::format("unknown state '{}'{}", word,
                              guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)),
                  "the states are " + known};
}

/// "2", "1-3" or "2-".
void read_range(std::string_view word, CheckRule& rule) {
  const char* end = word.data() + word.size();
  auto [at, error] = std::from_chars(word.data(), end, rule.least);
  const bool number = error == std::errc{};
  if (number && at == end) {
    rule.most = rule.least;
    return;
  }
  if (number && *at == '-' && at + 1 == end) return;
  if (number && *at == '-' && std::from_chars(at + 1, end, rule.most).ptr == end &&
      rule.least <= rule.most)
    return;
  throw WrongLine{fmt::format("'{}' is no count", word),
                  "for example: count 2 FILTER, count 1-3 FILTER, count 2- FILTER"};
}

/// Filters joined by `;`, which stands in none outside of quotes.
std::vector<std::string> split_filters(std::string_view text) {
  std::vector<std::string> filters(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted && i + 1 < text.size())
      filters.back() += text[i++];
    else if (text[i] == '"')
      quoted = !quoted;
    else if (text[i] == ';' && !quoted) {
      filters.emplace_back();
      continue;
    }
    filters.back() += text[i];
  }
  for (std::string& filter : filters) filter = trimmed(filter);
  return filters;
}

CheckRule rule_of(std::string_view text) {
  CheckRule rule;
  rule.text = text;
  const std::string_view word = next_word(text);
  const auto found = std::ranges::find(kinds, word, [](const auto& one) { return one.first; });
  if (found == std::end(kinds))
    throw WrongLine{fmt::format("'{}' is no rule", word),
                    "the rules are some, never, count, order and state"};
  rule.kind = found->second;
  if (rule.kind == CheckRule::Kind::state) {
    const std::string_view end = next_word(text);
    if (end != "client" && end != "server")
      throw WrongLine{fmt::format("'{}' is no end of a connection", end),
                      "client or server, then a state"};
    rule.end = end == "server";
    rule.state = state_named(text);
    return rule;
  }
  if (rule.kind == CheckRule::Kind::count) read_range(next_word(text), rule);
  if (rule.kind == CheckRule::Kind::some) rule.least = 1;
  if (rule.kind == CheckRule::Kind::never) rule.most = 0;
  rule.filters = rule.kind == CheckRule::Kind::order ? split_filters(text)
                                                     : std::vector<std::string>{std::string(text)};
  for (const std::string& filter : rule.filters) {
    if (filter.empty()) throw WrongLine{"there is no filter", "a display filter, as for -Y"};
    Filter::compile(filter);
  }
  return rule;
}

}  // namespace

std::vector<CheckRule> read_check_rules(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw Failure(exit_code::failed, path + ": cannot be read", "--check takes a file of rules");
  std::vector<CheckRule> rules;
  std::string line;
  for (unsigned number = 1; std::getline(file, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::string where = fmt::format("line {} of {}: ", number, path);
    try {
      rules.push_back(rule_of(text));
    } catch (const WrongLine& wrong) {
      throw Failure(exit_code::usage, where + wrong.why, wrong.hint);
    } catch (const Failure& filter) {
      throw Failure(exit_code::usage, where + filter.what(), filter.hint);
    }
    rules.back().line = number;
  }
  if (rules.empty())
    throw Failure(exit_code::usage, path + ": no rule in it",
                  "a line such as: never tcp.flags.reset == 1");
  return rules;
}

}  // namespace tracer
