// The owner of a group: one line of a file.
#include "engine/format/owner.h"

#include "fuzz/target.h"

namespace unswept::fuzz {

std::vector<engine::Bytes> seeds() {
  const std::string_view texts[] = {"root@pam\n", "backup@pbs!token-1\n", "a@b",
                                    "j\xc3\xb6rg@realm.example \t\nsecond line"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto owner = engine::parse_owner_file(fuzz::input_text(data, size));
  if (!owner) return 0;
  const auto again = engine::parse_owner_file(engine::print_owner_file(*owner));
  fuzz::require(again.has_value() && *again == *owner);
  fuzz::require(engine::owns(*owner, *owner));
  const auto user = engine::AuthId::parse(owner->user());
  fuzz::require(user.has_value() && !user->is_token() && engine::owns(*owner, *user));
  return 0;
}
