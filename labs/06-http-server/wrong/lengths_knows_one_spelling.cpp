// Wrong: names of fields know no case, but this server does.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/06-http-server/request.hpp"
#include "labs/support/lab.hpp"

/// The length that this head gives for its body; throws Refusal where it leaves a choice.
std::uint64_t length_of(const std::string& head) {
  Request request;
  std::string_view rest = head;
  rest.remove_prefix(rest.find("\r\n") + 2);  // the request line
  for (std::size_t end; (end = rest.find("\r\n")) != rest.npos; rest.remove_prefix(end + 2))
    parse_field(rest.substr(0, end), request);  // no blank before the colon, no folded lines
  if (count_fields(request.fields, "Transfer-Encoding") > 0)
    throw Refusal{400, "this server knows lengths only"};
  if (count_fields(request.fields, "Content-Length") > 1) throw Refusal{400, "two lengths"};
  std::string text;
  for (const auto& [name, value] : request.fields)
    if (name == "Content-Length") text = value;
  if (text.empty()) return 0;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (!is_digits(text) || error != std::errc() || length > 1000)
    throw Refusal{400, "no length that we take"};
  return length;
}

/// Answers every request of the connection with the body that it had.
void serve(const Fd& client) {
  std::string input;
  std::array<char, 4096> buffer;
  const auto more = [&] {
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got > 0) input.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0 && input.size() < 64 * 1024;
  };
  for (;;) {
    std::size_t end;
    while ((end = input.find("\r\n\r\n")) == input.npos)
      if (!more()) return;
    std::uint64_t length = 0;
    try {
      length = length_of(input.substr(0, end + 2));
    } catch (const Refusal& refusal) {  // nobody knows where the next request begins: the end
      const std::string reply =
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
      return;
    }
    input.erase(0, end + 4);
    while (input.size() < length)
      if (!more()) return;
    const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) +
                              "\r\n\r\n" + input.substr(0, length);
    input.erase(0, length);
    if (send(client, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return;
  }
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 16), "listen");
  for (;;) serve(Fd(check(accept(listener, nullptr, nullptr), "accept")));
}
