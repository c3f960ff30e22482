// Lab 05: the head of a response, and where its body ends. That is the hard part of HTTP/1.1: the
// stream goes on, so something in the head must say how much of it belongs to this response
// (RFC 9112 §6.3).
#pragma once

#include <strings.h>

#include <charconv>
#include <functional>
#include <vector>

#include "stream.hpp"

struct Response {
  int status = 0;
  std::string version, reason;
  std::vector<std::pair<std::string, std::string>> fields;  // in the order in which they came

  /// The values of all fields of that name, joined as one list (RFC 9110 §5.3); names know no case.
  std::string field(std::string_view name) const {
    std::string all;
    for (const auto& [key, value] : fields)
      if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
        all += all.empty() ? value : ", " + value;
    return all;
  }
};

/// Does a list such as "keep-alive, Upgrade" hold `word`?
inline bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
    while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
    if (item.size() == word.size() && strncasecmp(item.data(), word.data(), word.size()) == 0)
      return true;
  }
  return false;
}

/// Status line and fields, up to the empty line (RFC 9112 §4, §5).
inline Response read_head(Stream& stream) {
  Response response;
  const std::string first = stream.line();  // "HTTP/1.1 404 Not Found"
  const bool shaped = first.size() >= 12 && first.starts_with("HTTP/1.") && first[8] == ' ';
  const auto digits = [&] {
    return std::from_chars(first.data() + 9, first.data() + 12, response.status);
  };
  if (!shaped || digits().ptr != first.data() + 12 || response.status < 100)
    throw std::runtime_error("this is no HTTP/1 response: " + first.substr(0, 40));
  response.version = first.substr(0, 8);
  response.reason = first.size() > 13 ? first.substr(13) : "";

  for (std::string line = stream.line(); !line.empty(); line = stream.line()) {
    if (line[0] == ' ' || line[0] == '\t') {  // a folded line (obs-fold, RFC 9112 §5.2)
      if (response.fields.empty()) throw std::runtime_error("the first field begins with a blank");
      response.fields.back().second += " " + line.substr(line.find_first_not_of(" \t"));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos || colon == 0)
      throw std::runtime_error("a field without a name: " + line);
    const std::size_t begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    const std::size_t end = line.find_last_not_of(" \t") + 1;
    response.fields.emplace_back(line.substr(0, colon),
                                 begin < end ? line.substr(begin, end - begin) : "");
    if (response.fields.size() > 200) throw std::runtime_error("more than 200 fields");
  }
  return response;
}

/// Gets each piece of the body as it comes.
using Sink = std::function<void(std::string_view)>;

inline void read_exactly(Stream& stream, std::uint64_t size, const Sink& sink) {
  while (size > 0) {
    const std::string piece = stream.some(std::min<std::uint64_t>(size, 64 * 1024));
    if (piece.empty())
      throw std::runtime_error("the connection ended " + std::to_string(size) + " bytes too early");
    size -= piece.size();
    sink(piece);
  }
}

/// A number that fills `text` to its last character.
inline std::uint64_t whole_number(std::string_view text, int base, const char* of) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    throw std::runtime_error(std::string(of) + " is no number: " + std::string(text.substr(0, 40)));
  return number;
}

/// "5\r\nhello\r\n0\r\n\r\n": each piece says its size, in hex; a piece of 0 is the end, and fields
/// may follow it (RFC 9112 §7.1).
inline void read_chunked(Stream& stream, const Sink& sink) {
  for (;;) {
    const std::string line = stream.line();
    std::string_view size =
        std::string_view(line).substr(0, line.find(';'));  // extensions: ignored
    while (size.ends_with(' ') || size.ends_with('\t')) size.remove_suffix(1);
    const std::uint64_t bytes = whole_number(size, 16, "the size of a chunk");
    if (bytes == 0) break;
    read_exactly(stream, bytes, sink);
    if (!stream.line().empty()) throw std::runtime_error("a chunk is longer than it said");
  }
  while (!stream.line().empty()) {  // trailer fields: nobody here asked for them
  }
}

/// Where the body ends, in the order of RFC 9112 §6.3. Gives back how it was told: "no body",
/// "chunked", "42 bytes" or "until close". After the last the connection is of no more use.
inline std::string read_body(Stream& stream, const Response& response, const std::string& method,
                             const Sink& sink) {
  const int status = response.status;
  if (method == "HEAD" || status < 200 || status == 204 || status == 304) return "no body";

  if (const std::string coding = response.field("Transfer-Encoding"); !coding.empty()) {
    if (strcasecmp(coding.c_str(), "chunked") != 0)
      throw std::runtime_error("Transfer-Encoding: " + coding + ": we asked for no such coding");
    read_chunked(stream, sink);
    return "chunked";
  }
  if (std::string length = response.field("Content-Length"); !length.empty()) {
    // "5, 5" is somebody's clumsy 5; "5, 6" is an attack or a fault, and where the next response
    // begins is then anybody's guess.
    for (std::size_t comma; (comma = length.find(", ")) != length.npos; length.erase(0, comma + 2))
      if (!lists(length.substr(comma + 2), length.substr(0, comma)))
        throw std::runtime_error("several Content-Length: " + length);
    read_exactly(stream, whole_number(length, 10, "Content-Length"), sink);
    return length + " bytes";
  }
  for (std::string piece; !(piece = stream.some(64 * 1024)).empty();) sink(piece);
  return "until close";
}
