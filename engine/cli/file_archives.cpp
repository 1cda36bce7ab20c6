#include "engine/cli/file_archives.h"

#include <algorithm>
#include <utility>

#include "engine/format/fixed_index.h"
#include "engine/format/sha256.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

class FileChunks : public ChunkStream {
 public:
  FileChunks(os::System& system, BlobCodec& codec, std::string path, os::File file,
             std::uint64_t chunk_size)
      : system_(system),
        codec_(codec),
        path_(std::move(path)),
        file_(std::move(file)),
        chunk_size_(chunk_size) {}

  Result<std::optional<SourceChunk>> next() override {
    if (auto read = read_chunk(); !read) return forward_error(read);
    if (data_.empty()) return std::nullopt;
    sha256_.update(data_);
    return SourceChunk{.digest = sha256_.finish(), .length = data_.size()};
  }

  Result<ByteView> blob() override {
    auto encoded = codec_.encode(data_);
    if (!encoded) return forward_error(encoded);
    blob_ = std::move(*encoded);
    return ByteView(blob_);
  }

 private:
  Result<> read_chunk() {
    data_.resize(chunk_size_);
    std::size_t filled = 0;
    while (filled < data_.size()) {
      const auto count = system_.read(file_.fd(), std::span(data_).subspan(filled));
      if (!count) return os_failure(count.error(), "read", path_);
      if (*count == 0) break;
      filled += *count;
    }
    data_.resize(filled);
    return {};
  }

  os::System& system_;
  BlobCodec& codec_;
  std::string path_;
  os::File file_;
  std::uint64_t chunk_size_;
  Bytes data_;  // of the chunk at hand
  Bytes blob_;
  Sha256 sha256_;
};

Result<std::uint64_t> chunk_size_of(const Backup& backup) {
  const std::uint64_t size = backup.chunk_size.value_or(kFixedChunkSize);
  if (size > kMaxChunkData) {
    return fail(ErrorKind::invalid, "chunks of more than 16 MiB are not accepted");
  }
  return size;
}

}  // namespace

Result<BackupArchive> FileArchives::open(const ArchiveSource& source, const Backup& backup) {
  if (source.file.empty()) {
    return fail(ErrorKind::invalid,
                source.name + ": chunks have names in scenarios only; write ARCHIVE=FILE");
  }
  auto file = os::open_file(system_, source.file, os::Open::read);
  if (!file) return os_failure(file.error(), "open", source.file);
  BackupArchive archive;
  archive.name = source.name;
  if (archive_kind(source.name) == ArchiveKind::blob) {
    const auto content = read_all(system_, file->fd());
    if (!content) return os_failure(content.error(), "read", source.file);
    engine::append(archive.data, as_bytes(*content));
    return archive;
  }
  const auto chunk_size = chunk_size_of(backup);
  if (!chunk_size) return std::unexpected(chunk_size.error());
  archive.chunk_size = *chunk_size;
  archive.checked = true;
  archive.chunks =
      std::make_unique<FileChunks>(system_, codec_, source.file, std::move(*file), *chunk_size);
  return archive;
}

}  // namespace unswept::engine
