// Fields of HTTP/1.x messages.
#pragma once

#define TRACER_HTTP_FIELDS(X)                                                                      \
  X(http, "http", protocol, "Hypertext Transfer Protocol, version 1 (RFC 9112)")                   \
  X(http_request_method, "http.request.method", text, "What is to be done: GET, POST")             \
  X(http_request_uri, "http.request.uri", text, "To what")                                         \
  X(http_request_uri_path, "http.request.uri.path", text,                                          \
    "The same without the question mark and what follows")                                         \
  X(http_request_uri_query, "http.request.uri.query", text, "What follows the question mark")      \
  X(http_request_version, "http.request.version", text, "HTTP/1.1")                                \
  X(http_response_version, "http.response.version", text, "HTTP/1.1")                              \
  X(http_response_code, "http.response.code", number,                                              \
    "200 is fine, 404 not found, 503 overloaded")                                                  \
  X(http_response_code_desc, "http.response.code.desc", text,                                      \
    "The code in words, as the registry has them")                                                 \
  X(http_response_phrase, "http.response.phrase", text, "The code in the server's words")          \
  X(http_request_line, "http.request.line", text, "A header line of a request")                    \
  X(http_response_line, "http.response.line", text, "A header line of a response")                 \
  X(http_content_length_header, "http.content_length_header", text,                                \
    "Content-Length as it is written")                                                             \
  X(http_content_length, "http.content_length", number, "Bytes of the body")                       \
  X(http_host, "http.host", text, "Host asked for")                                                \
  X(http_user_agent, "http.user_agent", text, "Program that asks")                                 \
  X(http_referer, "http.referer", text, "Page that led here")                                      \
  X(http_cookie, "http.cookie", text, "What the server wants to be reminded of")                   \
  X(http_accept, "http.accept", text, "Kinds of content wanted")                                   \
  X(http_accept_language, "http.accept_language", text, "Languages wanted")                        \
  X(http_accept_encoding, "http.accept_encoding", text, "Content codings understood")              \
  X(http_authorization, "http.authorization", text, "Who asks")                                    \
  X(http_proxy_authorization, "http.proxy_authorization", text, "Who asks the proxy")              \
  X(http_proxy_authenticate, "http.proxy_authenticate", text, "The proxy wants to know who asks")  \
  X(http_www_authenticate, "http.www_authenticate", text, "The server wants to know who asks")     \
  X(http_connection, "http.connection", text, "What concerns this connection only")                \
  X(http_upgrade, "http.upgrade", text, "Protocol to go on with")                                  \
  X(http_content_type, "http.content_type", text, "Kind of content")                               \
  X(http_content_encoding, "http.content_encoding", text, "Content coding")                        \
  X(http_transfer_encoding, "http.transfer_encoding", text, "Transfer coding: chunked")            \
  X(http_date, "http.date", text, "When the message was made")                                     \
  X(http_server, "http.server", text, "Program that answers")                                      \
  X(http_location, "http.location", text, "Where to go instead")                                   \
  X(http_cache_control, "http.cache_control", text, "Who may keep it, and how long")               \
  X(http_set_cookie, "http.set_cookie", text, "Reminder to send with the next request")            \
  X(http_last_modified, "http.last_modified", text, "When the content changed")                    \
  X(http_x_forwarded_for, "http.x_forwarded_for", text, "Who asked the proxy")                     \
  X(http_sec_websocket_key, "http.sec_websocket_key", text, "WebSocket: challenge")                \
  X(http_sec_websocket_accept, "http.sec_websocket_accept", text, "WebSocket: answer to it")       \
  X(http_sec_websocket_version, "http.sec_websocket_version", text, "WebSocket: version")          \
  X(http_sec_websocket_protocol, "http.sec_websocket_protocol", text,                              \
    "WebSocket: what is spoken inside")                                                            \
  X(http_sec_websocket_extensions, "http.sec_websocket_extensions", text, "WebSocket: extensions") \
  X(http_request_full_uri, "http.request.full_uri", text, "Scheme, host and path together")        \
  X(http_request, "http.request", boolean, "This is a request")                                    \
  X(http_response, "http.response", boolean, "This is a response")
