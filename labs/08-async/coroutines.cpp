// Lab 08, the same server with coroutines: it reads from top to bottom like lab 06's, and waits like
// the reactor's. co_await is the place where the function leaves, and comes back when there is
// something to do; the compiler writes down what connection.hpp had to write down by hand.
//
//   run:    ./wirelab run 08-async --scenario coroutines
//   alone:  build/labs/08-async/coroutines 7008 labs/06-http-server/www
//   expect: on the wire the same as from server.cpp
//   read:   think-async.com, "C++20 Coroutines Support"; asio::steady_timer, asio::co_spawn
#include <fcntl.h>

#include <asio.hpp>
#include <cstdio>
#include <cstdlib>

#include "descriptors.hpp"
#include "labs/06-http-server/patience.hpp"
#include "labs/06-http-server/request_reader.hpp"
#include "labs/06-http-server/site.hpp"
#include "labs/support/lab.hpp"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

/// One client: the socket, and until when it may take.
struct Client {
  tcp::socket socket;
  asio::steady_timer patience;
  RequestReader reader{Limits{}};
  bool late = false;
};

/// Whatever is being waited for ends when the timer does. Setting the timer anew ends this wait with
/// an error, which only means: look again.
awaitable<void> cut_off_when_late(std::shared_ptr<Client> client) {
  while (client->socket.is_open()) {
    std::error_code moved;
    co_await client->patience.async_wait(asio::redirect_error(use_awaitable, moved));
    if (moved || !client->socket.is_open()) continue;
    client->late = true;
    client->socket.cancel();
    client->patience.expires_after(std::chrono::hours(1));
  }
}

awaitable<void> send_reply(Client& client, const Reply& reply, bool head_only) {
  std::string text = head_of(reply);
  if (!head_only) text += reply.body;
  std::uint64_t left = reply.file && !head_only ? reply.length : 0;
  off_t offset = reply.offset;
  do {  // the head with the first piece of the file
    const std::size_t before = text.size(), piece = std::min<std::size_t>(left, 64 * 1024);
    text.resize(before + piece);
    const ssize_t got = piece ? pread(*reply.file, text.data() + before, piece, offset) : 0;
    if (got != static_cast<ssize_t>(piece)) throw std::runtime_error("the file was cut short");
    co_await asio::async_write(client.socket, asio::buffer(text), use_awaitable);
    text.clear();
    left -= piece;
    offset += static_cast<off_t>(piece);
  } while (left > 0);
}

/// Says that all is said, and hears the client out: see close_gently() of lab 06.
awaitable<void> part(Client& client, const Patience& patience) {
  client.socket.shutdown(tcp::socket::shutdown_send);
  client.patience.expires_after(patience.farewell);
  std::vector<char> nothing(16 * 1024);
  for (;;) co_await client.socket.async_read_some(asio::buffer(nothing), use_awaitable);
}

awaitable<void> converse(std::shared_ptr<Client> client, const Site& site, Patience patience) {
  std::optional<Refusal> refusal;
  bool begun = false;
  client->patience.expires_after(patience.idle);
  while (!refusal) {
    try {
      while (const auto request = client->reader.next()) {
        client->patience.expires_after(patience.reply);
        const Reply reply = site.answer(*request);
        co_await send_reply(*client, reply, request->method == "HEAD");
        if (!reply.keep_alive) co_return co_await part(*client, patience);
        begun = false;
        client->patience.expires_after(patience.idle);
      }
      if (client->reader.continue_wanted())
        co_await asio::async_write(
            client->socket, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), use_awaitable);
      if (client->reader.in_the_middle() && !begun) {
        begun = true;
        client->patience.expires_after(patience.request);
      }
      // Waits without a buffer of its own: ten thousand idle connections need not hold one each.
      std::error_code error;
      co_await client->socket.async_wait(tcp::socket::wait_read,
                                         asio::redirect_error(use_awaitable, error));
      if (client->late && begun) throw Refusal{408, "that took too long"};
      if (error) co_return;
      static thread_local std::array<char, 64 * 1024> buffer;
      const std::size_t got = client->socket.read_some(asio::buffer(buffer));
      client->reader.take({buffer.data(), got});
    } catch (const Refusal& why) {
      refusal = why;  // no co_await in a catch block: C++ forbids it
    }
  }
  client->patience.expires_after(patience.reply);
  co_await send_reply(*client, refused(*refusal), client->reader.method() == "HEAD");
  co_await part(*client, patience);
}

awaitable<void> accept_all(tcp::acceptor& acceptor, const Site& site, Patience patience) {
  for (;;) {
    std::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(use_awaitable, error));
    if (error) {  // no descriptor left, or the client is gone: others may have better luck, later
      asio::steady_timer later(acceptor.get_executor(), std::chrono::milliseconds(100));
      co_await later.async_wait(use_awaitable);
      continue;
    }
    socket.set_option(tcp::no_delay(true));
    const auto loop = acceptor.get_executor();
    auto client = std::make_shared<Client>(Client{std::move(socket), asio::steady_timer(loop)});
    asio::co_spawn(loop, converse(client, site, patience), [client](std::exception_ptr) {
      client->socket.close();  // however it ended; the client may also have gone at any point
      client->patience.cancel();
    });
    asio::co_spawn(loop, cut_off_when_late(client), asio::detached);
  }
}

int main(int count, char** words) {
  if (count < 3 || count > 4 || std::atoi(words[count - 1]) < (count == 4)) {
    std::fprintf(stderr, "usage: %s PORT FOLDER [SECONDS-PER-REQUEST]\n", words[0]);
    return 2;
  }
  Patience patience;
  if (count == 4) patience.idle = patience.request = std::chrono::seconds(std::atoi(words[3]));
  const Site site(Fd(check(open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), words[2])));
  raise_descriptor_limit();
  try {
    asio::io_context loop(1);  // one thread
    const auto port = static_cast<asio::ip::port_type>(std::atoi(words[1]));
    tcp::acceptor acceptor(loop, {tcp::v6(), port});
    acceptor.listen(4096);
    asio::co_spawn(loop, accept_all(acceptor, site, patience), asio::detached);
    loop.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "port %s: %s\n", words[1], error.what());
    return 1;
  }
}
