#pragma once

#include <string>

namespace tracer {

/// The live page, and the Content-Security-Policy that it goes with.
struct LiveHtml {
  std::string text, policy;
};

/// `settings`: JSON that may stand in a <script>.
LiveHtml live_html(const std::string& settings);

}  // namespace tracer
