#include <algorithm>

#include "tracer/tracking/dialogue.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_head = 1 << 20;  // bytes; a header beyond this is none

class HttpCutter {
 public:
  HttpCutter(Dialogue& dialogue, const Arrival& arrival, Messages& messages)
      : dialogue_(dialogue),
        side_(dialogue.sides[arrival.side]),
        http_(side_.http),
        stream_(side_.stream),
        arrival_(arrival),
        messages_(messages) {}

  void run() {
    while (!stream_.unread().empty() && step()) {
    }
    if (arrival_.last && http_.state == State::close) finish();
  }

 private:
  using State = DialogueSide::Http::State;

  /// Reads something, or returns false: more is needed.
  bool step() {
    const Bytes bytes = stream_.unread();
    switch (http_.state) {
      case State::head: return head(bytes);
      case State::length: {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(http_.left, bytes.size()));
        stream_.read(count);
        http_.left -= count;
        if (http_.left == 0) finish();
        return true;
      }
      case State::chunks: {
        chunks(bytes);
        return true;
      }
      case State::close:
      case State::ignored: stream_.read(bytes.size()); return false;
    }
    return false;
  }

  void chunks(Bytes bytes) {
    stream_.read(http_.chunks.take(bytes));
    if (!http_.chunks.done() && !http_.chunks.damaged()) return;
    if (http_.chunks.damaged() || http_.takes_all) stream_.read(stream_.unread().size());
    finish();
  }

  bool head(Bytes bytes) {
    while (bytes.size() >= 2 && as_text(bytes).starts_with("\r\n")) {
      stream_.read(2);
      bytes = stream_.unread();
    }
    const auto line = first_line(bytes);
    if (!line) return false;
    const auto start = HttpStartLine::parse(line->text);
    if (!line->ended) {
      if (is_text(bytes)) return wait(bytes);
      return pass(bytes);
    }
    if (!start) return pass(bytes);
    const auto size = http_header_size(bytes);
    if (!size) return wait(bytes);
    dialogue_.http_seen = true;
    const Bytes head = bytes.first(*size);
    const HttpBody body = http_body(*start, head, dialogue_.request_method);
    stream_.read(*size);
    switch (body.end) {
      case HttpBody::End::none: bodiless(*start, body, head); return true;
      case HttpBody::End::length: http_.left = body.length; break;
      case HttpBody::End::chunks:
        http_.chunks = {};
        http_.takes_all = !body.plain_chunked;
        break;
      case HttpBody::End::close: break;
    }
    // A body that is all there leaves the header where it is; else the header is put aside.
    const Bytes rest = stream_.unread();
    if (body.end == HttpBody::End::length && rest.size() >= body.length) {
      stream_.read(static_cast<std::size_t>(body.length));
      emit(head);
      return true;
    }
    if (body.end == HttpBody::End::chunks) {
      HttpChunks whole;
      const std::size_t count = whole.take(rest);
      if (whole.done() || whole.damaged()) {
        stream_.read(whole.damaged() || http_.takes_all ? rest.size() : count);
        emit(head);
        return true;
      }
    }
    http_.head.assign(as_text(head));
    http_.state = body.end == HttpBody::End::length   ? State::length
                  : body.end == HttpBody::End::chunks ? State::chunks
                                                      : State::close;
    return true;
  }

  /// Even where there is no body, what a length counts, or what came along, is no message.
  void bodiless(const HttpStartLine& start, const HttpBody& body, Bytes head) {
    const std::size_t rest = stream_.unread().size();
    const bool to_head = start.response && dialogue_.request_method == "HEAD" &&
                         start.code / 100 != 1 && start.code != 204 && start.code != 304;
    if (body.length > 0)
      stream_.read(static_cast<std::size_t>(std::min<std::uint64_t>(body.length, rest)));
    else if (to_head && !has_length(head))
      stream_.read(rest);
    emit(head);
    if (!start.response) return;
    if (start.code == 101)
      dialogue_.sides[0].http.state = dialogue_.sides[1].http.state = State::ignored;
    if (start.code / 100 == 2 && dialogue_.request_method == "CONNECT") dialogue_.tunnel = true;
  }

  static bool has_length(Bytes head) {
    HttpHeaderReader reader(head);
    while (const auto header = reader.next())
      if (same_word(as_text(header->name), "content-length")) return true;
    return false;
  }

  static bool is_text(Bytes bytes) {
    const std::string_view text = as_text(slice(bytes, 0, 16));
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\t'; });
  }

  bool wait(Bytes bytes) {
    if (bytes.size() > longest_head) stream_.give_up();
    return false;
  }

  /// Bytes outside of any message.
  bool pass(Bytes bytes) {
    if (dialogue_.http_seen)
      messages_.push_back(
          {Application::http, Part::body, arrival_.from_client, bytes, {}, 0, false});
    stream_.read(bytes.size());
    // The connection goes on in HTTP/2 (RFC 9113 §3.4).
    if (as_text(bytes).starts_with("PRI * HTTP/2.0"))
      dialogue_.sides[0].http.state = dialogue_.sides[1].http.state = State::ignored;
    return false;
  }

  void finish() {
    http_.shown.swap(http_.head);
    http_.head.clear();
    http_.state = State::head;
    emit(as_bytes(http_.shown));
  }

  void emit(Bytes head) {
    if (const auto line = first_line(head))
      if (const auto start = HttpStartLine::parse(line->text); start && !start->response)
        dialogue_.request_method.assign(as_text(start->method));
    messages_.push_back({Application::http, Part::head, arrival_.from_client, head, {}, 0, false});
  }

  Dialogue& dialogue_;
  DialogueSide& side_;
  DialogueSide::Http& http_;
  ByteStream& stream_;
  const Arrival& arrival_;
  Messages& messages_;
};

}  // namespace

bool may_begin_http(Bytes bytes) {
  const auto line = first_line(bytes);
  if (!line) return false;
  if (!line->ended) return !bytes.empty() && be8(bytes, 0) >= 0x20 && be8(bytes, 0) < 0x7f;
  return HttpStartLine::parse(line->text).has_value() || line->text.empty();
}

void cut_http(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  HttpCutter(dialogue, arrival, messages).run();
}

}  // namespace tracer
