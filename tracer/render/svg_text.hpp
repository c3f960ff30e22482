#pragma once

#include <string>
#include <string_view>

namespace tracer {

/// Text for an SVG or HTML element or attribute: nothing in it can end the element, be read as
/// markup, turn the direction of writing, or be invalid in XML; such characters become `·`.
std::string svg_text(std::string_view text);

/// A length in pixels, to a tenth: "12.3", "12".
std::string svg_number(double value);

/// Columns of a fixed-pitch font that fit into `pixels`, and the pixels that `text` takes.
inline constexpr double svg_font = 12, svg_column = 7.25;  // pixels
double svg_text_width(std::string_view text);

}  // namespace tracer
