#include "tracer/diagram/streams.hpp"

#include <algorithm>
#include <map>

namespace tracer {
namespace {

constexpr std::size_t most_pieces = 4096, most_rows = 8;
constexpr std::uint64_t furthest = std::uint64_t{1}
                                   << 31;  // a byte further on is no part of this stream

/// Pieces that neither overlap nor touch what another packet did differently.
class Pieces {
 public:
  /// False if there are too many.
  bool add(std::uint64_t from, std::uint64_t to, std::uint32_t row, bool seen, bool arrived) {
    while (from < to) {
      auto at = pieces_.upper_bound(from);
      if (at != pieces_.begin() && std::prev(at)->second.to > from) {
        at = split(std::prev(at), from);
        if (at->second.to > to) split(at, to);
        carry(at->second, row, arrived);
        from = at->second.to;
      } else {
        const std::uint64_t end = at == pieces_.end() ? to : std::min(to, at->first);
        if (pieces_.size() >= most_pieces) return false;
        const auto fate = !seen     ? StreamPiece::Fate::unseen
                          : arrived ? StreamPiece::Fate::arrived
                                    : StreamPiece::Fate::missing;
        pieces_[from] = {from, end, fate, {row}};
        from = end;
      }
    }
    return true;
  }
  std::vector<StreamPiece> take() {
    std::vector<StreamPiece> list;
    for (auto& [from, piece] : pieces_) list.push_back(std::move(piece));
    return list;
  }

 private:
  using Map = std::map<std::uint64_t, StreamPiece>;

  /// The piece that begins at `where`.
  Map::iterator split(Map::iterator at, std::uint64_t where) {
    if (at->first == where) return at;
    StreamPiece rest = at->second;
    rest.from = where;
    at->second.to = where;
    return pieces_.emplace(where, std::move(rest)).first;
  }
  static void carry(StreamPiece& piece, std::uint32_t row, bool arrived) {
    if (piece.rows.size() < most_rows) piece.rows.push_back(row);
    if (piece.fate == StreamPiece::Fate::missing && arrived)
      piece.fate = StreamPiece::Fate::repaired;
  }

  Map pieces_;
};

Bytes payload_of(const Packet& packet) {
  if (packet.tcp) return packet.tcp->payload();
  if (packet.udp) return slice(packet.transport, 8);
  return {};
}

}  // namespace

Stream stream_of(const Ladder& ladder, const FrameStore& frames, unsigned from, std::size_t most) {
  Stream stream;
  if (ladder.protocol != ip_protocol::tcp && ladder.protocol != ip_protocol::udp) return stream;
  const bool tcp = ladder.protocol == ip_protocol::tcp;
  Pieces pieces;
  Packet packet;
  std::uint64_t next = 0;  // where a datagram begins
  for (const Row& row : ladder.rows) {
    const bool kind = row.label.kind == (tcp ? Label::Kind::tcp : Label::Kind::udp);
    if (row.from != from || !kind || row.label.length == 0) continue;
    // Relative numbers count the SYN: the first byte of data is 1.
    const std::uint64_t seq = row.label.seq + (row.label.flags.has(TcpFlags::syn) ? 1u : 0u);
    const std::uint64_t begin = tcp ? seq - 1 : next, end = begin + row.label.length;
    if (tcp && (seq == 0 || end > furthest)) continue;
    next = end;
    stream.on_wire += row.label.length;
    const bool seen = ladder.two_ended && row.fate != Fate::unknown;
    const bool arrived = row.fate == Fate::arrived || row.fate == Fate::duplicated;
    stream.whole = pieces.add(begin, end, row.number, seen, arrived) && stream.whole;
    stream.sent = std::max(stream.sent, end);
    if (begin >= most) continue;
    decode(frames[row.departure != Passage::none ? row.departure : row.arrival], 1, packet);
    const Bytes payload =
        slice(payload_of(packet), 0, std::min<std::uint64_t>(row.label.length, most - begin));
    if (stream.bytes.size() < begin + payload.size()) stream.bytes.resize(begin + payload.size());
    std::copy_n(as_text(payload).begin(), payload.size(),
                stream.bytes.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  stream.pieces = pieces.take();
  for (const StreamPiece& piece : stream.pieces)
    if (piece.fate == StreamPiece::Fate::arrived || piece.fate == StreamPiece::Fate::repaired)
      stream.received += piece.to - piece.from;
  return stream;
}

}  // namespace tracer
