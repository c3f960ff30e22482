#include "tracer/render/html/packet_answer.hpp"

#include "tracer/fields/dissector.hpp"
#include "tracer/render/html/packet_data.hpp"
#include "tracer/render/html/sha256.hpp"

namespace tracer {

std::string packet_answer(const FrameStore& frames, const std::vector<Ladder>& ladders,
                          std::uint32_t number, const TextStyle& style) {
  for (const Ladder& ladder : ladders)
    for (const Row& row : ladder.rows) {
      if (row.number != number) continue;
      const std::uint32_t wanted = row.departure < frames.size() ? row.departure : row.arrival;
      if (wanted >= frames.size()) return {};
      FieldData data;
      std::string fields;
      Dissector dissector;
      for (std::uint32_t i = 0; i <= wanted; ++i) {
        if (frames[i].vantage != frames[wanted].vantage) continue;
        const FieldSink& sink = dissector.fields(frames[i], i + 1);
        if (i == wanted) fields = data.of(sink, frames[i].bytes);
      }
      std::string json = "{\"names\":" + data.names() + ",\"packet\":";
      append_packet_data(json, ladder, row, 0, {{"", 0, &frames[wanted], &fields}}, style);
      json += ",\"bytes\":\"";
      append_base64(json, as_text(frames[wanted].bytes));
      return json + "\"}";
    }
  return {};
}

}  // namespace tracer
