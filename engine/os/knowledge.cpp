#include "engine/os/knowledge.h"

#include "engine/os/system.h"

namespace unswept::os {

Gist& Gist::operator<<(std::string_view text) {
  *this << text.size();
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof(word));
    *this << word;
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return *this << rest;
}

void Knows::forget_rest(std::string_view place) const {
  if (system_ == nullptr || !system_->knowledge_wanted()) return;
  Gist gist;
  gist << place;
  for (const Knows* part = this; part != nullptr; part = part->caller_) {
    gist << part->name_;
    if (system_->counts_as_known(part->name_)) part->tell(gist);
  }
  system_->knows_only(gist);
}

}  // namespace unswept::os
