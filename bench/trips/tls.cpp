#include "bench/trips/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <vector>

namespace bench {
namespace {

template <auto release>
struct Release {
  template <class Thing>
  void operator()(Thing* thing) const {
    release(thing);
  }
};
using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Release<SSL_free>>;
using Session = std::unique_ptr<SSL_SESSION, Release<SSL_SESSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;

void need(bool good, const char* what) {
  if (good) return;
  const unsigned long code = ERR_get_error();
  throw TripError(fmt::format("TLS: {}: {}", what,
                              code ? ERR_reason_error_string(code) : "the connection ended"));
}

Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("server"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key);
  need(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "signing the certificate");
  return certificate;
}

void write_whole(SSL* connection, std::span<const std::byte> message) {
  need(SSL_write(connection, message.data(), static_cast<int>(message.size())) ==
           static_cast<int>(message.size()),
       "write");
}
void read_whole(SSL* connection, std::span<std::byte> into) {
  while (!into.empty()) {
    const int got = SSL_read(connection, into.data(), static_cast<int>(into.size()));
    need(got > 0, "read");
    into = into.subspan(static_cast<std::size_t>(got));
  }
}

Connection connection_over(SSL_CTX* context, int fd) {
  ERR_clear_error();
  Connection connection(SSL_new(context));
  need(connection && SSL_set_fd(connection.get(), fd) == 1, "setting up");
  return connection;
}

}  // namespace

struct TlsServer::Parts {
  Context context{SSL_CTX_new(TLS_server_method())};
};

TlsServer::TlsServer() : parts_(std::make_unique<Parts>()) {
  const Key key(EVP_EC_gen("P-256"));
  need(key != nullptr, "making a key");
  const Certificate certificate = self_signed(key.get());
  SSL_CTX* context = parts_->context.get();
  need(SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
           SSL_CTX_use_PrivateKey(context, key.get()) == 1,
       "setting the certificate");
  const unsigned char id[] = "bench";
  SSL_CTX_set_session_id_context(context, id, sizeof id);
}
TlsServer::~TlsServer() = default;

void TlsServer::answer(int fd, std::size_t size) {
  const Connection connection = connection_over(parts_->context.get(), fd);
  need(SSL_accept(connection.get()) == 1, "handshake");
  std::vector<std::byte> message(size);
  read_whole(connection.get(), message);
  write_whole(connection.get(), message);
}

struct TlsClient::Parts {
  Context context{SSL_CTX_new(TLS_client_method())};
  bool resume = false;
  Session session;  // the latest that the server gave us a ticket for
};

TlsClient::TlsClient(Manner manner) : parts_(std::make_unique<Parts>()) {
  SSL_CTX* context = parts_->context.get();
  const int version = manner == Manner::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  need(SSL_CTX_set_min_proto_version(context, version) == 1 &&
           SSL_CTX_set_max_proto_version(context, version) == 1,
       "choosing a version");
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  parts_->resume = manner == Manner::tls_resumed;
  if (!parts_->resume) return;
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context, parts_.get());
  SSL_CTX_sess_set_new_cb(context, [](SSL* connection, SSL_SESSION* session) {
    static_cast<Parts*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)))->session.reset(session);
    return 1;  // we keep it
  });
}
TlsClient::~TlsClient() = default;

void TlsClient::ask(int fd, std::span<const std::byte> request, std::span<std::byte> reply) {
  const Connection connection = connection_over(parts_->context.get(), fd);
  const bool resuming = parts_->resume && parts_->session;
  if (resuming)
    need(SSL_set_session(connection.get(), parts_->session.get()) == 1, "offering the session");
  need(SSL_connect(connection.get()) == 1, "handshake");
  need(!resuming || SSL_session_reused(connection.get()) == 1,
       "the server did not resume the session");
  write_whole(connection.get(), request);
  read_whole(connection.get(), reply);
  SSL_set_quiet_shutdown(connection.get(),
                         1);  // not counted, and no alert: but the session stays good
  SSL_shutdown(connection.get());
}

}  // namespace bench
