// Lab 07, the server: lab 06's site, by one process alone, a process or a thread for each client, or
// a pool of threads.
//
//   run:    ./wirelab run 07-threads --scenario one
//           ./wirelab run 07-threads --scenario threads
//   alone:  build/labs/07-threads/server threads 7007 labs/06-http-server/www
//   expect: with "one" the second client waits until the first has gone; with the others not
//   read:   models.hpp, queue.hpp; pthreads(7), fork(2), std::thread
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "labs/06-http-server/connection.hpp"
#include "models.hpp"

int main(int count, char** words) {
  const std::string_view model = count > 1 ? words[1] : "";
  const bool known =
      model == "one" || model == "processes" || model == "threads" || model == "pool";
  if (!known || count < 4 || count > 6 || (count > 4 && std::atoi(words[count - 1]) < 1)) {
    std::fprintf(
        stderr,
        "usage: %s one|processes|threads|pool PORT FOLDER [SECONDS-PER-REQUEST [HOW-MANY]]\n",
        words[0]);
    return 2;
  }
  Patience patience;
  if (count > 4) patience.idle = patience.request = std::chrono::seconds(std::atoi(words[4]));
  const int most = count == 6 ? std::atoi(words[5]) : model == "pool" ? 8 : 400;

  Fd root(open(words[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root < 0) {
    std::fprintf(stderr, "%s: %s\n", words[3], std::strerror(errno));
    return 1;
  }
  const Site site(std::move(root));  // shared by all threads, and never written: no lock is needed

  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[2], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[2], gai_strerror(error));
    return 1;
  }
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");  // inherited
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 512), "listen");

  // What happens to a client is the same in all models: lab 06's serve().
  const Serve serve_client = [&](int client) { serve(client, site, {}, patience); };
  if (model == "one") one_at_a_time(listener, serve_client);
  if (model == "processes") process_each(listener, serve_client, most);
  if (model == "threads") thread_each(listener, serve_client, most);
  pool(listener, serve_client, most);
}
