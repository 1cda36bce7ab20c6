// engine/cli/output.h: results of the tool, for people or for programs.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "engine/cli/run_command.h"
#include "engine/cli/store_summary.h"
#include "engine/ops/check.h"
#include "engine/ops/journal_list.h"

namespace unswept::engine {

class Output {
 public:
  virtual ~Output() = default;
  virtual void created(const StoreConfig& config) = 0;
  /// `shortfall` says why it is not all that was asked for; for people it is on the error stream
  /// already.
  virtual void report(const Command& command, const CommandReport& report,
                      const std::optional<Error>& shortfall) = 0;
  virtual void namespaces(const std::vector<NamespaceSummary>& namespaces) = 0;
  virtual void groups(const std::vector<GroupSummary>& groups) = 0;
  virtual void listing(const std::vector<SnapshotSummary>& snapshots) = 0;
  virtual void archives(const SnapshotDetails& details) = 0;
  virtual void store(const StoreSummary& summary) = 0;
  virtual void group(const GroupSummary& group) = 0;
  virtual void snapshot(const SnapshotDetails& details) = 0;
  virtual void check(const CheckReport& report) = 0;
  virtual void journal(const std::vector<PendingMove>& moves) = 0;
  /// As help_text() has it.
  virtual void help(std::string_view command) = 0;
  virtual void version(std::string_view version) = 0;
  /// For people the message is on the error stream already.
  virtual void error(const Error& error) = 0;
};

/// Lines for people, without control characters.  `quiet` keeps what was asked to be shown (lists,
/// what a dry run says), and errors that a check found.
std::unique_ptr<Output> make_text_output(std::ostream& out, bool quiet);
/// One JSON object and a newline.
std::unique_ptr<Output> make_json_output(std::ostream& out);

}  // namespace unswept::engine
