/* The yardstick of bench/overhead: a ping-pong with nothing but the system calls, in C.
 *
 *   bare_ping_pong tcp|udp SIZE TRIPS > samples
 *
 * Writes the nanoseconds of each round trip as 64-bit numbers. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char message[65536];

static void check(int good, const char* what) {
  if (good) return;
  perror(what);
  exit(1);
}

static void read_whole(int fd, size_t size) {
  size_t have = 0;
  while (have < size) {
    const ssize_t got = recv(fd, message + have, size - have, 0);
    if (got <= 0) exit(got < 0);
    have += (size_t)got;
  }
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int count, char** words) {
  const int tcp = count == 4 && strcmp(words[1], "tcp") == 0;
  const size_t size = count == 4 ? strtoul(words[2], NULL, 10) : 0,
               trips = count == 4 ? strtoul(words[3], NULL, 10) : 0;
  check(size > 0 && size <= sizeof message && trips > 0, "bare_ping_pong tcp|udp SIZE TRIPS");

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
                     mine;
  socklen_t length = sizeof address;
  int server = socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
  const int client = socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0), on = 1;
  check(bind(server, (struct sockaddr*)&address, sizeof address) == 0, "bind");
  check(getsockname(server, (struct sockaddr*)&address, &length) == 0, "getsockname");
  if (tcp) check(listen(server, 1) == 0, "listen");
  check(connect(client, (struct sockaddr*)&address, sizeof address) == 0, "connect");
  if (tcp) {
    server = accept(server, NULL, NULL);
    check(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    check(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  } else {
    length = sizeof mine;
    check(getsockname(client, (struct sockaddr*)&mine, &length) == 0, "getsockname");
    check(connect(server, (struct sockaddr*)&mine, sizeof mine) == 0, "connect");
  }

  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      read_whole(server, size);
      check(send(server, message, size, 0) == (ssize_t)size, "send");
    }
  }
  uint64_t* times = malloc(trips * sizeof *times);
  const size_t warm_up = 200;
  for (size_t i = 0; i < warm_up + trips; ++i) {
    const uint64_t start = now();
    check(send(client, message, size, 0) == (ssize_t)size, "send");
    read_whole(client, size);
    if (i >= warm_up) times[i - warm_up] = now() - start;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return fwrite(times, sizeof *times, trips, stdout) != trips;
}
