#include "tracer/fields/filter/test.hpp"

#include <algorithm>
#include <functional>

namespace tracer::filter {
namespace {

bool in_order(Order order, int difference) {
  switch (order) {
    case Order::equal: return difference == 0;
    case Order::not_equal: return difference != 0;
    case Order::less: return difference < 0;
    case Order::less_or_equal: return difference <= 0;
    case Order::greater: return difference > 0;
    case Order::greater_or_equal: return difference >= 0;
  }
  return false;
}

class Presence final : public Test {
 public:
  explicit Presence(std::unique_ptr<Operand> of)
      : of_(std::move(of)), field_(dynamic_cast<FieldOperand*>(of_.get())) {}
  bool holds(const FieldSink& fields) override {
    if (field_) return field_->each(fields, [](const Value&) { return true; });
    values_.clear();
    of_->collect(fields, values_);
    return !values_.empty();
  }

 private:
  std::unique_ptr<Operand> of_;
  FieldOperand* field_;
  Values values_;
};

class NotZero final : public Test {
 public:
  explicit NotZero(std::unique_ptr<Operand> of) : of_(std::move(of)) {}
  bool holds(const FieldSink& fields) override {
    values_.clear();
    of_->collect(fields, values_);
    return std::any_of(values_.begin(), values_.end(), [](const Value& value) {
      return value.number != 0 || std::any_of(value.bytes.begin(), value.bytes.end(),
                                              [](std::byte b) { return b != std::byte{0}; });
    });
  }

 private:
  std::unique_ptr<Operand> of_;
  Values values_;
};

/// Asks of the values of one operand, with a short way for plain fields.
class OverValues : public Test {
 protected:
  OverValues(std::shared_ptr<Operand> of, Quantifier quantifier)
      : of_(std::move(of)),
        field_(dynamic_cast<FieldOperand*>(of_.get())),
        quantifier_(quantifier) {}

  template <class Good>
  bool over(const FieldSink& fields, Good&& good) {
    if (quantifier_ == Quantifier::any) return first(fields, good);
    bool some = false;
    const bool bad = first(fields, [&](const Value& value) {
      some = true;
      return !good(value);
    });
    return some && !bad;
  }
  Kind kind() const { return of_->kind; }
  Quantifier quantifier() const { return quantifier_; }

 private:
  template <class Stop>
  bool first(const FieldSink& fields, Stop&& stop) {
    if (field_) return field_->each(fields, stop);
    values_.clear();
    of_->collect(fields, values_);
    return std::any_of(values_.begin(), values_.end(), stop);
  }

  std::shared_ptr<Operand> of_;
  FieldOperand* field_;
  Quantifier quantifier_;
  Values values_;
};

class Comparison final : public OverValues {
 public:
  Comparison(std::shared_ptr<Operand> left, Order order, std::shared_ptr<Operand> right,
             Quantifier quantifier)
      : OverValues(std::move(left), quantifier),
        order_(order),
        right_(std::move(right)),
        constant_(right_->constant()) {
    if (constant_) right_->collect(FieldSink(FieldSet{}), rights_);
  }
  bool holds(const FieldSink& fields) override {
    if (!constant_) {
      rights_.clear();
      right_->collect(fields, rights_);
    }
    if (rights_.empty()) return false;
    return over(fields, [&](const Value& a) {
      const auto good = [&](const Value& b) { return in_order(order_, compare(kind(), a, b)); };
      return quantifier() == Quantifier::any ? std::any_of(rights_.begin(), rights_.end(), good)
                                             : std::all_of(rights_.begin(), rights_.end(), good);
    });
  }

 private:
  Order order_;
  std::shared_ptr<Operand> right_;
  bool constant_;
  Values rights_;
};

class Contains final : public OverValues {
 public:
  Contains(std::unique_ptr<Operand> left, std::unique_ptr<Operand> right, Quantifier quantifier)
      : OverValues(std::move(left), quantifier), right_(std::move(right)) {}
  bool holds(const FieldSink& fields) override {
    rights_.clear();
    right_->collect(fields, rights_);
    return over(fields, [&](const Value& a) {
      return std::any_of(rights_.begin(), rights_.end(), [&](const Value& b) {
        return as_text(a.bytes).find(as_text(b.bytes)) != std::string_view::npos;
      });
    });
  }

 private:
  std::unique_ptr<Operand> right_;
  Values rights_;
};

class Membership final : public OverValues {
 public:
  Membership(std::unique_ptr<FieldOperand> of, std::vector<Member> members, Quantifier quantifier)
      : OverValues(std::move(of), quantifier), members_(std::move(members)) {}
  /// `all` asks for one member that holds all values, as in Wireshark; mostly a range.
  bool holds(const FieldSink& fields) override {
    return std::any_of(members_.begin(), members_.end(), [&](const Member& member) {
      return over(fields, [&](const Value& value) {
        if (!member.high) return ask(*member.low, fields, Order::equal, value);
        return ask(*member.low, fields, Order::greater_or_equal, value) &&
               ask(*member.high, fields, Order::less_or_equal, value);
      });
    });
  }

 private:
  bool ask(Operand& of, const FieldSink& fields, Order order, const Value& value) {
    values_.clear();
    of.collect(fields, values_);
    return std::any_of(values_.begin(), values_.end(), [&](const Value& one) {
      return in_order(order, compare(kind(), value, one));
    });
  }

  std::vector<Member> members_;
  Values values_;
};

class Negation final : public Test {
 public:
  explicit Negation(TestPtr of) : of_(std::move(of)) {}
  bool holds(const FieldSink& fields) override { return !of_->holds(fields); }

 private:
  TestPtr of_;
};

class Joined final : public Test {
 public:
  Joined(Join join, std::vector<TestPtr> parts) : join_(join), parts_(std::move(parts)) {}
  bool holds(const FieldSink& fields) override {
    const auto good = [&](const TestPtr& part) { return part->holds(fields); };
    switch (join_) {
      case Join::conjunction: return std::all_of(parts_.begin(), parts_.end(), good);
      case Join::disjunction: return std::any_of(parts_.begin(), parts_.end(), good);
      case Join::exclusive: return std::count_if(parts_.begin(), parts_.end(), good) % 2 == 1;
    }
    return false;
  }

 private:
  Join join_;
  std::vector<TestPtr> parts_;
};

}  // namespace

TestPtr presence(std::unique_ptr<Operand> of) { return std::make_unique<Presence>(std::move(of)); }
TestPtr not_zero(std::unique_ptr<Operand> of) { return std::make_unique<NotZero>(std::move(of)); }
TestPtr comparison(std::shared_ptr<Operand> left, Order order, std::shared_ptr<Operand> right,
                   Quantifier quantifier) {
  return std::make_unique<Comparison>(std::move(left), order, std::move(right), quantifier);
}
TestPtr contains(std::unique_ptr<Operand> left, std::unique_ptr<Operand> right,
                 Quantifier quantifier) {
  return std::make_unique<Contains>(std::move(left), std::move(right), quantifier);
}
TestPtr membership(std::unique_ptr<FieldOperand> of, std::vector<Member> members,
                   Quantifier quantifier) {
  return std::make_unique<Membership>(std::move(of), std::move(members), quantifier);
}
TestPtr negation(TestPtr of) { return std::make_unique<Negation>(std::move(of)); }
TestPtr joined(Join join, std::vector<TestPtr> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  return std::make_unique<Joined>(join, std::move(parts));
}

}  // namespace tracer::filter
