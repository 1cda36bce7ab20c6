#include "engine/cli/file_archives.h"

#include <algorithm>
#include <utility>

#include "engine/cli/source_file.h"
#include "engine/format/fixed_index.h"
#include "engine/format/sha256.h"
#include "engine/ops/stream_cutter.h"

namespace unswept::engine {
namespace {

/// What fixed and dynamic archives have in common: the chunk at hand, hashed and encoded.
class SourceChunks : public ChunkStream {
 public:
  SourceChunks(BlobCodec& codec, SourceFile file) : file_(std::move(file)), codec_(codec) {}

  Result<std::optional<SourceChunk>> next() override {
    auto data = cut();
    if (!data) return forward_error(data);
    data_ = *data;
    if (data_.empty()) {
      if (any_) return std::nullopt;
      return fail(ErrorKind::bad_input,
                  file_.name() + " is empty; an index needs at least one byte");
    }
    any_ = true;
    sha256_.update(data_);
    return SourceChunk{.digest = sha256_.finish(), .length = data_.size()};
  }

  Result<ByteView> blob() override {
    auto encoded = codec_.encode(data_);
    if (!encoded) return forward_error(encoded);
    blob_ = std::move(*encoded);
    return ByteView(blob_);
  }

 protected:
  /// The bytes of the next chunk, valid until the next call; none at the end.
  virtual Result<ByteView> cut() = 0;

  SourceFile file_;

 private:
  BlobCodec& codec_;
  ByteView data_;  // of the chunk at hand
  Bytes blob_;
  Sha256 sha256_;
  bool any_ = false;
};

class FixedChunks final : public SourceChunks {
 public:
  FixedChunks(BlobCodec& codec, SourceFile file, std::uint64_t chunk_size)
      : SourceChunks(codec, std::move(file)), buffer_(chunk_size) {}

 private:
  Result<ByteView> cut() override {
    const auto filled = file_.fill(buffer_);
    if (!filled) return std::unexpected(filled.error());
    return ByteView(buffer_).first(*filled);
  }

  Bytes buffer_;
};

class DynamicChunks final : public SourceChunks {
 public:
  DynamicChunks(BlobCodec& codec, SourceFile file, const ChunkBounds& bounds)
      : SourceChunks(codec, std::move(file)),
        cutter_(bounds, [this](std::span<std::byte> out) { return file_.fill(out); }) {}

 private:
  Result<ByteView> cut() override { return cutter_.next(); }

  StreamCutter cutter_;
};

Result<Bytes> read_blob(SourceFile& file) {
  Bytes data(kMaxChunkData + 1);
  const auto filled = file.fill(data);
  if (!filled) return std::unexpected(filled.error());
  if (*filled > kMaxChunkData)
    return fail(ErrorKind::bad_input,
                file.name() + " has more than 16 MiB, too much for a .blob; write NAME.didx=FILE");
  data.resize(*filled);
  return data;
}

Result<std::unique_ptr<ChunkStream>> cut_source(BlobCodec& codec, SourceFile file, ArchiveKind kind,
                                                std::uint64_t chunk_size) {
  if (kind == ArchiveKind::fixed) {
    if (chunk_size > kMaxChunkData)
      return fail(ErrorKind::bad_input, "chunks of more than 16 MiB are not accepted");
    return std::make_unique<FixedChunks>(codec, std::move(file), chunk_size);
  }
  const auto bounds = chunk_bounds(chunk_size);
  if (!bounds || bounds->max > kMaxChunkData)
    return fail(ErrorKind::bad_input,
                "the average chunk of a .didx is a power of two from 256 bytes to 4 MiB");
  return std::make_unique<DynamicChunks>(codec, std::move(file), *bounds);
}

}  // namespace

Result<BackupArchive> FileArchives::open(const ArchiveSource& source, const Backup& backup) {
  if (source.file.empty()) {
    return fail(ErrorKind::bad_input,
                source.name + ": chunks have names in scenarios only; write ARCHIVE=FILE");
  }
  auto file = SourceFile::open(system_, source.file);
  if (!file) return forward_error(file);
  BackupArchive archive;
  archive.name = source.name;
  const auto kind = archive_kind(source.name);
  if (kind == ArchiveKind::blob) {
    auto data = read_blob(*file);
    if (!data) return forward_error(data);
    archive.data = std::move(*data);
    return archive;
  }
  archive.size = file->size();
  archive.chunk_size = backup.chunk_size.value_or(kFixedChunkSize);
  archive.checked = true;
  auto chunks = cut_source(codec_, std::move(*file), *kind, archive.chunk_size);
  if (!chunks) return forward_error(chunks);
  archive.chunks = std::move(*chunks);
  return archive;
}

}  // namespace unswept::engine
