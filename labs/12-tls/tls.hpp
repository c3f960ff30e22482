// Lab 12: what client and server share: errors, key log, and objects that free themselves.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// OpenSSL keeps its errors in a queue of the thread; the first says most.
[[noreturn]] inline void throw_tls_error(const char* what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code ? ERR_reason_error_string(code) : nullptr;
  throw std::runtime_error(std::string(what) + ": " + (reason ? reason : "the other end has gone"));
}

/// $SSLKEYLOGFILE gets the secrets of every session, as browsers write them: with them, and only with
/// them, Wireshark reads along (NSS key log format). Never set it where that must not be.
inline void log_keys(SSL_CTX* context) {
  if (std::getenv("SSLKEYLOGFILE") == nullptr) return;
  SSL_CTX_set_keylog_callback(context, [](const SSL*, const char* line) {
    std::FILE* file = std::fopen(std::getenv("SSLKEYLOGFILE"), "a");
    if (file == nullptr) return;
    std::fprintf(file, "%s\n", line);
    std::fclose(file);
  });
}
