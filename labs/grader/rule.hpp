// What a rule of lab.toml demands, as data. docs/grading.md is the vocabulary for those who write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "labs/testbed/wire_rules.hpp"

namespace grader {

using testbed::Side;

/// How many there must be: equals, or at_least, at_most, or both of these.
struct Amount {
  std::optional<std::uint64_t> at_least, at_most;

  bool holds(std::uint64_t count) const {
    return (!at_least || count >= *at_least) && (!at_most || count <= *at_most);
  }
  std::string text() const;  // "exactly 3", "at least 1", "2 to 5"
};

/// Where packets are looked at: as they leave their sender, lost ones too, or as a host sees them.
enum class Place : std::uint8_t { sender, client, server };
/// What a demand is about: all packets together, every connection by itself, or one at least.
enum class Scope : std::uint8_t { trace, each, some };

/// Which packets: those of a display filter, from the first that `after` selects until the first
/// that `before` selects. Both may be empty.
struct Packets {
  std::string filter, after, before;
  Place at = Place::sender;
  Scope scope = Scope::trace;
};

/// holds = "half_close(client)": a property with a name (predicates.hpp).
struct Property {
  std::string name;
  std::vector<std::string> arguments;
};
/// count = {…}, and never = '…', which is a count of none.
struct Count {
  Packets packets;
  Amount amount;
};
/// order = [A, B, …]: a packet of A, later one of B, and so on.
struct Order {
  std::vector<std::string> filters;
  Place at = Place::sender;
  Scope scope = Scope::trace;
};
/// pause = {after, before, at_least}: so much time between two packets that follow each other.
struct Pause {
  std::string after, before;
  std::chrono::nanoseconds at_least{0};
  Place at = Place::sender;
};
/// connections = {…}: TCP connections that were established.
struct Connections {
  Amount amount;
};
/// bytes = {from, …}: of a TCP stream, each counted once.
struct StreamBytes {
  Side from = Side::client;
  Amount amount;
  Scope scope = Scope::each;
};
/// datagrams = {from, …}: UDP datagrams that a host sent; with `matches`, those of this content.
struct Datagrams {
  Side from = Side::client;
  Amount amount;
  std::string matches;
};

enum class Comparison : std::uint8_t { equals, contains, matches, lacks };
/// stream_equals, stream_matches, stdout: what was said, on the wire or to the user.
struct Text {
  enum class Of : std::uint8_t { stream, output } of = Of::stream;
  Side host = Side::client;
  Comparison comparison = Comparison::equals;
  std::string text;
  bool same_as_peer = false;  // a stream that must equal the one of the other direction
  Scope scope = Scope::each;
};
/// exit = {host, equals | fails}.
struct Exit {
  Side host = Side::client;
  std::optional<int> equals;  // empty: any status but 0
};

using Demand =
    std::variant<Property, Count, Order, Pause, Connections, StreamBytes, Datagrams, Text, Exit>;

/// A rule as lab.toml has it.
struct Rule {
  std::string id, why;
  unsigned points = 1;
  std::vector<std::string> hints;
  bool hidden = false;  // from those whose work is graded
  std::string on;       // a display filter: only connections that have such a packet count
  Demand demand;
};

}  // namespace grader
