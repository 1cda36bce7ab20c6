#include "model/explore/search.h"

#include "model/explore/session.h"

namespace unswept::model {

ExploreResult run_search(Program& program, Search& search, const ExploreOptions& options,
                         bool exhaustive) {
  Session session(program, search, options);
  bool exhausted = false;
  while (!exhausted && session.may_go_on()) {
    if (!session.execute()) break;
    exhausted = !search.advance();
  }
  return session.finish(exhausted, exhaustive);
}

}  // namespace unswept::model
