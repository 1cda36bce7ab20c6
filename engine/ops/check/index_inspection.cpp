#include "engine/ops/check/index_inspection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/store/index_file.h"

namespace unswept::engine {
namespace {

class IndexInspection {
 public:
  IndexInspection(Inspection& inspection, const std::string& path, IndexPlace place,
                  const ManifestFile* listed, const IndexView& index)
      : inspection_(inspection), path_(path), place_(place), listed_(listed), index_(index) {}

  Result<> run() {
    check_sums();
    for (std::size_t i = 0; i < index_.chunk_count(); ++i) {
      if (auto going = inspection_.going_on(); !going) return going;
      check_entry(i);
    }
    tell();
    return {};
  }

 private:
  void bad(std::string why) { inspection_.error(FindingKind::bad_index, path_, std::move(why)); }

  void check_sums() {
    const Digest csum = index_.computed_csum();
    if (csum != index_.stored_csum()) bad("the checksum in its header is not that of its table");
    if (listed_ == nullptr) return;
    if (csum != listed_->csum) bad("the checksum differs from the manifest");
    if (index_.data_size() != listed_->size) bad("the size differs from the manifest");
  }

  void check_entry(std::size_t i) {
    const std::uint64_t begin = index_.chunk_begin(i);
    const std::uint64_t end = index_.chunk_end(i);
    if (end <= begin || end - begin > KnownChunk::kTooLong) {
      ++impossible_;
      return;
    }
    refer_to(index_.digest(i), static_cast<std::uint32_t>(end - begin), begin);
  }

  void refer_to(const Digest& digest, std::uint32_t length, std::uint64_t offset) {
    const auto found = find(digest);
    if (!found && found.error() != os::Errno::no_such_file_or_directory) {
      ++hidden_;
      return;
    }
    KnownChunk* const chunk = found.value_or(nullptr);
    if (chunk == nullptr) {
      if (missing_++ == 0) first_missing_ = {digest, offset};
      if (place_ == IndexPlace::finished) inspection_.count_missing(digest);
      return;
    }
    if (!chunk->is_referenced()) {
      chunk->length = length;
      chunk->encrypted = listed_ != nullptr && listed_->crypt_mode == CryptMode::encrypt;
    } else if (chunk->length != length) {
      ++disputed_;
    }
  }

  /// A chunk that is not in the table may have been stored since the table was made.
  os::Result<KnownChunk*> find(const Digest& digest) {
    if (KnownChunk* chunk = inspection_.chunks().find(digest)) return chunk;
    const auto stat = inspection_.system().stat(inspection_.store().chunks().path(digest));
    if (!stat) return os::fail(stat.error());
    return &inspection_.chunks().add_late(digest, stat->size);
  }

  void tell() {
    inspection_.report().references += index_.chunk_count();
    if (impossible_ > 0)
      bad(std::to_string(impossible_) + " of its entries cover no bytes, or far too many");
    if (disputed_ > 0)
      bad(std::to_string(disputed_) + " of its chunks have another length in other indexes");
    if (hidden_ > 0)
      inspection_.error(
          FindingKind::unreadable, path_,
          std::to_string(hidden_) + " of its references lead where nobody may look for the chunks");
    if (missing_ == 0) return;
    // A snapshot that was removed meanwhile needs no chunks, and they may have been swept.
    if (!inspection_.store().exists(path_)) return;
    std::string message = std::to_string(missing_) + " of " + std::to_string(index_.chunk_count()) +
                          " references lead to no chunk; the first, at offset " +
                          std::to_string(first_missing_.offset) + ", is " +
                          first_missing_.digest.hex();
    if (place_ == IndexPlace::finished) {
      inspection_.error(FindingKind::missing_chunk, path_, std::move(message));
    } else {
      inspection_.remark(FindingKind::missing_chunk, path_, std::move(message));
    }
  }

  struct Missing {
    Digest digest;
    std::uint64_t offset = 0;
  };

  Inspection& inspection_;
  const std::string& path_;
  IndexPlace place_;
  const ManifestFile* listed_;
  const IndexView& index_;
  std::uint64_t impossible_ = 0;
  std::uint64_t disputed_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t hidden_ = 0;  // neither found nor known to be missing
  Missing first_missing_;
};

}  // namespace

Result<> inspect_index(Inspection& inspection, const std::string& path, IndexPlace place,
                       const ManifestFile* listed) {
  const auto index = IndexFile::open(inspection.system(), path);
  if (!index) {
    inspection.error(FindingKind::bad_index, path,
                     index.error().message + "; garbage collection refuses to run with it there");
    return {};
  }
  if (!*index) return {};
  ++inspection.report().indexes;
  return IndexInspection(inspection, path, place, listed, (*index)->view()).run();
}

}  // namespace unswept::engine
