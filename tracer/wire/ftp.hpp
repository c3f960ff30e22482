// FTP control lines read in place (RFC 959 §4), and the addresses that they announce.
#pragma once

#include <optional>

#include "tracer/wire/address.hpp"
#include "tracer/wire/text_lines.hpp"

namespace tracer {

/// "RETR file": the command as typed and what follows it.
struct FtpCommand {
  Bytes command, argument;
  static FtpCommand parse(Bytes line);
};

/// "230 Logged in", "230-more follows". `code` is empty if the line does not start with one.
struct FtpReply {
  Bytes code, text;
  static FtpReply parse(Bytes line);
};

/// Where the data connection will be. The address is none where the text leaves it to the
/// control connection (RFC 2428).
struct FtpDataEndpoint {
  std::optional<IpAddress> address;
  std::uint16_t port;
};
/// "h1,h2,h3,h4,p1,p2" somewhere in the text: PORT's argument, the reply 227.
std::optional<FtpDataEndpoint> ftp_six_numbers(Bytes text);
/// "|1|10.0.0.1|6275|": EPRT's argument; "(|||6275|)": the reply 229.
std::optional<FtpDataEndpoint> ftp_extended(Bytes text);

}  // namespace tracer
