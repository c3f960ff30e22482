// Lab 06: what goes back: a status line, fields, and a body from memory or from a file
// (RFC 9112 §4, RFC 9110 §6.6).
#pragma once

#include <sys/types.h>

#include <array>
#include <ctime>
#include <memory>

#include "labs/support/fd.hpp"
#include "request.hpp"

struct Reply {
  int status = 200;
  Fields fields = {};
  std::string body = {};
  std::shared_ptr<Fd> file = {};  // if set, the body is `length` bytes of it, from `offset` on
  off_t offset = 0;
  std::uint64_t length = 0;
  bool keep_alive = true;
};

inline const char* reason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", always English, always GMT (RFC 9110 §5.6.7).
inline std::string http_date(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text;
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

/// The Date field, made anew each second and not for each of ten thousand replies in it.
inline const std::string& date_now() {
  thread_local std::time_t second = 0;
  thread_local std::string text;
  if (const std::time_t now = std::time(nullptr); now != second) text = http_date(second = now);
  return text;
}

/// A reply that is only a sentence.
inline Reply plain(int status, const std::string& text) {
  return {.status = status,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = text + "\n"};
}

/// After a refusal nobody knows where the next request begins, so the connection ends.
inline Reply refused(const Refusal& refusal) {
  Reply reply = plain(refusal.status, std::to_string(refusal.status) + " " +
                                          reason(refusal.status) + ": " + refusal.why);
  reply.keep_alive = false;
  return reply;
}

/// All that comes before the body. Content-Length says how long that is, also for HEAD, which gets
/// none, but not for 204 and 304, which cannot have one (RFC 9110 §8.6).
inline std::string head_of(const Reply& reply) {
  std::string head =
      "HTTP/1.1 " + std::to_string(reply.status) + " " + reason(reply.status) + "\r\n";
  head += "Date: " + date_now() + "\r\n";
  for (const auto& [name, value] : reply.fields) head += name + ": " + value + "\r\n";
  if (reply.status >= 200 && reply.status != 204 && reply.status != 304)
    head +=
        "Content-Length: " + std::to_string(reply.file ? reply.length : reply.body.size()) + "\r\n";
  // Said always: an HTTP/1.0 client that asked for it must be told (RFC 9112 §9.3).
  head += reply.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}
