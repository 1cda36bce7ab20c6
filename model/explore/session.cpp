#include "model/explore/session.h"

#include <algorithm>
#include <bit>
#include <unordered_set>
#include <utility>

#include "model/explore/determinism.h"
#include "model/explore/mazurkiewicz.h"

namespace unswept::model {
namespace {

struct FingerprintHash {
  std::size_t operator()(const Fingerprint& f) const { return static_cast<std::size_t>(f.low); }
};

/// Which bounds on the schedule cut anything off.
void add_bounds_of(const Search& search, ExploreResult& result) {
  if (search.bounds_hit().preemptions) add_bound(result, bound::preemptions);
  if (search.bounds_hit().delays) add_bound(result, bound::delays);
}

}  // namespace

/// Passes everything on to a search, and names the Mazurkiewicz trace.
class TraceCounter : public Chooser {
 public:
  TraceCounter(Search& search, const Dependence& dependence)
      : search_(search), identity_(dependence) {}

  ActorId pick(const Situation& situation) override { return search_.pick(situation); }
  std::uint32_t choose(ActorId actor, ChoiceKind kind, std::uint32_t count) override {
    return search_.choose(actor, kind, count);
  }
  void taken(const Step& step) override {
    if (steps_++ == identity_.size()) identity_.push(step);
    search_.taken(step);
  }
  void ended(const Situation& situation) override { search_.ended(situation); }

  /// The first `known` steps are those of the execution before.
  void begin(std::size_t known, std::size_t kept) {
    identity_.truncate(known);
    steps_ = kept;
  }
  void count() { seen_.insert(identity_.identity()); }
  std::uint64_t traces() const { return seen_.size(); }

