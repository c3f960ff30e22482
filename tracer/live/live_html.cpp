#include "tracer/live/live_html.hpp"

#include <fmt/format.h>

#include "tracer/render/html/assets.hpp"
#include "tracer/render/html/sha256.hpp"
#include "tracer/render/svg_ladder.hpp"

namespace tracer {

LiveHtml live_html(const std::string& settings) {
  const std::string style = std::string(assets::page_css()) + std::string(svg_ladder_style()) +
                            std::string(assets::live_css());
  const std::string script = std::string(assets::detail_js()) +
                             std::string(assets::live_ladder_js()) + std::string(assets::live_js());
  LiveHtml page;
  page.policy = fmt::format(
      "default-src 'none'; script-src '{}'; style-src '{}'; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'",
      csp_hash(script), csp_hash(style));
  page.text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Live</title>\n<style>" +
      style + "</style>\n</head>\n<body class=\"live\">\n" + std::string(assets::live_html()) +
      "<script type=\"application/json\" id=\"settings\">" + settings +
      "</script>\n<script type=\"module\">" + script + "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace tracer
