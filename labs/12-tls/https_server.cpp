// Lab 12, the server: lab 06's site, and TLS below it.
//
//   run:    ./wirelab run 12-tls
//   alone:  build/labs/12-tls/make_certificates certificates
//           build/labs/12-tls/https_server 7012 certificates/server.pem labs/06-http-server/www
//           curl --cacert certificates/ca.pem https://localhost:7012/hello.txt
//   expect: TLS 1.3 in one round trip; close_notify before the FIN
//   read:   lab 07's models.hpp (a thread for each client); RFC 8446 §2, §6.1; SSL_accept(3),
//           SSL_shutdown(3), ssl(7)
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <optional>
#include <string_view>
#include <vector>

#include "labs/06-http-server/request_reader.hpp"
#include "labs/06-http-server/site.hpp"
#include "labs/07-threads/models.hpp"
#include "labs/12-tls/tls.hpp"
#include "labs/support/lab.hpp"

/// A part of a reply's body, at most 16 KiB: the size of a TLS record (RFC 8446 §5.1).
std::string next_piece(Reply& reply) {
  std::string piece(std::min<std::uint64_t>(reply.length, 16 * 1024), '\0');
  const ssize_t got = pread(*reply.file, piece.data(), piece.size(), reply.offset);
  piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  reply.offset += static_cast<off_t>(piece.size());
  reply.length -= piece.size();
  return piece;
}

/// No sendfile() here: each byte has to pass through us to be encrypted.
bool send_reply(SSL* ssl, Reply reply, bool head_only) {
  std::string text = head_of(reply) + (head_only ? "" : reply.body);
  if (head_only || !reply.file) reply.length = 0;
  for (;;) {
    std::size_t written = 0;
    if (!text.empty() && SSL_write_ex(ssl, text.data(), text.size(), &written) != 1) return false;
    if (reply.length == 0) return true;
    text = next_piece(reply);
    if (text.empty()) return false;  // the file was cut short
  }
}

void converse(SSL* ssl, const Site& site) {
  RequestReader reader(Limits{});
  std::vector<char> buffer(16 * 1024);
  try {
    for (;;) {
      while (const std::optional<Request> request = reader.next()) {
        const Reply reply = site.answer(*request);
        if (!send_reply(ssl, reply, request->method == "HEAD") || !reply.keep_alive) return;
      }
      if (reader.continue_wanted()) SSL_write(ssl, "HTTP/1.1 100 Continue\r\n\r\n", 25);
      std::size_t got = 0;
      // Fails at a close_notify, at a time-out, and when the client is gone.
      if (SSL_read_ex(ssl, buffer.data(), buffer.size(), &got) != 1) return;
      reader.take({buffer.data(), got});
    }
  } catch (const Refusal& refusal) {
    send_reply(ssl, refused(refusal), reader.method() == "HEAD");
  }
}

void serve(int fd, SSL_CTX* context, const Site& site, bool rude) {
  const timeval patience{15, 0}, farewell{2, 0};  // a client who says nothing is let go
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const Ssl ssl(SSL_new(context), SSL_free);
  SSL_set_fd(ssl.get(), fd);
  // Fails also for a client that refuses our certificate: it tells us so, and goes.
  if (SSL_accept(ssl.get()) != 1) {
    const char* reason = ERR_reason_error_string(ERR_get_error());
    std::fprintf(stderr, "https_server: no handshake: %s\n", reason ? reason : "client gone");
    return;
  }
  converse(ssl.get(), site);
  // close_notify says that this is the end; a FIN alone could be anybody's (RFC 8446 §6.1). Then the
  // client has to be heard out before close(), for the reason that close_gently() of lab 06 gives.
  if (!rude && SSL_shutdown(ssl.get()) < 0) return;
  shutdown(fd, SHUT_WR);
  std::vector<char> nothing(16 * 1024);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &farewell, sizeof farewell);
  for (int i = 0; i < 1000 && recv(fd, nothing.data(), nothing.size(), 0) > 0; ++i) {
  }
}

/// We speak HTTP/1.1 and nothing else; a client that offers only others is told so (RFC 7301 §3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static const unsigned char ours[] = "\x08http/1.1";
  unsigned char* out = nullptr;
  if (SSL_select_next_proto(&out, size, ours, 9, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = out;
  return SSL_TLSEXT_ERR_OK;
}

int main(int count, char** words) {
  const bool rude = count > 1 && std::string_view(words[1]) == "--no-close-notify";
  char** rest = words + (rude ? 2 : 1);
  if (count - (rude ? 1 : 0) != 4) {
    std::fprintf(stderr, "usage: %s [--no-close-notify] PORT CERTIFICATE-AND-KEY FOLDER\n",
                 words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);  // SSL_write() has no MSG_NOSIGNAL
  try {
    const Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    // The older versions are broken (RFC 8996).
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    if (SSL_CTX_use_certificate_chain_file(context.get(), rest[1]) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), rest[1], SSL_FILETYPE_PEM) != 1)
      throw_tls_error(rest[1]);
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    const unsigned char name[] = "lab12";  // another server's sessions are not resumed here
    SSL_CTX_set_session_id_context(context.get(), name, sizeof name - 1);
    log_keys(context.get());
    const Site site(Fd(check(open(rest[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), rest[2])));

    addrinfo wanted{};
    wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE;
    addrinfo* local = nullptr;
    if (const int error = getaddrinfo(nullptr, rest[0], &wanted, &local); error != 0)
      throw std::runtime_error(gai_strerror(error));
    const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
    const int on = 1, off = 0;
    check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
    check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
    check(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
    check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
    freeaddrinfo(local);
    check(listen(listener, 128), "listen");
    thread_each(
        listener, [&](int client) { serve(client, context.get(), site, rude); }, 400);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "https_server: %s\n", error.what());
    return 1;
  }
}
