#pragma once

#include <string>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// -T mermaid: a sequence diagram in Mermaid's language, as GitHub draws it inside a Markdown file.
///
///     sequenceDiagram
///       participant L as client<br/>10.0.0.1:40000
///       L->>R: 1 [SYN] Seq=0
///       L-xR: 6 [ACK] Seq=2897 Ack=1 Len=1448 · lost
///
/// Times, windows and options are left out, so that the text of two like runs is alike. Runs of rows
/// alike are folded and long conversations end early, saying so: Mermaid refuses more than 50 000
/// characters. Whatever the packets hold, the text stays text.
std::string mermaid(const Ladder& ladder, const TextStyle& style);

/// -T plantuml: the same for PlantUML.
std::string plantuml(const Ladder& ladder, const TextStyle& style);

/// Text that the language takes literally wherever a message or a name may stand.
std::string mermaid_text(std::string_view text);
std::string plantuml_text(std::string_view text);

}  // namespace tracer
