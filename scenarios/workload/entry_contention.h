// scenarios/workload/entry_contention.h: which entries of a directory can matter by their place.
//
// Whoever reads a directory handles one entry after the other.  If all that is done
// because of an entry is independent of all that other actors do, it does not matter
// when it is done, and the entry's place among the others need not be varied: it comes
// first, by name.  Only the others, the *contended* ones, come in every order.
//
// Which entries are contended is found out by exploring.  A round runs with the set
// found so far and records what is done because of each other entry and what every
// actor touches; settle() compares, and if it finds more, another round is due.  Only
// the last round counts: in it nobody touched anything that an uncontended entry led
// to.  docs/how-the-checker-works.md has the argument, and what it supposes of readers.
//
// "Because of": a step belongs to the entries that it looks up, itself or when it opened
// the descriptors that it uses; and if there are none of a directory, to the one looked up
// last before it and to the one looked up next.  A reader that has looked up all of them,
// closes the directory and looks up none again is done with it.
//
// Thread safety: none; one per Program.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/dependence.h"
#include "model/explore/trace.h"
#include "model/program.h"
#include "sim/vfs/directory_policy.h"

namespace unswept::scenarios {

class EntryContention final : public sim::EntryOrders {
 public:
  using EntryNumber = std::uint32_t;
  /// A use of an object because of an entry.
  struct Use {
    EntryNumber entry;
    model::ActorId actor;
    model::Access access;
  };

  /// Whether every entry comes in every place, and nothing is recorded.  So it is at first.
  void vary_all(bool on) { all_ = on; }
  bool varies_all() const { return all_; }

  // --- sim::EntryOrders
  bool varies(model::ObjectId entry) const override { return all_ || contended_.contains(entry); }
  void given(model::ActorId actor, model::ObjectId descriptor, model::ObjectId directory,
             std::span<const sim::GivenEntry> entries) override;

  // --- a run
  void begin_run();
  /// The run goes on behind its first `steps` steps, as if it had ended there.
  void rewind(std::size_t steps);
  void taken(const model::Step& step);
  /// The step being taken opens that descriptor.
  void opened(model::ObjectId descriptor) { opened_ = descriptor; }
  /// The actor's operation failed, and the actor goes on: what it has not come to may matter to it.
  void failed(model::ActorId actor);
  /// What decides to which entries that are not known to be contended the steps to come belong, and
  /// which steps so far belong to entries to come.  Two runs that are the same in this and in their
  /// states record the same from there on.
  std::uint64_t digest() const;
  /// A step that somebody would take, and waits.
  void would_touch(model::ActorId actor, std::span<const model::Access> footprint);

  // --- a trace in which every entry varies, made of a run in which some do not
  void capture_to(model::Trace* trace) { captured_ = trace; }
  bool captures() const { return captured_ != nullptr; }
  void capture(const model::Decision& decision) { captured_->decisions.push_back(decision); }

  // --- a round
  /// Records although all entries vary, and only what lookups tell for certain: what is contended
  /// in some order is contended.  In any order there is a last entry, to which all that follows
  /// would seem to belong.
  void record_certain(bool on) { recording_ = on; }
  /// Whether entries turned out to be contended that were not known to be: they vary from now on.
  bool settle();
  /// Entries of directories with more than one that were read, and those of them that vary.
  std::size_t entries() const { return numbers_.size(); }
  std::size_t contended() const { return contended_.size(); }
  void add_contended(const EntryContention& other);

  // --- several programs that explore one scenario, or one that is gone on with
  struct Record;
  /// The entries that vary are those that vary in `other`.
  void vary_as(const EntryContention& other);
  /// A new round, in which these vary, or all do.
  void begin_round(bool all, std::span<const model::ObjectId> contended);
  /// What `other` recorded in this round is recorded here, and forgotten there.
  void take_round_of(EntryContention& other);
  /// The contended entries and the round so far.
  Record record() const;
  void add(const Record& record);

 private:
  static constexpr EntryNumber kNoEntry = 0xffffffff;
  static constexpr std::uint32_t kNone = 0xffffffff;

