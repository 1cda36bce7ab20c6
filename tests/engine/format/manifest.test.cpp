#include "engine/format/manifest.h"

#include "tests/catch.h"
#include "tests/engine/format/examples.h"

namespace unswept::engine {
namespace {

using test::digest_of;

constexpr const char* kExample = R"({
  "backup-id": "100",
  "backup-time": 1700000000,
  "backup-type": "vm",
  "files": [
    {
      "crypt-mode": "none",
      "csum": "2f19e809862bc295db864a0a12ac074c7ce47ef3dce176507224385af2271e7d",
      "filename": "drive-scsi0.img.fidx",
      "size": 65541
    }
  ],
  "signature": null,
  "unprotected": {}
})";

Manifest parsed(std::string_view json) { return Manifest::parse(json).value(); }

/// The smallest manifest, with `text` instead of `old`.
std::string changed(std::string_view old, std::string_view text) {
  std::string json = R"({"backup-type":"ct","backup-id":"x","backup-time":1,"files":[]})";
  return json.replace(json.find(old), old.size(), text);
}

TEST_CASE("manifest: the example of the format is parsed and printed unchanged", "[manifest]") {
  const Manifest manifest = parsed(kExample);
  CHECK(manifest.snapshot.path() == "vm/100/2023-11-14T22:13:20Z");
  REQUIRE(manifest.files.size() == 1);
  CHECK(manifest.files[0].filename == "drive-scsi0.img.fidx");
  CHECK(manifest.files[0].size == 65541);
  CHECK(manifest.files[0].csum ==
        digest_of("2f19e809862bc295db864a0a12ac074c7ce47ef3dce176507224385af2271e7d"));
  CHECK(manifest.find("drive-scsi0.img.fidx") == &manifest.files[0]);
  CHECK(manifest.find("other.fidx") == nullptr);
  CHECK(manifest.print() == kExample);
}

TEST_CASE("manifest: one built from nothing prints like the example", "[manifest]") {
  Manifest manifest;
  manifest.snapshot = SnapshotId::parse("vm/100/2023-11-14T22:13:20Z").value();
  manifest.files.push_back(
      {"drive-scsi0.img.fidx", CryptMode::none, 65541,
       digest_of("2f19e809862bc295db864a0a12ac074c7ce47ef3dce176507224385af2271e7d")});
  CHECK(manifest.print() == kExample);
}

TEST_CASE("manifest: known keys survive, unknown ones are lost, unprotected stays as it is",
          "[manifest]") {
  const Manifest manifest = parsed(
      R"({"backup-type":"host","backup-id":"a","backup-time":5,"signature":"ab","extra":1,
          "files":[{"filename":"f.blob","crypt-mode":"sign-only","size":24,"more":2,
                    "csum":"0000000000000000000000000000000000000000000000000000000000000000"}],
          "unprotected":{"z":[1,{"y":null}],"notes":"n","a":1.5}})");
  CHECK(manifest.print() == R"({
  "backup-id": "a",
  "backup-time": 5,
  "backup-type": "host",
  "files": [
    {
      "crypt-mode": "sign-only",
      "csum": "0000000000000000000000000000000000000000000000000000000000000000",
      "filename": "f.blob",
      "size": 24
    }
  ],
  "signature": "ab",
  "unprotected": {
    "a": 1.5,
    "notes": "n",
    "z": [
      1,
      {
        "y": null
      }
    ]
  }
})");
}

TEST_CASE("manifest: notes, verify result and statistics live in unprotected", "[manifest]") {
  Manifest manifest = parsed(kExample);
  CHECK_FALSE(manifest.notes().has_value());
  CHECK_FALSE(manifest.verify_result().has_value());
  CHECK_FALSE(manifest.upload_statistics().has_value());

  manifest.set_notes("first \"line\"\nsecond");
  manifest.set_verify_result({VerifyState::failed, "UPID:x"});
  manifest.set_upload_statistics({3, 12, 9, 1});

  const Manifest again = parsed(manifest.print());
  CHECK(again.notes() == "first \"line\"\nsecond");
  CHECK(again.verify_result() == VerifyResult{VerifyState::failed, "UPID:x"});
  CHECK(again.upload_statistics() == UploadStatistics{3, 12, 9, 1});
  CHECK(again.print() == manifest.print());
}

