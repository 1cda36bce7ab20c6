#include "engine/ops/check/chunk_inspection.h"

#include <string>

#include "engine/format/chunk_names.h"
#include "engine/format/sha256.h"

namespace unswept::engine {
namespace {

/// Whether `name` is what the path of the chunk `digest` ends in; a sweep recognises more.
bool is_canonical(const ChunkFileName& chunk, std::string_view subdirectory,
                  std::string_view name) {
  const std::string hex = chunk.digest.hex();
  return name.starts_with(hex) && hex.starts_with(subdirectory);
}

class ChunkLister {
 public:
  explicit ChunkLister(Inspection& inspection) : inspection_(inspection) {}

  Result<> run() {
    const std::string root = inspection_.store().chunks().directory();
    const auto listing = inspection_.list(root);
    if (!listing) return {};
    std::uint64_t done = 0;
    for (const os::DirEntry& entry : listing->entries) {
      if (auto going = inspection_.going_on(); !going) return going;
      const std::string path = root + '/' + entry.name;
      const bool is_subdirectory = entry.type == os::FileType::directory &&
                                   parse_chunk_directory_name(entry.name).has_value();
      if (!is_subdirectory) {
        other_entry(path, entry.name);
        continue;
      }
      list_subdirectory(path, entry.name);
      inspection_.system().progress({"list chunks", ++done, kChunkDirectories});
    }
    if (done < kChunkDirectories)
      inspection_.remark(FindingKind::missing_directory, root,
                         std::to_string(kChunkDirectories - done) +
                             " chunk subdirectories are missing; nothing can be stored in them");
    return {};
  }

 private:
  void list_subdirectory(const std::string& path, std::string_view subdirectory) {
    const auto listing = inspection_.list(path);
    if (!listing) return;
    for (const os::DirEntry& entry : listing->entries) {
      const auto chunk = parse_chunk_file_name(entry.name);
      const bool sound = chunk && entry.type == os::FileType::regular &&
                         is_canonical(*chunk, subdirectory, entry.name);
      if (!sound) {
        other_entry(path + '/' + entry.name, entry.name);
      } else if (chunk->kind == ChunkFileKind::chunk) {
        add_chunk(listing->directory, entry.name, chunk->digest);
      } else if (chunk->kind == ChunkFileKind::bad) {
        inspection_.remark(FindingKind::set_aside, path + '/' + entry.name,
                           "a damaged chunk that was set aside");
      }
    }
  }

  void add_chunk(const Directory& directory, const std::string& name, const Digest& digest) {
    const auto stat = inspection_.system().stat({directory.fd(), name}, os::Follow::no);
    if (stat) {
      inspection_.chunks().add(digest, stat->size);
    } else if (stat.error() != os::Errno::no_such_file_or_directory) {
      inspection_.error(FindingKind::unreadable, chunk_path(digest),
                        std::make_error_code(stat.error()).message());
    }
  }

  void other_entry(const std::string& path, std::string_view name) {
    if (is_temporary_name(name)) {
      inspection_.remark(FindingKind::temporary_file, path, "a temporary file");
    } else {
      inspection_.remark(FindingKind::stray, path, "does not belong among the chunks");
    }
  }

  Inspection& inspection_;
};

/// A finding about a chunk: an error if an index refers to it.
void judge(Inspection& inspection, const KnownChunk& chunk, std::string why) {
  const std::string path = chunk_path(chunk.digest);
  if (chunk.is_referenced()) {
    inspection.error(FindingKind::bad_chunk, path, std::move(why));
  } else {
    inspection.remark(FindingKind::bad_chunk, path, why + "; no index refers to it");
  }
}

bool is_too_short(const KnownChunk& chunk) { return chunk.stored <= kBlobHeaderSize; }

class ChunkComparison {
 public:
  explicit ChunkComparison(Inspection& inspection) : inspection_(inspection) {}

  void compare(const KnownChunk& chunk) {
    const std::string path = inspection_.store().chunks().path(chunk.digest);
    if (chunk.stored > kMaxUploadedBlob)
      return judge(inspection_, chunk, "is longer than any chunk");
    const auto content = inspection_.read(path, kMaxUploadedBlob);
    if (!content) return;  // swept meanwhile, or told already
    ++inspection_.report().chunks_read;
    inspection_.report().bytes_read += content->size();
    if (auto why = problem(chunk, as_bytes(*content)); !why.empty())
      judge(inspection_, chunk, std::move(why));
  }

 private:
  /// What is wrong with the chunk; empty if nothing is.
  std::string problem(const KnownChunk& chunk, ByteView content) {
    const auto blob = open_blob(content);
    if (!blob) return blob.error().message;
    if (is_encrypted(blob->kind)) {
      const bool suits = chunk.encrypted || !chunk.is_referenced();
      return suits ? "" : "is encrypted, unlike an index that has it";
    }
    const auto data = inspection_.codec().decode(*blob, kMaxChunkData);
    if (!data) return data.error().message;
    if (sha256(*data) != chunk.digest) return "its content is not what its name says";
    if (chunk.encrypted) return "is not encrypted, unlike an index that has it";
    if (chunk.is_referenced() && data->size() != chunk.length)
      return "has " + std::to_string(data->size()) + " bytes; an index says " +
             std::to_string(chunk.length);
    return {};
  }

  Inspection& inspection_;
};

}  // namespace

Result<> list_chunks(Inspection& inspection) { return ChunkLister(inspection).run(); }

void judge_lengths(Inspection& inspection) {
  inspection.chunks().for_each([&](const KnownChunk& chunk) {
    if (is_too_short(chunk))
      judge(inspection, chunk, "has " + std::to_string(chunk.stored) + " bytes, which is no chunk");
  });
}

Result<> read_chunks(Inspection& inspection) {
  ChunkComparison comparison(inspection);
  const std::size_t total = inspection.chunks().size();
  std::uint64_t done = 0;
  Result<> going;
  inspection.chunks().for_each([&](const KnownChunk& chunk) {
    if (going) going = inspection.going_on();
    if (!going) return;
    if (!is_too_short(chunk)) comparison.compare(chunk);
    inspection.system().progress({"read chunks", ++done, total});
  });
  return going;
}

}  // namespace unswept::engine
