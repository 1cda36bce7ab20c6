#include "engine/format/sha256.h"

// The low-level calls are marked deprecated in OpenSSL 3, but they are the only
// ones that hash a few bytes without an allocation and a provider look-up.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace unswept::engine {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { restart(); }

// OpenSSL fails here only when it cannot allocate or is broken; neither can be mended.
void Sha256::restart() {
  if (EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) std::abort();
}

Sha256& Sha256::update(ByteView bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) std::abort();
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  if (EVP_DigestFinal_ex(context_.get(), digest.bytes.data(), nullptr) != 1) std::abort();
  restart();
  return digest;
}

Digest sha256(ByteView bytes) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.bytes.data(), &context);
  return digest;
}

}  // namespace unswept::engine
