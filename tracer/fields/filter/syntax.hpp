// What a display filter says, before anybody asks whether its types agree.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tracer/fields/filter/operand.hpp"
#include "tracer/fields/filter/token.hpp"

namespace tracer::filter {

/// A value: a field, a literal, or something made of them.
struct Expression {
  enum class Kind { field, literal, slice, call, negated, arithmetic };
  Kind kind = Kind::literal;
  Token token;                  // the word; the sign of arithmetic
  std::size_t at = 0, end = 0;  // in the text
  std::optional<Field> field;
  Ranges ranges;  // of a slice; of a field, its layers
  char sign = 0;
  std::vector<std::unique_ptr<Expression>> parts;
};
using ExpressionPtr = std::unique_ptr<Expression>;

/// A question: a presence, a comparison, or some of them joined.
struct Question {
  enum class Kind {
    presence,
    compare,
    contains,
    matches,
    in,
    negation,
    conjunction,
    disjunction,
    exclusive
  };
  struct Member {
    ExpressionPtr low, high;  // high: null for a single value
  };
  Kind kind = Kind::presence;
  Token token;  // the operator
  std::vector<ExpressionPtr> sides;
  std::vector<Member> members;
  std::string quantifier;  // "any", "all" or empty
  std::vector<std::unique_ptr<Question>> parts;
};
using QuestionPtr = std::unique_ptr<Question>;

/// Throws Failure (2) where the text is no filter.
QuestionPtr parse(const Source& source);

}  // namespace tracer::filter
