// Which races make no difference, on machines where that is known.
#include "model/explore/precision.h"

#include "sim/shared.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;

namespace {

class WorldProgram final : public model::Program {
 public:
  explicit WorldProgram(World& world) : world_(world) {}
  model::Ending run(model::Chooser& chooser) override { return world_.run(chooser); }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(model::ActorId) const override { return {}; }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool) override {}
  std::string_view description(std::size_t) const override { return {}; }

 private:
  World& world_;
};

model::Precision measure(TestWorld& machine) {
  machine.world.seal();
  WorldProgram program(machine.world);
  model::PrecisionOptions options;
  options.kind_of = [](model::ObjectId object) { return to_string(kind_of(object)); };
  return model::measure_precision(program, options);
}

}  // namespace

TEST_CASE("precision: two writes of one value commute, of two values they do not", "[precision]") {
  for (const int second : {7, 8}) {
    TestWorld machine;
    Shared<int> variable(machine.world, 0);
    machine.actor("one", [&] { variable.write(7); });
    machine.actor("other", [&] { variable.write(second); });
    const model::Precision precision = measure(machine);
    REQUIRE(precision.rows.size() == 1);
    const model::PrecisionRow& row = precision.rows.front();
    CHECK(row.objects == "variable");
    CHECK(row.races == precision.walks);
    CHECK(row.tried > 0);
    CHECK(row.commuted == (second == 7 ? row.tried : 0));
  }
}

TEST_CASE("precision: a look at what another step makes is a race that matters", "[precision]") {
  TestWorld machine;
  machine.actor("maker", [&] { (void)machine.os.mkdir("/d"); });
  machine.actor("looker", [&] { (void)machine.os.stat("/d"); });
  const model::Precision precision = measure(machine);
  REQUIRE(precision.rows.size() == 1);
  CHECK(precision.rows.front().one == "mkdir");
  CHECK(precision.rows.front().other == "stat");
  CHECK(precision.rows.front().objects == "dirent");
  CHECK(precision.commuted == 0);
  CHECK(precision.tried > 0);
}

TEST_CASE("precision: steps that footprints call independent are no races", "[precision]") {
  TestWorld machine;
  for (const char* name : {"one", "other"})
    machine.actor(name, [&] { machine.world.advance_clock(std::chrono::seconds{1}); });
  CHECK(measure(machine).races == 0);
}