  /// A directory that an actor has read, and which of its entries it is at.
  struct Reading {
    model::ActorId actor;
    model::ObjectId directory;
    model::ObjectId descriptor;
    std::size_t step;  // of the run, in which it was read
    bool active = true;
    bool matters = true;  // some of its entries are not known to be contended
    struct {
      EntryNumber entry = kNoEntry;  // looked up last
      std::uint32_t next_step = 0;   // of the actor's own: the first that may belong to the next
      bool done = false;             // see above
      bool resumed = false;          // it was taken to be done, and was not
      bool closed = false;           // the directory; its number may be another's by now
    } at;
    std::vector<EntryNumber> entries;
    std::vector<EntryNumber> not_looked_up;
  };
  struct StepSpan {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint64_t digest;
    std::uint64_t sum;  // of the digests of the actor's steps up to this one
  };
  /// What rewind() takes back: a reading that moved on, that was put aside, or that is new.
  struct Undo {
    std::size_t step;
    std::uint32_t reading;
    enum class What : std::uint8_t { moved, put_aside, added } what;
    decltype(Reading::at) at;
    EntryNumber first_lookup_of;  // or kNoEntry
  };
  struct Lookup {
    std::uint32_t reading;
    EntryNumber entry;
  };
  using Entries = std::vector<EntryNumber>;
  /// What was looked up to open what is open, before a step opened or closed a descriptor.
  struct OpenedUndo {
    std::size_t step;
    std::uint64_t sum;
    model::ObjectId descriptor;
    Entries looked_up_for;
  };
  struct Actor {
    std::vector<StepSpan> steps;
    std::vector<std::uint32_t> readings;    // active ones
    std::vector<std::uint32_t> reading_of;  // by entry: the active reading it is in, or kNone
  };

  void capture_order(model::ActorId actor, std::span<const sim::GivenEntry> entries);
  bool is_recording() const { return !all_ || recording_; }
  EntryNumber number_of(model::ObjectId entry);
  Actor& actor(model::ActorId id);
  StepSpan append(Actor& actor, std::span<const model::Access> footprint);
  void note_user(model::ActorId actor, std::span<const model::Access> footprint,
                 std::uint64_t digest);
  void note_user(model::ActorId actor, model::ObjectId object, model::ModeSet modes);
  void forget_round();
  void find_lookups(const Actor& actor, std::span<const model::Access> footprint);
  void add_lookup(const Actor& actor, EntryNumber entry);
  void follow(std::uint32_t reading, Actor& actor, const model::Step& step);
  void move_to(std::uint32_t reading, EntryNumber entry, std::uint32_t next_step);
  void close(std::uint32_t reading);
  std::uint64_t digest_of(const Reading& reading) const;
  std::uint64_t digest_of(model::ObjectId descriptor, const Entries& entries) const;
  void note_opened(model::ObjectId descriptor);
  void note_closed(const model::Step& step);
  void belongs(EntryNumber entry, model::ActorId actor, const StepSpan& step);
  void put_aside(std::uint32_t reading);
  void activate(std::uint32_t reading, bool on);
  bool is_contended(const Use& use) const;

  bool all_ = true;
  bool recording_ = false;
  model::Trace* captured_ = nullptr;
  std::unordered_set<model::ObjectId> contended_;

  // All rounds: entries are numbered as they are met.
  std::unordered_map<model::ObjectId, EntryNumber> numbers_;
  std::vector<model::ObjectId> entries_;

  // The round.
  std::vector<Use> uses_;
  std::unordered_set<EntryNumber> left_undone_;
  std::unordered_set<std::uint64_t> known_uses_;   // of whole steps, by digest
  std::unordered_set<std::uint64_t> known_users_;  //
  struct User {
    model::ActorId actor;
    model::ModeSet modes;
  };
  std::unordered_map<model::ObjectId, std::vector<User>> users_;

  // The run.
  std::size_t step_ = 0;
  std::vector<Actor> actors_;
  std::vector<model::ActorId> takers_;  // of the steps so far
  std::vector<model::Access> accesses_;
  std::vector<Reading> readings_;
  std::vector<Undo> undo_;
  std::unordered_map<model::ObjectId, Entries> looked_up_for_;  // by descriptor
  std::uint64_t opened_sum_ = 0;                                // of what is open
  std::vector<OpenedUndo> opened_undo_;
  // The step being looked at.
  std::vector<Lookup> lookups_;
  Entries looked_up_;
  model::ObjectId opened_ = 0;
  model::Dependence dependence_;
};

struct EntryContention::Record {
  struct User {
    model::ObjectId object;
    model::ActorId actor;
    model::ModeSet modes;
  };
  std::vector<model::ObjectId> entries;  // by their number
  std::vector<model::ObjectId> contended;
  std::vector<Use> uses;
  std::vector<EntryNumber> left_undone;
  std::vector<User> users;
};

}  // namespace unswept::scenarios
