// What a page knows of each packet, as JSON: a line a packet, which is parsed when somebody looks.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/fields/field_sink.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// Appends `text` as a JSON string that may stand in a <script>: no `<`, nothing that turns the
/// direction of writing.
void append_script_string(std::string& out, std::string_view text);

/// The same for text of ours, whose line ends stay.
void append_script_text(std::string& out, std::string_view text);

/// The fields of frames as JSON arrays [field, value, at, size], and the names that the numbers
/// stand for. `at` is -1 where no bytes of the frame say so.
class FieldData {
 public:
  /// "[[0,"…",0,14],…]"; aliases such as ip.addr are left out.
  std::string of(const FieldSink& fields, Bytes frame);
  /// "[["eth","Ethernet",1],…]": name, sentence, 1 for a layer.
  std::string names() const;

 private:
  std::unordered_map<std::uint16_t, std::size_t> numbers_;
  std::vector<Field> used_;
};

/// One sighting of a packet.
struct PacketSighting {
  std::string where;    // "as it left the client"
  std::uint32_t block;  // which packet block of the page's capture holds it, from 0
  const Frame* frame;
  const std::string* fields;  // from FieldData::of()
};

/// One line: {"n":6,"v":0,"from":0,"label":"…","say":"…","left":"40.674","arrived":null,"frames":[…]}
void append_packet_data(std::string& out, const Ladder& ladder, const Row& row, std::size_t view,
                        const std::vector<PacketSighting>& sightings, const TextStyle& style);

/// "[ACK] Seq=2897 Len=1448 · ✗ lost: drop c>s data#3": all that the ladder says of a row.
std::string row_text(const Row& row, const TextStyle& style);

}  // namespace tracer
