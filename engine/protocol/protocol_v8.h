// engine/protocol/protocol_v8.h: the protocol of the upstream engine, open to variation.
#pragma once

#include "engine/protocol/protocol.h"

namespace unswept::engine {

/// Moves append to the move journal before they rename; a collection iterates
/// with the retry rule and drains the journal last.
class ProtocolV8 : public Protocol {
 public:
  std::string_view name() const override { return "v8"; }
  Result<> announce_move(const Datastore& store,
                         std::span<const std::string> target_paths) const override;
  Result<> finish_mark(const Datastore& store, MarkIndex mark) const override;
};

}  // namespace unswept::engine
