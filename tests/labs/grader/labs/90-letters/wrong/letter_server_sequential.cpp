// Wrong: one client after the other.
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "labs/support/lab.hpp"

namespace {

void serve(int client) {
  std::size_t count = 0;
  char buffer[4096];
  for (ssize_t got; (got = recv(client, buffer, sizeof buffer, 0)) != 0;
       count += static_cast<std::size_t>(got))
    if (got < 0) return;
  const std::string answer = "received " + std::to_string(count) + " bytes\n";
  send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
}

}  // namespace

int main(int, char** words) {
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener, 8), "listen");
  for (;;) {
    const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
    serve(client);
  }
}
