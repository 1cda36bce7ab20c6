// Two tasks put the same directory in place: in every order, exactly one of them does.
// The "engine" here is two lines; it knows engine/os, and neither chunk nor snapshot.
#include <cstdio>
#include <string>

#include "engine/os/system.h"
#include "model/explore/explore.h"
#include "model/program.h"
#include "sim/world.h"

namespace model = unswept::model;
namespace os = unswept::os;
namespace sim = unswept::sim;

class TwoMakers final : public model::Program {
 public:
  TwoMakers() {
    const auto process = world_.add_process("daemon");
    for (const auto* name : {"left", "right"})
      world_.add_actor({.name = name, .process = process, .after = {}}, [this, process] {
        os::System& system = world_.system(process);
        if (system.mkdir("/store")) ++made_;
        (void)system.mkdir(std::string("/own-") + std::to_string(world_.current()));
      });
    world_.on_reset([this] { made_ = 0; });
    world_.seal();
  }

  model::Ending run(model::Chooser& chooser) override {
    auto ending = world_.run(chooser);
    if (made_ != 1) ending.violations.push_back({"made-once", "made " + std::to_string(made_)});
    return ending;
  }
  model::Fingerprint final_fingerprint() const override { return world_.final_fingerprint(); }
  std::string actor_name(model::ActorId actor) const override {
    return std::string(world_.actor_name(actor));
  }
  std::string_view op_name(model::OpCode op) const override { return world_.op_name(op); }
  void record_descriptions(bool on) override { world_.record_descriptions(on); }
  std::string_view description(std::size_t step) const override { return world_.description(step); }

 private:
  sim::World world_;
  int made_ = 0;
};

int main() {
  TwoMakers program;
  const auto result = model::explore(program, {.strategy = model::Strategy::dpor});
  std::printf("%llu executions\n", static_cast<unsigned long long>(result.executions));
  // The two directories of their own commute, so two orders are all that matter.
  return result.verdict == model::Verdict::pass && result.complete && result.executions == 2 ? 0
                                                                                             : 1;
}
