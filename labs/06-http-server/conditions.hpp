// Lab 06: do not send what the client has (conditional requests), or only the part that it lacks
// (ranges). RFC 9110 §13 and §14.
#pragma once

#include <sys/stat.h>

#include "reply.hpp"

/// Names this state of the file: another content, another tag (RFC 9110 §8.8.3).
inline std::string entity_tag(const struct stat& file) {
  std::array<char, 80> text;
  std::snprintf(text.data(), text.size(), "\"%llx-%llx-%llx\"",
                static_cast<unsigned long long>(file.st_mtim.tv_sec),
                static_cast<unsigned long long>(file.st_mtim.tv_nsec),
                static_cast<unsigned long long>(file.st_size));
  return text.data();
}

inline std::optional<std::time_t> parse_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&parts);
}

/// 200: send it. 304: the client has it. 412: it changed under the client. In the order of
/// RFC 9110 §13.2.2, where a tag beats a date.
inline int evaluate_conditions(const Request& request, const std::string& tag,
                               std::time_t changed) {
  const auto given = [&](const char* name) { return field(request.fields, name); };
  const auto since = [&](const char* name) { return parse_date(given(name)); };
  if (const std::string wanted = given("If-Match"); !wanted.empty()) {
    if (wanted != "*" && !lists(wanted, tag)) return 412;
  } else if (const auto date = since("If-Unmodified-Since"); date && changed > *date) {
    return 412;
  }
  if (const std::string known = given("If-None-Match"); !known.empty())
    return known == "*" || lists(known, tag) || lists(known, "W/" + tag) ? 304 : 200;
  if (const auto date = since("If-Modified-Since"); date && changed <= *date) return 304;
  return 200;
}

/// Cuts `reply`, which is about to send a whole file of `size` bytes, down to what "Range:
/// bytes=0-99" asks for. A server may always ignore it: here several ranges at once, other units,
/// and a range of a state of the file that is gone (If-Range, RFC 9110 §14.2).
inline void apply_range(const Request& request, const std::string& tag, std::uint64_t size,
                        Reply& reply) {
  std::string wanted = field(request.fields, "Range");
  if (request.method != "GET" || !wanted.starts_with("bytes=")) return;
  if (const std::string only_if = field(request.fields, "If-Range");
      !only_if.empty() && only_if != tag)
    return;
  wanted.erase(0, 6);
  const std::size_t dash = wanted.find('-');
  if (dash == wanted.npos || wanted.find(',') != wanted.npos) return;
  const std::string first = wanted.substr(0, dash), last = wanted.substr(dash + 1);
  if ((first.empty() && last.empty()) || (!first.empty() && !is_digits(first)) ||
      (!last.empty() && !is_digits(last)))
    return;

  constexpr std::uint64_t endless = ~std::uint64_t{0};
  const auto number = [](const std::string& text) {
    std::uint64_t value = 0;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()
               ? value
               : endless;
  };
  std::uint64_t from = 0, to = endless;  // to: the last byte, not the one after it
  if (first.empty()) {                   // "-100": the last 100 bytes
    from = size - std::min(number(last), size);
    if (number(last) == 0) from = endless;
  } else {
    from = number(first);
    if (!last.empty()) to = number(last);
    if (to < from) return;  // no valid range: as if there were none
  }
  if (from >= size) {
    reply = plain(416, "there are only " + std::to_string(size) + " bytes");
    reply.fields.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return;
  }
  to = std::min(to, size - 1);
  reply.status = 206;
  reply.offset = static_cast<off_t>(from);
  reply.length = to - from + 1;
  reply.fields.emplace_back("Content-Range", "bytes " + std::to_string(from) + "-" +
                                                 std::to_string(to) + "/" + std::to_string(size));
}
