#include "scenarios/explain/explain.h"

#include <algorithm>
#include <map>
#include <optional>

namespace unswept::scenarios {
namespace {

using sim::Op;

bool is_rename(Op op) { return op == Op::rename || op == Op::rename_no_replace; }

bool is_at_or_above(std::string_view directory, std::string_view place) {
  if (directory.empty()) return true;
  return place.starts_with(directory) &&
         (place.size() == directory.size() || place[directory.size()] == '/');
}

constexpr std::string_view kHere = "the snapshot was here";

std::string step_text(std::size_t step) { return "step " + std::to_string(step + 1); }

/// The visible places that one snapshot directory had, over time.
class Places {
 public:
  Places(const Story& story, InodeNumber directory, std::string last_place) {
    for (const StoryEvent& event : story.events())
      if (event.ok && is_rename(event.op) && event.inode == directory) moves_.push_back(&event);
    first_ = moves_.empty() ? std::move(last_place) : moves_.front()->place;
  }
  const std::vector<const StoryEvent*>& moves() const { return moves_; }
  const std::string& at(std::size_t step) const {
    const std::string* place = &first_;
    for (const StoryEvent* move : moves_)
      if (move->step < step) place = &move->to_place;
    return *place;
  }
  std::vector<std::string> all() const {
    std::vector<std::string> list{first_};
    for (const StoryEvent* move : moves_) list.push_back(move->to_place);
    return list;
  }

 private:
  std::string first_;
  std::vector<const StoryEvent*> moves_;
};

/// One index that listed the lost chunk at some time of the run.
struct Referrer {
  InodeNumber inode = 0;
  std::string name;
  InodeNumber snapshot = 0;
  std::string place;  // of its snapshot, the last one known
  std::optional<IndexChange> appeared;
  std::optional<IndexChange> disappeared;
};

class Explainer {
 public:
  Explainer(const Story& story, const Watch& watch, const Offence& offence,
            const std::vector<std::string>& actors)
      : story_(story), watch_(watch), offence_(offence), actors_(actors) {
    const auto index = static_cast<std::size_t>(&offence - watch.offences().data());
    end_ = story.offence_step(index);
    begin_ = story.collection_start(offence.actor, end_);
  }

  Explanation make() {
    const std::string chunk = watch_.references().chunks()[offence_.chunk].name;
    for (const Referrer& referrer : referrers()) tell(referrer, chunk);
    mark_chunk_steps();
    mark_journal_steps();
    return std::move(out_);
  }

 private:
  const std::string& actor(sim::ActorId id) const { return actors_[id]; }
  void line(std::string text) { out_.lines.push_back(std::move(text)); }
  void part(std::size_t step) { out_.steps.insert(step); }

  std::vector<Referrer> referrers() const {
    std::map<InodeNumber, Referrer> found;
    for (const InodeNumber inode : watch_.references().referrers(offence_.chunk)) {
      const IndexState& index = *watch_.references().index(inode);
      found[inode] = {inode, index.name, index.snapshot, watch_.map().path(index.snapshot), {}, {}};
    }
    for (const IndexChange& change : story_.index_changes()) {
      const auto lists = [&](const std::vector<ChunkId>& chunks) {
        return std::find(chunks.begin(), chunks.end(), offence_.chunk) != chunks.end();
      };
      if (!lists(change.index.chunks) && !lists(change.index.missing)) continue;
      Referrer& referrer = found[change.inode];
      referrer.inode = change.inode;
      referrer.name = change.index.name;
      referrer.snapshot = change.index.snapshot;
      referrer.place = change.snapshot;
      (change.appears ? referrer.appeared : referrer.disappeared) = change;
    }
    std::vector<Referrer> list;
    for (auto& [inode, referrer] : found) list.push_back(std::move(referrer));
    return list;
  }

  void tell(const Referrer& referrer, const std::string& chunk) {
    const Places places(story_, referrer.snapshot, referrer.place);
    line("chunk " + chunk + " is listed by " + places.at(story_.steps()) + '/' + referrer.name);
    tell_change("  the index appeared there in ", referrer.appeared);
    tell_change("  the index was removed in ", referrer.disappeared);
    for (const StoryEvent* move : places.moves()) {
      part(move->step);
      line("  its snapshot was renamed from " + move->place + " in " + step_text(move->step) +
           " by " + actor(move->actor));
    }
    tell_looks(referrer, places);
    tell_difference(referrer, places);
  }

  void tell_change(const std::string& text, const std::optional<IndexChange>& change) {
    if (!change) return;
    part(change->step);
    line(text + step_text(change->step) + " by " + actor(change->actor));
  }

  /// Whether the call could have led the GC to the index, at one of its places.
  bool is_look(const StoryEvent& event, const Referrer& referrer, const Places& places) const {
    if (event.actor != offence_.actor || event.step < begin_ || event.step > end_) return false;
    const auto all = places.all();
    if (event.op == Op::read_directory && !event.is_end)
      return std::any_of(all.begin(), all.end(), [&](const std::string& place) {
        return is_at_or_above(event.place, place);
      });
    if (event.op != Op::open) return false;
    return std::any_of(all.begin(), all.end(), [&](const std::string& place) {
      return event.place == place + '/' + referrer.name || (!event.ok && event.place == place);
    });
  }

