// model/explore/peers.h: what a guest does whose host explores with Peers.
//
// A guest waits until it is invited, explores what the host gives it, reports, and waits
// again.  It has one worker, and a program and a table of states of its own.
//
// Thread safety: as the link's.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "model/explore/explore.h"
#include "model/explore/link.h"

namespace unswept::model {

/// What a guest needs to come.
struct GuestWork {
  Program* program = nullptr;
  /// As the host's.  Team, peers, checkpoint and progress are the host's alone, and ignored; of
  /// bounds on the schedule the host tells itself.
  ExploreOptions options;
  /// As Peers::heard hears it: what was kept since the last time.
  std::function<std::string()> books = {};
};

/// Called with each invitation.  A sentence: why the guest does not come.
using Prepare = std::function<std::expected<GuestWork, std::string>(const std::string& invitation)>;

/// Until the host says goodbye.
void be_guest(Link& link, const Prepare& prepare);

/// Of the host: there will be no more invitations.
void say_goodbye(Link& link);

}  // namespace unswept::model
