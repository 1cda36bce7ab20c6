#include "engine/protocol/protocol_v8.h"

#include "engine/points.h"
#include "engine/protocol/move_journal.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

Result<> ProtocolV8::announce_move(const Datastore& store,
                                   std::span<const std::string> target_paths) const {
  if (target_paths.empty()) return {};
  MoveJournal journal(store.system(), store.move_journal_path());
  if (auto appended = journal.append(target_paths); !appended) return appended;
  store.system().point(points::move_journal_appended);
  return {};
}

Result<> ProtocolV8::finish_mark(const Datastore& store, MarkIndex mark) const {
  MoveJournal journal(store.system(), store.move_journal_path());
  if (auto drained = journal.drain(mark); !drained) return drained;
  store.system().point(points::gc_journal_drained);
  return {};
}

const Protocol& protocol_v8() {
  static const ProtocolV8 v8;
  return v8;
}

}  // namespace unswept::engine
