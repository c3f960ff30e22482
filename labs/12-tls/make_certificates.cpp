// Lab 12, first program: a certificate says "this key belongs to that name", and somebody whom the
// reader trusts has signed it. Here we are that somebody.
//
//   run:    ./wirelab run 12-tls
//   alone:  build/labs/12-tls/make_certificates certificates
//           openssl x509 -in certificates/server.pem -noout -text
//   expect: an authority (ca.pem), and what it signed: server.pem for "server" and "localhost", and
//           some that a client must refuse
//   read:   RFC 5280 §4.1 (what a certificate holds), RFC 9525 §6 (names); X509_sign(3), openssl(1)
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "labs/12-tls/tls.hpp"

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long day = 24 * 60 * 60;

Key make_key() {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) throw_tls_error("making a key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) throw_tls_error(value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Wish {
  std::string file;
  std::string common_name;  // for people to read; clients look at the alternative names only
  std::string names;        // "DNS:server,IP:10.0.0.2"; empty for an authority
  long from = -day, until = 3650 * day;  // seconds from now
};

/// A certificate for `key`, signed with the issuer's key. issuer == nullptr: signed with its own.
Certificate make_certificate(const Wish& wish, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate made(X509_new(), X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  // The serial number must differ from all others of this issuer: 64 random bits.
  BIGNUM* serial = BN_new();
  BN_rand(serial, 64, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(made.get()));
  BN_free(serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.until);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  X509* signer = issuer ? issuer : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));

  // May it sign others? Only an authority may: else whoever has any certificate could make more.
  add_extension(made.get(), signer, NID_basic_constraints,
                wish.names.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(made.get(), signer, NID_key_usage,
                wish.names.empty() ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  add_extension(made.get(), signer, NID_subject_key_identifier, "hash");
  if (!wish.names.empty()) {
    add_extension(made.get(), signer, NID_ext_key_usage, "serverAuth");
    add_extension(made.get(), signer, NID_subject_alt_name, wish.names);
  }
  if (X509_sign(made.get(), issuer_key ? issuer_key : key, EVP_sha256()) == 0)
    throw_tls_error("signing");
  return made;
}

void save(const std::string& path, X509* certificate, EVP_PKEY* key) {
  // The key is what nobody else may have: readable by its owner only, from the start.
  const mode_t before = umask(0077);
  std::FILE* file = std::fopen(path.c_str(), "w");
  umask(before);
  if (file == nullptr) throw std::runtime_error(path + ": " + std::strerror(errno));
  PEM_write_X509(file, certificate);
  if (key) PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  if (std::fclose(file) != 0) throw std::runtime_error(path + ": " + std::strerror(errno));
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", words[0]);
    return 2;
  }
  try {
    const std::string folder = words[1];
    // Whoever may run the lab may read them: they are worth nothing elsewhere.
    if ((mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) || chmod(folder.c_str(), 0755) != 0)
      throw std::runtime_error(folder + ": " + std::strerror(errno));

    const Key authority_key = make_key();
    const Certificate authority =
        make_certificate({"", "Lab 12 authority", ""}, authority_key.get(), nullptr, nullptr);
    // Without its key, which is never saved: it signs now, and never again.
    save(folder + "/ca.pem", authority.get(), nullptr);

    const std::string ours = "DNS:server,DNS:server6,DNS:localhost,IP:10.0.0.2,IP:127.0.0.1,IP:::1";
    for (const Wish& wish : {Wish{"server.pem", "server", ours},
                             Wish{"other-name.pem", "server", "DNS:elsewhere.example"},
                             Wish{"expired.pem", "server", ours, -60 * day, -30 * day},
                             Wish{"not-yet.pem", "server", ours, 3650 * day, 3700 * day}}) {
      const Key key = make_key();
      const Certificate made =
          make_certificate(wish, key.get(), authority.get(), authority_key.get());
      save(folder + "/" + wish.file, made.get(), key.get());
    }
    const Key key = make_key();
    const Certificate alone = make_certificate({"", "server", ours}, key.get(), nullptr, nullptr);
    save(folder + "/self-signed.pem", alone.get(), key.get());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_certificates: %s\n", error.what());
    return 1;
  }
}
