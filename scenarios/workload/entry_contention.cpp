#include "scenarios/workload/entry_contention.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/hash.h"
#include "sim/objects.h"
#include "sim/ops.h"

namespace unswept::scenarios {
namespace {

std::uint64_t digest_of(std::span<const model::Access> footprint) {
  sim::Digest digest;
  for (const model::Access& access : footprint)
    digest << (access.object ^ static_cast<std::uint64_t>(access.mode));
  return digest.value();
}

}  // namespace

// --- a run -------------------------------------------------------------------------------------

void EntryContention::begin_run() { rewind(0); }

void EntryContention::rewind(std::size_t steps) {
  for (; !undo_.empty() && undo_.back().step >= steps; undo_.pop_back()) {
    const Undo& undo = undo_.back();
    Reading& reading = readings_[undo.reading];
    switch (undo.what) {
      case Undo::What::moved:
        reading.at = undo.at;
        if (undo.first_lookup_of != kNoEntry) reading.not_looked_up.push_back(undo.first_lookup_of);
        break;
      case Undo::What::put_aside:
        activate(undo.reading, true);
        break;
      case Undo::What::added:
        if (reading.active) activate(undo.reading, false);
        readings_.pop_back();
        break;
    }
  }
  for (; !opened_undo_.empty() && opened_undo_.back().step >= steps; opened_undo_.pop_back()) {
    OpenedUndo& undo = opened_undo_.back();
    opened_sum_ = undo.sum;
    looked_up_for_[undo.descriptor] = std::move(undo.looked_up_for);
  }
  for (; takers_.size() > steps; takers_.pop_back()) {
    Actor& taker = actors_[takers_.back()];
    accesses_.resize(taker.steps.back().begin);
    taker.steps.pop_back();
  }
  step_ = steps;
}

EntryContention::EntryNumber EntryContention::number_of(model::ObjectId entry) {
  const auto [found, is_new] =
      numbers_.try_emplace(entry, static_cast<EntryNumber>(entries_.size()));
  if (is_new) entries_.push_back(entry);
  return found->second;
}

EntryContention::Actor& EntryContention::actor(model::ActorId id) {
  if (actors_.size() <= id) actors_.resize(id + 1);
  return actors_[id];
}

void EntryContention::given(model::ActorId id, model::ObjectId descriptor,
                            model::ObjectId directory, std::span<const sim::GivenEntry> entries) {
  if (captures()) capture_order(id, entries);
  if (!is_recording() || id == model::kNoActor) return;
  for (const std::uint32_t earlier : actor(id).readings)
    if (readings_[earlier].directory == directory) {
      put_aside(earlier);
      break;
    }
  if (entries.size() < 2) return;
  Reading reading{id, directory, descriptor, step_, false, true, {}, {}, {}};
  reading.at.next_step = static_cast<std::uint32_t>(actor(id).steps.size() + 1);
  for (const sim::GivenEntry& entry : entries) reading.entries.push_back(number_of(entry.object));
  reading.matters = !std::ranges::all_of(
      entries, [&](const sim::GivenEntry& entry) { return contended_.contains(entry.object); });
  reading.not_looked_up = reading.entries;
  const auto number = static_cast<std::uint32_t>(readings_.size());
  readings_.push_back(std::move(reading));
  activate(number, true);
  undo_.push_back({step_, number, Undo::What::added, {}, kNoEntry});
}

// In place of the answers of this step, which were about some of the entries: all of them.
void EntryContention::capture_order(model::ActorId actor,
                                    std::span<const sim::GivenEntry> entries) {
  std::vector<model::Decision>& decisions = captured_->decisions;
  while (!decisions.empty() && decisions.back().what == model::Decision::What::choose)
    decisions.pop_back();
  std::vector<std::string_view> left;
  for (const sim::GivenEntry& entry : entries) left.push_back(entry.name);
  std::ranges::sort(left);
  for (const sim::GivenEntry& entry : entries) {
    if (left.size() < 2) return;
    const auto at = std::ranges::find(left, entry.name);
    decisions.push_back(model::Decision::choose(actor, model::ChoiceKind::directory_order,
                                                static_cast<std::uint32_t>(at - left.begin()),
                                                static_cast<std::uint32_t>(left.size())));
    left.erase(at);
  }
}

void EntryContention::put_aside(std::uint32_t reading) {
  activate(reading, false);
  undo_.push_back({step_, reading, Undo::What::put_aside, {}, kNoEntry});
}

void EntryContention::activate(std::uint32_t number, bool on) {
  Reading& reading = readings_[number];
  Actor& reader = actor(reading.actor);
  reading.active = on;
  if (on)
    reader.readings.push_back(number);
  else
    std::erase(reader.readings, number);
  for (const EntryNumber entry : reading.entries) {
    if (reader.reading_of.size() <= entry) reader.reading_of.resize(entry + 1, kNone);
    reader.reading_of[entry] = on ? number : kNone;
  }
}

void EntryContention::taken(const model::Step& step) {
  if (!is_recording()) return;
  Actor& taker = actor(step.actor);
  const StepSpan span = append(taker, step.footprint);
  takers_.push_back(step.actor);
  note_user(step.actor, step.footprint, span.digest);
  find_lookups(taker, step.footprint);
  for (const std::uint32_t reading : taker.readings) follow(reading, taker, step);
  if (step.op == sim::code(sim::Op::close)) note_closed(step);
  ++step_;
}

EntryContention::StepSpan EntryContention::append(Actor& actor,
                                                  std::span<const model::Access> footprint) {
  const auto begin = static_cast<std::uint32_t>(accesses_.size());
  accesses_.insert(accesses_.end(), footprint.begin(), footprint.end());
  const std::uint64_t digest = scenarios::digest_of(footprint);
  const std::uint64_t sum = (actor.steps.empty() ? 0 : actor.steps.back().sum) + sim::mix(digest);
  actor.steps.push_back({begin, static_cast<std::uint32_t>(accesses_.size()), digest, sum});
  return actor.steps.back();
}

void EntryContention::failed(model::ActorId id) {
  if (!is_recording()) return;
  for (const std::uint32_t reading : actor(id).readings)
    left_undone_.insert(readings_[reading].entries.begin(), readings_[reading].entries.end());
}

void EntryContention::would_touch(model::ActorId actor, std::span<const model::Access> footprint) {
  if (is_recording()) note_user(actor, footprint, scenarios::digest_of(footprint));
}

void EntryContention::note_user(model::ActorId actor, std::span<const model::Access> footprint,
                                std::uint64_t digest) {
  if (!known_users_.insert(digest ^ sim::mix(actor)).second) return;
  for (const model::Access& access : footprint)
    note_user(actor, access.object, model::set_of(access.mode));
}

void EntryContention::note_user(model::ActorId actor, model::ObjectId object,
                                model::ModeSet modes) {
  std::vector<User>& users = users_[object];
  auto found = std::ranges::find(users, actor, &User::actor);
  if (found == users.end()) found = users.insert(users.end(), {actor, 0});
  found->modes = static_cast<model::ModeSet>(found->modes | modes);
}

void EntryContention::find_lookups(const Actor& actor, std::span<const model::Access> footprint) {
  lookups_.clear();
  looked_up_.clear();
  for (const model::Access& access : footprint) {
    const sim::ObjectKind kind = sim::kind_of(access.object);
    if (kind == sim::ObjectKind::dirent) {
      const auto found = numbers_.find(access.object);
      if (found != numbers_.end()) add_lookup(actor, found->second);
    } else if (kind == sim::ObjectKind::descriptor) {
      if (access.object == opened_) continue;  // what an earlier one of that number was opened by
      const auto found = looked_up_for_.find(access.object);
      if (found == looked_up_for_.end()) continue;
      for (const EntryNumber entry : found->second) add_lookup(actor, entry);
    }
  }
  if (opened_ != 0) note_opened(opened_);
  opened_ = 0;
}

std::uint64_t EntryContention::digest_of(model::ObjectId descriptor, const Entries& entries) const {
  std::uint64_t sum = sim::mix(descriptor);
  for (const EntryNumber entry : entries) sum += sim::mix(entries_[entry] ^ descriptor);
  return sim::mix(sum);
}

void EntryContention::note_opened(model::ObjectId descriptor) {
  Entries& entries = looked_up_for_[descriptor];
  opened_undo_.push_back({step_, opened_sum_, descriptor, std::exchange(entries, looked_up_)});
  opened_sum_ += digest_of(descriptor, looked_up_);
}

void EntryContention::note_closed(const model::Step& step) {
  for (const model::Access& access : step.footprint) {
    if (sim::kind_of(access.object) != sim::ObjectKind::descriptor) continue;
    const auto found = looked_up_for_.find(access.object);
    if (found == looked_up_for_.end()) continue;
    opened_undo_.push_back({step_, opened_sum_, access.object, found->second});
    opened_sum_ -= digest_of(access.object, found->second);
  }
}

std::uint64_t EntryContention::digest() const {
  if (all_) return 0;
  std::uint64_t sum = opened_sum_;
  for (const Actor& reader : actors_)
    for (const std::uint32_t reading : reader.readings)
      if (readings_[reading].matters) sum += digest_of(readings_[reading]);
  return sum;
}

// What belongs to a contended entry is not recorded, so which of those the reader is at makes no
// difference.
std::uint64_t EntryContention::digest_of(const Reading& reading) const {
  const std::vector<StepSpan>& steps = actors_[reading.actor].steps;
  const bool at_known =
      reading.at.entry == kNoEntry || contended_.contains(entries_[reading.at.entry]);
  const auto sum_before = [&](std::size_t step) { return step == 0 ? 0 : steps[step - 1].sum; };
  const std::size_t first = std::min<std::size_t>(reading.at.next_step, steps.size());
  std::uint64_t entries = 0;
  for (const EntryNumber entry : reading.entries) entries += sim::mix(entries_[entry]);
  std::uint64_t not_looked_up = 0;
  for (const EntryNumber entry : reading.not_looked_up) not_looked_up += sim::mix(entries_[entry]);
  return (sim::Digest() << reading.actor << reading.directory << entries << not_looked_up
                        << (at_known ? 0 : entries_[reading.at.entry]) << (reading.at.done ? 1 : 0)
                        << (reading.at.resumed ? 1 : 0)
                        << (reading.at.closed ? 0 : reading.descriptor)
                        << sum_before(steps.size()) - sum_before(first))
      .value();
}

void EntryContention::add_lookup(const Actor& actor, EntryNumber entry) {
  if (std::ranges::find(looked_up_, entry) != looked_up_.end()) return;
  looked_up_.push_back(entry);
  if (entry >= actor.reading_of.size()) return;
  const std::uint32_t reading = actor.reading_of[entry];
  if (reading != kNone) lookups_.push_back({reading, entry});
}

// The actor's last step, as one step of that reading.
void EntryContention::follow(std::uint32_t number, Actor& actor, const model::Step& step) {
  const Reading& reading = readings_[number];
  if (reading.step == step_) return;  // it is the one that read the directory
  const auto last = static_cast<std::uint32_t>(actor.steps.size() - 1);
  bool looked_up = false;
  for (const Lookup& lookup : lookups_) {
    if (lookup.reading != number) continue;
    looked_up = true;
    belongs(lookup.entry, reading.actor, actor.steps[last]);
    if (lookup.entry != reading.at.entry && !all_)
      for (std::uint32_t i = reading.at.next_step; i < last; ++i)
        belongs(lookup.entry, reading.actor, actor.steps[i]);
    move_to(number, lookup.entry, last + 1);
  }
  if (looked_up || all_) return;
  const model::Access closing{reading.descriptor, model::Mode::write};
  if (step.op == sim::code(sim::Op::close) && !reading.at.closed &&
      std::ranges::find(step.footprint, closing) != step.footprint.end())
    return close(number);
  if (reading.at.entry != kNoEntry && !reading.at.done)
    belongs(reading.at.entry, reading.actor, actor.steps[last]);
}

void EntryContention::move_to(std::uint32_t number, EntryNumber entry, std::uint32_t next_step) {
  Reading& reading = readings_[number];
  const bool first = std::erase(reading.not_looked_up, entry) != 0;
  undo_.push_back({step_, number, Undo::What::moved, reading.at, first ? entry : kNoEntry});
  const bool resumed = reading.at.resumed || reading.at.done;
  reading.at = {entry, next_step, false, resumed, reading.at.closed};
}

void EntryContention::close(std::uint32_t number) {
  Reading& reading = readings_[number];
  undo_.push_back({step_, number, Undo::What::moved, reading.at, kNoEntry});
  reading.at.closed = true;
  if (reading.not_looked_up.empty() && !reading.at.resumed) reading.at.done = true;
}

void EntryContention::belongs(EntryNumber entry, model::ActorId actor, const StepSpan& step) {
  if (contended_.contains(entries_[entry])) return;
  if (!known_uses_.insert(step.digest ^ sim::mix((std::uint64_t{entry} << 8) + actor)).second)
    return;
  for (std::uint32_t i = step.begin; i < step.end; ++i)
    uses_.push_back({entry, actor, accesses_[i]});
}

// --- a round ---------------------------------------------------------------------------------

bool EntryContention::is_contended(const Use& use) const {
  const auto users = users_.find(use.access.object);
  if (users == users_.end()) return false;
  return std::ranges::any_of(users->second, [&](const User& user) {
    return user.actor != use.actor && (user.modes & dependence_.conflicts(use.access.mode)) != 0;
  });
}

bool EntryContention::settle() {
  const std::size_t before = contended_.size();
  for (const Use& use : uses_)
    if (is_contended(use)) contended_.insert(entries_[use.entry]);
  for (const EntryNumber entry : left_undone_) contended_.insert(entries_[entry]);
  forget_round();
  return contended_.size() != before;
}

void EntryContention::forget_round() {
  left_undone_.clear();
  uses_.clear();
  known_uses_.clear();
  known_users_.clear();
  users_.clear();
}

void EntryContention::vary_as(const EntryContention& other) {
  all_ = other.all_;
  recording_ = other.recording_;
  contended_ = other.contended_;
}

void EntryContention::begin_round(bool all, std::span<const model::ObjectId> contended) {
  all_ = all;
  recording_ = false;
  contended_ = {contended.begin(), contended.end()};
  forget_round();
}

void EntryContention::take_round_of(EntryContention& other) {
  add(other.record());
  other.forget_round();
}

EntryContention::Record EntryContention::record() const {
  Record record;
  record.entries = entries_;
  record.contended.assign(contended_.begin(), contended_.end());
  std::ranges::sort(record.contended);
  record.uses = uses_;
  record.left_undone.assign(left_undone_.begin(), left_undone_.end());
  std::ranges::sort(record.left_undone);
  for (const auto& [object, users] : users_)
    for (const User& user : users) record.users.push_back({object, user.actor, user.modes});
  std::ranges::sort(record.users, {},
                    [](const auto& user) { return std::tuple(user.object, user.actor); });
  return record;
}

void EntryContention::add(const Record& record) {
  const auto key = [](const Use& use) {
    return std::tuple(use.entry, use.actor, use.access.object, use.access.mode);
  };
  std::vector<EntryNumber> here;
  for (const model::ObjectId entry : record.entries) here.push_back(number_of(entry));
  contended_.insert(record.contended.begin(), record.contended.end());
  for (const Use& use : record.uses) uses_.push_back({here[use.entry], use.actor, use.access});
  std::ranges::sort(uses_, {}, key);
  const auto repeated = std::ranges::unique(uses_, {}, key);
  uses_.erase(repeated.begin(), repeated.end());
  for (const EntryNumber entry : record.left_undone) left_undone_.insert(here[entry]);
  for (const Record::User& user : record.users) note_user(user.actor, user.object, user.modes);
}

void EntryContention::add_contended(const EntryContention& other) {
  contended_.insert(other.contended_.begin(), other.contended_.end());
}

}  // namespace unswept::scenarios
