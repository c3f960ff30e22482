#include "tracer/diagram/role.hpp"

namespace tracer {
namespace {

bool is_repeat(Note::Kind kind) {
  return kind == Note::Kind::fast_retransmit || kind == Note::Kind::timeout_retransmit ||
         kind == Note::Kind::needless_retransmit || kind == Note::Kind::retransmit;
}

const char* fate_of(const Ladder& ladder, const Row& row) {
  if (row.fate == Fate::lost) return "lost";
  if (row.has(Note::Kind::lost)) return "probably-lost";
  if (row.has(Note::Kind::corrupted)) return "corrupted";
  if (row.fate == Fate::duplicated) return "duplicated";
  if (row.has(Note::Kind::overtaken)) return "late";
  if (ladder.two_ended && (!row.time[0] || !row.time[1])) return "unseen";
  return "";
}

const char* purpose_of(const Row& row) {
  for (const Note& note : row.notes) {
    if (is_repeat(note.kind)) return "again";
    if (note.kind == Note::Kind::unreachable) return "unreachable";
  }
  if (row.label.kind == Label::Kind::tcp && row.label.flags.has(TcpFlags::rst)) return "reset";
  return row.has(Note::Kind::duplicate_ack) ? "duplicate-ack" : "";
}

}  // namespace

std::string row_role(const Ladder& ladder, const Row& row) {
  std::string role = fate_of(ladder, row);
  const std::string purpose = purpose_of(row);
  if (!role.empty() && !purpose.empty()) role += ' ';
  return role += purpose;
}

std::uint32_t repeats_row(const Row& row) {
  for (const Note& note : row.notes)
    if (is_repeat(note.kind)) return note.about;
  return 0;
}

}  // namespace tracer
