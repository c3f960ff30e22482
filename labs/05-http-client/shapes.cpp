// Lab 05, the server to try clients on: the same story in every shape that RFC 9112 §6.3 allows,
// and in some that it does not. It takes any request without a body and looks at its path only.
//
//   run:    ./wirelab run 05-http-client
//   alone:  build/labs/05-http-client/shapes 7005          (or: shapes 7005 dribble)
//   expect: /story /chunked /close: three ways to say where the end is; dribble: a byte a segment
//   read:   RFC 9112 §6.3, §7.1
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "labs/support/lab.hpp"

const std::string story =
    "Once upon a time there was a byte.\nIt had a sequence number, and was content.\n";
bool dribble = false;

/// Everything at once, or each byte by itself.
void say(int client, std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = dribble ? 1 : text.size();
    text.remove_prefix(
        static_cast<std::size_t>(check(send(client, text.data(), size, MSG_NOSIGNAL), "send")));
  }
}

std::string with_length(const char* status, const std::string& fields, const std::string& body,
                        bool head_only) {
  return std::string("HTTP/1.1 ") + status + "\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + (head_only ? "" : body);
}

std::string chunk(std::string_view data, const char* extension = "") {
  std::array<char, 32> size;
  std::snprintf(size.data(), size.size(), "%zX%s\r\n", data.size(), extension);
  return size.data() + std::string(data) + "\r\n";
}

/// Answers one request. false: the connection is over.
bool answer(int client, const std::string& path, bool head_only) {
  const std::string text = "Content-Type: text/plain\r\n";
  if (path == "/story") {
    say(client, with_length("200 OK", text, story, head_only));
  } else if (path == "/chunked") {  // sizes in hex, an extension, a trailer field
    say(client, "HTTP/1.1 200 OK\r\n" + text + "Transfer-Encoding: chunked\r\n\r\n");
    if (!head_only)
      say(client, chunk(story.substr(0, 35)) + chunk(story.substr(35, 2), ";why=because") +
                      chunk(story.substr(37)) + "0\r\nEnded: happily\r\n\r\n");
  } else if (path == "/close") {
    say(client, "HTTP/1.0 200 OK\r\n" + text + "\r\n" + (head_only ? "" : story));
    return false;
  } else if (path == "/hints") {  // an interim response comes first (RFC 9110 §15.2)
    say(client, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n");
    say(client, with_length("200 OK", text, story, head_only));
  } else if (path == "/a/moved") {  // a relative reference, and a body that nobody wants
    say(client, with_length("302 Found", "Location: ../story\r\n", "over there\n", head_only));
  } else if (path == "/circle") {
    say(client, with_length("301 Moved Permanently", "Location: /circle\r\n", "", head_only));
  } else if (path == "/short") {  // promises more than it sends: the end comes too early
    say(client, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + story);
    return false;
  } else if (path == "/two-lengths") {
    say(client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n" + story);
  } else if (path == "/silent") {
    char nothing;
    check(recv(client, &nothing, 1, 0), "recv");  // until the client has had enough
    return false;
  } else if (path == "/drip") {  // never quite silent, never done
    say(client, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    for (;;) {
      say(client, ".");
      usleep(100'000);
    }
  } else {
    say(client, with_length("404 Not Found", text, "no such story\n", head_only));
  }
  return true;
}

void serve(int client) {
  std::string buffer;
  std::array<char, 4096> piece;
  for (;;) {
    std::size_t end;
    while ((end = buffer.find("\r\n\r\n")) == buffer.npos) {
      const ssize_t got = check(recv(client, piece.data(), piece.size(), 0), "recv");
      if (got == 0 || buffer.size() > 64 * 1024) return;
      buffer.append(piece.data(), static_cast<std::size_t>(got));
    }
    const std::string head = buffer.substr(0, end);
    buffer.erase(0, end + 4);  // what follows is the next request already
    const std::size_t path = head.find(' ') + 1;
    if (!answer(client, head.substr(path, head.find(' ', path) - path), head.starts_with("HEAD ")))
      return;
    if (head.find("\r\nConnection: close") != head.npos) return;
  }
}

int main(int count, char** words) {
  if (count < 2 || count > 3 || (count == 3 && std::string_view(words[2]) != "dribble")) {
    std::fprintf(stderr, "usage: %s PORT [dribble]\n", words[0]);
    return 2;
  }
  dribble = count == 3;
  signal(SIGCHLD, SIG_IGN);  // children vanish by themselves (wait(2), NOTES)

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
  check(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");  // inherited
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 16), "listen");

  // A child for each connection, so that one silent story does not keep the others waiting.
  for (;;) {
    const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
    if (check(fork(), "fork") == 0) {
      close(listener);  // the child's copy: else the port stays taken as long as it lives
      serve(client);
      _exit(0);
    }
  }
}
