// scenarios/promises/final_judge.h: the promises about the state in which a run ends.
//
// Reads the files as a restore would: manifest, index, every chunk.  Many runs end
// in one state, and each state is judged once.
//
// Thread safety: none.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/format/blob.h"
#include "model/program.h"
#include "scenarios/promises/watch.h"
#include "sim/world.h"

namespace unswept::scenarios {

class FinalJudge {
 public:
  /// In the sealed state.  References must outlive the judge.
  FinalJudge(sim::World& world, const Watch& watch, engine::BlobCodec& codec,
             const Scenario& scenario);

  /// `outcomes` stands for how the operations ended.
  const std::vector<model::Violation>& judge(std::uint64_t outcomes);

  /// Snapshots that do not restore before anybody did anything, and why: a sentence each.
  const std::vector<std::string>& broken_at_start() const { return broken_texts_; }

 private:
  void look_for_broken_at_start();
  std::vector<model::Violation> look() const;
  void look_at(const SnapshotTruth& snapshot, std::vector<model::Violation>& found) const;
  bool is_in_place(const SnapshotTruth& snapshot) const;
  /// Why it does not restore; empty if it does.
  std::string restore_problem(const SnapshotTruth& snapshot, const sim::View& view) const;
  std::string archive_problem(const ArchiveTruth& archive, InodeNumber directory,
                              const sim::View& view) const;
  std::string chunk_problem(const engine::Digest& digest, const sim::View& view) const;
  void look_for_copies(std::vector<model::Violation>& found) const;
  void look_for_leaks(std::vector<model::Violation>& found) const;
  void look_for_temporaries(InodeNumber directory, const std::string& path,
                            std::vector<std::string>& found) const;

  sim::World& world_;
  const Watch& watch_;
  engine::BlobCodec& codec_;
  const Scenario& scenario_;
  Judged judged_;
  bool imported_;
  bool looks_into_chunks_ = true;
  std::set<InodeNumber> broken_at_start_;
  std::vector<std::string> broken_texts_;
  std::vector<std::string> temporaries_at_start_;
  std::map<model::Fingerprint, std::vector<model::Violation>> judged_states_;
};

}  // namespace unswept::scenarios
