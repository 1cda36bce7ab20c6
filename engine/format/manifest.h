// engine/format/manifest.h: what a snapshot says about itself (the JSON inside index.json.blob).
//
// Like the upstream server, reading and writing again keeps the known keys and
// `unprotected` as a whole; other keys are lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/format/names.h"

namespace unswept::engine {

enum class CryptMode : std::uint8_t { none, encrypt, sign_only };

struct ManifestFile {
  std::string filename;
  CryptMode crypt_mode = CryptMode::none;
  /// Of an index: the size of the image or stream; of a blob: the length of the file.
  std::uint64_t size = 0;
  /// Of an index: its csum; of a blob: SHA-256 of the file.
  Digest csum;
  bool operator==(const ManifestFile&) const = default;
};

enum class VerifyState : std::uint8_t { ok, failed };

struct VerifyResult {
  VerifyState state = VerifyState::ok;
  std::string upid;
  bool operator==(const VerifyResult&) const = default;
};

struct UploadStatistics {
  std::uint64_t count = 0;
  std::uint64_t size = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t duplicates = 0;
  bool operator==(const UploadStatistics&) const = default;
};

class Manifest {
 public:
  SnapshotId snapshot;
  std::vector<ManifestFile> files;
  /// Hex HMAC, kept as it is.
  std::optional<std::string> signature;

  static Result<Manifest> parse(std::string_view json);
  /// Pretty, two spaces, keys in alphabetical order, no newline at the end.
  std::string print() const;

  const ManifestFile* find(std::string_view filename) const;

  bool operator==(const Manifest&) const = default;

  // Keys of `unprotected`.  The getters give nothing where the key is missing or is not what it
  // should be.
  std::optional<std::string> notes() const;
  void set_notes(std::string_view notes);
  std::optional<VerifyResult> verify_result() const;
  void set_verify_result(const VerifyResult& result);
  std::optional<UploadStatistics> upload_statistics() const;
  void set_upload_statistics(const UploadStatistics& statistics);
  std::optional<std::string> key_fingerprint() const;

 private:
  /// The JSON text of the object, compact.
  std::string unprotected_ = "{}";
};

}  // namespace unswept::engine
