// A display filter's text -> tests that can be asked.
#pragma once

#include <memory>
#include <string_view>

#include "tracer/fields/field.hpp"
#include "tracer/fields/filter/test.hpp"

namespace tracer::filter {

/// Adds the fields that the tests ask for to `wanted`. Throws Failure (2).
std::unique_ptr<Test> build(std::string_view text, FieldSet& wanted);

}  // namespace tracer::filter
