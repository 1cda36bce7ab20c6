#include "scenarios/workload/archives.h"

#include <memory>

namespace unswept::scenarios {
namespace {

class NamedChunks final : public engine::ChunkStream {
 public:
  NamedChunks(const ChunkCatalogue& chunks, const std::vector<engine::ChunkName>& names)
      : chunks_(chunks), names_(names) {}

  engine::Result<std::optional<engine::SourceChunk>> next() override {
    if (at_ == names_.size()) return std::nullopt;
    const engine::ChunkName& name = names_[at_++];
    current_ = chunks_.find(name.name);
    return engine::SourceChunk{current_->digest, current_->data.size(), name.upload_although_known};
  }

  engine::Result<engine::ByteView> blob() override { return engine::ByteView(current_->blob); }

 private:
  const ChunkCatalogue& chunks_;
  const std::vector<engine::ChunkName>& names_;
  const Chunk* current_ = nullptr;
  std::size_t at_ = 0;
};

}  // namespace

engine::Result<engine::BackupArchive> NamedArchives::open(const engine::ArchiveSource& source,
                                                          const engine::Backup& backup) {
  if (source.chunks.empty())
    return engine::fail(engine::ErrorKind::invalid,
                        source.name + ": a scenario's archive is made of chunks: @c1,c2");
  engine::BackupArchive archive;
  archive.name = source.name;
  archive.chunks = std::make_unique<NamedChunks>(chunks_, source.chunks);
  archive.chunk_size = backup.chunk_size.value_or(kChunkBytes);
  archive.size = kChunkBytes * source.chunks.size();
  archive.checked = true;
  return archive;
}

}  // namespace unswept::scenarios
