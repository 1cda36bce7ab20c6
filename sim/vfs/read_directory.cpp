// Reading directories in batches, in the order that a policy allows.
#include <algorithm>

#include "sim/hash.h"
#include "sim/vfs/vfs.h"

namespace unswept::sim {
namespace {

using model::ChoiceKind;
using os::Errno;
using os::fail;
using os::Result;
using State = DirectoryStream::State;

bool before(const Entry& a, const Entry& b) { return a.name->text < b.name->text; }

bool has_name(const std::vector<Entry>& entries, const Name* name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.name == name; });
}

bool was_returned(const DirectoryStream& stream, const Name* name) {
  return std::find(stream.returned.begin(), stream.returned.end(), name) != stream.returned.end();
}

// Where a name stands in a listed order; those that are not listed share the last place.
std::size_t rank(const DirectoryPolicy& policy, const Entry& entry) {
  if (policy.names == nullptr) return 0;
  return static_cast<std::size_t>(std::ranges::find(*policy.names, entry.name->text) -
                                  policy.names->begin());
}

bool before_in_list(const DirectoryPolicy& policy, const Entry& a, const Entry& b) {
  const std::size_t rank_a = rank(policy, a);
  const std::size_t rank_b = rank(policy, b);
  return rank_a != rank_b ? rank_a < rank_b : before(a, b);
}

// Whether an entry's turn has passed, by its place in the order.
bool passed(const DirectoryStream& stream, const DirectoryPolicy& policy, const Entry& entry) {
  if (stream.returned.empty()) return false;
  // With races an entry counts as passed only once it was returned: those that came later stand
  // anywhere.
  if (policy.races) return was_returned(stream, entry.name);
  const Entry last{stream.returned.back(), {}};
  switch (policy.order) {
    case DirectoryOrder::sorted:
      return !before(last, entry);
    case DirectoryOrder::reversed:
      return !before(entry, last);
    case DirectoryOrder::permuted:
      return was_returned(stream, entry.name);
    case DirectoryOrder::listed:
      return !before_in_list(policy, last, entry);
  }
  return false;
}

bool wanted(const Entry& entry, const os::Interest* interest) {
  if (interest == nullptr) return true;
  if (!interest->wants_name(entry.name->text)) return false;
  if (interest->directories && entry.inode->is_directory()) return true;
  return std::ranges::find(interest->extensions, os::extension_of(entry.name->text)) !=
         interest->extensions.end();
}

void read_members(Touch& touch, NameTable& names, const Inode& directory,
                  const os::Interest* interest) {
  if (interest == nullptr) return touch.read(directory.object(ObjectKind::members));
  for (std::string_view name : interest->names) touch.read(directory.dirent(names.name(name)));
  if (!interest->names.empty()) return;
  if (interest->directories) touch.read(directory.subdirectories());
  for (std::string_view extension : interest->extensions)
    touch.read(directory.members_with(hash_text(extension)));
}

void assign(os::DirEntry& out, const Entry& entry) {
  out.name.assign(entry.name->text);
  out.type = entry.inode->type;
  out.type_known = true;
}

}  // namespace

// Where both outcomes are allowed, the chooser says whether an entry that came or went since
// the first batch appears in this one.
void Vfs::add_races(Touch& touch, const DirectoryStream& stream) {
  std::erase_if(candidates_, [&](const Entry& entry) {
    return !has_name(stream.first, entry.name) && touch.choose(ChoiceKind::directory_race, 2) == 1;
  });
  for (const Entry& entry : stream.first)
    if (!was_returned(stream, entry.name) && !has_name(candidates_, entry.name) &&
        touch.choose(ChoiceKind::directory_race, 2) == 1)
      candidates_.push_back(entry);
}

