// Wrong: the FIN is meant to say it all.
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <string_view>

#include "labs/12-tls/tls.hpp"
#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 3 || count > 4 || (count == 4 && std::string_view(words[3]) != "cut")) {
    std::fprintf(stderr, "usage: %s PORT CERTIFICATE-AND-KEY [cut]\n", words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  try {
    const Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (SSL_CTX_use_certificate_chain_file(context.get(), words[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), words[2], SSL_FILETYPE_PEM) != 1)
      throw_tls_error(words[2]);
    log_keys(context.get());

    addrinfo wanted{};
    wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE;
    addrinfo* local = nullptr;
    if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0)
      throw std::runtime_error(gai_strerror(error));
    const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
    const int on = 1, off = 0;
    check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
    check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
    check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
    freeaddrinfo(local);
    check(listen(listener, 8), "listen");

    for (;;) {
      const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
      const Ssl ssl(SSL_new(context.get()), SSL_free);
      SSL_set_fd(ssl.get(), client);
      if (SSL_accept(ssl.get()) != 1) {  // the client did not like our certificate: his loss
        ERR_clear_error();
        continue;
      }
      if (SSL_session_reused(ssl.get())) std::fprintf(stderr, "letter: resumed\n");
      const std::string_view letter = "Sell everything.\nNo, wait: buy.\n";
      const std::string_view part = count == 4 ? letter.substr(0, 17) : letter;
      SSL_write(ssl.get(), part.data(), static_cast<int>(part.size()));
      shutdown(client, SHUT_WR);  // a FIN, which anybody can
      char nothing[256];
      while (recv(client, nothing, sizeof nothing, 0) > 0) {
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "letter: %s\n", error.what());
    return 1;
  }
}
