// The questions that a filter asks of a frame.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tracer/fields/field_sink.hpp"
#include "tracer/fields/filter/operand.hpp"

namespace tracer::filter {

class Test {
 public:
  virtual ~Test() = default;
  virtual bool holds(const FieldSink& fields) = 0;
};
using TestPtr = std::unique_ptr<Test>;

enum class Order { equal, not_equal, less, less_or_equal, greater, greater_or_equal };
enum class Quantifier { any, all };

/// Is there a value?
TestPtr presence(std::unique_ptr<Operand> of);
/// Is any value other than zero?
TestPtr not_zero(std::unique_ptr<Operand> of);
/// For any, or for all, pairs of values; false if either side has none. The second operand may
/// also serve the next comparison of a chain.
TestPtr comparison(std::shared_ptr<Operand> left, Order order, std::shared_ptr<Operand> right,
                   Quantifier quantifier);
TestPtr contains(std::unique_ptr<Operand> left, std::unique_ptr<Operand> right,
                 Quantifier quantifier);
/// A Perl-compatible expression, without regard to case. Throws std::invalid_argument, with the
/// reason, if it is none.
TestPtr matches(std::unique_ptr<Operand> left, const std::string& expression,
                Quantifier quantifier);

struct Member {
  std::unique_ptr<Operand> low, high;  // high: null for a single value
};
TestPtr membership(std::unique_ptr<FieldOperand> of, std::vector<Member> members,
                   Quantifier quantifier);

TestPtr negation(TestPtr of);
enum class Join { conjunction, disjunction, exclusive };
TestPtr joined(Join join, std::vector<TestPtr> parts);

}  // namespace tracer::filter
