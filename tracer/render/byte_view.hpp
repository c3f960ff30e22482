#pragma once

#include <string>

#include "tracer/fields/field_sink.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// -T bytes: one frame, layer by layer, each field beside the bytes that say so.
///
///     frame 1, 74 bytes
///      Ethernet                                       bytes 0–13
///       0– 5  02 00 00 00 00 02   eth.dst   02:00:00:00:00:02   The station that the frame is for
std::string byte_view(std::uint64_t number, Bytes frame, std::uint32_t original_length,
                      const FieldSink& fields, const TextStyle& style);

}  // namespace tracer
