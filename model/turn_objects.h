// model/turn_objects.h: objects that stand for the turns of interchangeable actors (internal).
//
// A step at its turn could never have come before the step that let it in, whatever else
// the two touch; of a lock that is only so where the step acquires it wherever it comes.
#pragma once

#include "model/program.h"

namespace unswept::model {

/// No program has so many objects; and a name used twice would be one that no program hands out.
constexpr ObjectId turn_object(ActorId actor) { return ~ObjectId{0} - actor; }
constexpr bool is_turn_object(ObjectId object) {
  return object > turn_object(static_cast<ActorId>(kActorsMax));
}

}  // namespace unswept::model
