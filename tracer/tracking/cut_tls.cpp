#include "tracer/tracking/dialogue.hpp"
#include "tracer/wire/tls.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_handshake = 1 << 18;  // bytes; longer claims are damage or ciphertext
constexpr std::size_t shortest_encrypted = 16;      // a MAC alone takes as much

class TlsCutter {
 public:
  TlsCutter(Dialogue& dialogue, const Arrival& arrival, Messages& messages)
      : dialogue_(dialogue),
        tls_(dialogue.sides[arrival.side].tls),
        stream_(dialogue.sides[arrival.side].stream),
        arrival_(arrival),
        messages_(messages) {}

  void run() {
    tls_.whole.clear();
    for (;;) {
      const Bytes bytes = stream_.unread();
      const auto header = TlsRecord::parse(bytes);
      if (!header) return;
      if (!tls_.begun && is_ssl2_hello(bytes)) {
        const std::size_t size = 2u + (be16(bytes, 0) & 0x7fffu);
        if (bytes.size() < size) return;
        stream_.read(size);
        tls_.begun = true;
        emit(Part::old_hello, bytes.first(size));
        continue;
      }
      tls_.begun = true;
      if (!looks_like_tls(bytes)) {
        stream_.read(bytes.size());
        return;
      }
      const std::size_t size = TlsRecord::header_size + header->length();
      if (bytes.size() < size) return;
      stream_.read(size);
      record(*TlsRecord::parse(bytes.first(size)), bytes.first(size));
    }
  }

 private:
  void record(const TlsRecord& record, Bytes whole) {
    const Bytes content = record.content();
    switch (record.content_type()) {
      case tls_content::change_cipher_spec:
        emit(Part::record, whole);
        // In TLS 1.3 it means nothing (RFC 8446 appendix D.4).
        if (!dialogue_.tls13) tls_.encrypted = true;
        return;
      case tls_content::alert:
        return emit(content.size() == 2 ? Part::record : Part::encrypted_record, whole);
      case tls_content::application_data:
        return emit(dialogue_.tls13 ? Part::opaque_record : Part::record, whole);
      case tls_content::handshake: return handshake(content, whole);
      default: return emit(Part::record, whole);
    }
  }

  void handshake(Bytes content, Bytes whole) {
    if (tls_.handshake.empty() && is_encrypted(content)) return emit(Part::encrypted_record, whole);
    emit(Part::record, whole);
    if (!tls_.handshake.empty()) {
      complete(content, 4);
      if (tls_.handshake.size() < 4) return;
      const std::size_t size = 4 + be24(tls_.handshake, 1);
      if (size > longest_handshake) {
        tls_.handshake.clear();
        return;
      }
      complete(content, size);
      if (tls_.handshake.size() < size) return;
      tls_.whole.push_back(std::move(tls_.handshake));
      tls_.handshake.clear();
      message(tls_.whole.back());
    }
    while (content.size() >= 4) {
      const std::size_t size = 4 + be24(content, 1);
      if (size > longest_handshake) return;
      if (content.size() < size) break;
      message(content.first(size));
      content = content.subspan(size);
    }
    tls_.handshake.assign(content.begin(), content.end());
  }

  bool is_encrypted(Bytes content) const {
    if (content.size() < shortest_encrypted) return false;
    return tls_.encrypted || !tls_handshake::known(be8(content, 0)) ||
           be24(content, 1) > longest_handshake;
  }

  /// Moves bytes from the content until the message has `size`.
  void complete(Bytes& content, std::size_t size) {
    if (tls_.handshake.size() >= size) return;
    const Bytes part = slice(content, 0, size - tls_.handshake.size());
    tls_.handshake.insert(tls_.handshake.end(), part.begin(), part.end());
    content = content.subspan(part.size());
  }

  void message(Bytes bytes) {
    if (be8(bytes, 0) == tls_handshake::server_hello) {
      const std::uint16_t version = TlsHello::parse(false, bytes.subspan(4)).chosen_version();
      dialogue_.tls13 = version == 0x0304 || version >> 8 == 0x7f || version >> 8 == 0xfb;
    }
    emit(Part::handshake, bytes);
  }

  void emit(Part part, Bytes bytes) {
    messages_.push_back({Application::tls, part, arrival_.from_client, bytes, {}, 0, false});
  }

  Dialogue& dialogue_;
  DialogueSide::Tls& tls_;
  ByteStream& stream_;
  const Arrival& arrival_;
  Messages& messages_;
};

}  // namespace

void cut_tls(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  TlsCutter(dialogue, arrival, messages).run();
}

}  // namespace tracer
