#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// One packet with its fields and its bytes, for a page that does not hold the capture: JSON
/// {"names":…,"packet":…,"bytes":"base64"}, `names` and `packet` as in a report. Empty if there is no
/// packet of this number. Dissects all frames up to it, since fields look back.
std::string packet_answer(const FrameStore& frames, const std::vector<Ladder>& ladders,
                          std::uint32_t number, const TextStyle& style);

}  // namespace tracer
