#pragma once

#include <cstdint>
#include <string_view>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// The application protocols that we take apart.
enum class Application : std::uint8_t {
  none,
  dns,
  mdns,
  llmnr,
  http,
  tls,
  ftp,
  ftp_data,
  smtp,
  resp
};
std::string_view name(Application application);  // as in frame.protocols: "http"

/// What a message is, where its protocol has several kinds.
enum class Part : std::uint8_t {
  whole,             // DNS: a message; FTP: a line; RESP: a value
  head,              // HTTP: first line and header lines, once the body is complete too
  body,              // HTTP: bytes that belong to no message we saw begin; FTP data; SMTP: mail
  record,            // TLS: a record that can be read
  encrypted_record,  // TLS: a record that only its ends can read
  opaque_record,     // the same in TLS 1.3, where the content type is hidden
  old_hello,         // TLS: a ClientHello of SSL 2.0
  handshake,         // TLS: a handshake message, from as many records as it took
  command,
  reply,  // SMTP
};

/// One message of an application.
struct Message {
  Application application;
  Part part;
  bool from_client;  // from the side that opened the connection, or that asked
  Bytes bytes;
  std::string_view note;         // FTP data: the command that it answers
  std::uint64_t set_up = 0;      // FTP data: the frame that announced the connection
  bool length_prefixed = false;  // DNS over TCP: two bytes of length come first
};

}  // namespace tracer