 private:
  Search& search_;
  TraceIdentity identity_;
  std::uint64_t steps_ = 0;
  std::unordered_set<Fingerprint, FingerprintHash> seen_;
};

Session::Session(Program& program, Search& search, const ExploreOptions& options, BudgetShare share)
    : program_(program), search_(search), options_(options), share_(share) {
  if (options.count_traces) counter_ = std::make_unique<TraceCounter>(search, options.dependence);
  if (options.clock) started_ = options.clock();
}

Session::~Session() = default;

SharedBudget::Used Session::used() const {
  if (share_.budget == nullptr) return {attempts_, result_.steps, 0};
  return share_.budget->used();
}

bool Session::has_room() const {
  if (!options_.bounds.executions) return true;
  if (share_.budget != nullptr) return share_.budget->has_room(*options_.bounds.executions);
  return attempts_ < *options_.bounds.executions;
}

void Session::note_states() {
  const auto cache = search_.state_cache();
  if (share_.budget != nullptr && cache) share_.budget->note_states(share_.worker, cache->states);
}

bool Session::may_go_on() {
  if (!has_room()) {
    hit(bound::executions);
    return false;
  }
  const bool look_at_clock = attempts_ % 16 == 0 && options_.clock && options_.bounds.seconds;
  if (look_at_clock && options_.clock() - started_ >= *options_.bounds.seconds) {
    hit(bound::seconds);
    return false;
  }
  if (!options_.progress || attempts_ == 0) return true;
  return attempts_ % options_.progress_every != 0 || report_progress();
}

bool Session::report_progress() {
  if (!options_.progress || share_.worker != 0) return true;
  note_states();
  // Of executions that others make meanwhile the share knows nothing.
  const auto share = share_.explored_share ? share_.explored_share() : search_.explored_share();
  const SharedBudget::Used so_far = used();
  Progress progress{.executions = so_far.attempts, .steps = so_far.steps, .depth = search_.steps()};
  progress.searched = share_.budget != nullptr ? so_far.attempts : search_.executions();
  progress.share = share;
  if (const auto cache = search_.state_cache())
    progress.states = share_.budget != nullptr ? so_far.states : cache->states;
  if (options_.progress(progress)) return true;
  hit(bound::interrupted);
  return false;
}

bool Session::execute() {
  // The program's last run before this session may not have been one of the search.
  const std::size_t repeated = attempts_ == 0 ? 0 : search_.repeated();
  const std::size_t kept = program_.rewind(starts_over() ? 0 : repeated);
  elsewhere_ = false;
  search_.begin(kept);
  if (counter_) counter_->begin(repeated, kept);
  Chooser& chooser = counter_ ? static_cast<Chooser&>(*counter_) : search_;
  const Ending ending = program_.run(chooser);
  result_.steps += search_.steps();
  result_.replayed_steps += search_.replayed();
  if (search_.divergence()) return false;
  if (search_.close() == Close::probe) {
    ++result_.probes;
    return true;
  }
  ++attempts_;
  search_.count_execution();
  if (share_.budget != nullptr) share_.budget->note(share_.worker, {attempts_, result_.steps, 0});
  result_.depth_max = std::max(result_.depth_max, search_.steps());
  const bool more = enter(ending);
  return verify(ending) && more;
}

void Session::hit(std::string_view name) { add_bound(result_, name); }

ExploreResult Session::report() const {
  ExploreResult report = result_;
  add_bounds_of(search_, report);
  report.races += search_.races();
  if (search_.divergence()) report.divergence = search_.divergence();
  report.state_cache = search_.state_cache();
  return report;
}

void Session::absorb(const ExploreResult& figures) {
  add_counts(result_, figures);
  for (const std::string& name : figures.bounds_hit) hit(name);
  if (!result_.counterexample && figures.counterexample) {
    result_.counterexample = figures.counterexample;
    found_ = figures.counterexample->violation.promise == kNoDeadlock ? Verdict::deadlock
                                                                      : Verdict::violation;
  }
  if (!result_.divergence) result_.divergence = figures.divergence;
}

ExploreResult Session::finish(bool exhausted, bool exhaustive) {
  add_bounds_of(search_, result_);
  if (!exhaustive) hit(bound::sampling);
  if (exhausted) std::erase_if(result_.bounds_hit, is_budget);  // it ended when nothing was left
  const bool cut_short = std::ranges::any_of(result_.bounds_hit, [](const std::string& name) {
    return name != bound::preemptions && name != bound::delays;
  });
  if (search_.divergence()) result_.divergence = search_.divergence();
  result_.complete = exhausted && !cut_short && !result_.divergence;
  result_.races += search_.races();
  result_.state_cache = search_.state_cache();
  if (counter_) result_.traces = counter_->traces();
  show_counterexample();
  result_.verdict = verdict(cut_short);
  return std::move(result_);
}

/// An execution into the books.  Returns whether to look for more.
bool Session::enter(const Ending& ending) {
  switch (search_.close()) {
    case Close::blocked:
      ++result_.blocked;
      return true;
    case Close::known:
      ++result_.pruned;
      if (options_.pruned) options_.pruned(program_, ending);
      // A promise may have broken on the way, and that way was not taken before.
      return judge(ending) || !options_.stop_at_first_violation;
    case Close::cut:
      ++result_.cut;
      hit(bound::steps);
      // A promise may have broken before the cut.
      return judge(ending) || !options_.stop_at_first_violation;
    case Close::elsewhere:
      ++result_.elsewhere;
      return true;
    case Close::ended:
    case Close::probe:
      break;
  }
  ++result_.executions;
  if (counter_) counter_->count();
  if (options_.executed) options_.executed(program_, ending);
  return judge(ending) || !options_.stop_at_first_violation;
}

/// Steps that are kept are not compared with what they were.  So some executions, most of them
/// early, take all their steps anew: that the program is deterministic is not taken on trust.
bool Session::starts_over() const {
  constexpr std::uint64_t kEvery = 256;
  return elsewhere_ || std::has_single_bit(attempts_) || attempts_ % kEvery == 0;
}

/// Now and then: whether the execution is the same when it is repeated.
bool Session::verify(const Ending& ending) {
  if (!options_.verify_every || (attempts_ - 1) % *options_.verify_every != 0) return true;
  result_.divergence = find_nondeterminism(program_, search_.trace(), ending);
  elsewhere_ = true;
  if (result_.divergence) return false;
  ++result_.verified;
  return true;
}

/// Whether the ending is as promised.
bool Session::judge(const Ending& ending) {
  const bool deadlock = ending.outcome == Outcome::deadlock;
  if (deadlock) ++result_.deadlocks;
  if (!ending.violations.empty()) {
    ++result_.violations;
    keep(ending.violations.front(), Verdict::violation);
    return false;
  }
  if (!deadlock || options_.deadlock_allowed) return true;
  keep({std::string(kNoDeadlock), {}}, Verdict::deadlock);
  return false;
}

void Session::keep(const Violation& violation, Verdict verdict) {
  if (result_.counterexample) return;
  found_ = verdict;
  result_.counterexample = Counterexample{search_.trace(), violation, {}, attempts_};
}

/// Repeats the counterexample with descriptions on.
void Session::show_counterexample() {
  if (!result_.counterexample) return;
  Counterexample& shown = *result_.counterexample;
  shown.run = replay(program_, shown.trace, {.describe = true, .afterwards = Afterwards::stop});
  if (shown.run.divergence && !result_.divergence) result_.divergence = shown.run.divergence;
  if (found_ == Verdict::deadlock) explain_deadlock(shown);
}

void Session::explain_deadlock(Counterexample& shown) const {
  for (ActorId actor = 0; actor < kActorsMax; ++actor)
    if (contains(shown.run.ending.blocked, actor))
      shown.violation.explanation += program_.actor_name(actor) + " waits for ever\n";
}

Verdict Session::verdict(bool cut_short) const {
  if (result_.divergence) return Verdict::nondeterministic;
  if (result_.counterexample) return found_;
  return cut_short ? Verdict::inconclusive : Verdict::pass;
}

}  // namespace unswept::model
