#define PCRE2_CODE_UNIT_WIDTH 8
#include "labs/grader/pattern.hpp"

#include <pcre2.h>

#include <array>
#include <stdexcept>

namespace grader {

struct Pattern::Compiled {
  explicit Compiled(pcre2_code* made)
      : code(made),
        data(pcre2_match_data_create(1, nullptr)),
        context(pcre2_match_context_create(nullptr)) {
    // What a program under test says must not keep an expression busy for ever.
    pcre2_set_match_limit(context, 5'000'000);
    pcre2_set_heap_limit(context, 16'384);  // KiB
  }
  ~Compiled() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  pcre2_code* code;
  pcre2_match_data* data;
  pcre2_match_context* context;
};

Pattern::Pattern(const std::string& expression) {
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                    PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF, &error, &at, nullptr);
  if (!code) {
    std::array<PCRE2_UCHAR, 200> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    throw std::invalid_argument(std::string(reinterpret_cast<const char*>(text.data())) +
                                ", at character " + std::to_string(at + 1));
  }
  compiled_ = std::make_shared<const Compiled>(code);
}

bool Pattern::found_in(std::string_view text) const {
  static constexpr char nothing = 0;
  const char* start = text.empty() ? &nothing : text.data();
  return pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(start), text.size(), 0, 0,
                     compiled_->data, compiled_->context) >= 0;
}

}  // namespace grader
