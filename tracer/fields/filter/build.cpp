#include "tracer/fields/filter/build.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "tracer/fields/filter/literal.hpp"
#include "tracer/fields/filter/syntax.hpp"

namespace tracer::filter {
namespace {

struct FunctionInfo {
  std::string_view name;
  Function function;
  std::size_t least, most;
};
constexpr std::array<FunctionInfo, 8> functions{{{"len", Function::len, 1, 1},
                                                 {"count", Function::count, 1, 1},
                                                 {"upper", Function::upper, 1, 1},
                                                 {"lower", Function::lower, 1, 1},
                                                 {"string", Function::string, 1, 1},
                                                 {"max", Function::max, 1, 64},
                                                 {"min", Function::min, 1, 64},
                                                 {"abs", Function::abs, 1, 1}}};

struct Comparator {
  std::string_view sign;
  Order order;
  Quantifier quantifier;
};
constexpr std::array<Comparator, 19> comparators{
    {{"==", Order::equal, Quantifier::any},
     {"eq", Order::equal, Quantifier::any},
     {"any_eq", Order::equal, Quantifier::any},
     {"!=", Order::not_equal, Quantifier::all},
     {"ne", Order::not_equal, Quantifier::all},
     {"all_ne", Order::not_equal, Quantifier::all},
     {"===", Order::equal, Quantifier::all},
     {"all_eq", Order::equal, Quantifier::all},
     {"!==", Order::not_equal, Quantifier::any},
     {"any_ne", Order::not_equal, Quantifier::any},
     {"~=", Order::not_equal, Quantifier::any},
     {"<", Order::less, Quantifier::any},
     {"lt", Order::less, Quantifier::any},
     {"<=", Order::less_or_equal, Quantifier::any},
     {"le", Order::less_or_equal, Quantifier::any},
     {">", Order::greater, Quantifier::any},
     {"gt", Order::greater, Quantifier::any},
     {">=", Order::greater_or_equal, Quantifier::any},
     {"ge", Order::greater_or_equal, Quantifier::any}}};

class Builder {
 public:
  Builder(const Source& source, FieldSet& wanted) : source_(source), wanted_(wanted) {}

  TestPtr test(const Question& question) {
    switch (question.kind) {
      case Question::Kind::presence: return presence_of(*question.sides[0]);
      case Question::Kind::compare: return compare(question);
      case Question::Kind::contains: return contain(question);
      case Question::Kind::matches: return match(question);
      case Question::Kind::in: return in(question);
      case Question::Kind::negation: return negation(test(*question.parts[0]));
      case Question::Kind::conjunction: return join(Join::conjunction, question);
      case Question::Kind::disjunction: return join(Join::disjunction, question);
      case Question::Kind::exclusive: return join(Join::exclusive, question);
    }
    return nullptr;
  }

 private:
  [[noreturn]] void fail(const Expression& at, const std::string& why,
                         const std::string& hint = {}) const {
    source_.fail(at.at, at.end - at.at, why, hint);
  }
  std::string_view text(const Expression& of) const {
    return source_.text().substr(of.at, of.end - of.at);
  }

  TestPtr join(Join how, const Question& question) {
    std::vector<TestPtr> parts;
    for (const auto& part : question.parts) parts.push_back(test(*part));
    return joined(how, std::move(parts));
  }

  [[noreturn]] void no_field(const Expression& word) const {
    if (word.token.kind != Token::Kind::word) fail(word, fmt::format("{} is no field", text(word)));
    const auto guess = nearest_field(word.token.content);
    fail(word, fmt::format("no such field: {}{}", word.token.content,
                           guess.empty() ? "" : fmt::format("; did you mean {}?", guess)));
  }

  /// None for literals, which are what their neighbours make them.
  std::optional<Kind> kind_of_expression(const Expression& of) const {
    switch (of.kind) {
      case Expression::Kind::field: return kind_of(info(*of.field).type);
      case Expression::Kind::literal: return std::nullopt;
      case Expression::Kind::slice: return Kind::bytes;
      case Expression::Kind::negated: return kind_of_expression(*of.parts[0]);
      case Expression::Kind::arithmetic: {
        const auto left = kind_of_expression(*of.parts[0]);
        return left ? left : kind_of_expression(*of.parts[1]);
      }
      case Expression::Kind::call:
        switch (function_of(of).function) {
          case Function::len:
          case Function::count: return Kind::number;
          case Function::upper:
          case Function::lower:
          case Function::string: return Kind::text;
          default: return kind_of_expression(*of.parts[0]);
        }
    }
    return std::nullopt;
  }

  /// What a literal beside this expression must be.
  Wanted beside(const Expression& of) const {
    Wanted wanted{*kind_of_expression(of)};
    const Expression* field = &of;
    while (!field->parts.empty() && (field->kind == Expression::Kind::arithmetic ||
                                     field->kind == Expression::Kind::negated))
      field = kind_of_expression(*field->parts[0]) || field->parts.size() == 1
                  ? field->parts[0].get()
                  : field->parts[1].get();
    if (field->field && wanted.kind == Kind::number) {
      wanted.largest = largest(*field->field);
      wanted.is_signed = info(*field->field).type == FieldType::signed_number;
    }
    return wanted;
  }

