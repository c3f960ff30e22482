#include "tracer/wire/http.hpp"

#include <algorithm>
#include <charconv>

namespace tracer {
namespace {

/// Methods of the IANA registry and of the extensions that are met in captures.
constexpr std::string_view methods[] = {
    "ACL",
    "BASELINE-CONTROL",
    "BCOPY",
    "BDELETE",
    "BIND",
    "BITS_POST",
    "BMOVE",
    "BPROPFIND",
    "BPROPPATCH",
    "CCM_POST",
    "CHECKIN",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "M-SEARCH",
    "NOTIFY",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POLL",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "REBIND",
    "REPORT",
    "RPC_CONNECT",
    "RPC_IN_DATA",
    "RPC_OUT_DATA",
    "SEARCH",
    "SUBSCRIBE",
    "TRACE",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UNSUBSCRIBE",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
};

/// The part up to the next space; `rest` then starts after that one space.
Bytes token(Bytes& rest) {
  const std::size_t space = as_text(rest).find(' ');
  const Bytes found = slice(rest, 0, std::min(space, rest.size()));
  rest = space == std::string_view::npos ? rest.last(0) : rest.subspan(space + 1);
  return found;
}

}  // namespace

std::optional<HttpStartLine> HttpStartLine::parse(Bytes line) {
  HttpStartLine start;
  start.line = line;
  if (starts_with_word(as_text(line), "HTTP/")) {
    start.response = true;
    Bytes rest = line;
    start.version = token(rest);
    start.code_text = token(rest);
    start.phrase = rest;
    const std::string_view code = as_text(start.code_text);
    if (code.size() >= 3) std::from_chars(code.data(), code.data() + 3, start.code);
    return start;
  }
  Bytes rest = line;
  start.method = token(rest);
  const bool spaced = start.method.size() < line.size();
  if (!spaced ||
      std::find(std::begin(methods), std::end(methods), as_text(start.method)) == std::end(methods))
    return std::nullopt;
  start.target = token(rest);
  start.version = rest;
  return start;
}

bool looks_like_http(Bytes bytes) {
  const auto line = first_line(bytes);
  if (!line || !line->ended || line->text.size() == 8) return false;
  const std::string_view text = as_text(line->text);
  return starts_with_word(text, "HTTP/1.") ||
         (text.size() >= 8 && starts_with_word(text.substr(text.size() - 8), "HTTP/1."));
}

std::optional<HttpHeader> HttpHeaderReader::next() {
  if (done_) return std::nullopt;
  const auto line = first_line(rest_);
  if (!line) return std::nullopt;
  rest_ = rest_.subspan(line->whole.size());
  if (line->text.empty()) {
    done_ = true;
    return std::nullopt;
  }
  const std::size_t colon = as_text(line->text).find(':');
  if (colon == std::string_view::npos) return HttpHeader{{}, {}, line->whole};
  return HttpHeader{line->text.first(colon), without_indent(line->text.subspan(colon + 1)),
                    line->whole};
}

std::optional<std::size_t> http_header_size(Bytes bytes) {
  std::size_t size = 0;
  bool first = true;
  while (const auto line = first_line(bytes.subspan(size))) {
    if (!line->ended) return std::nullopt;
    size += line->whole.size();
    if (line->text.empty() && !first) return size;
    first = false;
  }
  return std::nullopt;
}

HttpBody http_body(const HttpStartLine& start, Bytes head, std::string_view request_method) {
  HttpBody body;
  const auto line = first_line(head);
  bool has_length = false, chunked = false, coded = false;
  HttpHeaderReader reader(line ? head.subspan(line->whole.size()) : head);
  while (const auto header = reader.next()) {
    const std::string_view name = as_text(header->name), value = as_text(header->value);
    if (same_word(name, "content-length")) {
      std::uint64_t length = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (error == std::errc{} && end != value.data()) {
        has_length = true;
        body.length = length;
      }
    } else if (same_word(name, "transfer-encoding")) {
      coded = true;
      chunked = starts_with_word(value, "chunked");
      body.plain_chunked = value.starts_with("chunked");
    }
  }
  const unsigned hundreds = start.code / 100;
  const bool never =
      start.response && (request_method == "HEAD" || hundreds == 1 || start.code == 204 ||
                         start.code == 304 || (hundreds == 2 && request_method == "CONNECT"));
  if (never)
    body.end = HttpBody::End::none;
  else if (chunked)
    body.end = HttpBody::End::chunks;
  else if (has_length)
    body.end = HttpBody::End::length;
  else if (start.response)
    body.end = HttpBody::End::close;
  if (!has_length || coded) body.length = has_length && !coded ? body.length : 0;
  return body;
}

std::size_t HttpChunks::take(Bytes bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !done() && !damaged()) {
    const char c = static_cast<char>(bytes[at]);
    switch (state_) {
      case State::size: {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit >= 0 && digits_ < 15) {
          left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
          ++digits_;
          ++at;
        } else if (digits_ == 0 || digit >= 0) {
          state_ = State::damaged;
        } else {
          state_ = State::extension;
        }
        break;
      }
      case State::extension: {
        const std::size_t end = as_text(bytes).find('\n', at);
        if (end == std::string_view::npos) return bytes.size();
        at = end + 1;
        state_ = left_ == 0 ? State::trailer : State::data;
        line_empty_ = true;
        break;
      }
      case State::data: {
        const auto step = std::min<std::uint64_t>(left_, bytes.size() - at);
        at += static_cast<std::size_t>(step);
        left_ -= step;
        if (left_ == 0) state_ = State::data_end;
        break;
      }
      case State::data_end: {  // CR LF
        const std::size_t end = as_text(bytes).find('\n', at);
        if (end == std::string_view::npos) return bytes.size();
        at = end + 1;
        state_ = State::size;
        digits_ = 0;
        break;
      }
      case State::trailer:
        ++at;
        if (c == '\n') {
          if (line_empty_) state_ = State::done;
          line_empty_ = true;
        } else if (c != '\r') {
          line_empty_ = false;
        }
        break;
      case State::done:
      case State::damaged: break;
    }
  }
  return at;
}

}  // namespace tracer
