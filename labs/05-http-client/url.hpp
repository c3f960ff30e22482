// Lab 05: where to connect, and what to ask for there (RFC 3986; RFC 9110 §4.2).
//
//     http://example.org:8080/a/b?c#d
//     scheme  host       port target  the fragment stays with us: it is never sent
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

struct Url {
  std::string scheme, host, port;
  std::string target;  // path and query, as they go into the request line; begins with '/'

  /// The Host field (RFC 9110 §7.2): the port only where it is not the scheme's own.
  std::string authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (scheme == "https" ? "443" : "80") ? name : name + ":" + port;
  }
  std::string text() const { return scheme + "://" + authority() + target; }
};

/// Throws std::runtime_error that says what is wrong with it.
inline Url parse_url(std::string_view text) {
  const auto wrong = [&](const char* why) {
    return std::runtime_error("URL " + std::string(text) + ": " + why);
  };
  // Whoever lets a line end through lets others write headers (RFC 9110 §17.5).
  for (const char c : text)
    if (c <= ' ' || c == 127) throw wrong("blanks, control and other characters need %-escapes");

  std::string_view rest = text;
  Url url;
  const std::size_t colon = rest.find("://");
  if (colon == rest.npos) throw wrong("it begins with no http://");
  url.scheme = rest.substr(0, colon);
  if (url.scheme != "http" && url.scheme != "https") throw wrong("neither http nor https");
  rest.remove_prefix(colon + 3);

  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != authority.npos)
    throw wrong("a name before '@' only misleads (RFC 9110 §4.2.4)");
  if (authority.starts_with('[')) {  // an IPv6 address has colons itself
    const std::size_t end = authority.find(']');
    if (end == authority.npos) throw wrong("no ']' after the IPv6 address");
    url.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(url.host.size());
  }
  if (url.host.empty()) throw wrong("no host");
  if (!authority.empty() && authority[0] != ':') throw wrong("odd characters after the host");
  url.port = authority.size() > 1 ? authority.substr(1) : url.scheme == "https" ? "443" : "80";
  if (url.port.find_first_not_of("0123456789") != url.port.npos || url.port.size() > 5)
    throw wrong("the port is no number");

  url.target = rest.substr(0, rest.find('#'));
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');  // nothing, or only a query
  return url;
}

/// "/a/./b/../c" is "/a/c" (RFC 3986 §5.2.4).
inline std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view piece = path.substr(0, end);  // "/name"
    path.remove_prefix(end);
    if (piece == "/..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (piece != "/." && piece != "/..")
      out += piece;
    else if (path.empty())
      out += '/';  // "/a/.." is the folder, not a file
  }
  return out.empty() ? "/" : out;
}

/// What a Location field means on the page `base`: a whole URL, or only what differs
/// (RFC 3986 §5.2, RFC 9110 §10.2.2).
inline Url resolve(const Url& base, std::string_view reference) {
  const std::string_view before_path = reference.substr(0, reference.find_first_of("/?#"));
  if (before_path.ends_with(':')) return parse_url(reference);  // "http://…", or a scheme we refuse
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));

  reference = reference.substr(0, reference.find('#'));
  const std::string base_path = base.target.substr(0, base.target.find('?'));
  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (path.empty()) path = base_path;
  if (!path.starts_with('/')) path = base_path.substr(0, base_path.rfind('/') + 1) + path;

  const std::string site = base.scheme + "://" + base.authority();
  const std::string_view kept = reference.empty()
                                    ? std::string_view(base.target).substr(base_path.size())
                                    : reference.substr(query);
  return parse_url(site + without_dots(path) + std::string(kept));
}
