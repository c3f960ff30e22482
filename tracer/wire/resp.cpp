#include "tracer/wire/resp.hpp"

#include <charconv>

namespace tracer {
namespace {
constexpr std::int64_t longest_bulk = 512 << 20;  // bytes, by the specification
constexpr std::size_t longest_line = 65'536;
}  // namespace

std::optional<RespElement> resp_element(Bytes bytes, RespFault& fault) {
  fault = RespFault::incomplete;
  const auto line = first_line(bytes);
  if (!line) return std::nullopt;
  RespElement element;
  element.kind = static_cast<char>(line->whole[0]);
  if (std::string_view("+-:$*").find(element.kind) == std::string_view::npos) {
    fault = RespFault::malformed;
    return std::nullopt;
  }
  if (!line->ended) {
    if (line->whole.size() > longest_line) fault = RespFault::malformed;
    return std::nullopt;
  }
  element.value = line->text.subspan(1);
  element.whole = line->whole;
  if (element.kind == '+' || element.kind == '-') {
    fault = RespFault::none;
    return element;
  }
  const std::string_view text = as_text(element.value);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), element.number);
  if (error != std::errc{} || end != text.data() + text.size() ||
      (element.kind != ':' && (element.number < -1 || element.number > longest_bulk))) {
    fault = RespFault::malformed;
    return std::nullopt;
  }
  if (element.kind == '$' && element.number >= 0) {
    const std::size_t size = line->whole.size() + static_cast<std::size_t>(element.number) + 2;
    if (bytes.size() < size) return std::nullopt;
    element.value = bytes.subspan(line->whole.size(), static_cast<std::size_t>(element.number));
    element.whole = bytes.first(size);
  }
  fault = RespFault::none;
  return element;
}

std::optional<std::size_t> resp_value_size(Bytes bytes, RespFault& fault) {
  std::size_t size = 0;
  // Elements still to come: every array adds its own. More than there are bytes for cannot be whole.
  std::int64_t wanted = 1;
  while (wanted > 0) {
    const auto element = resp_element(bytes.subspan(size), fault);
    if (!element) return std::nullopt;
    size += element->whole.size();
    --wanted;
    if (element->kind == '*' && element->number > 0) wanted += element->number;
    if (wanted > longest_bulk) {
      fault = RespFault::malformed;
      return std::nullopt;
    }
  }
  return size;
}

}  // namespace tracer
