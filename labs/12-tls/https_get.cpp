// Lab 12, the client: lab 05's request, and TLS below it. The handshake gives a secret that nobody
// else has; the certificate says whom we share it with. Without the second the first is worth little.
//
//   run:    ./wirelab run 12-tls
//   alone:  build/labs/12-tls/https_get --ca certificates/ca.pem https://localhost:7012/hello.txt
//   expect: the name of the server in clear text, then nothing that can be read
//   read:   RFC 8446 §2 (the handshake), RFC 6066 §3 (SNI), RFC 7301 (ALPN), RFC 9525 §6 (whose
//           certificate); SSL_set1_host(3), SSL_connect(3), SSL_read(3)
#include <arpa/inet.h>
#include <signal.h>
#include <sys/time.h>

#include <cstring>

#include "labs/05-http-client/connection.hpp"
#include "labs/05-http-client/response.hpp"
#include "labs/05-http-client/url.hpp"
#include "labs/12-tls/tls.hpp"

struct Options {
  std::string authority;  // file with the certificates that we trust; empty: the system's
  int version = 0;        // only that; 0: 1.2 and 1.3
  bool again = false;     // a second connection that resumes the first session
};

Context make_context(const Options& options) {
  Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), options.version ? options.version : TLS1_2_VERSION);
  if (options.version) SSL_CTX_set_max_proto_version(context.get(), options.version);
  // Without this OpenSSL speaks to anybody who has any certificate.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded =
      options.authority.empty()
          ? SSL_CTX_set_default_verify_paths(context.get())
          : SSL_CTX_load_verify_locations(context.get(), options.authority.c_str(), nullptr);
  if (loaded != 1) throw_tls_error(options.authority.c_str());
  log_keys(context.get());
  return context;
}

/// Sets what is about this server: its name is checked against the certificate, and told to it.
void set_name(SSL* ssl, const std::string& host) {
  unsigned char address[16];
  if (inet_pton(AF_INET, host.c_str(), address) == 1 ||
      inet_pton(AF_INET6, host.c_str(), address) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());  // SNI is for names only
    return;
  }
  SSL_set1_host(ssl, host.c_str());
  SSL_set_tlsext_host_name(ssl, host.c_str());  // in clear text: one address may have many sites
}

/// Shakes hands, asks, prints the answer; gives back the session, so that the next time is shorter.
SSL_SESSION* fetch(SSL_CTX* context, const Url& url, SSL_SESSION* earlier) {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  const Fd fd = connect_to(url.host, url.port, deadline);
  // SSL_connect() may wait, but not for ever:
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  const timeval patience{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);

  const Ssl ssl(SSL_new(context), SSL_free);
  set_name(ssl.get(), url.host);
  // ALPN: which protocol is to be spoken inside? Each name with its length before it.
  SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>("\x08http/1.1"), 9);
  if (earlier) SSL_set_session(ssl.get(), earlier);
  SSL_set_fd(ssl.get(), fd);
  if (SSL_connect(ssl.get()) != 1) {
    if (const long fault = SSL_get_verify_result(ssl.get()); fault != X509_V_OK)
      throw std::runtime_error(std::string("refused: ") + X509_verify_cert_error_string(fault));
    throw_tls_error("handshake");
  }
  std::fprintf(stderr, "https_get: %s, %s%s\n", SSL_get_version(ssl.get()),
               SSL_get_cipher_name(ssl.get()), SSL_session_reused(ssl.get()) ? ", resumed" : "");

  const std::string request = "GET " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
                              "\r\nConnection: close\r\n\r\n";
  if (SSL_write(ssl.get(), request.data(), static_cast<int>(request.size())) <= 0)
    throw_tls_error("sending");

  // From here on lab 05 reads; only where bytes come from differs. close_notify is TLS's own "that
  // was all". A FIN without it may come from anybody on the way: an error (RFC 8446 §6.1).
  Stream stream([&](char* to, std::size_t room) -> std::size_t {
    std::size_t got = 0;
    if (SSL_read_ex(ssl.get(), to, room, &got) == 1) return got;
    if (SSL_get_error(ssl.get(), 0) == SSL_ERROR_ZERO_RETURN) return 0;
    throw_tls_error("cut off (the end was not said with close_notify)");
  });
  const Response response = read_head(stream);
  read_body(stream, response, "GET",
            [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
  std::fflush(stdout);
  std::fprintf(stderr, "https_get: %d %s\n", response.status, response.reason.c_str());
  if (SSL_shutdown(ssl.get()) == 0) SSL_shutdown(ssl.get());  // ours, then wait for theirs
  // In TLS 1.3 tickets come after the handshake, so only now the session can be used again.
  return SSL_get1_session(ssl.get());
}

int main(int count, char** words) {
  Options options;
  int at = 1;
  for (; at < count - 1 && words[at][0] == '-'; ++at) {
    const std::string word = words[at];
    if (word == "--ca")
      options.authority = words[++at];
    else if (word == "--tls1.2")
      options.version = TLS1_2_VERSION;
    else if (word == "--tls1.3")
      options.version = TLS1_3_VERSION;
    else if (word == "--again")
      options.again = true;
    else
      break;
  }
  if (at != count - 1 || words[at][0] == '-') {
    std::fprintf(stderr, "usage: %s [--ca FILE] [--tls1.2 | --tls1.3] [--again] URL\n", words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);  // SSL_write() has no MSG_NOSIGNAL
  try {
    const Url url = parse_url(words[at]);
    if (url.scheme != "https") throw std::runtime_error("not an https URL");
    const Context context = make_context(options);
    using Session = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;
    const Session session(fetch(context.get(), url, nullptr), SSL_SESSION_free);
    if (options.again)
      const Session second(fetch(context.get(), url, session.get()), SSL_SESSION_free);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "https_get: %s: %s\n", words[at], error.what());
    return 1;
  }
}
