// Lab 04, a server that comes back from lunch: what has its kernel kept, and what not?
//
//   run:    ./wirelab run 04-udp --scenario burst
//   alone:  build/labs/04-udp/slow_reader 7004   (and burst in a second terminal)
//   expect: read + thrown away = sent; the kernel counts what it throws away
//   read:   udp(7), MSG_DONTWAIT in recv(2), SO_RCVBUF in socket(7), /proc/net/snmp in proc(5)
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "labs/support/lab.hpp"

/// The kernel's own counter `Udp: RcvbufErrors` (netstat -su shows it): datagrams that came to a
/// socket whose buffer was full. A line of names, then a line of numbers.
long receive_buffer_errors() {
  std::ifstream file("/proc/self/net/snmp");
  for (std::string names, numbers; std::getline(file, names) && std::getline(file, numbers);) {
    std::istringstream name_words(names), number_words(numbers);
    for (std::string name, number; name_words >> name && number_words >> number;)
      if (names.starts_with("Udp:") && name == "RcvbufErrors") return std::stol(number);
  }
  return -1;
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd socket_fd(check(socket(AF_INET6, SOCK_DGRAM, 0), "socket"));
  // Room for about 30 datagrams, since the kernel counts its own bookkeeping too.
  const int room = 32'768;
  check(setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), "setsockopt");
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(socket_fd, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  const long before = receive_buffer_errors();

  sleep(1);  // the burst arrives now, and nobody reads

  // Then whatever is there, and no more: MSG_DONTWAIT says EAGAIN instead of waiting.
  long read_count = 0;
  char buffer[2048];
  while (recv(socket_fd, buffer, sizeof buffer, MSG_DONTWAIT) >= 0) ++read_count;
  if (errno != EAGAIN) check(-1, "recv");
  const long lost = receive_buffer_errors() - before;
  std::printf("slow_reader: %ld read, %ld thrown away by my own kernel, %ld in all\n", read_count,
              lost, read_count + lost);
}
