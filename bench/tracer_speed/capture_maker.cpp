#include "bench/tracer_speed/capture_maker.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

constexpr std::uint8_t fin = 0x01, syn = 0x02, push = 0x08, ack = 0x10;
constexpr std::uint32_t server_address = 0x0a000002;

/// One end of a TCP connection, as far as what it sends depends on it.
struct End {
  std::uint32_t address;
  std::uint16_t port;
  std::uint32_t next, seen;  // SND.NXT, RCV.NXT
};

class PcapMaker {
 public:
  explicit PcapMaker(const std::string& path) : file_(path, std::ios::binary) {
    if (!file_) throw std::runtime_error(fmt::format("{}: cannot be written", path));
    const std::uint32_t head[] = {0xa1b2c3d4, 2 | 4u << 16, 0, 0, 262'144, 1};  // Ethernet, µs
    file_.write(reinterpret_cast<const char*>(head), sizeof head);
    made_.bytes = sizeof head;
  }

  /// One segment; moves the sender's SND.NXT, and the receiver's RCV.NXT if it arrives.
  void segment(End& from, End& to, std::uint8_t flags, std::string_view data, bool arrives = true) {
    write(from, to, flags, data, from.next);
    from.next += static_cast<std::uint32_t>(data.size()) + ((flags & (syn | fin)) != 0);
    if (arrives) to.seen = from.next;
  }
  void again(const End& from, const End& to, std::string_view data, std::uint32_t seq) {
    write(from, to, ack | push, data, seq);
  }

  std::uint64_t packets() const { return made_.packets; }
  MadeCapture finish(std::uint64_t connections) {
    file_.flush();
    if (!file_) throw std::runtime_error("the capture cannot be written: is the disk full?");
    made_.connections = connections;
    return made_;
  }

 private:
  void put16(std::size_t at, std::uint32_t value) {
    frame_[at] = static_cast<std::uint8_t>(value >> 8);
    frame_[at + 1] = static_cast<std::uint8_t>(value);
  }
  void put32(std::size_t at, std::uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
  }

  void write(const End& from, const End& to, std::uint8_t flags, std::string_view data,
             std::uint32_t seq) {
    static constexpr std::uint8_t syn_options[] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0,
                                                   0, 0, 0, 0,   0, 0, 1, 3,  3, 7};
    static constexpr std::uint8_t options[] = {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0};
    const std::size_t option_bytes = flags & syn ? sizeof syn_options : sizeof options;
    const std::size_t tcp_bytes = 20 + option_bytes, length = 34 + tcp_bytes + data.size();
    frame_.assign(length, 0);
    const bool from_server = from.address == server_address;
    frame_[0] = frame_[6] = 2;
    frame_[5] = from_server ? 1 : 2;
    frame_[11] = from_server ? 2 : 1;
    put16(12, 0x0800);
    frame_[14] = 0x45;
    put16(16, static_cast<std::uint32_t>(length - 14));
    put16(18, static_cast<std::uint32_t>(made_.packets & 0xffff));
    put16(20, 0x4000);
    frame_[22] = 64;
    frame_[23] = 6;
    put32(26, from.address);
    put32(30, to.address);
    put16(24, sum(14, 20, 0));
    put16(34, from.port);
    put16(36, to.port);
    put32(38, seq);
    put32(42, flags & ack ? from.seen : 0);
    frame_[46] = static_cast<std::uint8_t>(tcp_bytes / 4 << 4);
    frame_[47] = flags;
    put16(48, 502);
    std::memcpy(&frame_[54], flags & syn ? syn_options : options, option_bytes);
    const std::size_t stamp = 54 + (flags & syn ? 8 : 4);
    put32(stamp, static_cast<std::uint32_t>(microseconds_ / 1000 + from.port));
    put32(stamp + 4, flags == syn ? 0 : static_cast<std::uint32_t>(microseconds_ / 1000 + to.port));
    std::memcpy(&frame_[34 + tcp_bytes], data.data(), data.size());
    const std::size_t tcp_length = length - 34;
    put16(50, sum(34, tcp_length, pseudo_header(from.address, to.address, tcp_length)));

    microseconds_ += 7;
    const std::uint32_t record[] = {
        1'700'000'000 + static_cast<std::uint32_t>(microseconds_ / 1'000'000),
        static_cast<std::uint32_t>(microseconds_ % 1'000'000), static_cast<std::uint32_t>(length),
        static_cast<std::uint32_t>(length)};
    file_.write(reinterpret_cast<const char*>(record), sizeof record);
    file_.write(reinterpret_cast<const char*>(frame_.data()), static_cast<std::streamsize>(length));
    ++made_.packets;
    made_.bytes += sizeof record + length;
  }

