#include "engine/format/manifest_codec.h"

#include <algorithm>
#include <utility>

namespace unswept::engine {
namespace {

constexpr std::size_t kRemembered = 8;

}  // namespace

template <class Matches>
const ManifestCodec::Pair* ManifestCodec::Memory::find(Matches matches) const {
  const auto found = std::ranges::find_if(pairs_, matches);
  return found == pairs_.end() ? nullptr : &*found;
}

const ManifestCodec::Pair& ManifestCodec::Memory::keep(Pair pair) {
  if (pairs_.size() < kRemembered) return pairs_.emplace_back(std::move(pair));
  Pair& replaced = pairs_[oldest_];
  oldest_ = (oldest_ + 1) % kRemembered;
  replaced = std::move(pair);
  return replaced;
}

Result<Manifest> ManifestCodec::decode(ByteView blob) {
  const auto same = [blob](const Pair& pair) { return std::ranges::equal(pair.blob, blob); };
  if (const Pair* known = decoded_.find(same)) return known->manifest;
  const auto json = blobs_->decode(blob);
  if (!json) return std::unexpected(json.error());
  auto manifest = Manifest::parse(as_text(*json));
  if (!manifest) return manifest;
  return decoded_.keep({Bytes(blob.begin(), blob.end()), std::move(*manifest)}).manifest;
}

Result<Bytes> ManifestCodec::encode(const Manifest& manifest) {
  const auto same = [&manifest](const Pair& pair) { return pair.manifest == manifest; };
  if (const Pair* known = encoded_.find(same)) return known->blob;
  auto blob = blobs_->encode(as_bytes(manifest.print()));
  if (!blob) return blob;
  return encoded_.keep({std::move(*blob), manifest}).blob;
}

}  // namespace unswept::engine
