// DNS over TCP, and RESP: messages that say how long they are.
#include "tracer/tracking/dialogue.hpp"
#include "tracer/wire/resp.hpp"

namespace tracer {

void cut_dns(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  ByteStream& stream = dialogue.sides[arrival.side].stream;
  for (;;) {
    const Bytes bytes = stream.unread();
    if (bytes.size() < 2) return;
    const std::size_t size = 2u + be16(bytes, 0);  // RFC 1035 §4.2.2
    if (bytes.size() < size) return;
    stream.read(size);
    if (size >= 2 + 12) {
      const bool query = (be8(bytes, 4) & 0x80) == 0;
      messages.push_back({Application::dns, Part::whole, query, bytes.first(size), {}, 0, true});
    }
  }
}

void cut_resp(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  ByteStream& stream = dialogue.sides[arrival.side].stream;
  for (;;) {
    const Bytes bytes = stream.unread();
    if (bytes.empty()) return;
    RespFault fault{};
    const auto size = resp_value_size(bytes, fault);
    if (!size) {
      if (fault == RespFault::malformed) stream.read(bytes.size());
      return;
    }
    stream.read(*size);
    messages.push_back(
        {Application::resp, Part::whole, arrival.from_client, bytes.first(*size), {}, 0, false});
  }
}

}  // namespace tracer
