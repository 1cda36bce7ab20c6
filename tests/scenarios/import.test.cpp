#include "scenarios/setup/import.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "scenarios/builder.h"
#include "scenarios/check/check.h"
#include "scenarios/setup/store.h"
#include "tests/catch.h"
#include "tests/engine/temporary_directory.h"

namespace unswept::scenarios {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;

constexpr const char* kSnapshot = "ns/b/vm/100/2026-01-01T00:00:00Z";

void copy_out(const sim::View& view, sim::InodeNumber directory, const fs::path& to) {
  fs::create_directories(to);
  std::vector<sim::Child> children;
  view.children(directory, children);
  for (const sim::Child& child : children) {
    const fs::path path = to / std::string(child.name);
    if (child.type == os::FileType::directory) {
      copy_out(view, child.inode, path);
      continue;
    }
    const auto content = view.content(child.inode);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
  }
}

ScenarioBuilder actors(const std::vector<std::string>& operations) {
  ScenarioBuilder builder("import");
  for (std::size_t i = 0; i < operations.size(); ++i)
    builder.actor("actor" + std::to_string(i), {operations[i]});
  return builder;
}

/// A store on the disk: b:vm/100 with chunk c1, an orphan o1, and an empty namespace a.
class DiskStore {
 public:
  DiskStore() {
    const Scenario scenario =
        ScenarioBuilder("on-disk")
            .namespaces({"a", "b"})
            .snapshot("b:vm/100/2026-01-01T00:00:00Z", {{"drive.img.fidx", {"c1"}}})
            .orphans({"o1"})
            .build();
    chunks_ = chunks_of(scenario);
    sim::World world;
    auto& system = world.system(world.add_process("set-up"));
    REQUIRE(set_up_store(world, system, scenario, chunks_));
    const sim::View view = world.view();
    copy_out(view, *view.lookup(kStoreBase), base());
  }

  fs::path base() const { return fs::path(directory_.path()) / "store"; }
  fs::path chunk(std::string_view name) const {
    const std::string hex = chunks_.find(name)->digest.hex();
    return base() / ".chunks" / hex.substr(0, 4) / hex;
  }
  fs::path snapshot() const { return base() / kSnapshot; }
  void overwrite(const fs::path& file, std::size_t offset) const {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream << "damage";
    REQUIRE(stream.good());
  }
  Scenario scenario(ScenarioBuilder builder) const {
    Scenario scenario = builder.build();
    scenario.store.import_directory = base().string();
    return scenario;
  }
  auto check(ScenarioBuilder builder) const {
    return scenarios::check(scenario(std::move(builder)), "v8", {});
  }
  reports::CaseResult checked(ScenarioBuilder builder) const {
    auto result = check(std::move(builder));
    INFO((result ? std::string() : result.error()));
    REQUIRE(result);
    return *std::move(result);
  }

