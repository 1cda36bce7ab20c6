// Manifests: the JSON in index.json.blob.
#include "engine/format/manifest.h"

#include "engine/format/sha256.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

using engine::Manifest;

void check_getters(const Manifest& manifest) {
  (void)manifest.notes();
  (void)manifest.verify_result();
  (void)manifest.upload_statistics();
  (void)manifest.key_fingerprint();
  for (const auto& file : manifest.files) require(manifest.find(file.filename) != nullptr);
}

/// What a setter was told is what the getter says, and the rest stays.
void check_setters(Manifest manifest) {
  manifest.set_notes("a note");
  manifest.set_verify_result({engine::VerifyState::failed, "UPID:x"});
  manifest.set_upload_statistics({1, 2, 3, 4});
  const auto again = Manifest::parse(manifest.print());
  require(again.has_value() && *again == manifest);
  require(again->notes() == "a note");
  require(again->verify_result() == engine::VerifyResult{engine::VerifyState::failed, "UPID:x"});
  require(again->upload_statistics() == engine::UploadStatistics{1, 2, 3, 4});
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  Manifest manifest;
  manifest.snapshot = engine::SnapshotId::parse("vm/100/2023-11-14T22:13:20Z").value();
  std::vector<std::string> texts = {manifest.print()};
  const auto csum = engine::sha256(engine::as_bytes(std::string_view("x")));
  manifest.files = {{"drive-scsi0.img.fidx", engine::CryptMode::none, 65541, csum},
                    {"root.pxar.didx", engine::CryptMode::encrypt, 17, csum},
                    {"qemu-server.conf.blob", engine::CryptMode::sign_only, 24, csum}};
  texts.push_back(manifest.print());
  manifest.signature = csum.hex();
  manifest.set_notes("notes");
  manifest.set_verify_result({engine::VerifyState::ok, "UPID:host:0:0:0:0:verify:store:root@pam:"});
  manifest.set_upload_statistics({10, 20, 30, 40});
  texts.push_back(manifest.print());
  return text_seeds(std::vector<std::string_view>(texts.begin(), texts.end()));
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto manifest = engine::Manifest::parse(fuzz::input_text(data, size));
  if (!manifest) return 0;
  fuzz::check_getters(*manifest);
  const auto again = engine::Manifest::parse(manifest->print());
  fuzz::require(again.has_value() && *again == *manifest);
  fuzz::check_setters(*manifest);
  return 0;
}
