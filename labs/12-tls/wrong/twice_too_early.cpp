// Wrong: the session is taken as soon as the handshake is over. In TLS 1.3 its ticket has not come yet.
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>

#include "labs/12-tls/tls.hpp"
#include "labs/support/lab.hpp"

using Session = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

Fd connect_to(const char* host, const char* port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(host, port, &wanted, &address); error != 0)
    throw std::runtime_error(gai_strerror(error));
  Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);
  return server;
}

/// Prints the letter; gives back the session, for the next time.
Session read_letter(SSL_CTX* context, const char* host, const char* port, SSL_SESSION* earlier) {
  const Fd server = connect_to(host, port);
  const Ssl ssl(SSL_new(context), SSL_free);
  SSL_set1_host(ssl.get(), host);
  SSL_set_tlsext_host_name(ssl.get(), host);
  if (earlier) SSL_set_session(ssl.get(), earlier);
  SSL_set_fd(ssl.get(), server);
  if (SSL_connect(ssl.get()) != 1) throw_tls_error("handshake");
  Session session(SSL_get1_session(ssl.get()), SSL_SESSION_free);

  std::string letter;
  std::array<char, 4096> buffer;
  std::size_t got = 0;
  while (SSL_read_ex(ssl.get(), buffer.data(), buffer.size(), &got) == 1)
    letter.append(buffer.data(), got);
  if (SSL_get_error(ssl.get(), 0) != SSL_ERROR_ZERO_RETURN)
    throw std::runtime_error("the letter was cut short");
  SSL_shutdown(ssl.get());
  std::printf("%s", letter.c_str());
  return session;
}

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT AUTHORITY\n", words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  try {
    const Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    // Asked in the first handshake, for both.
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context.get(), words[3], nullptr) != 1)
      throw_tls_error(words[3]);
    log_keys(context.get());

    const Session first = read_letter(context.get(), words[1], words[2], nullptr);
    read_letter(context.get(), words[1], words[2], first.get());
  } catch (const std::exception& error) {
    std::printf("twice: %s\n", error.what());
    return 1;
  }
}
