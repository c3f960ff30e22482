// Lab 06: the head of a request (RFC 9112 §2 to §6). A server must be strict here. Where it guesses
// what a strange head means, a proxy in front of it may guess otherwise; then the two disagree on
// where a request ends, and a stranger's request hides in the body of another (§11.2).
#pragma once

#include <charconv>
#include <cstdint>

#include "fields.hpp"

struct Limits {
  std::size_t target = 8'000;    // bytes; at least that many (RFC 9112 §3): beyond it 414
  std::size_t head = 32 * 1024;  // bytes; beyond it 431 (RFC 6585 §5)
  std::size_t fields = 100;
  std::size_t body = 1024 * 1024;  // bytes; beyond it 413
};

struct Request {
  std::string method, target;
  bool http_1_1 = true;  // else 1.0
  Fields fields;
  bool chunked = false;
  std::uint64_t length = 0;  // of the body, unless chunked
  std::string body;
  bool keep_alive = true;  // may another request follow on this connection?
};

/// "GET /index.html HTTP/1.1" (RFC 9112 §3): exactly one blank between the words.
inline void parse_request_line(std::string_view line, Request& request, const Limits& limits) {
  const std::size_t first = line.find(' '), second = line.rfind(' ');
  if (first == line.npos || first == second)
    throw Refusal{400, "the request line has not three words"};
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);

  if (!is_token(request.method)) throw Refusal{400, "the method is no word"};
  for (const char c : request.target)
    if (c <= ' ' || c >= 127) throw Refusal{400, "the target has characters that need %-escapes"};
  if (request.target.empty()) throw Refusal{400, "no target"};
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) ||
      version[6] != '.' || !digit(version[7]))
    throw Refusal{400, "the version is not of the shape HTTP/1.1"};
  if (version[5] != '1') throw Refusal{505, "only HTTP/1 is spoken here"};
  request.http_1_1 = version[7] != '0';  // 1.2 would be answered as 1.1 (RFC 9110 §2.5)
  if (request.target.size() > limits.target) throw Refusal{414, "the target is too long"};
}

/// "Name: value" (RFC 9112 §5).
inline void parse_field(std::string_view line, Request& request) {
  if (line.starts_with(' ') || line.starts_with('\t'))
    throw Refusal{400, "folded lines are gone since RFC 7230"};
  const std::size_t colon = line.find(':');
  if (colon == line.npos) throw Refusal{400, "a field without a colon"};
  if (!is_token(line.substr(0, colon))) throw Refusal{400, "the name of a field is no word"};
  const std::string_view value = trim(line.substr(colon + 1));
  for (const char c : value)
    if ((c >= 0 && c < ' ' && c != '\t') || c == 127)
      throw Refusal{400, "a control character in a field"};
  request.fields.emplace_back(line.substr(0, colon), value);
}

/// Whom is it for? Every HTTP/1.1 request says so exactly once (RFC 9112 §3.2).
inline void check_host(const Request& request) {
  const std::size_t hosts = count_fields(request.fields, "Host");
  if (hosts > 1) throw Refusal{400, "two Host fields"};
  if (hosts == 0 && request.http_1_1) throw Refusal{400, "no Host field"};
  if (field(request.fields, "Host").find_first_of(" \t/@\\,?#<>\"") != std::string::npos)
    throw Refusal{400, "the Host field names no host"};
}

/// Where does the body end (RFC 9112 §6)? Whatever leaves two answers is refused.
inline void find_framing(Request& request, const Limits& limits) {
  const std::size_t codings = count_fields(request.fields, "Transfer-Encoding");
  const std::size_t lengths = count_fields(request.fields, "Content-Length");
  if (codings > 0 && lengths > 0) throw Refusal{400, "both Content-Length and Transfer-Encoding"};
  if (codings > 0) {
    if (!request.http_1_1) throw Refusal{400, "HTTP/1.0 knows no Transfer-Encoding"};
    const std::string codes = field(request.fields, "Transfer-Encoding");
    const auto list = list_of(codes);
    for (std::size_t i = 0; i < list.size(); ++i)
      if (same_word(list[i], "chunked") != (i + 1 == list.size()))
        throw Refusal{400, "chunked must be the last coding, and only that"};
    if (list.empty()) throw Refusal{400, "an empty Transfer-Encoding"};
    if (list.size() > 1) throw Refusal{501, "no other coding than chunked is understood"};
    request.chunked = true;
  } else if (lengths > 0) {
    const std::string length = field(request.fields, "Content-Length");
    if (lengths > 1) throw Refusal{400, "several Content-Length fields"};
    if (!is_digits(length)) throw Refusal{400, "Content-Length is no number"};
    const auto [end, error] =
        std::from_chars(length.data(), length.data() + length.size(), request.length);
    if (error != std::errc() || request.length > limits.body)
      throw Refusal{413, "the body is too large"};
  } else if (request.method == "POST" || request.method == "PUT") {
    throw Refusal{411, "how long is the body?"};
  }
}

/// Looks for the end of the head in what has come, from `searched` on. Gives back the size of the
/// head with its empty line, or 0: more must come. A line may end in CR LF only.
inline std::size_t find_head_end(std::string_view bytes, std::size_t searched,
                                 const Limits& limits) {
  for (std::size_t at = searched; (at = bytes.find('\n', at)) != bytes.npos; ++at) {
    if (at == 0 || bytes[at - 1] != '\r') throw Refusal{400, "a line ends without CR"};
    if (at >= 3 && bytes[at - 2] == '\n') return at + 1;
  }
  const std::size_t first_line = std::min(bytes.find('\r'), bytes.size());
  if (first_line > limits.target + 100) throw Refusal{414, "the request line is too long"};
  if (bytes.size() > limits.head) throw Refusal{431, "the head is too large"};
  return 0;
}

/// `head` as found by find_head_end(). Throws Refusal.
inline Request parse_head(std::string_view head, const Limits& limits) {
  Request request;
  if (head.find('\0') != head.npos) throw Refusal{400, "a NUL in the head"};
  std::size_t end = head.find("\r\n");
  parse_request_line(head.substr(0, end), request, limits);
  if (head.size() > limits.head) throw Refusal{431, "the head is too large"};
  for (head.remove_prefix(end + 2); !head.starts_with("\r\n"); head.remove_prefix(end + 2)) {
    end = head.find("\r\n");
    parse_field(head.substr(0, end), request);
    if (request.fields.size() > limits.fields) throw Refusal{431, "too many fields"};
  }
  check_host(request);
  find_framing(request, limits);
  const std::string options = field(request.fields, "Connection");
  request.keep_alive = request.http_1_1 ? !lists(options, "close") : lists(options, "keep-alive");
  return request;
}
