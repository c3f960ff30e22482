#include "labs/grader/rule_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "labs/grader/lab_file.hpp"
#include "labs/grader/nearest.hpp"
#include "labs/grader/pattern.hpp"
#include "labs/grader/properties.hpp"
#include "labs/testbed/wire_script.hpp"

namespace grader {
namespace {

constexpr std::array<std::string_view, 12> demands{
    "holds", "count",     "never",         "order",          "pause",  "connections",
    "bytes", "datagrams", "stream_equals", "stream_matches", "stdout", "exit"};

class Reading {
 public:
  Reading(const TomlReader& reader, const toml::table& rule) : reader_(reader), rule_(rule) {}

  Demand demand() const {
    std::string_view found;
    for (const std::string_view one : demands)
      if (rule_.contains(one)) {
        if (!found.empty())
          reader_.fail(rule_.get(one)->source(),
                       fmt::format("a rule demands one thing: '{}' or '{}'", found, one));
        found = one;
      }
    if (found.empty())
      reader_.fail(rule_.source(), fmt::format("this rule demands nothing; give one of {}",
                                               fmt::join(demands, ", ")));
    if (found == "holds") return property();
    if (found == "count") return count();
    if (found == "never") return never();
    if (found == "order") return order();
    if (found == "pause") return pause();
    if (found == "connections")
      return Connections{amount(table(found, {"equals", "at_least", "at_most"}))};
    if (found == "bytes") return bytes();
    if (found == "datagrams") return datagrams();
    if (found == "stdout") return output();
    if (found == "exit") return exit();
    return stream(found);
  }

 private:
  const toml::table& table(std::string_view key,
                           std::initializer_list<std::string_view> known) const {
    const toml::table* inner = rule_[key].as_table();
    if (!inner)
      reader_.fail(rule_.get(key)->source(), fmt::format("'{}' takes a table: {{ {} = … }}", key,
                                                         fmt::join(known, " = …, ")));
    reader_.only(*inner, known);
    return *inner;
  }

  Property property() const {
    const std::string text = reader_.needed(rule_, "holds");
    const toml::node& node = *rule_.get("holds");
    Property made;
    const std::size_t open = text.find('(');
    made.name = text.substr(0, open);
    if (open != std::string::npos) {
      if (text.back() != ')')
        reader_.fail(node.source(), "the parenthesis is not closed at the end");
      const std::string inside = text.substr(open + 1, text.size() - open - 2);
      for (std::size_t at = 0; at <= inside.size();) {
        const std::size_t comma = std::min(inside.find(',', at), inside.size());
        std::string word = inside.substr(at, comma - at);
        word.erase(0, word.find_first_not_of(' '));
        word.erase(word.find_last_not_of(' ') + 1);
        made.arguments.push_back(word);
        at = comma + 1;
      }
    }
    const PropertyInfo* info = find_property(made.name);
    if (!info) {
      std::vector<std::string_view> names;
      for (const PropertyInfo& one : properties()) names.push_back(one.name);
      const std::string near = nearest(made.name, names);
      reader_.fail(node.source(),
                   fmt::format("no property '{}'; {}", made.name,
                               near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                            : fmt::format("did you mean '{}'?", near)));
    }
    check_arguments(node, made, info->argument);
    return made;
  }

  void check_arguments(const toml::node& node, const Property& made, Argument wanted) const {
    const bool optional = wanted == Argument::optional_host || wanted == Argument::optional_number;
    if (made.arguments.empty() && (optional || wanted == Argument::none)) return;
    const bool host = wanted == Argument::host || wanted == Argument::optional_host;
    if (wanted == Argument::none)
      reader_.fail(node.source(), fmt::format("'{}' takes nothing in parentheses", made.name));
    const std::string example =
        fmt::format("write {}({})", made.name, host ? "client) or " + made.name + "(server" : "2");
    if (made.arguments.size() != 1) reader_.fail(node.source(), example);
    const std::string& word = made.arguments[0];
    unsigned number = 0;
    const bool is_number = std::from_chars(word.data(), word.data() + word.size(), number).ptr ==
                               word.data() + word.size() &&
                           number > 0;
    if (host ? word != "client" && word != "server" : !is_number)
      reader_.fail(node.source(), fmt::format("'{}' does not fit here: {}", word, example));
  }

