#include "tracer/wire/http.hpp"

#include <charconv>

#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

constexpr struct {
  std::string_view name;
  Field field;
} header_fields[] = {
    {"host", Field::http_host},
    {"user-agent", Field::http_user_agent},
    {"referer", Field::http_referer},
    {"cookie", Field::http_cookie},
    {"accept", Field::http_accept},
    {"accept-language", Field::http_accept_language},
    {"accept-encoding", Field::http_accept_encoding},
    {"authorization", Field::http_authorization},
    {"proxy-authorization", Field::http_proxy_authorization},
    {"proxy-authenticate", Field::http_proxy_authenticate},
    {"www-authenticate", Field::http_www_authenticate},
    {"connection", Field::http_connection},
    {"upgrade", Field::http_upgrade},
    {"content-type", Field::http_content_type},
    {"content-encoding", Field::http_content_encoding},
    {"transfer-encoding", Field::http_transfer_encoding},
    {"date", Field::http_date},
    {"server", Field::http_server},
    {"location", Field::http_location},
    {"cache-control", Field::http_cache_control},
    {"set-cookie", Field::http_set_cookie},
    {"last-modified", Field::http_last_modified},
    {"x-forwarded-for", Field::http_x_forwarded_for},
    {"sec-websocket-key", Field::http_sec_websocket_key},
    {"sec-websocket-accept", Field::http_sec_websocket_accept},
    {"sec-websocket-version", Field::http_sec_websocket_version},
    {"sec-websocket-protocol", Field::http_sec_websocket_protocol},
    {"sec-websocket-extensions", Field::http_sec_websocket_extensions},
};

/// Reason phrases of the IANA registry "HTTP Status Codes".
std::string_view reason(std::uint16_t code) {
  switch (code) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 102: return "Processing";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Time-out";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Request Entity Too Large";
    case 414: return "Request-URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Requested Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 418: return "I'm a teapot";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Time-out";
    case 505: return "HTTP Version not supported";
    default: return {};
  }
}

void start_fields(const HttpStartLine& start, FieldSink& sink) {
  if (start.response) {
    if (!start.version.empty()) sink.add_ascii(Field::http_response_version, start.version);
    if (start.code_text.empty()) return;
    sink.add(Field::http_response_code, start.code, start.code_text);
    if (const std::string_view text = reason(start.code); !text.empty())
      sink.add_text(Field::http_response_code_desc, text, start.code_text);
    if (!start.phrase.empty()) sink.add_ascii(Field::http_response_phrase, start.phrase);
    return;
  }
  sink.add_ascii(Field::http_request_method, start.method);
  sink.add_ascii(Field::http_request_uri, start.target);
  const std::size_t query = as_text(start.target).find('?');
  if (query != std::string_view::npos) {
    sink.add_ascii(Field::http_request_uri_path, start.target.first(query));
    sink.add_ascii(Field::http_request_uri_query, start.target.subspan(query + 1));
  }
  if (!start.version.empty()) sink.add_ascii(Field::http_request_version, start.version);
}

void header_field(const HttpHeader& header, bool response, FieldSink& sink) {
  sink.add_ascii(response ? Field::http_response_line : Field::http_request_line, header.whole);
  const std::string_view name = as_text(header.name);
  if (same_word(name, "content-length")) {
    sink.add_ascii(Field::http_content_length_header, header.value);
    const std::string_view text = as_text(header.value);
    std::uint64_t length = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), length).ec == std::errc{})
      sink.add(Field::http_content_length, length, header.value);
    return;
  }
  for (const auto& [known, field] : header_fields)
    if (same_word(name, known)) return sink.add_ascii(field, header.value);
}

}  // namespace

void http_fields(const Message& message, FieldSink& sink) {
  if (!sink.wants_any(Field::http, Field::http_response)) return;
  sink.add_layer(Field::http, message.bytes, message.bytes);
  if (message.part != Part::head) return;
  const auto line = first_line(message.bytes);
  const auto start = line ? HttpStartLine::parse(line->text) : std::nullopt;
  if (!start) return;
  start_fields(*start, sink);
  Bytes host;
  HttpHeaderReader reader(message.bytes.subspan(line->whole.size()));
  while (const auto header = reader.next()) {
    if (header->name.empty()) continue;
    if (same_word(as_text(header->name), "host")) host = header->value;
    header_field(*header, start->response, sink);
  }
  if (start->response) {
    sink.add(Field::http_response, 1);
    return;
  }
  if (sink.wants(Field::http_request_full_uri)) {
    const std::string_view target = as_text(start->target);
    std::string whole;
    if (!host.empty() && target.starts_with('/'))
      whole.append("http://").append(as_text(host)).append(target);
    else if (target.find("://") != std::string_view::npos || as_text(start->method) == "CONNECT")
      whole.append(target);
    if (!whole.empty()) sink.add_ascii_copy(Field::http_request_full_uri, whole, start->target);
  }
  if (as_text(start->method) != "NOTIFY") sink.add(Field::http_request, 1);
}

}  // namespace tracer
