// The reduction on the real engine, where brute force is out of reach: random walks through a
// scenario are reorderings of executions that dpor has run, and end in the same state; and
// footprints are what the reduction supposes.
//
// UNSWEPT_WALKS=n takes n walks through each scenario in place of 60.
#include <cstdlib>
#include <map>
#include <memory>

#include "model/explore/explore.h"
#include "model/explore/mazurkiewicz.h"
#include "model/explore/random_walk.h"
#include "scenarios/parse/parse.h"
#include "scenarios/variants/protocols.h"
#include "scenarios/workload/program.h"
#include "tests/catch.h"
#include "tests/property/assumptions.h"

namespace unswept::scenarios {
namespace {

std::uint64_t walks() {
  const char* setting = std::getenv("UNSWEPT_WALKS");
  return setting == nullptr ? 60 : std::strtoull(setting, nullptr, 10);
}

/// A program, and the name of the Mazurkiewicz trace of its last run.
class NamingProgram final : public model::Program {
 public:
  explicit NamingProgram(model::Program& inner) : inner_(inner) {}

  model::Fingerprint trace() const { return trace_; }

  model::Ending run(model::Chooser& chooser) override {
    Listener listener(chooser);
    model::Ending ending = inner_.run(listener);
    trace_ = listener.identity.identity();
    return ending;
  }
  model::Fingerprint final_fingerprint() const override { return inner_.final_fingerprint(); }
  std::string actor_name(model::ActorId actor) const override { return inner_.actor_name(actor); }
  std::string_view op_name(model::OpCode op) const override { return inner_.op_name(op); }
  void record_descriptions(bool on) override { inner_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return inner_.description(step); }

 private:
  struct Listener final : model::Chooser {
    explicit Listener(model::Chooser& inner) : chooser(inner) {}
    model::ActorId pick(const model::Situation& situation) override {
      return chooser.pick(situation);
    }
    std::uint32_t choose(model::ActorId actor, model::ChoiceKind kind,
                         std::uint32_t count) override {
      return chooser.choose(actor, kind, count);
    }
    void taken(const model::Step& step) override {
      identity.push(step);
      chooser.taken(step);
    }
    void ended(const model::Situation& situation) override { chooser.ended(situation); }

    model::Chooser& chooser;
    model::TraceIdentity identity{model::Dependence{}};
  };

  model::Program& inner_;
  model::Fingerprint trace_;
};

struct Subject {
  Subject(const std::string& file, const std::string& protocol)
      : scenario(*load_scenario(UNSWEPT_SOURCE_DIR "/scenarios/" + file)),
        program(*ScenarioProgram::make(scenario, *find_protocol(protocol))) {}

  const Scenario scenario;
  const std::unique_ptr<ScenarioProgram> program;
};

constexpr const char* kScenarios[] = {
    "race/move-next-to-gc.toml",          "race/merge.toml",
    "race/move-out-of-nested.toml",       "lifecycle/backup-next-to-gc.toml",
    "lifecycle/forget-next-to-move.toml", "namespace/remove-next-to-gc.toml"};

}  // namespace

TEST_CASE("scenarios: a random walk is a reordering of an execution that dpor has run",
          "[reduction]") {
  for (const char* file : kScenarios)
    for (const char* protocol : {"none", "v8"}) {
      INFO(file << " under " << protocol);
      Subject subject(file, protocol);
      NamingProgram program(*subject.program);
      std::map<model::Fingerprint, model::Fingerprint> ends;  // by trace
      model::ExploreOptions options;
      options.stop_at_first_violation = false;
      options.executed = [&](const model::Program& run, const model::Ending&) {
        ends[program.trace()] = run.final_fingerprint();
      };
      const auto all = model::explore(program, options);
      REQUIRE(all.complete);
      CHECK(ends.size() == all.executions);  // and it has run each trace once

      std::uint64_t unknown = 0;
      std::uint64_t other_end = 0;
      options.strategy = model::Strategy::random;
      options.walks = walks();
      options.executed = [&](const model::Program& run, const model::Ending&) {
        const auto known = ends.find(program.trace());
        if (known == ends.end())
          ++unknown;
        else if (known->second != run.final_fingerprint())
          ++other_end;
      };
      model::explore(program, options);
      CHECK(unknown == 0);
      CHECK(other_end == 0);
    }
}

TEST_CASE("scenarios: footprints are what the reduction supposes", "[reduction]") {
  for (const char* file : kScenarios) {
    INFO(file);
    Subject subject(file, "v8");
    model::RandomWalks search(1, walks(), {});
    do {
      search.begin(0);
      tests::AssumptionChecker checker(search);
      subject.program->run(checker);
      REQUIRE(checker.complaint() == "");
    } while (search.advance());
  }
}

}  // namespace unswept::scenarios
