#include "tracer/diagram/fold.hpp"

#include "tracer/diagram/message_text.hpp"

namespace tracer {

namespace {
/// Says the application anything that a reader would miss?
bool says_something(const Row& row) {
  return !row.label.message.empty() && row.label.message != application_data;
}
}  // namespace

bool alike(const Row& a, const Row& b) {
  const auto flags = [](const Row& row) { return row.label.flags.bits & ~TcpFlags::psh; };
  return a.from == b.from && a.label.kind == b.label.kind && flags(a) == flags(b) &&
         a.label.length == b.label.length && a.notes.empty() && b.notes.empty() &&
         a.fate == b.fate && a.label.text.empty() == b.label.text.empty() && !says_something(a) &&
         !says_something(b) && !a.label.flags.control();
}

bool ordinary(const Row& row) {
  return row.label.kind == Label::Kind::tcp && row.notes.empty() && row.fate != Fate::lost &&
         !row.label.flags.control() && !says_something(row) && !row.label.speaks &&
         row.state[0] == TcpState::unknown && row.state[1] == TcpState::unknown;
}

std::size_t end_of_ordinary(const Ladder& ladder, std::size_t first) {
  std::size_t end = first;
  while (end < ladder.rows.size() && ordinary(ladder.rows[end])) ++end;
  return end;
}

std::size_t end_of_run(const Ladder& ladder, std::size_t first) {
  std::size_t end = first + 1;
  while (end < ladder.rows.size() && alike(ladder.rows[first], ladder.rows[end])) ++end;
  return end;
}

}  // namespace tracer
