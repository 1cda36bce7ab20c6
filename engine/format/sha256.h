// engine/format/sha256.h: SHA-256, in one go or piece by piece.
//
// Thread safety: an object belongs to one thread; the function is free-threaded.
#pragma once

#include <memory>

#include "engine/format/bytes.h"
#include "engine/format/digest.h"

struct evp_md_ctx_st;

namespace unswept::engine {

/// Creating one is slow, starting it again is quick: keep it where many things are hashed.
class Sha256 {
 public:
  Sha256();

  Sha256& update(ByteView bytes);
  /// What was added so far; the object is then as new.
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void restart();

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest sha256(ByteView bytes);

}  // namespace unswept::engine
