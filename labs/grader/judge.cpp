#include "labs/grader/judge.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "labs/grader/properties.hpp"

namespace grader {
namespace {

void replace(std::string& text, std::string_view what, const std::string& with) {
  if (const std::size_t at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), with);
}

std::string in_words(const Property& property) {
  const PropertyInfo* info = find_property(property.name);
  std::string text(info ? info->sentence : property.name);
  const std::string argument = property.arguments.empty() ? "" : property.arguments[0];
  while (text.find("{host}") != std::string::npos) replace(text, "{host}", argument);
  replace(text, "{by}", argument.empty() ? "" : " by the " + argument);
  replace(text, "{number}", argument.empty() ? "2" : argument);
  return text;
}

std::string at(Place place) {
  return place == Place::sender
             ? ""
             : fmt::format(", as the {} sees it", place == Place::client ? "client" : "server");
}
std::string in(Scope scope) {
  return scope == Scope::trace  ? ""
         : scope == Scope::each ? ", in each connection"
                                : ", in one connection";
}

std::string in_words(const Count& count) {
  const Packets& packets = count.packets;
  const bool none = count.amount.at_most && *count.amount.at_most == 0;
  std::string text = fmt::format(
      "{} `{}`", none ? "no packet that is" : count.amount.text() + " of", packets.filter);
  if (!packets.after.empty()) text += fmt::format(", after the first `{}`", packets.after);
  if (!packets.before.empty()) text += fmt::format(", before the first `{}`", packets.before);
  return text + at(packets.at) + in(packets.scope);
}

std::string in_words(const Order& order) {
  std::string text = "in this order: ";
  for (std::size_t i = 0; i < order.filters.size(); ++i)
    text += fmt::format("{}`{}`", i ? ", then " : "", order.filters[i]);
  return text + at(order.at) + in(order.scope);
}

std::string in_words(const Pause& pause) {
  return fmt::format("at least {} ms from `{}` to the next `{}`{}",
                     static_cast<double>(pause.at_least.count()) / 1e6, pause.after, pause.before,
                     at(pause.at));
}

std::string in_words(const Connections& one) {
  return fmt::format("{} connections established", one.amount.text());
}
std::string in_words(const StreamBytes& one) {
  return fmt::format("{} bytes from the {}{}", one.amount.text(), testbed::name(one.from),
                     in(one.scope));
}
std::string in_words(const Datagrams& one) {
  return fmt::format("{} datagrams from the {}{}", one.amount.text(), testbed::name(one.from),
                     one.matches.empty() ? "" : fmt::format(" that match /{}/", one.matches));
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out.size() > 200 ? out.substr(0, 200) + "…" : out;
}

std::string in_words(const Text& one) {
  const std::string who = fmt::format("the {} {}", testbed::name(one.host),
                                      one.of == Text::Of::stream ? "sends" : "prints");
  if (one.same_as_peer)
    return fmt::format("{} the same bytes as the {}", who, testbed::name(testbed::other(one.host)));
  switch (one.comparison) {
    case Comparison::equals: return fmt::format("{} exactly \"{}\"", who, escaped(one.text));
    case Comparison::contains: return fmt::format("{} \"{}\"", who, escaped(one.text));
    case Comparison::matches: return fmt::format("{} what matches /{}/", who, escaped(one.text));
    case Comparison::lacks:
      return fmt::format("the {} does not {} \"{}\"", testbed::name(one.host),
                         one.of == Text::Of::stream ? "send" : "print", escaped(one.text));
  }
  return who;
}

std::string in_words(const Exit& one) {
  return one.equals ? fmt::format("the {}'s program ends with status {}", testbed::name(one.host),
                                  *one.equals)
                    : fmt::format("the {}'s program ends with a failure", testbed::name(one.host));
}

}  // namespace

std::string wanted(const Rule& rule) {
  const std::string text =
      std::visit([](const auto& demand) { return in_words(demand); }, rule.demand);
  return rule.on.empty() ? text : fmt::format("{} (connections with `{}`)", text, rule.on);
}

Finding judge(const Rule& rule, const Trace& trace) {
  Talks talks;
  const std::vector<bool> touched = trace.touched(rule.on);
  for (std::size_t i = 0; i < touched.size(); ++i)
    if (touched[i] && !trace.conversations()[i].packets.empty())
      talks.push_back(&trace.conversations()[i]);
  return std::visit(
      [&](const auto& demand) -> Finding {
        using Kind = std::decay_t<decltype(demand)>;
        if constexpr (std::is_same_v<Kind, Property>) {
          if (demand.name == "survives")
            return judge_survives(demand.arguments.at(0) == "client" ? Side::client : Side::server,
                                  trace, talks);
          for (const char* name :
               {"replies_swap_addresses", "answers_each", "repeats_lost", "echoes"})
            if (demand.name == name) return judge_udp(demand, trace, talks);
          return judge_tcp(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Count>) {
          return judge_count(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Order>) {
          return judge_order(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Pause>) {
          return judge_pause(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Connections>) {
          return judge_connections(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, StreamBytes>) {
          return judge_bytes(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Datagrams>) {
          return judge_datagrams(demand, trace, talks);
        } else if constexpr (std::is_same_v<Kind, Text>) {
          return judge_text(demand, trace, talks);
        } else {
          return judge_exit(demand, trace);
        }
      },
      rule.demand);
}

}  // namespace grader
