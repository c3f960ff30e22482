#include "tracer/fields/filter.hpp"

#include "tracer/fields/filter/build.hpp"
#include "tracer/fields/filter/test.hpp"

namespace tracer {

Filter Filter::compile(std::string_view text) {
  Filter made;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return made;
  made.test_ = filter::build(text, made.wanted_);
  return made;
}

bool Filter::matches(const FieldSink& fields) const { return !test_ || test_->holds(fields); }

}  // namespace tracer
