// The only file that knows PCRE2.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <stdexcept>

#include "tracer/fields/filter/test.hpp"

namespace tracer::filter {
namespace {

class Matches final : public Test {
 public:
  Matches(std::unique_ptr<Operand> left, const std::string& expression, Quantifier quantifier)
      : left_(std::move(left)), quantifier_(quantifier) {
    int error = 0;
    PCRE2_SIZE at = 0;
    // Packets hold bytes, not Unicode: \xff is one character.
    code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                          PCRE2_CASELESS | PCRE2_NEVER_UTF, &error, &at, nullptr);
    if (!code_) {
      std::array<PCRE2_UCHAR, 200> text{};
      pcre2_get_error_message(error, text.data(), text.size());
      throw std::invalid_argument(reinterpret_cast<const char*>(text.data()));
    }
    data_ = pcre2_match_data_create(1, nullptr);
    context_ = pcre2_match_context_create(nullptr);
    // A hostile payload must not keep an expression busy for ever; what is not decided does not match.
    pcre2_set_match_limit(context_, 200'000);
    pcre2_set_heap_limit(context_, 4096);  // KiB
  }
  ~Matches() override {
    pcre2_match_context_free(context_);
    pcre2_match_data_free(data_);
    pcre2_code_free(code_);
  }
  Matches(const Matches&) = delete;
  Matches& operator=(const Matches&) = delete;

  bool holds(const FieldSink& fields) override {
    values_.clear();
    left_->collect(fields, values_);
    std::size_t good = 0;
    for (const Value& value : values_) {
      static constexpr PCRE2_UCHAR nothing = 0;
      const auto* text =
          value.bytes.empty() ? &nothing : reinterpret_cast<PCRE2_SPTR>(value.bytes.data());
      if (pcre2_match(code_, text, value.bytes.size(), 0, 0, data_, context_) < 0) continue;
      if (quantifier_ == Quantifier::any) return true;
      ++good;
    }
    return good > 0 && good == values_.size();
  }

 private:
  std::unique_ptr<Operand> left_;
  Quantifier quantifier_;
  pcre2_code* code_ = nullptr;
  pcre2_match_data* data_ = nullptr;
  pcre2_match_context* context_ = nullptr;
  Values values_;
};

}  // namespace

TestPtr matches(std::unique_ptr<Operand> left, const std::string& expression,
                Quantifier quantifier) {
  return std::make_unique<Matches>(std::move(left), expression, quantifier);
}

}  // namespace tracer::filter
