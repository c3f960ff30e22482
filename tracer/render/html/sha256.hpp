#pragma once

#include <string>
#include <string_view>

namespace tracer {

/// The hash that a Content-Security-Policy names a script or a style sheet by:
/// "sha256-" and the SHA-256 (FIPS 180-4) of its text in base64.
std::string csp_hash(std::string_view text);

/// RFC 4648 §4, with padding.
void append_base64(std::string& out, std::string_view bytes);

}  // namespace tracer
