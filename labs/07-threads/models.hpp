// Lab 07: four answers to one question: while a client is served, who takes the next one? Each gets
// a listening socket and what to do with a connection; nothing else differs.
#pragma once

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <functional>
#include <semaphore>
#include <thread>
#include <vector>

#include "labs/support/lab.hpp"
#include "queue.hpp"

using Serve = std::function<void(int client)>;

inline Fd accept_next(int listener) {
  for (;;) {
    Fd client(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    // It was gone before we looked; or all descriptors are taken: then somebody has to leave first.
    if (client >= 0) return client;
    if (errno == EMFILE || errno == ENFILE)
      usleep(10'000);
    else if (errno != ECONNABORTED && errno != EINTR)
      check(-1, "accept");
  }
}

/// Nobody: the next one waits in the backlog, however long this one takes.
[[noreturn]] inline void one_at_a_time(int listener, const Serve& serve) {
  for (;;) serve(accept_next(listener));
}

/// A copy of us. What it breaks is broken in its own memory only; what it learns is lost with it.
[[noreturn]] inline void process_each(int listener, const Serve& serve, int most) {
  for (int children = 0;;) {
    while (children > 0 && waitpid(-1, nullptr, children < most ? WNOHANG : 0) > 0) --children;
    const Fd client = accept_next(listener);
    const pid_t child = fork();
    if (child == 0) {
      close(listener);
      serve(client);
      _exit(0);
    }
    if (child > 0) ++children;
  }
}

/// A thread of ours: cheaper to make than a process, and everything that is not on its stack is shared.
[[noreturn]] inline void thread_each(int listener, const Serve& serve, int most) {
  static std::counting_semaphore<> places(most);  // static: threads may outlive any block of ours
  for (;;) {
    places.acquire();  // all taken: clients wait in the backlog, and cost no thread
    std::thread([&serve, client = accept_next(listener)] {
      serve(client);
      places.release();
    }).detach();
  }
}

/// Threads that are there already. Making one costs nothing when a client comes, and there are never
/// more; a client who keeps one busy keeps it from the others.
[[noreturn]] inline void pool(int listener, const Serve& serve, int size) {
  BoundedQueue<Fd> waiting(64);
  std::vector<std::jthread> workers;
  for (int i = 0; i < size; ++i)
    workers.emplace_back([&] {
      while (const std::optional<Fd> client = waiting.take()) serve(*client);
    });
  for (;;) waiting.put(accept_next(listener));
}
