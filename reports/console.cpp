#include "reports/console.h"

#include <algorithm>
#include <fmt/format.h>

namespace unswept::reports {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string painted(std::string_view text, std::string_view colour, const ConsoleStyle& style) {
  if (!style.colours) return std::string(text);
  return fmt::format("{}{}{}", colour, text, kPlain);
}

std::string verdict_label(const CaseResult& result, const ConsoleStyle& style) {
  const std::string_view colour = result.as_expected ? kGreen : kRed;
  switch (result.verdict) {
    case model::Verdict::pass:
      return painted("PASS", colour, style);
    case model::Verdict::violation:
    case model::Verdict::deadlock:
      return painted("FAIL", colour, style);
    case model::Verdict::inconclusive:
      return painted("????", result.as_expected ? kGreen : kYellow, style);
    case model::Verdict::nondeterministic:
      return painted("FAIL", kRed, style);
  }
  return {};
}

/// What "exhaustive" holds within.
std::string bounds_text(const CaseResult& result) {
  std::string text = result.shard.empty() ? "" : " within shard " + result.shard;
  for (const auto& [name, value] : result.bounds)
    text += fmt::format("{}{} <= {}", text.empty() ? " within " : ", ", name, value);
  return text;
}

/// What the verdict is about: the promise that broke, or how far a pass goes.
std::string verdict_detail(const CaseResult& result) {
  switch (result.verdict) {
    case model::Verdict::pass:
      if (!result.complete) return "not exhaustive";
      return (result.mode == "pinned" ? "pinned, the rest exhaustive" : "exhaustive") +
             bounds_text(result);
    case model::Verdict::violation:
    case model::Verdict::deadlock:
      return result.counterexample ? result.counterexample->promise : "";
    default:
      return std::string(model::to_string(result.verdict));
  }
}

std::string figures(const CaseResult& result) {
  if (result.counterexample && result.counterexample->execution == 0)
    return fmt::format("replayed   {} switches", result.counterexample->switches);
  if (result.counterexample)
    return fmt::format("run {}   {} switches", with_commas(result.counterexample->execution),
                       result.counterexample->switches);
  return fmt::format("{} runs   {} steps   {:.1f} s", with_commas(result.executions),
                     with_commas(result.steps), result.seconds);
}

std::string statistics(const CaseResult& result) {
  const double rate = result.seconds > 0 ? static_cast<double>(result.steps) / result.seconds : 0;
  const std::string failed = result.failed_operations ? with_commas(*result.failed_operations) +
                                                            " operations refused or failed, "
                                                      : "";
  return fmt::format(
      "      {} runs, {} given up half-way, {} steps, {} races, longest run {} steps,\n"
      "      {}{:.2f} s, {} steps per second\n",
      with_commas(result.executions), with_commas(result.blocked), with_commas(result.steps),
      with_commas(result.races), with_commas(result.depth_max), failed, result.seconds,
      with_commas(static_cast<std::uint64_t>(rate)));
}

/// Kinds of races shown; what is wasted on the others is little.
constexpr std::size_t kPrecisionRows = 12;

std::string precision_table(const model::Precision& precision) {
  std::string text = fmt::format(
      "      {} races in {} random walks; of {} run in both orders {} made no difference:\n"
      "      {:>7} {:>5} {:>8}  steps, and what they conflict on\n",
      with_commas(precision.races), with_commas(precision.walks), with_commas(precision.tried),
      with_commas(precision.commuted), "races", "tried", "commuted");
  std::size_t shown = 0;
  for (const model::PrecisionRow& row : precision.rows) {
    if (row.commuted == 0 || shown++ == kPrecisionRows) break;
    text += fmt::format("      {:>7} {:>5} {:>8}  {} - {}: {}\n", row.races, row.tried,
                        row.commuted, row.one, row.other, row.objects);
  }
  return text;
}

std::string state_cache_text(const CaseResult& result) {
  const model::StateCacheFigures& cache = *result.state_cache;
  return fmt::format(
      "      {} runs ended at a known state, {} went on from one with what was missing;\n"
      "      {} states in {:.1f} MiB{}, one hides another with probability {:.1e}\n",
      with_commas(result.pruned), with_commas(cache.partial_hits), with_commas(cache.states),
      static_cast<double>(cache.bytes) / (1 << 20),
      cache.full ? " (then the memory was used up, and no more were remembered)" : "",
      cache.collision_probability);
}

/// What one level or sampler gave, in a line.
std::string part_text(const model::Part& part) {
  std::string text =
      fmt::format("{}: {} {}, {}", part.name, with_commas(part.executions),
                  part.executions == 1 ? "run" : "runs",
                  part.violations == 0   ? "no violation"
                  : part.violations == 1 ? "1 violation"
                                         : with_commas(part.violations) + " violations");
  if (!part.guarantee.empty()) return text + "; " + part.guarantee;
  if (part.cut)
    return text + (part.complete ? ", all within the bound" : ", not all within the bound");
  return text + (part.complete ? ", all there are" : ", not all there are");
}

std::string verified_text(std::uint64_t runs) {
  return fmt::format("      determinism: {} {} again from the beginning, {} the same each time\n",
                     with_commas(runs), runs == 1 ? "run was run" : "runs were run",
                     runs == 1 ? "and was" : "and were");
}

/// Columns of a table: step numbers, then one per actor.
class Table {
 public:
  Table(const Counterexample& counterexample, const ConsoleStyle& style)
      : example_(counterexample) {
    const std::size_t actors = std::max<std::size_t>(1, example_.actors.size());
    const std::size_t room = style.width > kStepWidth ? style.width - kStepWidth : 0;
    // Two columns share the width; more of them make the table wider rather than unreadable.
    limit_ = std::max<std::size_t>(kColumnMin, room / actors - 3);
    for (std::size_t i = 0; i < example_.actors.size(); ++i)
      widths_.push_back(std::min(limit_, widest(i, style.all_steps)));
  }

