#include "sim/vfs/inode.h"

#include <algorithm>

#include "sim/hash.h"

namespace unswept::sim {
namespace {

constexpr std::size_t kScanMax = 8;  // entries up to which a scan beats a binary search

void add_records(WideDigest& digest, const std::vector<RecordHold>& records) {
  for (const RecordHold& hold : records)
    digest << static_cast<std::uint64_t>(hold.process) << static_cast<std::uint64_t>(hold.kind);
}

}  // namespace

const Entry* Inode::entry(const Name& name) const {
  if (entries.size() <= kScanMax) {
    for (const Entry& entry : entries)
      if (entry.name == &name) return &entry;
    return nullptr;
  }
  auto first = std::lower_bound(
      entries.begin(), entries.end(), name.hash,
      [](const Entry& entry, std::uint64_t hash) { return entry.name->hash < hash; });
  for (; first != entries.end() && first->name->hash == name.hash; ++first)
    if (first->name == &name) return &*first;
  return nullptr;
}

os::RecordLock Inode::record_of(ProcessId process) const {
  for (const RecordHold& hold : records)
    if (hold.process == process) return hold.kind;
  return os::RecordLock::unlock;
}

// Sorted by process, so that the order of arrival leaves no trace.
void Inode::hold_record(ProcessId process, os::RecordLock kind) {
  std::erase_if(records, [&](const RecordHold& hold) { return hold.process == process; });
  if (kind == os::RecordLock::unlock) return;
  const auto place = std::find_if(records.begin(), records.end(),
                                  [&](const RecordHold& hold) { return hold.process > process; });
  records.insert(place, RecordHold{process, kind});
}

model::Fingerprint Inode::contribution() const {
  if (!exists()) return {};
  WideDigest digest;
  digest << number << static_cast<std::uint64_t>(type) << mode << linked
         << static_cast<std::uint64_t>(atime.seconds)
         << static_cast<std::uint64_t>(atime.nanoseconds);
  if (is_directory())
    digest << names.high << names.low << (parent == nullptr ? 0 : parent->number);
  else if (target != nullptr)
    digest << target->hash;
  else
    digest << content.hash() << content.size();
  if (!records.empty()) add_records(digest, records);
  return digest.value();
}

}  // namespace unswept::sim
