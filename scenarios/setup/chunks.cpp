#include "scenarios/setup/chunks.h"

#include "engine/format/blob.h"
#include "engine/format/sha256.h"

namespace unswept::scenarios {
namespace {

engine::Bytes content_of(std::string_view name) {
  std::string text;
  while (text.size() < kChunkBytes) text.append(name).append(" ");
  const auto bytes = engine::as_bytes(std::string_view(text).substr(0, kChunkBytes));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

const Chunk& ChunkCatalogue::add(std::string_view name) {
  if (const auto found = chunks_.find(name); found != chunks_.end()) return found->second;
  Chunk chunk{std::string(name), {}, content_of(name), {}};
  chunk.digest = engine::sha256(chunk.data);
  chunk.blob = engine::wrap_blob(engine::BlobKind::plain, chunk.data);
  const Chunk& kept = chunks_.emplace(chunk.name, std::move(chunk)).first->second;
  by_digest_.emplace(kept.digest, &kept);
  return kept;
}

const Chunk* ChunkCatalogue::find(std::string_view name) const {
  const auto found = chunks_.find(name);
  return found == chunks_.end() ? nullptr : &found->second;
}

const Chunk* ChunkCatalogue::find(const engine::Digest& digest) const {
  const auto found = by_digest_.find(digest);
  return found == by_digest_.end() ? nullptr : found->second;
}

}  // namespace unswept::scenarios