  Amount amount(const toml::table& from, std::optional<Amount> otherwise = {}) const {
    constexpr std::uint64_t most = 1'000'000'000'000;
    const bool equals = from.contains("equals"), at_least = from.contains("at_least"),
               at_most = from.contains("at_most");
    if (equals && (at_least || at_most))
      reader_.fail(from.get("equals")->source(),
                   "'equals' leaves nothing for 'at_least' and 'at_most'");
    if (!equals && !at_least && !at_most) {
      if (otherwise) return *otherwise;
      reader_.fail(from.source(), "how many? Give equals, at_least or at_most");
    }
    Amount made;
    if (equals) made.at_least = made.at_most = reader_.number(from, "equals", 0, most);
    if (at_least) made.at_least = reader_.number(from, "at_least", 0, most);
    if (at_most) made.at_most = reader_.number(from, "at_most", 0, most);
    if (made.at_least && made.at_most && *made.at_least > *made.at_most)
      reader_.fail(from.source(), "at_least is more than at_most: no number is both");
    return made;
  }

  Place place(const toml::table& from) const {
    return static_cast<Place>(reader_.choice(from, "at", {"sender", "client", "server"}));
  }
  Scope scope(const toml::table& from, Scope otherwise) const {
    return from.contains("scope")
               ? static_cast<Scope>(reader_.choice(from, "scope", {"trace", "each", "some"}))
               : otherwise;
  }
  Scope stream_scope(const toml::table& from) const {
    const Scope made = scope(from, Scope::each);
    if (made == Scope::trace)
      reader_.fail(from.get("scope")->source(),
                   "a stream belongs to a connection: scope is each or some");
    return made;
  }

  Packets packets(const toml::table& from) const {
    Packets made;
    reader_.needed(from, "filter");
    made.filter = reader_.filter(from, "filter");
    made.after = reader_.filter(from, "after");
    made.before = reader_.filter(from, "before");
    made.at = place(from);
    made.scope = scope(from, Scope::trace);
    return made;
  }

  Count count() const {
    const auto& from = table(
        "count", {"filter", "after", "before", "at", "scope", "equals", "at_least", "at_most"});
    return {packets(from), amount(from)};
  }

  Count never() const {
    const Amount none{0, 0};
    if (rule_["never"].is_string()) {
      reader_.needed(rule_, "never");
      return {Packets{reader_.filter(rule_, "never"), {}, {}}, none};
    }
    return {packets(table("never", {"filter", "after", "before", "at", "scope"})), none};
  }

  Order order() const {
    Order made;
    const toml::table* inner = rule_["order"].as_table();
    if (inner) {
      reader_.only(*inner, {"filters", "at", "scope"});
      made.at = place(*inner);
      made.scope = scope(*inner, Scope::trace);
      made.filters = reader_.texts(*inner, "filters");
    } else {
      made.filters = reader_.texts(rule_, "order");
    }
    const toml::array* list = inner ? (*inner)["filters"].as_array() : rule_["order"].as_array();
    if (made.filters.size() < 2)
      reader_.fail(rule_.get("order")->source(), "an order needs two filters at least");
    for (std::size_t i = 0; i < made.filters.size(); ++i)
      reader_.check_filter(*list->get(i), made.filters[i]);
    return made;
  }

  Pause pause() const {
    const auto& from = table("pause", {"after", "before", "at_least", "at"});
    Pause made;
    for (const char* key : {"after", "before", "at_least"}) reader_.needed(from, key);
    made.after = reader_.filter(from, "after");
    made.before = reader_.filter(from, "before");
    made.at = place(from);
    const std::string time = reader_.text(from, "at_least");
    try {
      made.at_least = testbed::parse_wire_script("delay " + time).at(0).action.time;
    } catch (const std::exception&) {
      reader_.fail(from.get("at_least")->source(),
                   fmt::format("'{}' is no time; write 250ms or 1.5s", time));
    }
    return made;
  }

  StreamBytes bytes() const {
    const auto& from = table("bytes", {"from", "equals", "at_least", "at_most", "scope"});
    return {reader_.host(from, "from"), amount(from), stream_scope(from)};
  }