 private:
  TemporaryDirectory directory_;
  ChunkCatalogue chunks_;
};

std::vector<std::byte> imported_content(const Scenario& scenario, std::string_view chunk) {
  const ChunkCatalogue catalogue = chunks_of(scenario);
  ChunkCatalogue names;
  const std::string hex = names.add(chunk).digest.hex();
  sim::World world;
  auto& system = world.system(world.add_process("set-up"));
  REQUIRE(set_up_store(world, system, scenario, catalogue));
  const sim::View view = world.view();
  const auto inode =
      view.lookup(std::string(kStoreBase) + "/.chunks/" + hex.substr(0, 4) + '/' + hex);
  REQUIRE(inode);
  const auto content = view.content(*inode);
  return {content.begin(), content.end()};
}

const engine::Bytes& blob(ChunkCatalogue& catalogue, std::string_view name) {
  return catalogue.add(name).blob;
}

TEST_CASE("import: a good store verifies and restores", "[import]") {
  const DiskStore store;
  for (const std::string operation :
       {"verify", "restore vm/100/2026-01-01T00:00:00Z drive.img.fidx --ns b"}) {
    INFO(operation);
    ScenarioBuilder builder = actors({operation});
    const auto result = store.checked(std::move(builder.must_succeed()));
    CHECK(result.verdict == model::Verdict::pass);
    CHECK(result.failed_operations.value() == 0);
  }
}

TEST_CASE("import: the contents of chunks are there when an operation may read them", "[import]") {
  const DiskStore store;
  ChunkCatalogue known;
  const engine::Bytes zeros(blob(known, "c1").size());
  const Scenario gc = store.scenario(actors({"gc"}));
  CHECK(imported_content(gc, "c1") == zeros);
  const Scenario verify = store.scenario(actors({"gc", "verify"}));
  CHECK(imported_content(verify, "c1") == blob(known, "c1"));
  CHECK(imported_content(verify, "o1") == blob(known, "o1"));
  const Scenario backup = store.scenario(actors({"backup vm/200 drive.img.fidx=@o1,c9"}));
  CHECK(imported_content(backup, "o1") == blob(known, "o1"));
  CHECK(imported_content(backup, "c1") == zeros);
}

TEST_CASE("import: what does not fit in memory is refused, with the limit", "[import]") {
  const DiskStore store;
  fs::resize_file(store.chunk("o1"), std::uintmax_t{3} << 30);
  CHECK(store.check(actors({"gc"})).has_value());
  const auto verify = store.check(actors({"verify"}));
  REQUIRE_FALSE(verify);
  CHECK(verify.error() == store.chunk("o1").string() +
                              " does not fit: an import holds at most 2 GiB in memory; this "
                              "scenario verifies or restores, so every chunk is loaded");
  const fs::path index = store.snapshot() / "drive.img.fidx";
  fs::resize_file(index, std::uintmax_t{3} << 30);
  const auto gc = store.check(actors({"gc"}));
  REQUIRE_FALSE(gc);
  CHECK(gc.error() == index.string() + " does not fit: an import holds at most 2 GiB in memory");
}

TEST_CASE("import: a damaged index is bad input, and is named", "[import]") {
  const DiskStore store;
  const fs::path index = store.snapshot() / "drive.img.fidx";
  store.overwrite(index, 4096);
  const auto table = store.check(actors({"gc"}));
  REQUIRE_FALSE(table);
  CHECK(table.error() == index.string() + ": damaged index: its checksum is wrong");
  fs::resize_file(index, 100);
  const auto cut = store.check(actors({"gc"}));
  REQUIRE_FALSE(cut);
  CHECK(cut.error().starts_with(index.string() + ": damaged index: "));
}

bool remarks(const reports::CaseResult& result, const std::string& text) {
  return std::find(result.remarks.begin(), result.remarks.end(), text) != result.remarks.end();
}

TEST_CASE("import: what does not restore from the start is no violation, and is remarked",
          "[import]") {
  const DiskStore store;
  const std::string said = std::string("snapshot ") + kSnapshot +
                           " does not restore from the start, which is not judged: ";
  ChunkCatalogue known;
  const std::string name = known.add("c1").digest.hex().substr(0, 8);
  const std::vector<std::string> gc_and_move = {"gc", "move-group vm/100 --ns b --to a"};

  const auto good = store.checked(actors(gc_and_move));
  CHECK(good.verdict == model::Verdict::pass);
  for (const std::string& remark : good.remarks) CHECK_FALSE(remark.starts_with("snapshot "));

  store.overwrite(store.chunk("c1"), 20);
  const auto damaged = store.checked(actors({"verify"}));
  CHECK(damaged.verdict == model::Verdict::pass);
  CHECK(std::any_of(damaged.remarks.begin(), damaged.remarks.end(), [&](const std::string& text) {
    return text.starts_with(said + "drive.img.fidx: chunk " + name + ": ");
  }));

  fs::remove(store.chunk("c1"));
  const auto missing = store.checked(actors(gc_and_move));
  CHECK(missing.verdict == model::Verdict::pass);
  CHECK(remarks(missing, said + "drive.img.fidx: chunk " + name + " is missing"));

  store.overwrite(store.snapshot() / "index.json.blob", 20);
  CHECK(store.checked(actors(gc_and_move)).verdict == model::Verdict::pass);
}

std::size_t chunk_directories(const Scenario& scenario) {
  sim::World world;
  auto& system = world.system(world.add_process("set-up"));
  REQUIRE(set_up_store(world, system, scenario, chunks_of(scenario)));
  const sim::View view = world.view();
  std::vector<sim::Child> found;
  view.children(*view.lookup(std::string(kStoreBase) + "/.chunks"), found);
  return found.size();
}

TEST_CASE("store: a scenario without chunks gets no directories for them, but for one", "[store]") {
  CHECK(chunk_directories(actors({"ns create a"}).build()) == 1);
  CHECK(chunk_directories(actors({"backup vm/200 drive.img.fidx=@c1,c2"}).build()) == 2);
}

}  // namespace
}  // namespace unswept::scenarios
