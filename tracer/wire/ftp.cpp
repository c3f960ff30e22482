#include "tracer/wire/ftp.hpp"

#include <array>
#include <charconv>

namespace tracer {

FtpCommand FtpCommand::parse(Bytes line) {
  const std::string_view text = as_text(line);
  const std::size_t end = std::min(text.find(' '), text.size());
  std::size_t argument = end;
  while (argument < text.size() && text[argument] == ' ') ++argument;
  return {line.first(end), line.subspan(argument)};
}

FtpReply FtpReply::parse(Bytes line) {
  const std::string_view text = as_text(line);
  if (text.size() < 3 || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2]))
    return {{}, line};
  return {line.first(3), slice(line, 4)};
}

std::optional<FtpDataEndpoint> ftp_six_numbers(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  for (std::size_t start = 0; start < text.size(); ++start) {
    if (!is_digit(text[start]) || (start > 0 && is_digit(text[start - 1]))) continue;
    std::array<std::uint8_t, 6> numbers{};
    const char* at = text.data() + start;
    const char* const end = text.data() + text.size();
    std::size_t found = 0;
    while (found < 6) {
      const auto [after, error] = std::from_chars(at, end, numbers[found]);
      if (error != std::errc{}) break;
      at = after;
      if (++found < 6 && (at == end || *at++ != ',')) break;
    }
    if (found < 6) continue;
    const Bytes octets = std::as_bytes(std::span(numbers));
    return FtpDataEndpoint{IpAddress::from(octets.first(4)), be16(octets, 4)};
  }
  return std::nullopt;
}

std::optional<FtpDataEndpoint> ftp_extended(Bytes bytes) {
  std::string_view text = as_text(bytes);
  if (const std::size_t open = text.find('('); open != std::string_view::npos)
    text.remove_prefix(open + 1);
  if (text.size() < 5) return std::nullopt;
  const char bar = text[0];
  std::string_view parts[3];
  std::size_t at = 1;
  for (auto& part : parts) {
    const std::size_t end = text.find(bar, at);
    if (end == std::string_view::npos) return std::nullopt;
    part = text.substr(at, end - at);
    at = end + 1;
  }
  std::uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), port);
  if (error != std::errc{} || port == 0) return std::nullopt;
  return FtpDataEndpoint{
      parts[1].empty() || parts[1].size() > 64 ? std::nullopt : IpAddress::parse(parts[1]), port};
}

}  // namespace tracer
