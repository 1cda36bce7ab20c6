// tests/disk/disk_store.h: a datastore on a real file system, told what to do through the tool.
//
// An image is a word: one chunk of 64 KiB for each of its letters, filled with that letter.  Only
// the chunk directories of the 26 letters are made, since nobody needs the other 65510.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "engine/format/chunk_names.h"
#include "engine/format/sha256.h"
#include "engine/os/posix/posix_system.h"
#include "engine/store/datastore.h"
#include "tests/catch.h"
#include "tests/e2e/run_program.h"

namespace unswept::test {

namespace fs = std::filesystem;

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What a letter of an image stands for.
inline std::string letter_chunk(char letter) { return std::string(std::size_t{64} << 10, letter); }

inline std::string image_of(std::string_view letters) {
  std::string image;
  for (const char letter : letters) image += letter_chunk(letter);
  return image;
}

inline engine::Digest letter_digest(char letter) {
  return engine::sha256(engine::as_bytes(letter_chunk(letter)));
}

/// "vm/1" and its first, second, ... snapshot: vm/1/2026-01-01T00:00:00Z.
inline std::string snapshot_name(std::string_view group, int number) {
  const std::string day = std::to_string(number);
  return std::string(group) + "/2026-01-" + std::string(2 - day.size(), '0') + day + "T00:00:00Z";
}

/// Every path below a directory and what is there: "directory", "-> target", or a file's content.
/// Of chunks only the length: who reads them changes their access time, which is the mark.
using Tree = std::map<std::string, std::string>;

inline Tree tree_of(const fs::path& root) {
  Tree tree;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    std::string& what = tree[entry.path().lexically_relative(root).string()];
    if (entry.is_symlink()) {
      what = "-> " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_directory()) {
      what = "directory";
    } else if (!entry.is_regular_file()) {
      what = "special";  // reading a pipe would wait for a writer
    } else if (contains(entry.path().string(), "/.chunks/")) {
      what = std::to_string(entry.file_size()) + " bytes";
    } else {
      what = read_text(entry.path().string());
    }
  }
  return tree;
}

/// A store without what an operation that failed may leave: chunks that a backup has brought, and
/// the empty group at the target of a move, in namespace b.
inline Tree lasting_tree_of(const fs::path& base) {
  Tree tree = tree_of(base);
  std::erase_if(tree, [](const auto& entry) {
    const std::string& path = entry.first;
    return contains(path, ".chunks/") || path == "ns/b/vm" || path == "ns/b/vm/1" ||
           path == "ns/b/vm/1/owner";
  });
  return tree;
}

/// Paths at which two trees are not the same.
inline std::vector<std::string> differences(const Tree& one, const Tree& other) {
  std::vector<std::string> paths;
  for (const auto& [path, what] : one) {
    const auto found = other.find(path);
    if (found == other.end() || found->second != what) paths.push_back(path);
  }
  for (const auto& [path, what] : other) {
    if (!one.contains(path)) paths.push_back(path);
  }
  return paths;
}
using Paths = std::vector<std::string>;

inline void write_text(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

class DiskStore {
 public:
  /// In a temporary directory, or in `where`, which must be there.
  explicit DiskStore(std::string where = {}) : where_(std::move(where)) {
    const std::vector<std::uint16_t> directories = letter_directories();
    os::PosixSystem system;
    const engine::StoreConfig config{"store", base(), locks()};
    REQUIRE(engine::Datastore::create(system, config, {directories}).has_value());
  }

  /// What every command line for this store begins with.
  std::vector<std::string> words(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--store", base(), "--lock-dir", locks()});
    return more;
  }
  ProgramResult operator()(std::vector<std::string> more) const {
    return run_program("unswept-store", words(std::move(more)));
  }
  /// For commands that are expected to work.
  std::string must(std::vector<std::string> more) const {
    const auto result = (*this)(std::move(more));
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    return result.out;
  }

  std::string base() const { return root() + "/store"; }
  std::string locks() const { return root() + "/locks"; }
  /// Everything of this test is below it.
  std::string root() const { return where_.empty() ? directory_.path() : where_; }
  fs::path at(std::string_view below_base) const { return fs::path(base()) / below_base; }

  /// The file that holds an image; made when it is asked for.
  std::string image_file(const std::string& letters) const {
    const std::string path = directory_ / (letters + ".img");
    write_text(path, image_of(letters));
    return path;
  }
  std::vector<std::string> backup_words(const std::string& group, int number,
                                        const std::string& letters,
                                        const std::string& ns = {}) const {
    std::vector<std::string> words = {
        "backup", group, "--time", snapshot_name("", number).substr(1), "--chunk-size", "64K"};
    if (!ns.empty()) words.insert(words.end(), {"--ns", ns});
    words.push_back("disk.img.fidx=" + image_file(letters));
    return words;
  }
  void backup(const std::string& group, int number, const std::string& letters,
              const std::string& ns = {}) const {
    must(backup_words(group, number, letters, ns));
  }
  /// The image in a snapshot, as the tool restores it.
  std::string restore(const std::string& group, int number, const std::string& ns = {}) const {
    std::vector<std::string> words = {"restore", snapshot_name(group, number), "disk.img.fidx"};
    if (!ns.empty()) words.insert(words.end(), {"--ns", ns});
    return must(words);
  }

  /// A collection that sweeps whatever is not marked right now.
  std::vector<std::string> gc_words() const { return {"gc", "--no-atime-check"}; }
  ProgramResult gc() const { return (*this)(gc_words()); }

  /// As if nothing had been marked for three days.
  void age_chunks() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto then = std::chrono::duration_cast<std::chrono::seconds>(now).count() - 3 * 86400;
    const timespec times[2] = {{then, 0}, {0, UTIME_OMIT}};
    for (const auto& entry : fs::recursive_directory_iterator(at(".chunks"))) {
      if (entry.is_regular_file()) {
        REQUIRE(::utimensat(AT_FDCWD, entry.path().c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
      }
    }
  }
  bool has_chunk(char letter) const {
    return fs::exists(at(engine::chunk_path(letter_digest(letter))));
  }
  /// The letters whose chunks are there.
  std::string chunks() const {
    std::string letters;
    for (char letter = 'a'; letter <= 'z'; ++letter)
      if (has_chunk(letter)) letters += letter;
    return letters;
  }

 private:
  static std::vector<std::uint16_t> letter_directories() {
    std::vector<std::uint16_t> numbers;
    for (char letter = 'a'; letter <= 'z'; ++letter) {
      const std::string hex = letter_digest(letter).hex();
      numbers.push_back(*engine::parse_chunk_directory_name(hex.substr(0, 4)));
    }
    std::ranges::sort(numbers);
    const auto again = std::ranges::unique(numbers);
    numbers.erase(again.begin(), again.end());
    return numbers;
  }

  TemporaryDirectory directory_;
  std::string where_;
};

/// What a test that cannot run here says.
inline void not_tested(const std::string& why) { WARN("NOT TESTED: " << why); }

/// One line that says what is wrong, and no more.
inline bool is_one_error(const std::string& err) {
  return err.starts_with("unswept-store: ") && std::ranges::count(err, '\n') == 1;
}

}  // namespace unswept::test
