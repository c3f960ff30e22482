#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// Ladders that grow -> what has changed since the last look, as JSON for a page.
///
/// While packets arrive, the whole ladder is told again and again, by the code that tells it in the
/// end; rows that say the same as before are not sent. So a packet found lost later, or a segment
/// found to be a repetition, changes its row on the page, and the last word is that of the report.
class LadderEvents {
 public:
  explicit LadderEvents(const TextStyle& style) : style_(style) {}

  /// Objects {"type":"conversation",…} and {"type":"rows",…}; none if nothing changed.
  std::vector<std::string> changes(const std::vector<Ladder>& ladders);
  /// The next ladders have nothing to do with these.
  void begin_again();

 private:
  struct Sent {
    std::string head;
    std::vector<std::string> rows;
  };
  TextStyle style_;
  std::vector<Sent> sent_;
};

}  // namespace tracer