  static std::uint64_t pseudo_header(std::uint32_t source, std::uint32_t destination,
                                     std::size_t length) {
    return std::uint64_t{source >> 16} + (source & 0xffff) + (destination >> 16) +
           (destination & 0xffff) + 6 + length;
  }
  /// The Internet checksum (RFC 1071) of part of the frame, and of what `start` sums up.
  std::uint16_t sum(std::size_t at, std::size_t length, std::uint64_t start) const {
    for (std::size_t i = 0; i + 1 < length; i += 2)
      start += static_cast<std::uint64_t>(frame_[at + i]) << 8 | frame_[at + i + 1];
    if (length % 2 != 0) start += static_cast<std::uint64_t>(frame_[at + length - 1]) << 8;
    while (start >> 16) start = (start & 0xffff) + (start >> 16);
    return static_cast<std::uint16_t>(~start);
  }

  std::ofstream file_;
  std::vector<std::uint8_t> frame_;
  std::uint64_t microseconds_ = 0;
  MadeCapture made_;
};

/// A short HTTP connection, one packet a step.
class HttpConnection {
 public:
  HttpConnection(std::uint64_t number, std::mt19937_64& random)
      : client_{0x0a010000 + static_cast<std::uint32_t>(number / 60'000 % 60'000),
                static_cast<std::uint16_t>(1024 + number % 60'000),
                static_cast<std::uint32_t>(random()), 0},
        server_{server_address, 80, static_cast<std::uint32_t>(random()), 0},
        request_(fmt::format("GET /page/{} HTTP/1.1\r\nHost: server\r\nUser-Agent: "
                             "bench\r\nAccept: */*\r\nX-Padding: {:p<100}\r\n\r\n",
                             number, "")),
        segments_(static_cast<unsigned>(1 + random() % 3)),
        twice_(random() % 50 == 0) {}

  /// False when it is over.
  bool step(PcapMaker& out) {
    const unsigned replies_end = 4 + 2 * segments_;
    const unsigned now = step_++;
    if (now == 0)
      out.segment(client_, server_, syn, {});
    else if (now == 1)
      out.segment(server_, client_, syn | ack, {});
    else if (now == 2)
      out.segment(client_, server_, ack, {});
    else if (now == 3)
      out.segment(client_, server_, ack | push, request_);
    else if (now < replies_end)
      reply(out, now - 4);
    else if (now == replies_end)
      out.segment(server_, client_, ack | fin, {});
    else if (now == replies_end + 1)
      out.segment(client_, server_, ack | fin, {});
    else
      out.segment(server_, client_, ack, {});
    return now < replies_end + 2;
  }

 private:
  void reply(PcapMaker& out, unsigned place) {
    static const std::string body(1448, 'x');
    if (place % 2 == 1) {
      out.segment(client_, server_, ack, {});
      return;
    }
    const std::string head = fmt::format(
        "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Length: {:05}\r\n\r\n", segments_ * 1448 - 63);
    std::string data = place == 0 ? (head + body).substr(0, 1448) : body;
    const std::uint32_t seq = server_.next;
    out.segment(server_, client_, ack | push, data);
    if (twice_ && place == 0) out.again(server_, client_, data, seq);
  }

  End client_, server_;
  std::string request_;
  unsigned segments_, step_ = 0;
  bool twice_;
};

}  // namespace

MadeCapture make_http_capture(const std::string& path, std::uint64_t packets) {
  PcapMaker out(path);
  std::mt19937_64 random(7);
  std::uint64_t started = 0;
  std::vector<HttpConnection> alive;
  for (unsigned i = 0; i < 64; ++i) alive.emplace_back(started++, random);
  while (!alive.empty()) {
    const std::size_t turn = random() % alive.size();
    if (alive[turn].step(out)) continue;
    if (out.packets() < packets) {
      alive[turn] = HttpConnection(started++, random);
    } else {
      std::swap(alive[turn], alive.back());
      alive.pop_back();
    }
  }
  return out.finish(started);
}

MadeCapture make_bulk_capture(const std::string& path, std::uint64_t packets) {
  PcapMaker out(path);
  std::mt19937_64 random(8);
  End client{0x0a000001, 40'000, 1000, 0}, server{server_address, 5001, 2000, 0};
  const std::string data(1448, 'b');
  out.segment(client, server, syn, {});
  out.segment(server, client, syn | ack, {});
  out.segment(client, server, ack, {});
  while (out.packets() < packets) {
    if (random() % 1000 != 0) {
      out.segment(client, server, ack, data);
      out.segment(client, server, ack, data);
    } else {
      // The second of five is lost on its way here; the others bring three duplicate ACKs.
      out.segment(client, server, ack, data);
      out.segment(server, client, ack, {});
      const std::uint32_t missing = client.next;
      client.next += static_cast<std::uint32_t>(data.size());
      for (unsigned i = 0; i < 3; ++i) {
        out.segment(client, server, ack, data, false);
        out.segment(server, client, ack, {});
      }
      out.again(client, server, data, missing);
      server.seen = client.next;
    }
    out.segment(server, client, ack, {});
  }
  out.segment(client, server, ack | fin, {});
  out.segment(server, client, ack | fin, {});
  out.segment(client, server, ack, {});
  return out.finish(1);
}

}  // namespace bench