  std::string verdict_on(const StoryEvent& look, const Referrer& referrer,
                         const Places& places) const {
    if (referrer.appeared && look.step < referrer.appeared->step)
      return "the index was not there yet";
    if (referrer.disappeared && look.step > referrer.disappeared->step)
      return "the index was gone by then";
    const std::string& now = places.at(look.step);
    const bool here = look.op == Op::open ? look.ok : is_at_or_above(look.place, now);
    return here ? std::string(kHere) : "the snapshot was at " + now;
  }

  void tell_looks(const Referrer& referrer, const Places& places) {
    for (const StoryEvent& event : story_.events()) {
      if (!is_look(event, referrer, places)) continue;
      const std::string verdict = verdict_on(event, referrer, places);
      if (verdict != kHere || event.op == Op::open) part(event.step);
      line("  " + step_text(event.step) + ": " + actor(event.actor) + look_text(event) + ": " +
           verdict);
    }
  }

  static std::string look_text(const StoryEvent& look) {
    const std::string place = look.place.empty() ? "the store's directory" : look.place;
    if (look.op == Op::open) return (look.ok ? " opened " : " did not find ") + place;
    return " read " + place + (look.names.empty() ? " and found it empty" : "");
  }

  /// The last look in `range` at the directories that lead to `place` only.
  std::optional<StoryEvent> look_at(const std::string& place, const std::string& not_place,
                                    std::size_t from, std::size_t to, bool last) const {
    std::optional<StoryEvent> found;
    for (const StoryEvent& event : story_.events()) {
      if (event.actor != offence_.actor || event.step < from || event.step >= to) continue;
      if (event.op != Op::read_directory && event.op != Op::open) continue;
      if (event.place.empty() || event.is_end) continue;
      if (!not_place.empty() && is_at_or_above(event.place, not_place)) continue;
      const bool leads = is_at_or_above(event.place, place) || is_at_or_above(place, event.place);
      if (!leads) continue;
      if (last || !found) found = event;
    }
    return found;
  }

  void tell_difference(const Referrer& referrer, const Places& places) {
    for (const StoryEvent* move : places.moves()) tell_missed_move(*move);
    if (referrer.appeared && referrer.appeared->actor != offence_.actor)
      tell_missed_appearance(referrer);
    if (referrer.disappeared && !was_opened(referrer))
      line("what made the difference: the index was removed (" +
           step_text(referrer.disappeared->step) + ") before " + actor(offence_.actor) +
           " opened it");
  }

  void tell_missed_move(const StoryEvent& move) {
    const auto before = look_at(move.to_place, move.place, begin_, move.step, true);
    const auto after = look_at(move.place, move.to_place, move.step, end_, false);
    if (!before || !after) return;
    part(before->step);
    part(after->step);
    line("what made the difference: " + actor(offence_.actor) + " looked at " + before->place +
         " (" + step_text(before->step) + ") before " + actor(move.actor) +
         " renamed the snapshot to there (" + step_text(move.step) + "), and at " + after->place +
         " (" + step_text(after->step) + ") after it had left");
  }

  void tell_missed_appearance(const Referrer& referrer) {
    const std::size_t appeared = referrer.appeared->step;
    const std::string& place = referrer.appeared->snapshot;
    const std::string group = place.substr(0, place.rfind('/'));
    const auto before = look_at(group, "", begin_, appeared, true);
    if (!before || was_opened(referrer)) return;
    part(before->step);
    line("what made the difference: the index appeared (" + step_text(appeared) + ") after " +
         actor(offence_.actor) + " had looked at " + before->place + " (" +
         step_text(before->step) + "), and it did not look there again");
  }

  /// By the GC that is to blame, after it had begun to iterate.
  bool was_opened(const Referrer& referrer) const {
    for (const StoryEvent& event : story_.events())
      if (event.op == Op::open && event.ok && event.actor == offence_.actor &&
          event.inode == referrer.inode && event.step >= begin_ && event.step <= end_)
        return true;
    return false;
  }

  void mark_chunk_steps() {
    const ChunkState& chunk = watch_.references().chunks()[offence_.chunk];
    for (const StoryEvent& event : story_.events()) {
      const bool touches = event.op == Op::touch || event.op == Op::unlink || is_rename(event.op);
      if (touches && (event.name == chunk.file_name || event.to_place.ends_with(chunk.file_name)))
        part(event.step);
    }
  }

  void mark_journal_steps() {
    for (const StoryEvent& event : story_.events())
      if (event.in_journal && (event.op == Op::read || event.op == Op::write ||
                               event.op == Op::flock || event.op == Op::truncate))
        part(event.step);
  }

  const Story& story_;
  const Watch& watch_;
  const Offence& offence_;
  std::size_t begin_ = 0;  // of the GC that is to blame
  std::size_t end_ = 0;    // the step that broke the promise
  const std::vector<std::string>& actors_;
  Explanation out_;
};

/// Where nothing better is known: what changed names in the store.
Explanation explain_by_changes(const Story& story, const Watch& watch) {
  Explanation explanation;
  for (const StoryEvent& event : story.events()) {
    const bool changes = is_rename(event.op) || event.op == Op::unlink || event.op == Op::mkdir ||
                         event.op == Op::rmdir;
    if (event.ok && changes && watch.map().find(event.parent) != nullptr)
      explanation.steps.insert(event.step);
  }
  return explanation;
}

}  // namespace

Explanation explain(const Story& story, const Watch& watch, const std::string& promise,
                    const std::vector<std::string>& actors) {
  for (const Offence& offence : watch.offences())
    if (offence.promise == promise) return Explainer(story, watch, offence, actors).make();
  return explain_by_changes(story, watch);
}

}  // namespace unswept::scenarios
