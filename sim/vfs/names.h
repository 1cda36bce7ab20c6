// sim/vfs/names.h: file names and paths, taken apart once.
//
// A name or path that has been seen keeps its place for the life of the table, so
// that a step pays one hash for a whole path.  What is in the table influences
// nothing but speed.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace unswept::sim {

struct Name {
  enum class Kind : std::uint8_t { normal, dot, dot_dot };

  std::string text;
  std::uint64_t hash = 0;       // of the text
  std::uint64_t extension = 0;  // hash of what follows the last dot
  Kind kind = Kind::normal;
  bool too_long = false;  // more than 255 bytes
};

struct Path {
  std::string text;
  std::uint64_t hash = 0;
  std::vector<const Name*> names;  // without empty ones
  bool absolute = false;
  bool trailing_slash = false;  // "a/", but not "/"
  bool too_long = false;        // 4096 bytes or more
};

class NameTable {
 public:
  NameTable();
  ~NameTable();

  const Name& name(std::string_view text);
  const Path& path(std::string_view text);

 private:
  struct Index;

  std::unique_ptr<Path> take_apart(std::string_view text, std::uint64_t hash);

  std::unique_ptr<Index> index_;
};

}  // namespace unswept::sim
