// Each promise has teeth: an actor that does by hand what no operation should do is caught.
#include <functional>

#include "engine/points.h"
#include "model/explore/replay.h"
#include "scenarios/parse/parse.h"
#include "scenarios/promises/final_judge.h"
#include "scenarios/promises/watch.h"
#include "scenarios/setup/files.h"
#include "scenarios/setup/store.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

constexpr std::string_view kStore = R"(format = 1
name = "x"
[store]
namespaces = ["a", "b", "c"]
snapshots = [{ at = "a:vm/100/2026-01-01T00:00:00Z", archives = { "d.img.fidx" = ["c1", "c2"] } }]
orphans = ["o1"]
[[actor]]
name = "gc"
do = ["move-group vm/100 --ns a --to b"]
)";

const std::string kSnapshot = "/store/ns/a/vm/100/2026-01-01T00:00:00Z";

/// A store, one actor that does `body` by system calls, and all judges.
class Vandal {
 public:
  using Body = std::function<void(os::System&, const ChunkCatalogue&)>;

  explicit Vandal(Body body) : scenario_(*parse_scenario(kStore, "x.toml")) {
    chunks_ = chunks_of(scenario_);
    process_ = world_.add_process("daemon");
    REQUIRE(set_up_store(world_, world_.system(process_), scenario_, chunks_));
    world_.add_actor({.name = "vandal", .process = process_, .after = {}},
                     [this, body] { body(world_.system(process_), chunks_); });
    const Judged judged = Judged::by(scenario_.check);
    watch_ = std::make_unique<Watch>(world_, chunks_, judged);
    world_.set_monitor(watch_.get());
    world_.set_checked(true);
    world_.seal();
    final_ = std::make_unique<FinalJudge>(world_, *watch_, codec_, scenario_);
  }

  /// What broke, in order: "promise: explanation".
  std::vector<std::string> run() {
    model::Ending ending = world_.run(straight_on_);
    const auto& found = final_->judge(0);
    ending.violations.insert(ending.violations.end(), found.begin(), found.end());
    std::vector<std::string> broken;
    for (const model::Violation& violation : ending.violations)
      broken.push_back(violation.promise + ": " + violation.explanation);
    return broken;
  }

 private:
  class StraightOn final : public model::Chooser {
    model::ActorId pick(const model::Situation&) override { return 0; }
    std::uint32_t choose(model::ActorId, model::ChoiceKind, std::uint32_t) override { return 0; }
    void taken(const model::Step&) override {}
  };

  Scenario scenario_;
  ChunkCatalogue chunks_;
  sim::World world_;
  sim::ProcessId process_{};
  engine::BlobCodec codec_;
  StraightOn straight_on_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<FinalJudge> final_;
};

std::string chunk_path(const ChunkCatalogue& chunks, std::string_view name) {
  const std::string hex = chunks.find(name)->digest.hex();
  return "/store/.chunks/" + hex.substr(0, 4) + '/' + hex;
}

std::vector<std::string> broken_by(Vandal::Body body) { return Vandal(std::move(body)).run(); }

TEST_CASE("promises: a store that is left alone breaks none", "[promises]") {
  CHECK(broken_by([](os::System&, const ChunkCatalogue&) {}).empty());
  CHECK(broken_by([](os::System& system, const ChunkCatalogue& chunks) {
          (void)system.unlink(chunk_path(chunks, "o1"));
        }).empty());
}

TEST_CASE("promises: removing a referenced chunk is caught, twice", "[promises]") {
  const auto broken = broken_by([](os::System& system, const ChunkCatalogue& chunks) {
    (void)system.unlink(chunk_path(chunks, "c2"));
  });
  REQUIRE(broken.size() == 2);
  CHECK(broken[0] ==
        "no-referenced-chunk-swept: chunk c2 is referenced by "
        "ns/a/vm/100/2026-01-01T00:00:00Z/d.img.fidx, and was removed");
  CHECK(broken[1] ==
        "snapshots-restorable: snapshot ns/a/vm/100/2026-01-01T00:00:00Z does not restore: "
        "d.img.fidx: chunk c2 is missing");
}

