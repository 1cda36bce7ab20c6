#include "engine/protocol/protocol.h"

#include <array>

namespace unswept::engine {

Result<> Protocol::announce_move(const Datastore&, std::span<const std::string>) const {
  return {};
}
Result<> Protocol::confirm_move(const Datastore&, std::span<const std::string>) const { return {}; }
Result<> Protocol::before_removal(const Datastore&, std::string_view) const { return {}; }
Result<> Protocol::begin_mark(const Datastore&, MarkIndex) const { return {}; }
Result<> Protocol::finish_mark(const Datastore&, MarkIndex) const { return {}; }

namespace {

class NoProtocol final : public Protocol {
 public:
  std::string_view name() const override { return "none"; }
};

constexpr std::array<std::string_view, 2> kNames = {"none", "v8"};

}  // namespace

const Protocol& protocol_none() {
  static const NoProtocol none;
  return none;
}

const Protocol* find_protocol(std::string_view name) {
  for (const Protocol* protocol : {&protocol_none(), &protocol_v8()})
    if (protocol->name() == name) return protocol;
  return nullptr;
}

std::span<const std::string_view> protocol_names() { return kNames; }

}  // namespace unswept::engine
