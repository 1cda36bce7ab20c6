// engine/format/manifest_codec.h: manifests as the blobs they are stored in.
//
// A backup finishes by reading back the manifest it has just stored, and its next
// one begins with it.  So a codec remembers the last few manifests in both
// directions; meeting one again costs a comparison.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/manifest.h"

namespace unswept::engine {

class ManifestCodec {
 public:
  /// `blobs` must outlive the codec.
  explicit ManifestCodec(BlobCodec& blobs) : blobs_(&blobs) {}

  BlobCodec& blobs() const { return *blobs_; }

  Result<Manifest> decode(ByteView blob);
  Result<Bytes> encode(const Manifest& manifest);

 private:
  struct Pair {
    Bytes blob;
    Manifest manifest;
  };
  /// The last few pairs, the oldest replaced first.  What was decoded is kept apart from what was
  /// encoded: somebody else's blob is not what this codec makes of the manifest in it.
  class Memory {
   public:
    template <class Matches>
    const Pair* find(Matches matches) const;
    const Pair& keep(Pair pair);

   private:
    std::vector<Pair> pairs_;
    std::size_t oldest_ = 0;
  };

  BlobCodec* blobs_;
  Memory decoded_;
  Memory encoded_;
};

}  // namespace unswept::engine
