// A display filter, cut into words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracer::filter {

struct Token {
  enum class Kind {
    word,       // a field, a function, a literal or an operator in letters
    string,     // "…" or r"…"; `content` has the escapes resolved
    character,  // 'x'
    slice,      // [0:4]; `content` is what stands between the brackets
    sign,       // == ( { & …
    end,
  };
  Kind kind;
  std::size_t at, width;  // in the text, quotes included
  std::string content;
};

/// The text, for messages that point at it.
class Source {
 public:
  explicit Source(std::string_view text) : text_(text) {}
  /// Throws Failure (2): why, the text, and a caret under the fault.
  [[noreturn]] void fail(std::size_t at, std::size_t width, const std::string& why,
                         const std::string& hint = {}) const;
  [[noreturn]] void fail(const Token& token, const std::string& why,
                         const std::string& hint = {}) const {
    fail(token.at, token.width, why, hint);
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Ends with an `end` token. Throws Failure (2).
std::vector<Token> tokens(const Source& source);

}  // namespace tracer::filter
