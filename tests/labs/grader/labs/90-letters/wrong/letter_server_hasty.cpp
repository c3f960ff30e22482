// Wrong: takes the first piece for the whole letter.
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <string>

#include "labs/support/lab.hpp"

namespace {

void serve(int client) {
  char buffer[4096];
  const ssize_t got = recv(client, buffer, sizeof buffer, 0);
  const std::string answer = "received " + std::to_string(got) + " bytes\n";
  send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  while (recv(client, buffer, sizeof buffer, 0) > 0) {
  }
}

}  // namespace

int main(int, char** words) {
  signal(SIGCHLD, SIG_IGN);
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener, 8), "listen");
  for (;;) {
    const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
    if (check(fork(), "fork") == 0) {
      serve(client);
      return 0;
    }
  }
}
