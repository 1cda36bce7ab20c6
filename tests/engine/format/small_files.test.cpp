// Owner, status, journal, digests and chunk names: formats of a line or two.
#include "engine/format/chunk_names.h"
#include "engine/format/gc_status.h"
#include "engine/format/journal.h"
#include "engine/format/owner.h"
#include "engine/format/sha256.h"
#include "tests/catch.h"
#include "tests/engine/format/examples.h"

namespace unswept::engine {
namespace {

using test::digest_of;

// --- owner -----------------------------------------------------------------------------------

AuthId auth(std::string_view text) { return AuthId::parse(text).value(); }

TEST_CASE("owner: users and tokens", "[owner]") {
  CHECK(auth("root@pam") == AuthId::root());
  CHECK_FALSE(auth("root@pam").is_token());
  CHECK(auth("root@pam!backup").is_token());
  CHECK(auth("root@pam!backup").user() == "root@pam");
  CHECK(auth("a@b@pbs").user() == "a@b@pbs");
  CHECK(auth("a!b@pbs!t").user() == "a!b@pbs");
}

TEST_CASE("owner: what is not user@realm or user@realm!token is refused", "[owner]") {
  for (const std::string bad :
       {"", "root", "@pam", "root@", "ro ot@pam", "ro:ot@pam", "r/t@pam", "root@p am", "root@pam!",
        "root@pam!a b", "ro\tot@pam", "a@", "r\xff@pam"}) {
    CHECK_FALSE(AuthId::parse(bad).has_value());
  }
  CHECK(AuthId::parse("u@" + std::string(62, 'r')).has_value());
  CHECK_FALSE(AuthId::parse("u@" + std::string(63, 'r')).has_value());
}

TEST_CASE("owner: a token's group is its user's, not the other way round", "[owner]") {
  CHECK(owns(auth("a@pbs"), auth("a@pbs")));
  CHECK(owns(auth("a@pbs!t"), auth("a@pbs")));
  CHECK_FALSE(owns(auth("a@pbs"), auth("a@pbs!t")));
  CHECK_FALSE(owns(auth("a@pbs!t"), auth("a@pbs!u")));
  CHECK_FALSE(owns(auth("a@pbs"), auth("b@pbs")));
}

TEST_CASE("owner: the first line counts, trailing white space does not", "[owner]") {
  CHECK(parse_owner_file("root@pam\n").value() == AuthId::root());
  CHECK(parse_owner_file("root@pam").value() == AuthId::root());
  CHECK(parse_owner_file("root@pam \t\r\nsecond@pam\n").value() == AuthId::root());
  CHECK_FALSE(parse_owner_file("").has_value());
  CHECK_FALSE(parse_owner_file("\nroot@pam\n").has_value());
  CHECK(print_owner_file(AuthId::root()) == "root@pam\n");
}

// --- status ------------------------------------------------------------------------------------

GcStatus full_status() {
  GcStatus status;
  status.upid = "UPID:a";
  status.index_file_count = 1;
  status.index_data_bytes = 2;
  status.disk_bytes = 3;
  status.disk_chunks = 4;
  status.removed_bytes = 5;
  status.removed_chunks = 6;
  status.pending_bytes = 7;
  status.pending_chunks = 8;
  status.removed_bad = 9;
  status.still_bad = 10;
  status.cache = {11, 12};
  return status;
}

TEST_CASE("gc status: compact JSON with the keys of the format", "[gc-status]") {
  CHECK(full_status().print() ==
        R"({"upid":"UPID:a","index-file-count":1,"index-data-bytes":2,"disk-bytes":3,)"
        R"("disk-chunks":4,"removed-bytes":5,"removed-chunks":6,"pending-bytes":7,)"
        R"("pending-chunks":8,"removed-bad":9,"still-bad":10,)"
        R"("cache-stats":{"hits":11,"misses":12}})");
  CHECK(GcStatus::parse(full_status().print()) == full_status());
  CHECK(GcStatus::parse(GcStatus{}.print()) == GcStatus{});
}

TEST_CASE("gc status: what cannot be understood is all zero", "[gc-status]") {
  CHECK(GcStatus::parse("") == GcStatus{});
  CHECK(GcStatus::parse("nonsense") == GcStatus{});
  std::string without_one = full_status().print();
  without_one.replace(without_one.find("still-bad"), 9, "other-bad");
  CHECK(GcStatus::parse(without_one) == GcStatus{});
}

// --- journal -------------------------------------------------------------------------------------

TEST_CASE("journal: a record is an absolute UTF-8 path and a newline", "[journal]") {
  std::string out;
  CHECK(append_journal_record(out, "/store/ns/a/vm/1/t/a.fidx").has_value());
  CHECK(append_journal_record(out, "/\xc3\xa4").has_value());
  CHECK(out == "/store/ns/a/vm/1/t/a.fidx\n/\xc3\xa4\n");
  for (const char* bad : {"", "relative.fidx", "/a\nb", "/\xff", "/\xc0\xaf", "/\xed\xa0\x80"}) {
    CHECK_FALSE(append_journal_record(out, bad).has_value());
  }
  CHECK(out.size() == 30);
}

TEST_CASE("journal: reading trims white space and skips blank lines", "[journal]") {
  JournalReader reader("/a\n\n  /b c \t\r\n \n/d");
  CHECK(reader.next() == "/a");
  CHECK(reader.next() == "/b c");
  CHECK(reader.next() == "/d");
  CHECK_FALSE(reader.next().has_value());
  CHECK_FALSE(JournalReader("").next().has_value());
}

// --- digests and chunk names
// -----------------------------------------------------------------------

TEST_CASE("digest: hex in lower case, parsed in either", "[digest]") {
  CHECK(sha256(as_bytes("hello")).hex() == test::kHelloDigest);
  Sha256 hash;
  CHECK(hash.update(as_bytes("he")).update(as_bytes("llo")).finish().hex() == test::kHelloDigest);
  CHECK(hash.update(as_bytes("hello")).finish().hex() == test::kHelloDigest);
  std::string upper = test::kHelloDigest;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  CHECK(digest_of(upper) == digest_of(test::kHelloDigest));
  CHECK_FALSE(Digest::parse(upper.substr(1)).has_value());
  CHECK_FALSE(Digest::parse(upper.replace(3, 1, "g")).has_value());
}

TEST_CASE("digest: the all-zero chunk of 4 MiB has its well-known digest", "[digest]") {
  CHECK(sha256(Bytes(4 << 20)).hex() ==
        "bb9f8df61474d25e71fa00722318cd387396ca1736605e1248821cc0de3d3af8");
}

TEST_CASE("chunk names: directory by the first four digits", "[chunk-names]") {
  const Digest digest = digest_of(test::kHelloDigest);
  CHECK(chunk_path(digest) == ".chunks/2cf2/" + digest.hex());
  CHECK(bad_chunk_path(digest, 3) == ".chunks/2cf2/" + digest.hex() + ".3.bad");
  std::string path = "/base/";
  append_chunk_path(path, digest);
  CHECK(path == "/base/.chunks/2cf2/" + digest.hex());
  CHECK(chunk_directory_name(0) == "0000");
  CHECK(chunk_directory_name(0xabcd) == "abcd");
  CHECK(parse_chunk_directory_name("abcd") == 0xabcd);
  for (const char* bad : {"", "abc", "ABCD", "abcde", "abcg"}) {
    CHECK_FALSE(parse_chunk_directory_name(bad).has_value());
  }
}

TEST_CASE("chunk names: the sweep knows chunks, bad chunks and markers, and nothing else",
          "[chunk-names]") {
  const std::string hex = test::kHelloDigest;
  const auto kind = [&](const std::string& suffix) -> std::optional<ChunkFileKind> {
    const auto name = parse_chunk_file_name(hex + suffix);
    return name ? std::optional(name->kind) : std::nullopt;
  };
  CHECK(kind("") == ChunkFileKind::chunk);
  CHECK(kind(".0.bad") == ChunkFileKind::bad);
  CHECK(kind(".9.bad") == ChunkFileKind::bad);
  CHECK(kind(".using") == ChunkFileKind::used_marker);
  for (const char* suffix : {".tmp_AbCdEf", ".10.bad", ".bad", ".x.bad", ".using2", "0", "."}) {
    CHECK_FALSE(kind(suffix).has_value());
  }
  CHECK_FALSE(parse_chunk_file_name(hex.substr(1)).has_value());
  CHECK_FALSE(parse_chunk_file_name("").has_value());
}

}  // namespace
}  // namespace unswept::engine
