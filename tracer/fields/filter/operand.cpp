#include "tracer/fields/filter/operand.hpp"

#include <algorithm>
#include <charconv>

#include "tracer/wire/address.hpp"

namespace tracer::filter {
namespace {

using Part = std::unique_ptr<Operand>;

/// Strings of bytes made for one frame; their room is used again for the next.
class Scratch {
 public:
  void clear() { used_ = 0; }
  std::string& next() {
    if (used_ == texts_.size()) texts_.emplace_back();
    texts_[used_].clear();
    return texts_[used_++];
  }

 private:
  std::deque<std::string> texts_;  // strings stay where they are
  std::size_t used_ = 0;
};

class Slice final : public Operand {
 public:
  Slice(Part of, Ranges ranges)
      : Operand(Kind::bytes), of_(std::move(of)), ranges_(std::move(ranges)) {}
  void collect(const FieldSink& fields, Values& out) override {
    values_.clear();
    scratch_.clear();
    of_->collect(fields, values_);
    for (Value value : values_) {
      if (ranges_.size() == 1) {
        const auto part = cut(value.bytes, ranges_[0]);
        if (!part) continue;
        value.bytes = *part;
      } else {
        std::string& joined = scratch_.next();
        bool there = true;
        for (const Range& range : ranges_) {
          const auto part = cut(value.bytes, range);
          there = there && part;
          if (there) joined += as_text(*part);
        }
        if (!there) continue;
        value.bytes = as_bytes(joined);
      }
      out.push_back(value);
    }
  }

 private:
  static std::optional<Bytes> cut(Bytes bytes, const Range& range) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    const auto from_start = [&](std::int64_t at) { return at < 0 ? at + size : at; };
    const std::int64_t first = from_start(range.first);
    std::int64_t count = size - first;
    if (range.count) count = *range.count;
    if (range.last) count = from_start(*range.last) - first + 1;
    if (first < 0 || count < 1 || count > size - first) return std::nullopt;
    return bytes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  }

  Part of_;
  Ranges ranges_;
  Values values_;
  Scratch scratch_;
};

/// Wraps instead of overflowing, as unsigned arithmetic does.
std::optional<std::int64_t> calculate(char sign, std::int64_t a, std::int64_t b) {
  const auto ua = static_cast<std::uint64_t>(a), ub = static_cast<std::uint64_t>(b);
  switch (sign) {
    case '+': return static_cast<std::int64_t>(ua + ub);
    case '-': return static_cast<std::int64_t>(ua - ub);
    case '*': return static_cast<std::int64_t>(ua * ub);
    case '&': return a & b;
    default: break;
  }
  if (b == 0) return std::nullopt;
  if (b == -1) return sign == '/' ? static_cast<std::int64_t>(0 - ua) : 0;
  return sign == '/' ? a / b : a % b;
}

class Arithmetic final : public Operand {
 public:
  Arithmetic(char sign, Part left, Part right)
      : Operand(left->kind), sign_(sign), left_(std::move(left)), right_(std::move(right)) {}
  bool constant() const override { return left_->constant() && right_->constant(); }
  void collect(const FieldSink& fields, Values& out) override {
    lefts_.clear();
    rights_.clear();
    scratch_.clear();
    left_->collect(fields, lefts_);
    right_->collect(fields, rights_);
    for (const Value& a : lefts_)
      for (const Value& b : rights_) {
        if (out.size() >= most_values) return;
        Value result;
        if (kind == Kind::number || kind == Kind::time) {
          const auto number = calculate(sign_, a.number, b.number);
          if (!number) continue;
          result.number = *number;
        } else {
          if (a.bytes.size() != b.bytes.size()) continue;
          std::string& masked = scratch_.next();
          for (std::size_t i = 0; i < a.bytes.size(); ++i)
            masked += static_cast<char>(be8(a.bytes, i) & be8(b.bytes, i));
          result.bytes = as_bytes(masked);
        }
        out.push_back(result);
      }
  }

 private:
  static constexpr std::size_t most_values = 4096;  // of one frame, each with each
  char sign_;
  Part left_, right_;
  Values lefts_, rights_;
  Scratch scratch_;
};

class Negated final : public Operand {
 public:
  explicit Negated(Part of) : Operand(of->kind), of_(std::move(of)) {}
  void collect(const FieldSink& fields, Values& out) override {
    const std::size_t before = out.size();
    of_->collect(fields, out);
    for (std::size_t i = before; i < out.size(); ++i)
      out[i].number = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(out[i].number));
  }

