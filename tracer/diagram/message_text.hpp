#pragma once

#include <span>
#include <string>

#include "tracer/tracking/message.hpp"

namespace tracer {

/// What an application says with a packet, in the words of its protocol: "Client Hello", "DNS
/// query A example.org", "SET key value". Empty where the payload's first line says it as well
/// (HTTP, SMTP, FTP), and where the packet completes no message.
std::string message_text(std::span<const Message> messages);

/// Does the packet bring a line of a text protocol, so that its first words are the message?
bool speaks_in_lines(std::span<const Message> messages);

/// What every record of a bulk transfer over TLS says: no reason to show each of them.
inline constexpr const char* application_data = "Application Data";

}  // namespace tracer