  std::string header() const {
    std::string line = fmt::format("{:>5}", "step");
    for (std::size_t i = 0; i < widths_.size(); ++i)
      line += fmt::format(" | {:<{}}", example_.actors[i], widths_[i]);
    return trimmed(line);
  }

  std::string row(const TraceRow& row) const {
    std::string text;
    std::string_view rest = row.text;
    for (bool first = true; first || !rest.empty(); first = false) {
      const std::string_view part = rest.substr(0, cut(rest, widths_[row.actor]));
      rest.remove_prefix(part.size());
      while (rest.starts_with(' ')) rest.remove_prefix(1);
      text += line(first ? fmt::format("{:>5}", row.step) : std::string(kStepWidth, ' '), row.actor,
                   part);
    }
    return text;
  }

  std::string gap(std::size_t count) const {
    return fmt::format("{:>5}   {} {} that {} no part\n", "..", count,
                       count == 1 ? "step" : "steps", count == 1 ? "plays" : "play");
  }

 private:
  static constexpr std::size_t kStepWidth = 5;
  static constexpr std::size_t kColumnMin = 24;

  std::size_t widest(std::size_t actor, bool all_steps) const {
    std::size_t width = example_.actors[actor].size();
    for (const TraceRow& row : example_.rows)
      if (row.actor == actor && (row.relevant || all_steps))
        width = std::max(width, row.text.size());
    return width;
  }

  /// Where to break a text that is too long: behind a blank or a slash if there is one.
  static std::size_t cut(std::string_view text, std::size_t width) {
    if (text.size() <= width) return text.size();
    const std::size_t at = text.find_last_of(" /", width - 1);
    return at == std::string_view::npos || at < width / 2 ? width : at + 1;
  }

