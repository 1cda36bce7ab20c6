// sim/answers.h: what calls answered, in the order in which they happened, to be told again.
//
// An actor is a function of the answers it gets: give it the same ones again, and it
// is where it was, without the file system having done anything.  Answers are kept
// in one stream per run; what is told again is read from its beginning.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "sim/vfs/content.h"

namespace unswept::sim {

class Answers {
 public:
  /// How much there is; also, how far it has been told.
  struct Mark {
    std::uint32_t words = 0;
    std::uint32_t contents = 0;
  };

  Mark mark() const {
    return {static_cast<std::uint32_t>(words_.size()),
            static_cast<std::uint32_t>(contents_.size())};
  }
  /// Forgets what came later.
  void truncate(Mark mark) {
    words_.resize(mark.words);
    contents_.resize(mark.contents);
  }
  /// The next to be told is the first.
  void tell_from_start() { told_ = {}; }

  void put(std::uint64_t word) { words_.push_back(word); }
  void put(const Content& content) { contents_.push_back(content); }
  void put_bytes(std::span<const std::byte> bytes) {
    const std::size_t at = words_.size();
    words_.resize(at + words_for(bytes.size()));
    if (!bytes.empty()) std::memcpy(words_.data() + at, bytes.data(), bytes.size());
  }

  std::uint64_t take() { return words_[told_.words++]; }
  const Content& take_content() { return contents_[told_.contents++]; }
  /// As many as `out` has room for; as many were put.
  void take_bytes(std::span<std::byte> out) {
    if (!out.empty()) std::memcpy(out.data(), words_.data() + told_.words, out.size());
    told_.words += static_cast<std::uint32_t>(words_for(out.size()));
  }

 private:
  static std::size_t words_for(std::size_t bytes) {
    return (bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
  }

  std::vector<std::uint64_t> words_;
  std::vector<Content> contents_;
  Mark told_;
};

}  // namespace unswept::sim
