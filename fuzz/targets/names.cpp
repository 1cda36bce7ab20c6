// Names that strangers choose: namespaces, groups, snapshots, archives, stores.
#include "engine/format/names.h"

#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

using engine::GroupId;
using engine::Namespace;
using engine::SnapshotId;

void check_namespace(std::string_view text) {
  const auto ns = Namespace::parse(text);
  if (!ns) return;
  require(ns->text() == text);
  require(ns->depth() <= Namespace::kMaxDepth && ns->text().size() <= Namespace::kMaxLength);
  require(ns->components().size() == ns->depth());
  require(ns->is_root() || stays_below(ns->path()));
  require(ns->contains(*ns) && ns->parent().contains(*ns));
  const auto moved = ns->map_prefix(ns->parent(), Namespace::parse("a/b").value());
  require(!moved || stays_below(moved->path()));
}

void check_group(std::string_view text) {
  const auto group = GroupId::parse(text);
  if (!group) return;
  require(group->path() == text && stays_below(text));
  require(group->id.find('/') == std::string::npos);
  require((*group <=> *group) == 0);
}

void check_snapshot(std::string_view text) {
  const auto snapshot = SnapshotId::parse(text);
  if (!snapshot) return;
  require(snapshot->path() == text && stays_below(text));
  require(snapshot_path(Namespace::parse("a").value(), *snapshot) == "ns/a/" + std::string(text));
}

void check_file_name(std::string_view name) {
  const auto kind = engine::parse_archive_name(name);
  if (!kind) return;
  require(stays_below(name) && name.find('/') == std::string_view::npos);
  require(engine::archive_kind(name) == *kind);
  require(engine::is_listed_file_name(name));
  const std::string temporary = engine::index_temporary_name(name);
  require(stays_below(temporary) && !engine::archive_kind(temporary));
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  const std::string_view texts[] = {"",
                                    "a",
                                    "a/b/c",
                                    "a/b/c/d/e/f/g",
                                    "vm/100",
                                    "ct/007",
                                    "host/18446744073709551615",
                                    "host/my-host_1.example.org",
                                    "vm/100/2023-11-14T22:13:20Z",
                                    "drive-scsi0.img.fidx",
                                    "root.pxar.didx",
                                    "index.json.blob"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_text(data, size);
  fuzz::check_namespace(input);
  fuzz::check_group(input);
  fuzz::check_snapshot(input);
  fuzz::check_file_name(input);
  if (engine::is_datastore_name(input)) fuzz::require(fuzz::stays_below(input));
  if (const auto slash = input.find('/'); slash != std::string_view::npos) {
    // Numeric ids and others in one order, whichever side they stand on.
    const auto a = engine::GroupId::parse(input);
    const auto b = engine::GroupId::parse("vm/100");
    if (a && b) fuzz::require((*a < *b) == (*b > *a) && (*a == *b) == ((*a <=> *b) == 0));
  }
  return 0;
}
