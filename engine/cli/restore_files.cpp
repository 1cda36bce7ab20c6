#include "engine/cli/restore_files.h"

#include <algorithm>
#include <utility>

#include "engine/counted.h"
#include "engine/ops/restore.h"
#include "engine/store/atomic_file.h"
#include "engine/store/directory.h"

namespace unswept::engine {
namespace {

constexpr os::Fd kStandardOutput{1};
constexpr std::string_view kPartSuffix = ".part";

std::string_view without_extension(std::string_view archive) {
  return archive.substr(0, archive.rfind('.'));
}

/// "drive.img" for "drive.img.fidx", unless another archive would have the same name then.
std::string file_name(const Manifest& manifest, std::string_view archive) {
  const std::string_view name = without_extension(archive);
  const auto alike = std::ranges::count_if(manifest.files, [&](const ManifestFile& file) {
    return without_extension(file.filename) == name;
  });
  return std::string(alike > 1 ? archive : name);
}

class FileRestore {
 public:
  FileRestore(os::System& system, SnapshotReader& reader) : system_(system), reader_(reader) {}

  Result<std::uint64_t> to_output(std::string_view archive) {
    return copy(archive, kStandardOutput, "the standard output");
  }

  Result<std::uint64_t> to_file(std::string_view archive, const std::string& path) {
    const auto there = system_.stat(path);
    if (there && there->type == os::FileType::directory) {
      return fail(ErrorKind::bad_input, path + " is a directory: write --into " + path +
                                            " to restore all archives into it");
    }
    const bool in_place = there && there->type != os::FileType::regular;
    return in_place ? into_device(archive, path) : into_new_file(archive, path);
  }

 private:
  Result<std::uint64_t> copy(std::string_view archive, os::Fd fd, std::string_view name) {
    return reader_.restore(archive, [&](ByteView data) -> Result<> {
      if (auto done = write_all(system_, fd, data); !done) {
        return os_failure(done.error(), "write", name);
      }
      return {};
    });
  }

  Result<std::uint64_t> into_device(std::string_view archive, const std::string& path) {
    const auto file = os::open_file(system_, path, os::Open::write);
    if (!file) return os_failure(file.error(), "open", path);
    return copy(archive, file->fd(), path);
  }

  Result<std::uint64_t> into_new_file(std::string_view archive, const std::string& path) {
    const std::string part = path + std::string(kPartSuffix);
    auto file =
        os::open_file(system_, part, os::Open::write | os::Open::create | os::Open::exclusive);
    if (!file && file.error() == os::Errno::file_exists) {
      return fail(ErrorKind::refused, part +
                                          " is there already: another restore writes it, or one "
                                          "was killed; remove it, or choose another file");
    }
    if (!file) return os_failure(file.error(), "create", part);
    auto bytes = copy(archive, file->fd(), part);
    file->close();
    if (bytes) {
      if (auto named = system_.rename(part, path); !named) {
        bytes = os_failure(named.error(), "rename to", path);
      }
    }
    if (!bytes) (void)system_.unlink(part);
    return bytes;
  }

  os::System& system_;
  SnapshotReader& reader_;
};

class SnapshotRestore {
 public:
  SnapshotRestore(os::System& system, SnapshotReader& reader, const Restore& restore,
                  Unnamed unnamed)
      : system_(system), reader_(reader), restore_(restore), unnamed_(unnamed) {}

  Result<RestoreResult> run() {
    if (auto restorable = check(); !restorable) return forward_error(restorable);
    if (!restore_.directory.empty()) {
      if (auto made = make_directories(system_, restore_.directory); !made) {
        return os_failure(made.error(), "create directory", restore_.directory);
      }
    }
    RestoreResult result;
    for (const std::string& archive : archives()) {
      auto restored = one(archive);
      if (!restored) return std::unexpected(with_progress(std::move(restored.error()), result));
      result.archives.push_back(std::move(*restored));
    }
    return result;
  }

 private:
  std::vector<std::string> archives() const {
    if (!restore_.archive.empty()) return {restore_.archive};
    std::vector<std::string> names;
    for (const ManifestFile& file : reader_.manifest().files) names.push_back(file.filename);
    return names;
  }

  Result<> check() const {
    for (const std::string& archive : archives()) {
      if (auto restorable = reader_.check_restorable(archive); !restorable) return restorable;
    }
    return {};
  }

  std::string path_of(const std::string& archive) const {
    if (restore_.directory.empty()) {
      return restore_.file == kStandardStream ? std::string() : restore_.file;
    }
    return restore_.directory + '/' + file_name(reader_.manifest(), archive);
  }

  Result<RestoredArchive> one(const std::string& archive) {
    RestoredArchive restored{archive, path_of(archive), 0};
    FileRestore files(system_, reader_);
    const auto bytes = !restored.file.empty() ? files.to_file(archive, restored.file)
                       : unnamed_ == Unnamed::output
                           ? files.to_output(archive)
                           : reader_.restore(archive, [](ByteView) { return Result<>(); });
    if (!bytes) return std::unexpected(bytes.error());
    restored.bytes = *bytes;
    return restored;
  }

  static Error with_progress(Error error, const RestoreResult& result) {
    if (error.kind == ErrorKind::aborted) {
      error.message += "; " + counted(result.archives.size(), "archive") + " had been restored";
    }
    return error;
  }

  os::System& system_;
  SnapshotReader& reader_;
  const Restore& restore_;
  Unnamed unnamed_;
};

}  // namespace

std::uint64_t RestoreResult::bytes() const {
  std::uint64_t sum = 0;
  for (const RestoredArchive& archive : archives) sum += archive.bytes;
  return sum;
}

Result<RestoreResult> restore_files(const Datastore& store, BlobCodec& codec,
                                    const Restore& restore, Unnamed unnamed) {
  auto reader = SnapshotReader::open(store, codec, restore.ns, restore.snapshot);
  if (!reader) return forward_error(reader);
  return SnapshotRestore(store.system(), *reader, restore, unnamed).run();
}

}  // namespace unswept::engine