 private:
  Part of_;
};

Kind result_of(Function function, Kind argument) {
  switch (function) {
    case Function::len:
    case Function::count: return Kind::number;
    case Function::upper:
    case Function::lower:
    case Function::string: return Kind::text;
    default: return argument;
  }
}

class Call final : public Operand {
 public:
  Call(Function function, std::vector<Part> arguments, std::optional<Field> field)
      : Operand(result_of(function, arguments[0]->kind)),
        function_(function),
        arguments_(std::move(arguments)),
        field_(field) {}

  void collect(const FieldSink& fields, Values& out) override {
    values_.clear();
    scratch_.clear();
    for (const Part& argument : arguments_) argument->collect(fields, values_);
    if (values_.empty()) return;
    const auto less = [](const Value& a, const Value& b) { return a.number < b.number; };
    switch (function_) {
      case Function::count:
        out.push_back(number(static_cast<std::int64_t>(values_.size())));
        return;
      case Function::max:
        out.push_back(*std::max_element(values_.begin(), values_.end(), less));
        return;
      case Function::min:
        out.push_back(*std::min_element(values_.begin(), values_.end(), less));
        return;
      default: break;
    }
    for (const Value& value : values_) out.push_back(one(value));
  }

 private:
  static Value number(std::int64_t of) {
    Value value;
    value.number = of;
    return value;
  }
  Value one(const Value& value) {
    switch (function_) {
      case Function::len:
        return number(static_cast<std::int64_t>(width_ ? width_ : value.bytes.size()));
      case Function::abs: return number(value.number < 0 ? -value.number : value.number);
      case Function::upper:
      case Function::lower: {
        std::string& text = scratch_.next();
        text.assign(as_text(value.bytes));
        const char from = function_ == Function::upper ? 'a' : 'A';
        for (char& c : text)
          if (c >= from && c <= from + 25) c = static_cast<char>(c ^ 0x20);
        return of_text(text);
      }
      default: return printed(value);
    }
  }
  Value printed(const Value& value) {
    std::string& text = scratch_.next();
    const Kind argument = arguments_[0]->kind;
    if (argument == Kind::number) {
      char digits[24];
      text.assign(digits, std::to_chars(digits, digits + sizeof digits, value.number).ptr);
    } else {
      append_value(text, {*field_, 0, value.bytes, {}});
    }
    return of_text(text);
  }
  static Value of_text(const std::string& text) {
    Value value;
    value.bytes = as_bytes(text);
    return value;
  }

  Function function_;
  std::vector<Part> arguments_;
  std::optional<Field> field_;
  Values values_;
  Scratch scratch_;

 public:
  std::size_t width_ = 0;  // len() of what is not a string of bytes
};

}  // namespace

FieldOperand::FieldOperand(Field field)
    : Operand(kind_of(info(field).type)),
      field_(field),
      protocol_(field),
      protocol_field_(info(field).type == FieldType::protocol) {}

bool FieldOperand::in_layers(int layer) const {
  return std::any_of(layers_.begin(), layers_.end(), [layer](const Range& range) {
    const std::int64_t end = range.last    ? *range.last + 1
                             : range.count ? range.first + *range.count
                                           : INT64_MAX;
    return layer >= range.first && layer < end;
  });
}

std::unique_ptr<Operand> slice_of(Part of, Ranges ranges) {
  return std::make_unique<Slice>(std::move(of), std::move(ranges));
}
std::unique_ptr<Operand> arithmetic(char sign, Part left, Part right) {
  return std::make_unique<Arithmetic>(sign, std::move(left), std::move(right));
}
std::unique_ptr<Operand> negated(Part of) { return std::make_unique<Negated>(std::move(of)); }
std::unique_ptr<Operand> call(Function function, std::vector<Part> arguments,
                              std::optional<Field> field) {
  const Kind argument = arguments[0]->kind;
  auto made = std::make_unique<Call>(function, std::move(arguments), field);
  if (function == Function::len && field &&
      (argument == Kind::number || argument == Kind::boolean || argument == Kind::time ||
       argument == Kind::date)) {
    const std::uint64_t most = largest(*field);
    made->width_ = argument == Kind::time || argument == Kind::date ? 16
                   : argument == Kind::boolean                      ? 4
                   : most > 0xffffffff                              ? 8
                   : most > 0xffff                                  ? 4
                   : most > 0xff                                    ? 2
                                                                    : 1;
  }
  return made;
}

}  // namespace tracer::filter
