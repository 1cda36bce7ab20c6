#include "engine/ops/journal_list.h"

#include "engine/format/index.h"
#include "engine/protocol/move_journal.h"

namespace unswept::engine {
namespace {

std::string problem_of(std::string_view path) {
  if (!path.starts_with('/')) return "is not an absolute path";
  if (!index_kind(path.substr(path.rfind('/') + 1))) return "is not the path of an index";
  return {};
}

}  // namespace

Result<std::vector<PendingMove>> pending_moves(const Datastore& store) {
  const auto paths = MoveJournal(store.system(), store.move_journal_path()).read();
  if (!paths) return std::unexpected(paths.error());
  std::vector<PendingMove> moves;
  moves.reserve(paths->size());
  for (const std::string& path : *paths) {
    PendingMove move{path, false, problem_of(path)};
    move.exists = move.problem.empty() && store.exists(path);
    moves.push_back(std::move(move));
  }
  return moves;
}

}  // namespace unswept::engine