  const FunctionInfo& function_of(const Expression& of) const {
    for (const FunctionInfo& one : functions) {
      if (of.token.content != one.name) continue;
      if (of.parts.size() < one.least || of.parts.size() > one.most)
        source_.fail(of.token, fmt::format("{} takes {} argument{}", one.name, one.least,
                                           one.most > 1 ? " or more" : ""));
      return one;
    }
    source_.fail(of.token, fmt::format("no such function: {}", of.token.content),
                 "len, count, upper, lower, string, max, min, abs");
  }

  std::unique_ptr<Operand> operand(const Expression& of, const Wanted& wanted) {
    switch (of.kind) {
      case Expression::Kind::literal: return literal(source_, of.token, false, wanted);
      case Expression::Kind::negated: {
        const Expression& inner = *of.parts[0];
        if (inner.kind == Expression::Kind::literal)
          return literal(source_, inner.token, true, wanted);
        const auto kind = kind_of_expression(of);
        if (kind && *kind != Kind::number && *kind != Kind::time)
          fail(of, fmt::format("{} has no negative: it is {}", text(inner), name(*kind)));
        return negated(operand(inner, wanted));
      }
      case Expression::Kind::field: return field(of);
      case Expression::Kind::slice: {
        const Expression& inner = *of.parts[0];
        const Kind kind = *kind_of_expression(inner);
        if (!is_bytes(kind) && kind != Kind::ipv4 && kind != Kind::ipv6)
          fail(inner, fmt::format("{} has no slices: it is {}", text(inner), name(kind)));
        return slice_of(operand(inner, wanted), of.ranges);
      }
      case Expression::Kind::arithmetic: return calculation(of, wanted);
      case Expression::Kind::call: return function_call(of);
    }
    return nullptr;
  }

  std::unique_ptr<FieldOperand> field(const Expression& of) {
    wanted_.add(*of.field);
    auto made = std::make_unique<FieldOperand>(*of.field);
    if (of.ranges.empty()) return made;
    const Field protocol = protocol_of(of);
    wanted_.add(protocol);
    made->restrict(of.ranges, protocol);
    return made;
  }
  Field protocol_of(const Expression& of) const {
    for (std::string_view prefix = info(*of.field).name;;) {
      const auto found = find_field(prefix);
      if (found && info(*found).type == FieldType::protocol) return *found;
      const std::size_t dot = prefix.rfind('.');
      if (dot == std::string_view::npos)
        fail(of, fmt::format("{} belongs to no layer", info(*of.field).name));
      prefix = prefix.substr(0, dot);
    }
  }

  std::unique_ptr<Operand> calculation(const Expression& of, const Wanted& outer) {
    const auto own = kind_of_expression(of);
    const Wanted wanted = own ? beside(of) : outer;
    const bool mask = of.sign == '&', sum = of.sign == '+' || of.sign == '-';
    const bool possible =
        wanted.kind == Kind::number || (wanted.kind == Kind::time && sum) ||
        (mask && wanted.kind != Kind::boolean && wanted.kind != Kind::text &&
         wanted.kind != Kind::time && wanted.kind != Kind::date && wanted.kind != Kind::label);
    if (!possible) fail(of, fmt::format("{} is not possible with {}", of.sign, name(wanted.kind)));
    for (const auto& part : of.parts) {
      const auto kind = kind_of_expression(*part);
      if (kind && !comparable(wanted.kind, *kind))
        fail(*part, fmt::format("{} is {}, not {}", text(*part), name(*kind), name(wanted.kind)));
    }
    return arithmetic(of.sign, operand(*of.parts[0], wanted), operand(*of.parts[1], wanted));
  }

  std::unique_ptr<Operand> function_call(const Expression& of) {
    const FunctionInfo& about = function_of(of);
    std::vector<std::unique_ptr<Operand>> arguments;
    std::optional<Kind> first;
    for (const auto& part : of.parts) {
      if (part->kind == Expression::Kind::literal && part->token.kind == Token::Kind::word &&
          !find_field(part->token.content) && part->token.content.find('.') != std::string::npos &&
          (part->token.content[0] < '0' || part->token.content[0] > '9'))
        no_field(*part);
      if (part->kind != Expression::Kind::field && part->kind != Expression::Kind::slice)
        fail(*part, fmt::format("{} takes fields, and {} is none", about.name, text(*part)));
      const Kind kind = *kind_of_expression(*part);
      const bool number = kind == Kind::number || kind == Kind::time;
      bool good = true;
      switch (about.function) {
        case Function::len: good = kind != Kind::label; break;
        case Function::count: break;
        case Function::upper:
        case Function::lower: good = kind == Kind::text; break;
        case Function::string:
          good =
              kind == Kind::number || kind == Kind::ipv4 || kind == Kind::ipv6 || kind == Kind::mac;
          break;
        case Function::max:
        case Function::min:
          good = (number || kind == Kind::date) && (!first || *first == kind);
          break;
        case Function::abs: good = number; break;
      }
      if (!good)
        fail(*part,
             fmt::format("{} does not take {}, which is {}", about.name, text(*part), name(kind)));
      first = kind;
      arguments.push_back(operand(*part, {}));
    }
    return call(about.function, std::move(arguments), of.parts[0]->field);
  }

