#include "scenarios/cli/progress.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/console.h"
#include "reports/estimates.h"

namespace unswept::scenarios {
namespace {

// Lines that are not written over are so far apart.
constexpr double kJsonSeconds = 1;
constexpr double kLogSeconds = 30;

nlohmann::ordered_json estimate_json(const model::Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

}  // namespace

std::string progress_text(const RunningCases& running, double seconds) {
  using reports::amount_text;
  using reports::duration_text;
  std::string text = running.oldest->loaded->scenario.name + ' ' + running.oldest->protocol;
  if (running.count > 1) text += fmt::format(" and {} more", running.count - 1);
  text += fmt::format("   {} runs   {} steps/s", reports::with_commas(running.executions),
                      amount_text(running.steps_per_second));
  if (running.states) text += fmt::format("   {} states", reports::with_commas(*running.states));
  text += "   " + duration_text(seconds);
  if (running.total) {
    const model::Estimate& total = *running.total;
    text += fmt::format("   estimate: {} runs in all ({} to {} of late)", amount_text(total.value),
                        amount_text(total.low), amount_text(total.high));
  }
  if (running.seconds_left)
    text += fmt::format(", {} left", duration_text(running.seconds_left->value));
  return text;
}

std::string progress_json(const RunningCases& running, double seconds) {
  nlohmann::ordered_json json = {{"scenario", running.oldest->loaded->scenario.name},
                                 {"protocol", running.oldest->protocol},
                                 {"running", running.count},
                                 {"executions", running.executions},
                                 {"steps", running.steps},
                                 {"steps_per_second", running.steps_per_second},
                                 {"seconds", seconds}};
  if (running.states) json["states"] = *running.states;
  if (running.total) {
    json["searched"] = running.searched;
    json["total"] = estimate_json(*running.total);
  }
  if (running.seconds_left) json["seconds_left"] = estimate_json(*running.seconds_left);
  return json.dump();
}

void ProgressLine::show(const RunningCases& running) {
  if (running.count == 0 || form_ == ProgressForm::none) return;
  const double now = terminal_.clock();
  const double seconds = now - running.since;
  if (form_ == ProgressForm::line && terminal_.live_progress)
    return write_over(progress_text(running, seconds));
  if (!is_due(now)) return;
  terminal_.err << (form_ == ProgressForm::json ? progress_json(running, seconds)
                                                : progress_text(running, seconds))
                << std::endl;
}

/// A log hears nothing of what is over before its first line is due; programs hear at once.
bool ProgressLine::is_due(double now) {
  const bool json = form_ == ProgressForm::json;
  const bool first = !printed_;
  if (!first && now - *printed_ < (json ? kJsonSeconds : kLogSeconds)) return false;
  printed_ = now;
  return json || !first;
}

/// A line that is too long could not be written over.
void ProgressLine::write_over(std::string text) {
  const std::size_t columns = terminal_.columns ? terminal_.columns() : 0;
  if (columns > 0 && text.size() >= columns) text.resize(columns - 1);
  visible_ = true;
  terminal_.err << "\r\x1b[K" << text << std::flush;
}

void ProgressLine::clear() {
  if (visible_) terminal_.err << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace unswept::scenarios
