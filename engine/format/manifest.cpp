#include "engine/format/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace unswept::engine {
namespace {

// Sorted by key, as the file wants it.
using Json = nlohmann::json;

constexpr auto kReplaceBadText = Json::error_handler_t::replace;

std::unexpected<Error> invalid(const std::string& why) {
  return fail(ErrorKind::invalid, "invalid manifest: " + why);
}

/// The member `key` of `object`, or null.
const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> text_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<std::uint64_t> count_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value || !value->is_number_unsigned()) return std::nullopt;
  return value->get<std::uint64_t>();
}

std::string_view to_string(CryptMode mode) {
  switch (mode) {
    case CryptMode::none:
      return "none";
    case CryptMode::encrypt:
      return "encrypt";
    case CryptMode::sign_only:
      return "sign-only";
  }
  return {};
}

Result<CryptMode> parse_crypt_mode(const Json& file) {
  const Json* value = member(file, "crypt-mode");
  if (!value) return CryptMode::none;
  for (const CryptMode mode : {CryptMode::none, CryptMode::encrypt, CryptMode::sign_only}) {
    if (*value == to_string(mode)) return mode;
  }
  return invalid("unknown crypt-mode");
}

Result<ManifestFile> parse_file(const Json& json) {
  auto filename = text_of(json, "filename");
  if (!filename) return invalid("a file without 'filename'");
  const auto size = count_of(json, "size");
  if (!size) return invalid("'" + *filename + "' without 'size'");
  const auto csum = Digest::parse(text_of(json, "csum").value_or(""));
  if (!csum) return invalid("'" + *filename + "' without a 'csum' of 64 hex digits");
  auto mode = parse_crypt_mode(json);
  if (!mode) return forward_error(mode);
  return ManifestFile{std::move(*filename), *mode, *size, *csum};
}

Json to_json(const ManifestFile& file) {
  return Json{{"filename", file.filename},
              {"crypt-mode", to_string(file.crypt_mode)},
              {"size", file.size},
              {"csum", file.csum.hex()}};
}

Result<SnapshotId> parse_snapshot(const Json& json) {
  const auto type = parse_backup_type(text_of(json, "backup-type").value_or(""));
  if (!type) return invalid("'backup-type' is not vm, ct or host");
  auto id = text_of(json, "backup-id");
  if (!id || !is_backup_id(*id)) return invalid("no valid 'backup-id'");
  const Json* seconds = member(json, "backup-time");
  if (!seconds || !seconds->is_number_integer()) return invalid("no integer 'backup-time'");
  // A number past the signed ones would turn negative.
  const bool fits =
      !seconds->is_number_unsigned() || std::in_range<std::int64_t>(seconds->get<std::uint64_t>());
  if (!fits) return invalid("'backup-time' is out of range");
  const auto time = SnapshotTime::from_seconds(seconds->get<std::int64_t>());
  if (!time) return invalid("'backup-time' is out of range");
  return SnapshotId{{*type, std::move(*id)}, *time};
}

Result<std::vector<ManifestFile>> parse_files(const Json& json) {
  const Json* array = member(json, "files");
  if (!array || !array->is_array()) return invalid("no array 'files'");
  std::vector<ManifestFile> files;
  files.reserve(array->size());
  for (const Json& element : *array) {
    auto file = parse_file(element);
    if (!file) return forward_error(file);
    files.push_back(std::move(*file));
  }
  return files;
}

Result<std::optional<std::string>> parse_signature(const Json& json) {
  const Json* value = member(json, "signature");
  if (!value || value->is_null()) return std::nullopt;
  if (!value->is_string()) return invalid("'signature' is not a string");
  return value->get<std::string>();
}

Result<std::string> parse_unprotected(const Json& json) {
  const Json* value = member(json, "unprotected");
  if (!value || value->is_null()) return "{}";
  if (!value->is_object()) return invalid("'unprotected' is not an object");
  return value->dump();
}

/// Printing JSON takes stack for each level, so what a stranger wrote must not have any number.
constexpr std::size_t kMaxNesting = 127;