  TestPtr presence_of(const Expression& of) {
    if (of.kind == Expression::Kind::literal) no_field(of);
    if (of.kind == Expression::Kind::call)
      fail(of, fmt::format("{} must be compared with something", text(of)));
    const auto kind = kind_of_expression(of);
    if (!kind) fail(of, fmt::format("{} asks nothing: no field is in it", text(of)));
    auto made = operand(of, beside(of));
    const bool there = of.kind == Expression::Kind::field || of.kind == Expression::Kind::slice;
    return there ? presence(std::move(made)) : not_zero(std::move(made));
  }

  /// The left side of a comparison must have a type of its own.
  Kind left_kind(const Question& question) const {
    const Expression& left = *question.sides[0];
    const auto kind = kind_of_expression(left);
    if (!kind) {
      if (left.kind == Expression::Kind::literal && left.token.kind == Token::Kind::word &&
          (left.token.content[0] < '0' || left.token.content[0] > '9'))
        no_field(left);
      fail(left, fmt::format("the left side of {} must be a field or a function, and {} is none",
                             question.token.content, text(left)));
    }
    if (*kind == Kind::label)
      fail(left, fmt::format("{} has no value to compare: it is there or not", text(left)),
           fmt::format("ask for it alone: {}, or not {}", text(left), text(left)));
    return *kind;
  }
  static Quantifier quantifier(const Question& question, Quantifier otherwise) {
    return question.quantifier == "any"   ? Quantifier::any
           : question.quantifier == "all" ? Quantifier::all
                                          : otherwise;
  }
  std::unique_ptr<Operand> right_side(const Question& question, const Expression& right,
                                      const Wanted& wanted) {
    const Expression& left = *question.sides[0];
    const auto kind = kind_of_expression(right);
    if (kind && !comparable(wanted.kind, *kind))
      fail(right, fmt::format("{} is {} and {} is {}: they cannot be compared", text(left),
                              name(wanted.kind), text(right), name(*kind)));
    return operand(right, wanted);
  }

  TestPtr compare(const Question& question) {
    left_kind(question);
    const Expression& left = *question.sides[0];
    for (const Comparator& one : comparators) {
      if (question.token.content != one.sign) continue;
      auto made = operand(left, beside(left));
      return comparison(std::move(made), one.order,
                        right_side(question, *question.sides[1], beside(left)),
                        quantifier(question, one.quantifier));
    }
    return nullptr;
  }

  /// `contains` and `matches` look into what a protocol carries, too.
  std::unique_ptr<Operand> searched(const Question& question) {
    const Expression& left = *question.sides[0];
    const Kind kind = left_kind(question);
    if (!is_bytes(kind))
      fail(left,
           fmt::format("{} is {}: {} is for texts and bytes", text(left), name(kind),
                       question.token.content),
           left.field ? fmt::format("string({}) makes it a text", text(left)) : "");
    auto made = operand(left, beside(left));
    if (auto* whole = dynamic_cast<FieldOperand*>(made.get())) whole->widen();
    return made;
  }
  TestPtr contain(const Question& question) {
    auto left = searched(question);
    Wanted wanted = beside(*question.sides[0]);
    wanted.exact = false;
    return contains(std::move(left), right_side(question, *question.sides[1], wanted),
                    quantifier(question, Quantifier::any));
  }
  TestPtr match(const Question& question) {
    auto left = searched(question);
    const Expression& right = *question.sides[1];
    if (right.kind != Expression::Kind::literal || right.token.kind != Token::Kind::string)
      fail(right, fmt::format("{} needs an expression in double quotes", question.token.content));
    try {
      return matches(std::move(left), right.token.content, quantifier(question, Quantifier::any));
    } catch (const std::invalid_argument& reason) {
      fail(right, fmt::format("not a regular expression: {}", reason.what()),
           "pcre2pattern(3) has the language");
    }
  }

  TestPtr in(const Question& question) {
    left_kind(question);
    const Expression& left = *question.sides[0];
    if (left.kind != Expression::Kind::field)
      fail(left, fmt::format("only fields can be in a set, and {} is none", text(left)));
    std::vector<Member> members;
    for (const auto& member : question.members) {
      members.push_back({right_side(question, *member.low, beside(left)), nullptr});
      if (member.high) members.back().high = right_side(question, *member.high, beside(left));
    }
    return membership(field(left), std::move(members), quantifier(question, Quantifier::any));
  }

  const Source& source_;
  FieldSet& wanted_;
};

}  // namespace

std::unique_ptr<Test> build(std::string_view text, FieldSet& wanted) {
  const Source source(text);
  return Builder(source, wanted).test(*parse(source));
}

}  // namespace tracer::filter