// The entries that may come next, sorted by name.
std::vector<Entry>& Vfs::candidates(Touch& touch, Description& description,
                                    const os::Interest* interest) {
  const DirectoryStream& stream = description.stream;
  const DirectoryPolicy& policy = description.policy;
  candidates_.assign(description.inode->entries.begin(), description.inode->entries.end());
  std::erase_if(candidates_, [&](const Entry& entry) { return !wanted(entry, interest); });
  if (stream.state == State::reading)
    std::erase_if(candidates_, [&](const Entry& entry) { return passed(stream, policy, entry); });
  std::sort(candidates_.begin(), candidates_.end(), before);
  if (policy.races && stream.state == State::reading) {
    add_races(touch, stream);
    std::sort(candidates_.begin(), candidates_.end(), before);
  }
  return candidates_;
}

// Moves the entries of the next batch to the front of candidates_ and drops the others.
void Vfs::next_entries(Touch& touch, Description& description, const os::Interest* interest) {
  const DirectoryPolicy& policy = description.policy;
  std::vector<Entry>& entries = candidates(touch, description, interest);
  const std::size_t count =
      policy.batch == 0 ? entries.size() : std::min(policy.batch, entries.size());
  if (policy.order == DirectoryOrder::reversed) std::reverse(entries.begin(), entries.end());
  if (policy.order == DirectoryOrder::listed)
    std::sort(entries.begin(), entries.end(),
              [&](const Entry& a, const Entry& b) { return before_in_list(policy, a, b); });
  if (policy.order == DirectoryOrder::permuted) permute(touch, description, count);
  entries.resize(count);
}

// The first `count` of candidates_ are what the chooser says; but where places cannot matter, it is
// not asked.
void Vfs::permute(Touch& touch, const Description& description, std::size_t count) {
  EntryOrders* orders = description.policy.batch == 0 ? description.policy.orders : nullptr;
  const Inode& directory = *description.inode;
  std::size_t fixed = 0;
  if (orders != nullptr) {
    const auto stays = [&](const Entry& entry) {
      return !orders->varies(directory.dirent(*entry.name));
    };
    const auto end = std::partition(candidates_.begin(), candidates_.end(), stays);
    std::sort(candidates_.begin(), end, before);
    std::sort(end, candidates_.end(), before);
    fixed = static_cast<std::size_t>(end - candidates_.begin());
  }
  for (std::size_t i = fixed; i < count; ++i) {
    const std::uint32_t next = touch.choose(ChoiceKind::directory_order, candidates_.size() - i);
    const auto first = candidates_.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(first, first + next, first + next + 1);
  }
  if (orders == nullptr) return;
  given_.clear();
  for (const Entry& entry : candidates_)
    given_.push_back({directory.dirent(*entry.name), entry.name->text});
  orders->given(touch.actor(), description.object(), directory.object(ObjectKind::members), given_);
}

Result<> Vfs::read_directory(Touch& touch, os::Fd fd, const os::Interest* interest,
                             std::vector<os::DirEntry>& out) {
  const auto found = descriptors_.get_to_change(touch, fd);
  if (!found) return fail(found.error());
  Description& description = **found;
  const Inode& directory = *description.inode;
  if (!directory.is_directory()) return fail(Errno::not_a_directory);
  DirectoryStream& stream = description.stream;
  if (stream.state == State::ended) {
    if (!touch.dry()) out.clear();
    return {};
  }
  read_members(touch, tree_.names(), directory, interest);
  if (touch.dry()) return {};

  next_entries(touch, description, interest);
  const bool first = stream.state == State::fresh;
  const bool all_at_once = description.policy.batch == 0;
  const bool ends = all_at_once || candidates_.empty();
  descriptors_.set_stream(touch, description, ends ? State::ended : State::reading);
  if (first && description.policy.races && !ends) {
    stream.first.assign(directory.entries.begin(), directory.entries.end());
    std::erase_if(stream.first, [&](const Entry& entry) { return !wanted(entry, interest); });
  }
  out.resize(candidates_.size());
  for (std::size_t i = 0; i < candidates_.size(); ++i) assign(out[i], candidates_[i]);
  if (!ends)
    for (const Entry& entry : candidates_) stream.returned.push_back(entry.name);
  if (touch.info() != nullptr) touch.info()->entries = out;
  return {};
}

}  // namespace unswept::sim
