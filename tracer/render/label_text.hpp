#pragma once

#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// A row in words, in the order in which they are given up when there is no room:
/// `essential` never, then `extras` from the last to the first.
///
///     [ACK] Seq=2897 Len=1448 · fast retransmit of #6        Ack=1  Win=64512
struct LabelText {
  std::string flags, sequence, acknowledgment, length;  // in this order; each may be empty
  std::vector<std::string> sack;
  std::vector<std::string> options;
  std::string window, preview;
  std::string message;  // what the application says; and if it `speaks`, the preview does:
  bool speaks = false;  // they are kept longest, and shortened before they go
  std::vector<std::string> notes;  // without ✗ lost, which has a place of its own

  /// What fits into `columns`; more than that only where the essential parts need it.
  std::string fit(std::size_t columns, const TextStyle& style) const;
};

LabelText label_text(const Row& row, const TextStyle& style);
/// "fast retransmit of #6", "dup ACK 2": one note, in words.
std::string note_text(const Note& note);

}  // namespace tracer