TEST_CASE("promises: an unmarked chunk is caught at the end of the mark", "[promises]") {
  const auto mark = [](std::vector<std::string> names) {
    return [names](os::System& system, const ChunkCatalogue& chunks) {
      for (const auto& name : names) (void)system.touch(chunk_path(chunks, name));
      system.point(engine::points::gc_mark_done, std::to_string(kStart.seconds));
    };
  };
  CHECK(broken_by(mark({"c1", "c2"})).empty());
  const auto broken = broken_by(mark({"c2"}));
  REQUIRE(broken.size() == 1);
  CHECK(broken[0] ==
        "no-referenced-chunk-unmarked: chunk c1 is referenced by "
        "ns/a/vm/100/2026-01-01T00:00:00Z/d.img.fidx, but was never marked");
}

TEST_CASE("promises: an index over a chunk that is not there is caught when it appears",
          "[promises]") {
  const auto broken = broken_by([](os::System& system, const ChunkCatalogue& chunks) {
    (void)system.unlink(chunk_path(chunks, "c1"));
    (void)system.rename(kSnapshot + "/d.img.fidx", kSnapshot + "/d.img.tmp_fidx");
    (void)system.rename(kSnapshot + "/d.img.tmp_fidx", kSnapshot + "/d.img.fidx");
  });
  REQUIRE(broken.size() == 3);
  CHECK(broken[1] ==
        "no-index-over-a-swept-chunk: ns/a/vm/100/2026-01-01T00:00:00Z/d.img.fidx appeared, but "
        "chunk c1 does not exist");
}

TEST_CASE("promises: a snapshot that leaves its place is lost; one that moves is not",
          "[promises]") {
  const auto move_to = [](std::string target) {
    return [target](os::System& system, const ChunkCatalogue&) {
      make_directories(system, target.substr(0, target.rfind('/')));
      REQUIRE(system.rename(kSnapshot, target));
    };
  };
  CHECK(broken_by(move_to("/store/ns/b/vm/100/2026-01-01T00:00:00Z")).empty());
  CHECK(broken_by(move_to("/store/ns/b/vm/100/2026-01-09T00:00:00Z")) ==
        std::vector<std::string>{"no-snapshot-lost: snapshot ns/a/vm/100/2026-01-01T00:00:00Z is "
                                 "at none of its places, and nobody was asked to "
                                 "remove it"});
  CHECK(broken_by(move_to("/store/ns/b/2026-01-01T00:00:00Z")).size() == 1);
  // Nobody was asked to move it there.
  CHECK(broken_by(move_to("/store/ns/c/vm/100/2026-01-01T00:00:00Z")).size() == 1);
  CHECK(broken_by(move_to("/store/ns/b/vm/101/2026-01-01T00:00:00Z")).size() == 1);
}

TEST_CASE("promises: a second directory for one snapshot is caught", "[promises]") {
  const auto broken = broken_by([](os::System& system, const ChunkCatalogue&) {
    make_directories(system, "/store/ns/b/vm/100/2026-01-01T00:00:00Z");
  });
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].find("exists twice") != std::string::npos);
}

TEST_CASE("promises: damaged and missing files of a snapshot are caught", "[promises]") {
  const auto problem = [](Vandal::Body body) {
    const auto broken = broken_by(std::move(body));
    REQUIRE(broken.size() == 1);
    return broken[0].substr(broken[0].find("restore: ") + 9);
  };
  CHECK(problem([](os::System& system, const ChunkCatalogue&) {
          (void)system.unlink(kSnapshot + "/index.json.blob");
        }) == "it has no manifest");
  CHECK(problem([](os::System& system, const ChunkCatalogue&) {
          (void)system.unlink(kSnapshot + "/d.img.fidx");
        }) == "d.img.fidx: the index is missing");
  CHECK(problem([](os::System& system, const ChunkCatalogue& chunks) {
          write_file(system, chunk_path(chunks, "c1"), chunks.find("c2")->blob);
        }) == "d.img.fidx: chunk c1 has other content");
}

TEST_CASE("promises: what an operation leaves behind is a leak", "[promises]") {
  const auto file = broken_by([](os::System& system, const ChunkCatalogue&) {
    write_file(system, kSnapshot + "/index.json.blob.tmp_ABCDEF", {});
  });
  REQUIRE(file.size() == 1);
  CHECK(file[0] ==
        "no-leak: temporary files were left:\n" + kSnapshot + "/index.json.blob.tmp_ABCDEF");
  const auto descriptor = broken_by([](os::System& system, const ChunkCatalogue&) {
    (void)system.open("/store", os::Open::read | os::Open::directory);
  });
  REQUIRE(descriptor.size() == 1);
  CHECK(descriptor[0].starts_with("no-leak: held although every operation has ended:"));
}

}  // namespace
}  // namespace unswept::scenarios
