// Lab 06: header fields, and the small words that they are made of (RFC 9110 §5).
#pragma once

#include <strings.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What is wrong with a request, as the status that says so (RFC 9110 §15.5, §15.6). Thrown by
/// everything that reads requests.
struct Refusal {
  int status;
  std::string why;
};

/// Names and values in the order in which they came.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Names of fields and most words in them know no case.
inline bool same_word(std::string_view one, std::string_view other) {
  return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

/// Optional white space: blanks and tabs, nothing else (RFC 9110 §5.6.3).
inline std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Letters, digits and a few signs (RFC 9110 §5.6.2): what methods and names of fields consist of.
/// No blank is among them, so "Content-Length : 5" is no field. Where one server takes such a line
/// for a field and the next one does not, requests can be smuggled.
inline bool is_token(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

inline bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// How many fields have that name.
inline std::size_t count_fields(const Fields& fields, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(), [&](const auto& one) { return same_word(one.first, name); }));
}

/// The values of all fields of that name as one list (RFC 9110 §5.3); empty if there is none.
inline std::string field(const Fields& fields, std::string_view name) {
  std::string all;
  for (const auto& [key, value] : fields) {
    if (!same_word(key, name)) continue;
    if (!all.empty()) all += ", ";
    all += value;
  }
  return all;
}

/// The items of "keep-alive, Upgrade".
inline std::vector<std::string_view> list_of(std::string_view text) {
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (!trim(item).empty()) items.push_back(trim(item));
  }
  return items;
}

inline bool lists(std::string_view text, std::string_view word) {
  const auto items = list_of(text);
  return std::any_of(items.begin(), items.end(),
                     [&](std::string_view one) { return same_word(one, word); });
}
