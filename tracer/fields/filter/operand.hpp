// The things that a filter compares: fields, literals, and what is made of them.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tracer/fields/field_sink.hpp"
#include "tracer/fields/filter/value.hpp"

namespace tracer::filter {

/// Stands for some values of a frame: none, one, or many. Scratch memory is kept from frame to
/// frame; values live until the next collect().
class Operand {
 public:
  explicit Operand(Kind of) : kind(of) {}
  virtual ~Operand() = default;
  virtual void collect(const FieldSink& fields, Values& out) = 0;
  virtual bool constant() const { return false; }

  Kind kind;
};

class Constant final : public Operand {
 public:
  Constant(Kind of, std::int64_t number) : Operand(of) { value_.number = number; }
  Constant(Kind of, Bytes bytes) : Operand(of), kept_(bytes.begin(), bytes.end()) {
    value_.bytes = kept_;
  }
  void set_prefix(std::uint8_t bits) { value_.prefix = bits; }
  void collect(const FieldSink&, Values& out) override { out.push_back(value_); }
  bool constant() const override { return true; }

 private:
  std::vector<std::byte> kept_;
  Value value_;
};

/// [first:count], or [first-last]; from the end if negative. A slice that is not all there is none.
struct Range {
  std::int64_t first = 0;
  std::optional<std::int64_t> count, last;  // neither: to the end
};
using Ranges = std::vector<Range>;

class FieldOperand final : public Operand {
 public:
  explicit FieldOperand(Field field);
  /// A protocol is its header; this makes it the header and all that it carries.
  void widen() { whole_ = true; }
  /// Only in these layers of the field's protocol, counted from 1: ip.src#2 is in the second IP header.
  void restrict(Ranges layers, Field protocol) {
    layers_ = std::move(layers), protocol_ = protocol;
  }

  void collect(const FieldSink& fields, Values& out) override {
    each(fields, [&](const Value& value) {
      out.push_back(value);
      return false;
    });
  }
  /// Calls `stop` for each value until it is true; true if it was.
  template <class Stop>
  bool each(const FieldSink& fields, Stop&& stop) const {
    int layer = 0;
    for (const FieldValue& one : fields.values()) {
      if (!layers_.empty()) {
        if (one.field == protocol_) ++layer;
        if (one.field == field_ && !in_layers(layer)) continue;
      }
      if (one.field == field_ && stop(value_of(one))) return true;
    }
    return false;
  }
  Field field() const { return field_; }

 private:
  Value value_of(const FieldValue& one) const {
    Value value;
    value.number = static_cast<std::int64_t>(one.number);
    if (kind == Kind::boolean) value.number = one.number != 0;
    value.bytes = protocol_field_ && !(whole_ && !one.value.empty()) ? one.where : one.value;
    return value;
  }
  bool in_layers(int layer) const;

  Field field_, protocol_;
  bool protocol_field_, whole_ = false;
  Ranges layers_;
};

std::unique_ptr<Operand> slice_of(std::unique_ptr<Operand> of, Ranges ranges);
/// `sign` is one of + - * / % &. Bytes and addresses have only &. x/0 is no value.
std::unique_ptr<Operand> arithmetic(char sign, std::unique_ptr<Operand> left,
                                    std::unique_ptr<Operand> right);
std::unique_ptr<Operand> negated(std::unique_ptr<Operand> of);

enum class Function { len, count, upper, lower, string, max, min, abs };
/// REQUIRES: arguments that the function takes. `fields` are the arguments' fields, for string().
std::unique_ptr<Operand> call(Function function, std::vector<std::unique_ptr<Operand>> arguments,
                              std::optional<Field> field);

}  // namespace tracer::filter
