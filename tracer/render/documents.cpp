#include "tracer/render/documents.hpp"

#include <fmt/format.h>

#include "tracer/diagram/fold.hpp"
#include "tracer/render/label_text.hpp"

namespace tracer {
namespace {

constexpr std::size_t fold_from = 6, most_lines = 250;

/// How a language writes what both have.
struct Dialect {
  const char *begin, *end;
  const char* participant;           // {0}: L or R, {1}: name, {2}: address
  const char* nameless;              // {0}: L or R, {1}: address
  const char *arrow, *lost, *again;  // {0}, {1}: from, to; {2}: text
  const char* note;                  // {0}: text, over both lanes
  std::string (*text)(std::string_view);
};

constexpr Dialect mermaid_dialect{"sequenceDiagram\n",
                                  "",
                                  "  participant {0} as {1}<br/>{2}\n",
                                  "  participant {0} as {1}\n",
                                  "  {0}->>{1}: {2}\n",
                                  "  {0}-x{1}: {2}\n",
                                  "  {0}-->>{1}: {2}\n",
                                  "  Note over L,R: {0}\n",
                                  mermaid_text};
constexpr Dialect plantuml_dialect{"@startuml\n",
                                   "@enduml\n",
                                   "participant \"{1}\\n{2}\" as {0}\n",
                                   "participant \"{1}\" as {0}\n",
                                   "{0} -> {1} : {2}\n",
                                   "{0} ->x {1} : {2}\n",
                                   "{0} --> {1} : {2}\n",
                                   "note over L, R : {0}\n",
                                   plantuml_text};

/// Flags, numbers, length and notes: what two runs of the same program have in common.
std::string words(const Row& row, const TextStyle& style) {
  LabelText parts = label_text(row, style);
  parts.options.clear();
  parts.window.clear();
  if (width(parts.preview) > 26) parts.preview = clipped(parts.preview, 24) + "\"";
  for (const Note& note : row.notes)
    if (note.kind == Note::Kind::lost)
      parts.notes.insert(
          parts.notes.begin(),
          note_text(note) + (note.text.empty() || note.text == "probably" ? "" : ": " + note.text));
  return fmt::format("{} {}", row.number, parts.fit(10'000, style));
}

std::string written(const Ladder& ladder, const TextStyle& style, const Dialect& dialect) {
  std::string out = dialect.begin;
  const auto put = [&](const char* format, const std::string& a, const std::string& b = {},
                       const std::string& c = {}) {
    out += fmt::format(fmt::runtime(format), a, b, c);
  };
  for (const std::size_t lane : {0u, 1u}) {
    const std::string id = lane == 0 ? "L" : "R", address = dialect.text(ladder.ends[lane].text());
    if (ladder.names[lane].empty())
      put(dialect.nameless, id, address);
    else
      put(dialect.participant, id, dialect.text(ladder.names[lane]), address);
  }
  if (!ladder.two_ended)
    put(dialect.note, dialect.text("seen from one end: the far end not observed"));
  std::size_t lines = 0;
  const auto arrow = [&](const Row& row) {
    const std::string from = row.from == 0 ? "L" : "R", to = row.from == 0 ? "R" : "L";
    put(row.fate == Fate::lost || row.has(Note::Kind::corrupted) ? dialect.lost : dialect.arrow,
        from, to, dialect.text(words(row, style)));
    for (std::size_t i = 0; i < row.more_arrivals.size(); ++i)
      put(dialect.again, from, to, dialect.text(fmt::format("{} again: a duplicate", row.number)));
    ++lines;
  };
  for (std::size_t i = 0; i < ladder.rows.size(); ++i) {
    if (lines >= most_lines) {
      put(dialect.note, dialect.text(fmt::format("{} more packets", ladder.rows.size() - i)));
      break;
    }
    const std::size_t end = end_of_run(ladder, i);
    arrow(ladder.rows[i]);
    if (end - i < fold_from) continue;
    put(dialect.note, dialect.text(fmt::format("⋮ {} more", end - i - 2)));
    arrow(ladder.rows[end - 1]);
    i = end - 1;
  }
  return out + dialect.end;
}

bool one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

}  // namespace

std::string mermaid_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (one_of(c, "#;<>&\"'{}%`\\$"))
      out += fmt::format("#{};", static_cast<int>(c));  // Mermaid's entities, by number
    else
      out += c;
  }
  return out;
}

std::string plantuml_text(std::string_view text) {
  std::string out;
  char before = ' ';
  for (const char c : printable(text)) {
    // Creole marks, variables, links; two of a kind in a row mark even where one does not.
    const bool doubled = c == before && one_of(c, "[]()-_=./");
    if (one_of(c, "<>\"\\~%$!&#@{}|^'*`_") || doubled)
      out += fmt::format("<U+{:04X}>", static_cast<int>(c));
    else
      out += c;
    before = c;
  }
  return out;
}

std::string mermaid(const Ladder& ladder, const TextStyle& style) {
  return written(ladder, style, mermaid_dialect);
}
std::string plantuml(const Ladder& ladder, const TextStyle& style) {
  return written(ladder, style, plantuml_dialect);
}

}  // namespace tracer
