#include "model/explore/walk_team.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "model/explore/session.h"

namespace unswept::model {
namespace {

/// Walks with consecutive numbers.
struct Portion {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// What they came to.
struct PortionBooks {
  ExploreResult figures;
  SampledWalks::Books drawn;
  bool ends = false;  // the exploration ends with the last of them
};

/// The books of portions, closed as if one worker had drawn one after the other.
/// Thread safety: all functions may be called by several threads.
class WalkBooks {
 public:
  WalkBooks(Program& program, SampledWalks& walks, const ExploreOptions& options,
            std::uint64_t count)
      : count_(count), walks_(walks), session_(program, walks, options) {}

  std::optional<Portion> claim() {
    const std::scoped_lock lock(mutex_);
    if (claimed_ == count_ || stopped_ || end_ < claimed_) return std::nullopt;
    const Portion portion{claimed_, std::min(claimed_ + kPortion, count_)};
    claimed_ = portion.end;
    return portion;
  }

  /// Whether what is drawn there can still count.
  bool counts(const Portion& portion) const { return !stopped_ && portion.begin <= end_; }
  /// Whether nothing is left to claim.
  bool closed() const {
    const std::scoped_lock lock(mutex_);
    return claimed_ == count_ || stopped_ || end_ < claimed_;
  }

  void enter(const Portion& portion, PortionBooks books) {
    const std::scoped_lock lock(mutex_);
    if (books.ends) end_ = std::min(end_.load(), portion.begin);
    waiting_.emplace(portion.begin, std::move(books));
    while (!waiting_.empty() && waiting_.begin()->first == next_) close_next();
  }

  /// A budget has ended: what has been drawn counts, and no more is drawn.
  void stop(std::string_view bound) {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    ExploreResult why;
    why.bounds_hit = {std::string(bound)};
    session_.absorb(why);
  }

  /// REQUIRES: everybody has entered what they claimed.
  ExploreResult finish() {
    while (!waiting_.empty()) close_next();
    walks_.put_books(total_);
    const bool exhausted = next_ >= count_ && !stopped_ && !ended_;
    return session_.finish(exhausted, /*exhaustive=*/false);
  }

 private:
  /// Few enough that nobody waits long for the last one, many enough that the lock is cheap.
  static constexpr std::uint64_t kPortion = 16;

  void close_next() {
    const auto node = waiting_.extract(waiting_.begin());
    const PortionBooks& books = node.mapped();
    next_ = node.key() + kPortion;
    if (ended_) return;
    ended_ = books.ends;
    session_.absorb(books.figures);
    total_.add(books.drawn);
  }

  const std::uint64_t count_;
  SampledWalks& walks_;
  mutable std::mutex mutex_;  // of all below; the atomic ones are read without
  Session session_;
  std::uint64_t claimed_ = 0;
  std::atomic<bool> stopped_ = false;
  std::atomic<std::uint64_t> end_ = std::numeric_limits<std::uint64_t>::max();  // its begin
  std::map<std::uint64_t, PortionBooks> waiting_;                               // for those before
  std::uint64_t next_ = 0;                                                      // to be closed
  bool ended_ = false;
  SampledWalks::Books total_;
};

class WalkTeam {
 public:
  WalkTeam(Program& program, SampledWalks& first, const ExploreOptions& options,
           std::uint64_t count, const std::function<std::unique_ptr<SampledWalks>()>& make_walks)
      : options_(options),
        make_walks_(make_walks),
        program_(program),
        first_(first),
        books_(program, first, options, count) {
    if (options.clock) started_ = options.clock();
  }

  ExploreResult run() {
    const ExploreOptions drawing = drawing_options(options_, first_);
    while (const auto portion = books_.claim()) {
      draw(*portion, program_, first_, drawing);
      if (books_.closed()) break;
      if (const auto used_up = budget_used_up(); !used_up.empty()) books_.stop(used_up);
      look_for_help();
    }
    threads_.clear();  // joins them
    return books_.finish();
  }

 private:
  /// What one portion's session is to know.
  static ExploreOptions drawing_options(const ExploreOptions& options, SampledWalks& walks) {
    ExploreOptions drawing = noting_violations(options, walks);
    drawing.bounds.executions.reset();
    drawing.bounds.seconds.reset();
    drawing.clock = {};
    drawing.progress = {};
    return drawing;
  }

  void draw(const Portion& portion, Program& program, SampledWalks& walks,
            const ExploreOptions& options) {
    Session session(program, walks, options);
    session.number_from(portion.begin);
    walks.go_to(portion.begin);
    bool more = true;
    for (auto walk = portion.begin; more && walk < portion.end && books_.counts(portion); ++walk) {
      more = session.execute();
      if (more) walks.advance();
      ++executions_;
    }
    steps_ += session.figures().steps;
    books_.enter(portion, {session.figures(), walks.take_books(), !more});
  }

  /// The name of the bound, if there is nothing left of one.
  std::string_view budget_used_up() {
    const auto& seconds = options_.bounds.seconds;
    if (options_.clock && seconds && options_.clock() - started_ >= *seconds) return bound::seconds;
    const std::uint64_t executions = executions_;
    if (!options_.progress || executions - reported_ < options_.progress_every) return {};
    reported_ = executions;
    const Progress progress{.executions = executions, .steps = steps_, .depth = first_.steps()};
    return options_.progress(progress) ? std::string_view{} : bound::interrupted;
  }

  void look_for_help() {
    if (!threads_.empty() || executions_ < options_.team.alone || books_.closed()) return;
    for (std::uint32_t n = 1; n < options_.team.size; ++n)
      threads_.emplace_back([this, n] { help(n); });
  }

  void help(std::uint32_t n) {
    const auto colleague = options_.team.join(n, [this] { return !books_.closed(); });
    if (!colleague) return;
    const auto walks = make_walks_();
    walks->learn_from(first_);
    ExploreOptions options = options_;
    options.executed = colleague->executed;
    options.pruned = colleague->pruned;
    const ExploreOptions drawing = drawing_options(options, *walks);
    while (const auto portion = books_.claim())
      draw(*portion, *colleague->program, *walks, drawing);
  }

  const ExploreOptions& options_;
  const std::function<std::unique_ptr<SampledWalks>()>& make_walks_;
  Program& program_;
  SampledWalks& first_;
  WalkBooks books_;
  double started_ = 0;
  std::uint64_t reported_ = 0;
  std::atomic<std::uint64_t> executions_ = 0;
  std::atomic<std::uint64_t> steps_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace

ExploreResult walk_together(Program& program, SampledWalks& first, const ExploreOptions& options,
                            std::uint64_t count,
                            const std::function<std::unique_ptr<SampledWalks>()>& make_walks) {
  return WalkTeam(program, first, options, count, make_walks).run();
}

}  // namespace unswept::model
