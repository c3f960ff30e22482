// The look of SVG ladders. Colours are those of Okabe and Ito, which readers with any colour vision
// can tell apart; each also has a shape or a stroke of its own.
#include "tracer/render/svg_ladder.hpp"

namespace tracer {

std::string_view svg_ladder_style() {
  return R"css(
.ladder { font: 12px "DejaVu Sans Mono", ui-monospace, Menlo, Consolas, "Liberation Mono", monospace }
.ladder .paper { fill: #ffffff }
.ladder text { fill: #1a1a1a }
.ladder .label { stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round; paint-order: stroke }
.ladder .faint, .ladder .time, .ladder .cut-text { fill: #595959 }
.ladder .caption { font-size: 14px }
.ladder .name { font-size: 15px; font-weight: bold }
.ladder .number, .ladder .state { font-weight: bold }
.ladder .note { font-style: italic }
.ladder .life { stroke: #737373; stroke-width: 1.5; fill: none }
.ladder .life.far { stroke-dasharray: 6 3 }
.ladder .slow { stroke: #d9d9d9; stroke-width: 7 }
.ladder .cut { fill: #ededed }
.ladder .shaft { stroke: #333333; stroke-width: 1.3; fill: none }
.ladder .head { fill: #333333; stroke: none }
.ladder .mark { stroke: #333333; stroke-width: 2.2; fill: #ffffff }
.ladder .tail { fill: #333333 }
.ladder .unknown { stroke-dasharray: 1.5 4 }
.ladder .hit { stroke: transparent; stroke-width: 14; fill: none; pointer-events: stroke }
.ladder .link { stroke: #b07800; stroke-width: 1.2; stroke-dasharray: 2 2; fill: none }
.ladder .reset .shaft { stroke-width: 2.6 }
.ladder .again .shaft { stroke: #e69f00; stroke-width: 2.4 }
.ladder .again .head, .ladder .again .tail { fill: #e69f00 }
.ladder .duplicate-ack .shaft { stroke: #0072b2; stroke-dasharray: 9 3 }
.ladder .duplicate-ack .head { fill: #0072b2 }
.ladder .late .shaft { stroke: #0072b2; stroke-width: 1.8 }
.ladder .late .head { fill: #0072b2 }
.ladder .late .mark { stroke: #0072b2 }
.ladder .duplicated .shaft { stroke: #009e73; stroke-width: 1.8 }
.ladder .duplicated .head { fill: #009e73 }
.ladder .duplicated .shaft.second { stroke-dasharray: 5 3 }
.ladder .duplicated .head.second { fill: #ffffff; stroke: #009e73; stroke-width: 1.5 }
.ladder .corrupted .shaft, .ladder .corrupted .mark { stroke: #cc79a7 }
.ladder .corrupted .shaft { stroke-width: 1.8 }
.ladder .lost .shaft, .ladder .lost .mark, .ladder .probably-lost .mark { stroke: #d55e00; stroke-width: 2 }
.ladder .lost .tail, .ladder .probably-lost .tail { fill: #d55e00 }
.ladder .probably-lost .shaft { stroke: #d55e00; stroke-width: 1.6; stroke-dasharray: 7 4 }
.ladder .probably-lost .head { fill: #d55e00 }
@media screen and (prefers-color-scheme: dark) {
  .ladder .paper { fill: #14171a }
  .ladder text { fill: #e8e8e8 }
  .ladder .label { stroke: #14171a }
  .ladder .faint, .ladder .time, .ladder .cut-text { fill: #a6a6a6 }
  .ladder .life { stroke: #8c8c8c }
  .ladder .slow { stroke: #3a3f45 }
  .ladder .cut { fill: #23282d }
  .ladder .shaft { stroke: #d0d0d0 }
  .ladder .head, .ladder .tail { fill: #d0d0d0 }
  .ladder .mark { stroke: #d0d0d0; fill: #14171a }
  .ladder .duplicated .head.second { fill: #14171a }
  .ladder .link { stroke: #e69f00 }
  .ladder .duplicate-ack .shaft, .ladder .late .shaft, .ladder .late .mark { stroke: #56b4e9 }
  .ladder .duplicate-ack .head, .ladder .late .head { fill: #56b4e9 }
}
)css";
}

}  // namespace tracer
