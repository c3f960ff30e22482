// Exercise thinker: while it thinks for one client, nobody else gets an answer, though everything here is
// asynchronous. Let it think as long, and serve the others meanwhile; no further thread is needed.
//
//   check:  ./wirelab check 08-async thinker
//   read:   asio::steady_timer; the reference is ../thinker.cpp
#include <unistd.h>

#include <asio.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

awaitable<void> think() {
  usleep(500'000);
  co_return;
}

awaitable<void> converse(tcp::socket client) {
  std::string text;
  for (;;) {
    const std::size_t size = co_await asio::async_read_until(
        client, asio::dynamic_buffer(text, 1024), '\n', use_awaitable);
    const std::string question = text.substr(0, size - 1);
    text.erase(0, size);
    if (question == "think") co_await think();
    co_await asio::async_write(client, asio::buffer("answer to " + question + "\n"), use_awaitable);
  }
}

awaitable<void> accept_all(tcp::acceptor& acceptor) {
  for (;;) {
    tcp::socket client = co_await acceptor.async_accept(use_awaitable);
    // However a conversation ends, by a FIN, a RST or a line too long: it ends alone.
    asio::co_spawn(acceptor.get_executor(), converse(std::move(client)), [](std::exception_ptr) {});
  }
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  try {
    asio::io_context loop(1);
    tcp::acceptor acceptor(loop,
                           {tcp::v6(), static_cast<asio::ip::port_type>(std::atoi(words[1]))});
    asio::co_spawn(loop, accept_all(acceptor), asio::detached);
    loop.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "port %s: %s\n", words[1], error.what());
    return 1;
  }
}