  std::string line(std::string number, std::size_t actor, std::string_view text) const {
    for (std::size_t i = 0; i < widths_.size(); ++i)
      number += fmt::format(" | {:<{}}", i == actor ? text : std::string_view{}, widths_[i]);
    return trimmed(number);
  }

  static std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
  }

  const Counterexample& example_;
  std::size_t limit_ = 0;
  std::vector<std::size_t> widths_;
};

}  // namespace

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string render_settings(const std::vector<Setting>& settings) {
  std::string text = "settings:";
  for (const auto& [name, value] : settings)
    text += fmt::format("{} {} = {}", text.back() == ':' ? "" : ",", name, value);
  return text + '\n';
}

std::string render_verdict(const CaseResult& result, const ConsoleStyle& style) {
  std::string text =
      fmt::format("{}  {:<28} {:<10} {:<30} {}", verdict_label(result, style), result.scenario,
                  result.protocol, verdict_detail(result), figures(result));
  if (!result.as_expected)
    text += painted(fmt::format("   expected: {}", result.expected), kRed, style);
  else if (result.verdict != model::Verdict::pass)
    text += "   as expected";
  text += '\n';
  for (const std::string& bound : result.bounds_hit)
    text += fmt::format("      stopped by: {}\n", bound);
  for (const std::string& remark : result.remarks)
    text += painted(fmt::format("      {}\n", remark), kDim, style);
  for (const model::Part& part : result.parts)
    text += painted(fmt::format("      {}\n", part_text(part)), kDim, style);
  if (result.verified) text += painted(verified_text(*result.verified), kDim, style);
  if (!result.divergence.empty()) text += fmt::format("      {}\n", result.divergence);
  if (style.statistics) text += statistics(result);
  if (style.statistics && result.precision) text += precision_table(*result.precision);
  if (style.statistics && result.state_cache) text += state_cache_text(result);
  return text;
}

std::string render_table(const Counterexample& counterexample, const ConsoleStyle& style) {
  const Table table(counterexample, style);
  std::string text = table.header();
  std::size_t hidden = 0;
  const auto flush = [&] {
    if (hidden != 0) text += table.gap(hidden);
    hidden = 0;
  };
  for (const TraceRow& row : counterexample.rows) {
    if (!row.relevant && !style.all_steps) {
      ++hidden;
      continue;
    }
    flush();
    text += table.row(row);
  }
  flush();
  return text;
}

std::string render_counterexample(const CaseResult& result, const ConsoleStyle& style) {
  if (!result.counterexample) return {};
  const Counterexample& example = *result.counterexample;
  std::string text = painted(example.claim, kBold, style) + "\n\n";
  text += render_table(example, style) + '\n';
  if (!example.operations.empty()) {
    for (const std::string& line : example.operations) text += line + '\n';
    text += '\n';
  }
  if (!example.explanation.empty()) text += render_explanation(example) + '\n';
  if (!example.file.empty())
    text += fmt::format("replay:  unswept replay {}     explain:  unswept explain {}\n",
                        example.file, example.file);
  return text;
}

std::string render_explanation(const Counterexample& counterexample) {
  std::string text;
  for (const std::string& line : counterexample.explanation) text += line + '\n';
  return text;
}

std::string render_summary(const Report& report, const ConsoleStyle& style) {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  for (const CaseResult& result : report.cases) {
    executions += result.executions;
    steps += result.steps;
  }
  const std::size_t bad = report.unexpected();
  std::string text;
  if (report.interrupted)
    text = painted("interrupted", kYellow, style) +
           fmt::format(" in case {} of {}: ", report.cases.size(), report.planned);
  text += fmt::format("{} checked, ", report.cases.size());
  text += bad == 0 ? painted("all as expected", kGreen, style)
                   : painted(fmt::format("{} not as expected", bad), kRed, style);
  return text + fmt::format("   {} runs   {} steps   {:.1f} s\n", with_commas(executions),
                            with_commas(steps), report.seconds);
}

}  // namespace unswept::reports
