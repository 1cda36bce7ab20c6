// engine/ops/group_move.h: moving a group without the request's own check.
#pragma once

#include "engine/ops/move_group.h"

namespace unswept::engine {

/// move_group() for a caller who has just listed the group: what the request
/// would be refused for is looked at once only, under the group's lock.
Result<MoveGroupResult> move_listed_group(const Datastore& store, const GroupId& group,
                                          const Namespace& source, const Namespace& target,
                                          const MoveGroupOptions& options);

}  // namespace unswept::engine
