#include "sim/vfs/names.h"

#include <tsl/robin_map.h>

#include "engine/os/system.h"
#include "sim/hash.h"

namespace unswept::sim {
namespace {

constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kPathBytesMax = 4095;

struct TextHash {
  std::size_t operator()(std::string_view text) const { return hash_text(text); }
};

template <class T>
using TextMap = tsl::robin_map<std::string_view, std::unique_ptr<T>, TextHash, std::equal_to<>,
                               std::allocator<std::pair<std::string_view, std::unique_ptr<T>>>,
                               /*StoreHash=*/true>;

Name::Kind kind_of(std::string_view text) {
  if (text == ".") return Name::Kind::dot;
  if (text == "..") return Name::Kind::dot_dot;
  return Name::Kind::normal;
}

}  // namespace

// Keys are views of the values' own text, which stays where it is.
struct NameTable::Index {
  TextMap<Name> names;
  TextMap<Path> paths;
};

NameTable::NameTable() : index_(std::make_unique<Index>()) {}
NameTable::~NameTable() = default;

const Name& NameTable::name(std::string_view text) {
  const std::uint64_t hash = hash_text(text);
  if (auto found = index_->names.find(text, hash); found != index_->names.end())
    return *found->second;
  auto name =
      std::make_unique<Name>(Name{std::string(text), hash, hash_text(os::extension_of(text)),
                                  kind_of(text), text.size() > kNameBytesMax});
  const std::string_view key = name->text;
  return *index_->names.emplace(key, std::move(name)).first->second;
}

const Path& NameTable::path(std::string_view text) {
  const std::uint64_t hash = hash_text(text);
  if (auto found = index_->paths.find(text, hash); found != index_->paths.end())
    return *found->second;
  auto path = take_apart(text, hash);
  const std::string_view key = path->text;
  return *index_->paths.emplace(key, std::move(path)).first->second;
}

std::unique_ptr<Path> NameTable::take_apart(std::string_view text, std::uint64_t hash) {
  auto path = std::make_unique<Path>();
  path->text = text;
  path->hash = hash;
  path->absolute = text.starts_with('/');
  path->too_long = text.size() > kPathBytesMax;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    if (end > begin) path->names.push_back(&name(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  path->trailing_slash = text.ends_with('/') && !path->names.empty();
  return path;
}

}  // namespace unswept::sim
