// Names of lock files, which are made of any path.
#include "engine/format/lock_names.h"

#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

constexpr std::size_t kLongestName = 255;

/// A lock path is a name below at most two directories, and none of them leads up.
void check_lock_path(std::string_view path) {
  require(stays_below(path));
  require(path.size() - (path.rfind('/') + 1) < kLongestName);
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  const std::string_view texts[] = {
      "vm/100",
      "host/a-b_c.d",
      "..",
      ".hidden",
      "///",
      "vm/100/2023-11-14T22:13:20Z",
      "a\xc3\xa4:b\n",
      "host/L-long.id-long.id-long.id-long.id-long.id-long.id-long.id-long.id-long."
      "id-long.id-long.id-long.id-long.id-long.id-long.id-long.id-long.id-long.id"
      "-long.id/2023-11-14T22:14:20Z"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_text(data, size);
  const std::string encoded = engine::encode_lock_name(input);
  fuzz::require(fuzz::stays_below(encoded) && encoded.find('/') == std::string::npos);
  fuzz::require(encoded.size() <= 4 * input.size() + 1);

  const auto ns = engine::Namespace::parse("a/b").value();
  if (const auto group = engine::GroupId::parse(input)) {
    fuzz::check_lock_path(engine::group_lock_path({}, *group));
    fuzz::check_lock_path(engine::group_lock_path(ns, *group));
  }
  if (const auto snapshot = engine::SnapshotId::parse(input)) {
    fuzz::check_lock_path(engine::snapshot_lock_path(ns, *snapshot));
    fuzz::check_lock_path(engine::manifest_lock_path(ns, *snapshot));
    fuzz::require(engine::manifest_lock_path(ns, *snapshot) !=
                  engine::snapshot_lock_path(ns, *snapshot));
  }
  return 0;
}
