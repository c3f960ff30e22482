#pragma once

#include <string>
#include <string_view>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// How to write an SVG, alone in a file or inside a page.
struct SvgOptions {
  TextStyle style;           // its notation; width and colour mean nothing here
  bool alone = true;         // with the style sheet and a background of its own
  std::string id_prefix{};   // before every id, where a page holds several ladders
  std::string run{};         // a JSON object that says what was run, for the metadata; may be empty
  std::string caption{};     // over it: what it is a picture of; may be empty
  double lanes_apart = 700;  // pixels; a figure in the column of a document has less room
  std::size_t most_rows = 2000;
  std::size_t fold_from = 0;    // rows alike before the middle ones are folded; 0: never
  bool fold_both_ways = false;  // and ordinary rows, whatever they are and wherever they go
};

/// A ladder with a time axis: lifelines downwards, arrows as steep as the packets were slow, lost
/// packets ending half-way at a cross.
///
///     <svg class="ladder" role="graphics-document" …>
///       <title>…</title> <desc>…</desc> <style>…</style>
///       <metadata>{"schema":"wirelab-ladder-1","outline":[…],"axis":[[ns,y],…], …}</metadata>
///       <g id="p6" class="packet lost" data-p="6" data-from="0" data-role="lost" data-label="[ACK] …"
///          data-left="40761000" role="graphics-symbol" aria-label="Packet 6, …"> … </g>
///
/// Each packet is a group with id `pN` (N: its number): `data-from` is the sending lane, `data-role`
/// what became of it and why it was sent, in words of row_role(), `data-left` and `data-arrived` its times in
/// nanoseconds from the ladder's start, absent where not seen. A transparent `.hit` line makes it
/// easy to point at. With one vantage point arrows are level: nothing is known of the far end.
void append_svg_ladder(std::string& out, const Ladder& ladder, const SvgOptions& options);

/// The rules of its style sheet, all under `.ladder`; dark where the reader prefers that.
std::string_view svg_ladder_style();

}  // namespace tracer
