// tests/engine/command_store.h: a small datastore on a real directory that is told what to do in
// command lines.  Archives are made of named chunks, every call is written down.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cli/command.h"
#include "engine/cli/run_command.h"
#include "engine/format/chunk_names.h"
#include "engine/format/sha256.h"
#include "engine/os/posix/posix_system.h"
#include "engine/store/datastore.h"
#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/temporary_directory.h"

namespace unswept::test {

/// What a chunk of that name holds; a name that starts with "short" makes half a chunk.
inline engine::Bytes named_chunk(const std::string& name) {
  engine::Bytes data(name.starts_with("short") ? 32 : 64);
  for (std::size_t i = 0; i < data.size(); ++i) {
    data[i] = static_cast<std::byte>(name[i % name.size()]);
  }
  return data;
}

inline engine::Digest named_digest(const std::string& chunk) {
  return engine::sha256(named_chunk(chunk));
}

/// Makes archives of named chunks: "drive.img.fidx=@c1,+c2"; a blob is the text of its source.
class NamedChunks final : public engine::ArchiveOpener {
 public:
  explicit NamedChunks(engine::BlobCodec& codec) : codec_(codec) {}
  bool size_known = true;

  engine::Result<engine::BackupArchive> open(const engine::ArchiveSource& source,
                                             const engine::Backup&) override {
    engine::BackupArchive archive;
    archive.name = source.name;
    if (source.chunks.empty()) {
      engine::append(archive.data, engine::as_bytes(source.file));
      return archive;
    }
    std::uint64_t size = 0;
    for (const auto& chunk : source.chunks) size += named_chunk(chunk.name).size();
    if (size_known) archive.size = size;
    archive.chunk_size = 64;
    archive.chunks = std::make_unique<Stream>(codec_, source.chunks);
    return archive;
  }

 private:
  class Stream final : public engine::ChunkStream {
   public:
    Stream(engine::BlobCodec& codec, std::vector<engine::ChunkName> chunks)
        : codec_(codec), chunks_(std::move(chunks)) {}
    engine::Result<std::optional<engine::SourceChunk>> next() override {
      if (at_ == chunks_.size()) return std::nullopt;
      const engine::ChunkName& chunk = chunks_[at_++];
      data_ = named_chunk(chunk.name);
      return engine::SourceChunk{engine::sha256(data_), data_.size(), chunk.upload_although_known};
    }
    engine::Result<engine::ByteView> blob() override {
      blob_ = *codec_.encode(data_);
      return engine::ByteView(blob_);
    }

   private:
    engine::BlobCodec& codec_;
    std::vector<engine::ChunkName> chunks_;
    std::size_t at_ = 0;
    engine::Bytes data_;
    engine::Bytes blob_;
  };

  engine::BlobCodec& codec_;
};

/// The base is "store" below a temporary directory, the lock directory "locks/test".
class CommandStore {
 public:
  explicit CommandStore(engine::SyncLevel sync = engine::SyncLevel::filesystem)
      : system(posix_, directory_.path()), process(system), archives(codec) {
    const engine::StoreConfig config{"test", directory_ / "store", directory_ / "locks", sync};
    const std::uint16_t some_directory[] = {0};
    auto created = engine::Datastore::create(system, config, {some_directory});
    REQUIRE(created);
    store_.emplace(system, process, config, engine::default_protocol());
    make_chunk_directories();
    system.calls.clear();
  }

  const engine::Datastore& store() const { return *store_; }

  /// Runs a line that is expected to be understood.
  engine::Result<engine::CommandReport> run(std::string_view line) {
    auto command = engine::parse_command(line);
    INFO(line << ": " << (command ? "" : command.error().text()));
    REQUIRE(command);
    engine::CommandContext context{codec, archives};
    return engine::run_command(store(), *command, context);
  }

  /// Runs a line that is expected to work.
  engine::CommandReport must(std::string_view line) {
    auto report = run(line);
    INFO(line << ": " << (report ? "" : report.error().message));
    REQUIRE(report);
    return std::move(*report);
  }

  /// The kind of error of a line that is expected to fail.
  engine::ErrorKind error_of(std::string_view line) {
    auto report = run(line);
    INFO(line);
    REQUIRE_FALSE(report);
    return report.error().kind;
  }

  std::string path(std::string_view below_base) const {
    return (directory_ / "store") + '/' + std::string(below_base);
  }
  bool has(std::string_view below_base) const { return std::filesystem::exists(path(below_base)); }
  bool has_lock(std::string_view name) const {
    return std::filesystem::exists((directory_ / "locks/test") + '/' + std::string(name));
  }
  bool has_chunk(const std::string& name) const {
    return has(engine::chunk_path(named_digest(name)));
  }
  std::vector<std::string> list(std::string_view below_base) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path(below_base))) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string content(std::string_view below_base) const {
    std::ifstream file(path(below_base), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(std::string_view below_base, std::string_view text) const {
    std::ofstream(path(below_base), std::ios::binary) << text;
  }

 private:
  void make_chunk_directories() const {
    for (const char* name : {"c1", "c2", "c3", "c4", "short"}) {
      const std::string chunk = path(engine::chunk_path(named_digest(name)));
      std::filesystem::create_directories(std::filesystem::path(chunk).parent_path());
    }
  }

  TemporaryDirectory directory_;
  os::PosixSystem posix_;

 public:
  RecordingSystem system;
  engine::Process process;
  engine::BlobCodec codec;
  engine::ManifestCodec manifests{codec};
  NamedChunks archives;

 private:
  std::optional<engine::Datastore> store_;
};

}  // namespace unswept::test
