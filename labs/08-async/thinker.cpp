// Lab 08: what one blocking call does to everybody else. To "think" this server takes half a second;
// any other line it answers at once.
//
//   run:    ./wirelab run 08-async --scenario blocked      one line is wrong: nobody is served meanwhile
//           ./wirelab run 08-async --scenario thinking     co_await instead
//   alone:  build/labs/08-async/thinker 7008 [blocking], and twice: nc localhost 7008
//   expect: on the wire, whose answer comes first
//   read:   asio::steady_timer; "Don't block the event loop" holds for every language
#include <unistd.h>

#include <asio.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

bool blocking = false;

awaitable<void> think() {
  if (blocking) {
    usleep(500'000);  // the only thread sleeps, and with it every conversation
    co_return;
  }
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(500));
  co_await timer.async_wait(use_awaitable);  // this function sleeps; the thread serves others
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
  if (count < 2 || count > 3 || (count == 3 && std::string_view(words[2]) != "blocking")) {
    std::fprintf(stderr, "usage: %s PORT [blocking]\n", words[0]);
    return 2;
  }
  blocking = count == 3;
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