  Datagrams datagrams() const {
    const auto& from = table("datagrams", {"from", "matches", "equals", "at_least", "at_most"});
    Datagrams made{reader_.host(from, "from"), amount(from), reader_.text(from, "matches")};
    if (!made.matches.empty()) check_pattern(*from.get("matches"), made.matches);
    return made;
  }

  Text stream(std::string_view key) const {
    const bool equals = key == "stream_equals";
    const auto& from = equals ? table(key, {"from", "text", "same_as_peer", "scope"})
                              : table(key, {"from", "pattern", "scope"});
    Text made;
    made.host = reader_.host(from, "from");
    made.comparison = equals ? Comparison::equals : Comparison::matches;
    made.scope = stream_scope(from);
    made.same_as_peer = equals && reader_.flag(from, "same_as_peer");
    if (made.same_as_peer && from.contains("text"))
      reader_.fail(from.get("text")->source(), "same_as_peer says already what the text is");
    if (!made.same_as_peer)
      made.text = equals ? reader_.text(from, "text") : reader_.needed(from, "pattern");
    if (equals && !made.same_as_peer && !from.contains("text"))
      reader_.fail(from.source(), "equal to what? Give text = '…' or same_as_peer = true");
    if (!equals) check_pattern(*from.get("pattern"), made.text);
    return made;
  }

  Text output() const {
    const auto& from = table("stdout", {"host", "equals", "contains", "matches", "lacks"});
    Text made;
    made.of = Text::Of::output;
    made.host = reader_.host(from, "host");
    int found = 0;
    for (const auto& [key, comparison] : {std::pair{"equals", Comparison::equals},
                                          {"contains", Comparison::contains},
                                          {"matches", Comparison::matches},
                                          {"lacks", Comparison::lacks}}) {
      if (!from.contains(key)) continue;
      ++found;
      made.comparison = comparison;
      made.text =
          comparison == Comparison::equals ? reader_.text(from, key) : reader_.needed(from, key);
      if (comparison == Comparison::matches) check_pattern(*from.get(key), made.text);
    }
    if (found != 1) reader_.fail(from.source(), "give one of equals, contains, matches, lacks");
    return made;
  }

  Exit exit() const {
    const auto& from = table("exit", {"host", "equals", "fails"});
    Exit made;
    made.host = reader_.host(from, "host");
    if (from.contains("equals") == from.contains("fails"))
      reader_.fail(from.source(), "give equals = STATUS or fails = true");
    if (from.contains("equals"))
      made.equals = static_cast<int>(reader_.number(from, "equals", 0, 255));
    else if (!reader_.flag(from, "fails"))
      reader_.fail(from.get("fails")->source(), "to demand success write equals = 0");
    return made;
  }

  void check_pattern(const toml::node& node, const std::string& pattern) const {
    try {
      const Pattern good(pattern);
    } catch (const std::invalid_argument& error) {
      reader_.fail(node.source(), fmt::format("not a regular expression (PCRE): {}", error.what()));
    }
  }

  const TomlReader& reader_;
  const toml::table& rule_;
};

}  // namespace

Rule read_rule(const TomlReader& reader, const toml::table& table) {
  reader.only(table, {"id", "points", "why", "hints", "hidden", "on", "holds", "count", "never",
                      "order", "pause", "connections", "bytes", "datagrams", "stream_equals",
                      "stream_matches", "stdout", "exit"});
  Rule rule;
  rule.id = reader.needed(table, "id");
  if (rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    reader.fail(table.get("id")->source(),
                "an id is of small letters, digits and hyphens: it becomes part of file names");
  if (rule.id == rule_that_programs_run)
    reader.fail(table.get("id")->source(), "every scenario has a rule 'runs' already");
  rule.why = reader.needed(table, "why");
  rule.points = static_cast<unsigned>(reader.number(table, "points", 1, 1000));
  rule.hints = reader.texts(table, "hints");
  rule.hidden = reader.flag(table, "hidden");
  rule.on = reader.filter(table, "on");
  rule.demand = Reading(reader, table).demand();
  return rule;
}

}  // namespace grader
