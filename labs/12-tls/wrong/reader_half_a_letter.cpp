// Wrong: the end of the connection is taken for the end of the letter.
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>

#include "labs/12-tls/tls.hpp"
#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT AUTHORITY\n", words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  try {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* address = nullptr;
    if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0)
      throw std::runtime_error(gai_strerror(error));
    const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
    freeaddrinfo(address);

    const Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    // Two questions, and both must be asked. Is the certificate signed by somebody we trust? (The
    // default is to ask nothing.)
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context.get(), words[3], nullptr) != 1)
      throw_tls_error(words[3]);
    log_keys(context.get());

    const Ssl ssl(SSL_new(context.get()), SSL_free);
    // And does it name the one we want to talk to? Anybody can have a good certificate for himself.
    SSL_set1_host(ssl.get(), words[1]);
    SSL_set_tlsext_host_name(ssl.get(), words[1]);
    SSL_set_fd(ssl.get(), server);
    if (SSL_connect(ssl.get()) != 1) {
      if (const long fault = SSL_get_verify_result(ssl.get()); fault != X509_V_OK)
        throw std::runtime_error(std::string("not to be trusted: ") +
                                 X509_verify_cert_error_string(fault));
      throw_tls_error("handshake");
    }

    std::string letter;
    std::array<char, 4096> buffer;
    std::size_t got = 0;
    while (SSL_read_ex(ssl.get(), buffer.data(), buffer.size(), &got) == 1)
      letter.append(buffer.data(), got);
    SSL_shutdown(ssl.get());
    std::printf("%s", letter.c_str());
    std::printf("reader: signed by %s, and whole\n", words[1]);
  } catch (const std::exception& error) {
    std::printf("reader: %s\n", error.what());
    return 1;
  }
}
