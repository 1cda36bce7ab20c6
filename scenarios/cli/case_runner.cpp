#include "scenarios/cli/case_runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace unswept::scenarios {

CaseRunner::CaseRunner(const std::vector<Case>& cases, Options options)
    : cases_(cases), options_(std::move(options)), slots_(cases.size()) {
  workers_ = std::min<std::size_t>(options_.jobs, cases.size());
  for (std::size_t i = workers_; i > 0; --i) {
    if (options_.cores != nullptr) options_.cores->take();
    threads_.emplace_back([this] { work(); });
  }
}

CaseRunner::~CaseRunner() {
  const std::scoped_lock lock(mutex_);
  ending_ = true;
  // threads_ is the last member: it is joined first, with the lock given back.
}

std::optional<CaseOutcome> CaseRunner::next(const std::function<void()>& meanwhile) {
  constexpr std::chrono::milliseconds kTick{200};
  std::unique_lock lock(mutex_);
  const auto known = [this] {
    return handed_out_ < begun_ ? slots_[handed_out_].done : workers_ == 0;
  };
  while (!changed_.wait_for(lock, kTick, known)) {
    lock.unlock();
    meanwhile();
    lock.lock();
  }
  if (handed_out_ == begun_) return std::nullopt;
  return std::exchange(slots_[handed_out_++].outcome, std::nullopt);
}

RunningCases CaseRunner::running() const {
  const std::scoped_lock lock(mutex_);
  RunningCases running;
  for (std::size_t i = handed_out_; i < begun_; ++i) {
    const Slot& slot = slots_[i];
    if (slot.done) continue;
    const model::Progress& progress = slot.pace.last();
    if (running.count++ == 0) {
      running.oldest = &cases_[i];
      running.since = slot.since;
      running.searched = progress.searched;
      running.states = progress.states;
      running.total = slot.pace.total();
      running.seconds_left = slot.pace.seconds_left();
    }
    running.executions += progress.executions;
    running.steps += progress.steps;
    running.steps_per_second += slot.pace.steps_per_second();
  }
  return running;
}

void CaseRunner::work() {
  while (const auto index = claim()) {
    CaseOutcome outcome = options_.check(
        cases_[*index],
        [this, index](const model::Progress& progress) { return note_progress(*index, progress); });
    const std::scoped_lock lock(mutex_);
    slots_[*index].outcome = std::move(outcome);
    slots_[*index].done = true;
    changed_.notify_all();
  }
  if (options_.cores != nullptr) options_.cores->give_back();
  const std::scoped_lock lock(mutex_);
  --workers_;
  changed_.notify_all();
}

std::optional<std::size_t> CaseRunner::claim() {
  std::unique_lock lock(mutex_);
  if (begun_ == cases_.size() || stopping()) return std::nullopt;
  const std::size_t index = begun_++;
  changed_.wait(lock, [&] { return !namesake_runs(index); });
  slots_[index].since = options_.clock();
  return index;
}

/// Cases of one name write one file: the last one must be the one that stays.
bool CaseRunner::namesake_runs(std::size_t index) const {
  const auto same = [](const Case& a, const Case& b) {
    return a.protocol == b.protocol && a.loaded->scenario.name == b.loaded->scenario.name;
  };
  for (std::size_t i = handed_out_; i < index; ++i)
    if (!slots_[i].done && same(cases_[i], cases_[index])) return true;
  return false;
}

bool CaseRunner::note_progress(std::size_t index, const model::Progress& progress) {
  const double now = options_.clock();
  const std::scoped_lock lock(mutex_);
  slots_[index].pace.note(progress, now);
  return !stopping();
}

bool CaseRunner::stopping() const {
  return ending_ || (options_.asked_to_stop && options_.asked_to_stop());
}

}  // namespace unswept::scenarios
