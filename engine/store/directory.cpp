#include "engine/store/directory.h"

namespace unswept::engine {

os::Result<Directory> Directory::open(os::System& system, os::Where where,
                                      std::optional<os::Interest> interest, os::Follow follow) {
  auto flags = os::Open::read | os::Open::directory;
  if (follow == os::Follow::no) flags = flags | os::Open::no_follow;
  auto file = os::open_file(system, where, flags);
  if (!file) return os::fail(file.error());
  return Directory(system, std::move(*file), interest);
}

os::Result<> Directory::fetch() {
  return interest_ ? system_->read_directory_for(*interest_, file_.fd(), batch_)
                   : system_->read_directory(file_.fd(), batch_);
}

os::Result<os::DirEntry*> Directory::next() {
  if (used_ == batch_.size()) {
    if (at_end_) return nullptr;
    used_ = 0;
    batch_.clear();
    if (auto read = fetch(); !read) return os::fail(read.error());
    if (batch_.empty()) {
      at_end_ = true;
      return nullptr;
    }
  }
  return &batch_[used_++];
}

void Directory::tell(os::Gist& gist) const {
  gist << file_.fd() << at_end_ << batch_.size() - used_;
  for (std::size_t i = used_; i < batch_.size(); ++i) engine::tell(gist, batch_[i]);
}

void tell(os::Gist& gist, const os::DirEntry& entry) {
  gist << entry.name << entry.type << entry.type_known;
}

os::Result<os::FileType> Directory::type_of(const os::DirEntry& entry) {
  if (entry.type_known) return entry.type;
  auto stat = system_->stat({file_.fd(), entry.name}, os::Follow::no);
  if (!stat) return os::fail(stat.error());
  return stat->type;
}

os::Result<> make_directories(os::System& system, std::string_view path) {
  auto made = system.mkdir(path);
  if (made || made.error() == os::Errno::file_exists) return {};
  const std::size_t slash = path.rfind('/');
  const bool has_parent = slash != std::string_view::npos && slash != 0;
  if (made.error() != os::Errno::no_such_file_or_directory || !has_parent) return made;
  if (auto parent = make_directories(system, path.substr(0, slash)); !parent) return parent;
  made = system.mkdir(path);
  if (made || made.error() == os::Errno::file_exists) return {};
  return made;
}

}  // namespace unswept::engine
