#include "tracer/fields/filter/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tracer::filter {
namespace {

constexpr std::array<std::string_view, 20> reserved{
    "and", "or", "xor", "not", "in", "contains", "matches", "any",    "all",    "eq",
    "ne",  "gt", "lt",  "ge",  "le", "any_eq",   "all_eq",  "any_ne", "all_ne", "bitwise_and"};
constexpr std::array<std::string_view, 19> comparisons{
    "==", "!=", "===", "!==", "~=", "<",      "<=",     ">",      ">=",    "eq",
    "ne", "gt", "lt",  "ge",  "le", "any_eq", "all_eq", "any_ne", "all_ne"};

template <class List>
bool has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Parser {
 public:
  explicit Parser(const Source& source) : source_(source), tokens_(filter::tokens(source)) {}

  QuestionPtr whole() {
    auto question = disjunction();
    if (now().kind != Token::Kind::end) unexpected();
    return question;
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  bool is(std::string_view word) const {
    return (now().kind == Token::Kind::sign || now().kind == Token::Kind::word) &&
           now().content == word;
  }
  bool take(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void unexpected(const std::string& hint = {}) const {
    if (now().kind == Token::Kind::end) source_.fail(now(), "the filter ends too early", hint);
    source_.fail(
        now(), fmt::format("{} is not expected here", source_.text().substr(now().at, now().width)),
        hint);
  }
  void expect(std::string_view sign) {
    if (!take(sign)) unexpected(fmt::format("a {} is missing", sign));
  }

  /// Filters come from users and from files: they must not exhaust the stack.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > most) parser_.source_.fail(parser_.now(), "nested too deeply");
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    static constexpr int most = 100;
    Parser& parser_;
  };

  template <class Part>
  QuestionPtr chain(Question::Kind kind, std::string_view word, std::string_view sign,
                    Part&& part) {
    auto first = part();
    if (!is(word) && (sign.empty() || !is(sign))) return first;
    auto all = std::make_unique<Question>();
    all->kind = kind;
    all->parts.push_back(std::move(first));
    while (take(word) || (!sign.empty() && take(sign))) all->parts.push_back(part());
    return all;
  }
  QuestionPtr disjunction() {
    return chain(Question::Kind::disjunction, "or", "||", [this] { return exclusive(); });
  }
  QuestionPtr exclusive() {
    return chain(Question::Kind::exclusive, "xor", "", [this] { return conjunction(); });
  }
  QuestionPtr conjunction() {
    return chain(Question::Kind::conjunction, "and", "&&", [this] { return negation(); });
  }

  QuestionPtr negation() {
    const Deeper deeper(*this);
    if (take("!") || take("not")) {
      auto made = std::make_unique<Question>();
      made->kind = Question::Kind::negation;
      made->parts.push_back(negation());
      return made;
    }
    if (take("(")) {
      auto inner = disjunction();
      expect(")");
      return inner;
    }
    return relation();
  }

  QuestionPtr relation() {
    auto made = std::make_unique<Question>();
    if (is("any") || is("all")) made->quantifier = tokens_[at_++].content;
    made->sides.push_back(masked());
    made->token = now();
    if (take("contains") || take("matches") || take("~")) {
      made->kind =
          made->token.content == "contains" ? Question::Kind::contains : Question::Kind::matches;
      made->sides.push_back(masked());
      return made;
    }
    if (take("in")) {
      set(*made);
      return made;
    }
    if (is("not") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].content == "in") {
      at_ += 2;
      set(*made);
      auto outer = std::make_unique<Question>();
      outer->kind = Question::Kind::negation;
      outer->parts.push_back(std::move(made));
      return outer;
    }
    if (!is_comparison()) {
      if (!made->quantifier.empty()) unexpected("any and all need a comparison");
      return made;
    }
    // a < b < c: both comparisons hold.
    made->kind = Question::Kind::compare;
    ++at_;
    made->sides.push_back(masked());
    if (!is_comparison()) return made;
    auto all = std::make_unique<Question>();
    all->kind = Question::Kind::conjunction;
    for (;;) {
      const bool more = is_comparison();
      const std::size_t again = middle_;
      auto next = std::make_unique<Question>();
      next->quantifier = made->quantifier;
      all->parts.push_back(std::move(made));
      if (!more) return all;
      const std::size_t operator_at = at_;
      at_ = again;  // the middle is read twice: it belongs to both
      next->sides.push_back(masked());
      next->token = tokens_[operator_at];
      next->kind = Question::Kind::compare;
      at_ = operator_at + 1;
      next->sides.push_back(masked());
      made = std::move(next);
    }
  }
  bool is_comparison() const {
    return (now().kind == Token::Kind::sign || now().kind == Token::Kind::word) &&
           has(comparisons, now().content);
  }

  void set(Question& question) {
    question.kind = Question::Kind::in;
    expect("{");
    do {
      do {
        Question::Member member;
        member.low = primary();
        if (take("..")) member.high = primary();
        question.members.push_back(std::move(member));
      } while (!is(",") && !is("}") && now().kind != Token::Kind::end);  // spaces will do
    } while (take(","));
    expect("}");
  }

  ExpressionPtr masked() {
    middle_ = at_;
    return masked_inside();
  }
  ExpressionPtr masked_inside() {
    return binary({"&", "bitwise_and"}, [this] {
      return binary({"+", "-"}, [this] {
        return binary({"*", "/", "%"}, [this] { return primary(); });
      });
    });
  }

  template <class Part>
  ExpressionPtr binary(std::initializer_list<std::string_view> signs, Part&& part) {
    auto left = part();
    int count = 0;
    while (std::any_of(signs.begin(), signs.end(), [this](auto sign) { return is(sign); })) {
      if (++count > 100) source_.fail(now(), "too long a calculation");
      auto made = std::make_unique<Expression>();
      made->kind = Expression::Kind::arithmetic;
      made->token = now();
      made->sign = now().content == "bitwise_and" ? '&' : now().content[0];
      made->at = left->at;
      ++at_;
      made->parts.push_back(std::move(left));
      made->parts.push_back(part());
      made->end = made->parts[1]->end;
      left = std::move(made);
    }
    return left;
  }

  ExpressionPtr primary() {
    const Deeper deeper(*this);
    if (take("{")) {
      auto inner = masked_inside();
      expect("}");
      return inner;
    }
    auto made = std::make_unique<Expression>();
    made->token = now();
    made->at = now().at;
    made->end = now().at + now().width;
    if (is("+")) {
      ++at_;
      return primary();
    }
    if (is("-")) {
      ++at_;
      made->kind = Expression::Kind::negated;
      made->parts.push_back(primary());
      made->end = made->parts[0]->end;
      return made;
    }
    switch (now().kind) {
      case Token::Kind::string:
      case Token::Kind::character: ++at_; return made;
      case Token::Kind::word: break;
      default:
        unexpected(now().content == "(" ? "values are grouped by { }, questions by ( )" : "");
    }
    if (has(reserved, now().content)) unexpected();
    ++at_;
    if (is("(")) return call(std::move(made));
    made->field = find_field(made->token.content);
    if (!made->field) return made;
    made->kind = Expression::Kind::field;
    if (take("#")) layers(*made);
    while (now().kind == Token::Kind::slice) made = slice(std::move(made));
    return made;
  }

  ExpressionPtr call(ExpressionPtr made) {
    made->kind = Expression::Kind::call;
    ++at_;
    if (!is(")")) {
      do made->parts.push_back(masked_inside());
      while (take(","));
    }
    expect(")");
    while (now().kind == Token::Kind::slice) made = slice(std::move(made));
    return made;
  }

  ExpressionPtr slice(ExpressionPtr of) {
    auto made = std::make_unique<Expression>();
    made->kind = Expression::Kind::slice;
    made->token = now();
    made->at = of->at;
    made->end = now().at + now().width;
    made->ranges = ranges(now());
    made->parts.push_back(std::move(of));
    if (++slices_ > 100) source_.fail(now(), "too many slices");
    ++at_;
    return made;
  }

  void layers(Expression& field) {
    if (now().kind == Token::Kind::slice) {
      field.ranges = ranges(now());
    } else {
      const auto number = now().kind == Token::Kind::word ? integer(now().content) : std::nullopt;
      if (!number) unexpected("ip.src#2 is in the second IP header; tcp.port#[1-2] in either");
      field.ranges = {{*number, 1, {}}};
    }
    field.end = now().at + now().width;
    ++at_;
  }

  static std::optional<std::int64_t> integer(std::string_view text) {
    int base = 10;
    bool negative = false;
    if (text.starts_with('-')) {
      negative = true;
      text.remove_prefix(1);
    }
    if (text.starts_with("0x")) {
      base = 16;
      text.remove_prefix(2);
    }
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return negative ? -value : value;
  }

  /// 0:4, 2-5, 7, :4, 4: and several of them with commas.
  Ranges ranges(const Token& token) const {
    const auto bad = [&](const std::string& why) {
      source_.fail(token, why, "[from:count], [from-to], [at], [:count], [from:]");
    };
    Ranges found;
    std::string_view rest = token.content;
    for (;;) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view piece = rest.substr(0, comma);
      while (piece.starts_with(' ')) piece.remove_prefix(1);
      while (piece.ends_with(' ')) piece.remove_suffix(1);
      Range range;
      const std::size_t colon = piece.find(':'), dash = piece.find('-', 1);
      std::string_view first = piece.substr(0, std::min({colon, dash, piece.size()}));
      if (colon != std::string_view::npos && first.empty()) first = "0";
      const auto from = integer(first);
      if (!from) bad(fmt::format("[{}] is not a slice", token.content));
      range.first = *from;
      if (colon != std::string_view::npos && colon + 1 < piece.size()) {
        range.count = integer(piece.substr(colon + 1));
        if (!range.count || *range.count < 1)
          bad(fmt::format("[{}] is not a slice: a count is 1 or more", token.content));
      } else if (colon == std::string_view::npos && dash != std::string_view::npos) {
        range.last = integer(piece.substr(dash + 1));
        if (!range.last || (*range.last >= 0 && *from >= 0 && *range.last < *from))
          bad(fmt::format("[{}] is not a slice: it ends before it begins", token.content));
      } else if (colon == std::string_view::npos) {
        range.count = 1;
      }
      found.push_back(range);
      if (comma == rest.size()) return found;
      rest.remove_prefix(comma + 1);
    }
  }

  const Source& source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0, middle_ = 0;
  int depth_ = 0, slices_ = 0;
};

}  // namespace

QuestionPtr parse(const Source& source) {
  if (source.text().size() > 65'536) source.fail(0, 1, "longer than 64 KiB");
  return Parser(source).whole();
}

}  // namespace tracer::filter
