#pragma once

#include <string>

#include "tracer/diagram/explanation.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// -T explain: the sentences of a conversation, wrapped to the style's width, each with its source.
///
///     losses
///       #6, 1448 bytes of data from Seq 2897 from client, was lost on the way. server kept
///       acknowledging 2897 (…): a fast retransmit.  (RFC 5681 §3.2)
std::string explanation_text(const std::vector<Sentence>& sentences, const TextStyle& style);

}  // namespace tracer