TEST_CASE("manifest: a verify state that is not understood counts as none", "[manifest]") {
  for (const char* state : {R"("ok")", R"({"state":"ok"})", R"({"state":"good","upid":"x"})"}) {
    const std::string unprotected = R"("files":[],"unprotected":{"verify_state":)";
    const Manifest manifest =
        parsed(changed(R"("files":[])", unprotected + std::string(state) + "}"));
    CHECK_FALSE(manifest.verify_result().has_value());
  }
}

TEST_CASE("manifest: optional keys may be missing", "[manifest]") {
  const Manifest manifest = parsed(changed("x", "x"));
  CHECK(manifest.files.empty());
  CHECK_FALSE(manifest.signature.has_value());
  CHECK_FALSE(manifest.key_fingerprint().has_value());
}

TEST_CASE("manifest: what is missing or of the wrong type is refused", "[manifest]") {
  CHECK_FALSE(Manifest::parse("").has_value());
  CHECK_FALSE(Manifest::parse("[]").has_value());
  CHECK_FALSE(Manifest::parse("{").has_value());
  CHECK_FALSE(Manifest::parse("\xff").has_value());
  CHECK_FALSE(Manifest::parse(changed("\"ct\"", "\"qemu\"")).has_value());
  CHECK_FALSE(Manifest::parse(changed("\"x\"", "\"../x\"")).has_value());
  CHECK_FALSE(Manifest::parse(changed("\"x\"", "7")).has_value());
  CHECK_FALSE(Manifest::parse(changed(":1", ":\"1\"")).has_value());
  CHECK_FALSE(Manifest::parse(changed(":1", ":1.5")).has_value());
  CHECK_FALSE(Manifest::parse(changed(":1", ":999999999999")).has_value());
  CHECK_FALSE(Manifest::parse(changed(":1", ":18446744073709551615")).has_value());
  CHECK_FALSE(Manifest::parse(changed("\"files\":[]", "\"files\":{}")).has_value());
  CHECK_FALSE(Manifest::parse(changed("[]", "[1]")).has_value());
  CHECK_FALSE(Manifest::parse(changed("[]", "[], \"unprotected\":[]")).has_value());
  CHECK_FALSE(Manifest::parse(changed("[]", "[], \"signature\":1")).has_value());
}

TEST_CASE("manifest: a file needs a name, a size and a csum, and a known crypt-mode",
          "[manifest]") {
  const std::string csum = R"("csum":")" + std::string(64, '0') + '"';
  const auto accepts = [&](const std::string& file) {
    return Manifest::parse(changed("[]", "[{" + file + "}]")).has_value();
  };
  CHECK(accepts(R"("filename":"a","size":0,)" + csum));
  CHECK_FALSE(accepts(R"("size":0,)" + csum));
  CHECK_FALSE(accepts(R"("filename":"a",)" + csum));
  CHECK_FALSE(accepts(R"("filename":"a","size":-1,)" + csum));
  CHECK_FALSE(accepts(R"("filename":"a","size":0,"csum":"00")"));
  CHECK_FALSE(accepts(R"("filename":"a","size":0,"crypt-mode":"rot13",)" + csum));
}

TEST_CASE("manifest: one that nests too deep is refused, however deep", "[manifest]") {
  const auto nested = [](std::size_t levels) {
    const std::string value = std::string(levels, '[') + std::string(levels, ']');
    return Manifest::parse(changed("[]", R"([],"unprotected":{"x":)" + value + "}"));
  };
  REQUIRE(nested(100).has_value());
  CHECK(parsed(nested(100)->print()) == *nested(100));
  CHECK_FALSE(nested(200).has_value());
  CHECK_FALSE(nested(5'000'000).has_value());
}

TEST_CASE("manifest: brackets in text are no nesting", "[manifest]") {
  const std::string text = R"(\"\\)" + std::string(1000, '[');
  CHECK(
      Manifest::parse(changed("[]", R"([],"unprotected":{"notes":")" + text + "\"}")).has_value());
}

}  // namespace
}  // namespace unswept::engine
