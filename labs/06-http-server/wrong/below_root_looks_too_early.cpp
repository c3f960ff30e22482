// Wrong: it looks for ".." and decodes afterwards: "%2e%2e" is not seen.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "labs/06-http-server/path.hpp"
#include "labs/support/lab.hpp"

/// What `target` names below the folder; throws Refusal.
std::string read_file(const std::string& folder, std::string target) {
  if (target.find("..") != target.npos) throw Refusal{400, "no way up"};
  target = decode_percent(target);
  std::ifstream file(folder + target, std::ios::binary);
  if (!file) throw Refusal{404, "no such file"};
  return {std::istreambuf_iterator<char>(file), {}};
}

void serve(const Fd& client, const std::string& folder) {
  std::string head;
  std::array<char, 4096> buffer;
  while (head.find("\r\n\r\n") == head.npos) {
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0 || head.size() > 16 * 1024) return;
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  std::string status = "200 OK", body;
  try {
    const std::size_t at = head.find(' ') + 1;
    body = read_file(folder, head.substr(at, head.find(' ', at) - at));
  } catch (const Refusal& refusal) {
    status = std::to_string(refusal.status) + " No";
  }
  const std::string reply = "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body;
  send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
}

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s PORT FOLDER\n", words[0]);
    return 2;
  }
  const std::string folder = words[2];
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
  for (;;) serve(Fd(check(accept(listener, nullptr, nullptr), "accept")), folder);
}