bool nests_too_deep(std::string_view json) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxNesting) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// `object` (the text of a JSON object that was parsed before) with one key set.
std::string with_key(const std::string& object, const char* key, Json value) {
  Json json = Json::parse(object);
  json[key] = std::move(value);
  return json.dump(-1, ' ', false, kReplaceBadText);
}

}  // namespace

Result<Manifest> Manifest::parse(std::string_view text) {
  if (nests_too_deep(text)) return invalid("it is nested too deeply");
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return invalid("it is not a JSON object");
  auto snapshot = parse_snapshot(json);
  if (!snapshot) return forward_error(snapshot);
  auto files = parse_files(json);
  if (!files) return forward_error(files);
  auto signature = parse_signature(json);
  if (!signature) return forward_error(signature);
  auto unprotected = parse_unprotected(json);
  if (!unprotected) return forward_error(unprotected);

  Manifest manifest;
  manifest.snapshot = std::move(*snapshot);
  manifest.files = std::move(*files);
  manifest.signature = std::move(*signature);
  manifest.unprotected_ = std::move(*unprotected);
  return manifest;
}

std::string Manifest::print() const {
  Json list = Json::array();
  for (const ManifestFile& file : files) list.push_back(to_json(file));
  Json json{{"backup-type", engine::to_string(snapshot.group.type)},
            {"backup-id", snapshot.group.id},
            {"backup-time", snapshot.time.seconds()},
            {"files", std::move(list)},
            {"signature", nullptr},
            {"unprotected", Json::parse(unprotected_)}};
  if (signature) json["signature"] = *signature;
  return json.dump(2, ' ', false, kReplaceBadText);
}

const ManifestFile* Manifest::find(std::string_view filename) const {
  const auto found = std::ranges::find(files, filename, &ManifestFile::filename);
  return found == files.end() ? nullptr : &*found;
}

std::optional<std::string> Manifest::notes() const {
  return text_of(Json::parse(unprotected_), "notes");
}

void Manifest::set_notes(std::string_view notes) {
  unprotected_ = with_key(unprotected_, "notes", notes);
}

std::optional<VerifyResult> Manifest::verify_result() const {
  // Every backup asks its base, and most were never verified.
  if (unprotected_.find("verify_state") == std::string::npos) return std::nullopt;
  const Json json = Json::parse(unprotected_);
  const Json* result = member(json, "verify_state");
  if (!result) return std::nullopt;
  const auto state = text_of(*result, "state");
  auto upid = text_of(*result, "upid");
  if (!state || !upid || (*state != "ok" && *state != "failed")) return std::nullopt;
  return VerifyResult{*state == "ok" ? VerifyState::ok : VerifyState::failed, std::move(*upid)};
}

void Manifest::set_verify_result(const VerifyResult& result) {
  const char* state = result.state == VerifyState::ok ? "ok" : "failed";
  unprotected_ =
      with_key(unprotected_, "verify_state", Json{{"state", state}, {"upid", result.upid}});
}

std::optional<UploadStatistics> Manifest::upload_statistics() const {
  const Json json = Json::parse(unprotected_);
  const Json* statistics = member(json, "chunk_upload_stats");
  if (!statistics) return std::nullopt;
  const auto count = count_of(*statistics, "count");
  const auto size = count_of(*statistics, "size");
  const auto compressed_size = count_of(*statistics, "compressed_size");
  const auto duplicates = count_of(*statistics, "duplicates");
  if (!count || !size || !compressed_size || !duplicates) return std::nullopt;
  return UploadStatistics{*count, *size, *compressed_size, *duplicates};
}

void Manifest::set_upload_statistics(const UploadStatistics& statistics) {
  unprotected_ = with_key(unprotected_, "chunk_upload_stats",
                          Json{{"count", statistics.count},
                               {"size", statistics.size},
                               {"compressed_size", statistics.compressed_size},
                               {"duplicates", statistics.duplicates}});
}

std::optional<std::string> Manifest::key_fingerprint() const {
  return text_of(Json::parse(unprotected_), "key-fingerprint");
}

}  // namespace unswept::engine
