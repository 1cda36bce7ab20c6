// scenarios/parse/toml_reader.h: one table of a TOML file, read key by key.
//
// Every key that was not asked for is an error in the end, with the nearest key
// that was.  Errors are collected, so that a user sees all of them at once.
// Private to parse/: it brings in the whole of toml++.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

#include "scenarios/diagnostic.h"

namespace unswept::scenarios {

inline Location location_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

/// Collects what is wrong with one file.
class Complaints {
 public:
  explicit Complaints(std::string_view file) : file_(file) {}
  void add(Location where, std::string message) {
    list_.push_back({file_, where, std::move(message)});
  }
  /// About the text inside a string value, `offset` bytes after its opening quote.
  void add_inside(const toml::node& text, std::size_t offset, std::string message);
  bool empty() const { return list_.empty(); }
  Diagnostics take() { return std::move(list_); }

 private:
  std::string file_;
  Diagnostics list_;
};

class TableReader {
 public:
  /// `table` and `complaints` must outlive the reader.
  TableReader(const toml::table& table, Complaints& complaints)
      : table_(table), complaints_(complaints) {}
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  Location where() const { return location_of(table_.source()); }
  const toml::node* find(std::string_view key);
  bool has(std::string_view key) { return find(key) != nullptr; }

  /// Nothing when the key is absent or of another type (which is then complained about).
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> number(std::string_view key);
  std::optional<std::uint32_t> small_number(std::string_view key);  // below 2^32
  std::optional<std::int64_t> seconds(std::string_view key);
  std::vector<std::string> texts(std::string_view key);

  /// Calls `use` with the node of each string of a list.
  void each_text(std::string_view key,
                 const std::function<void(const std::string&, const toml::node&)>& use);
  /// Calls `use` with each table of a list of tables.
  void each_table(std::string_view key, const std::function<void(const toml::table&)>& use);
  const toml::table* table(std::string_view key);

  void complain(std::string_view key, std::string message);
  /// Complains about keys nobody asked for.
  void finish(std::string_view what);

 private:
  void wrong_type(const toml::node& node, std::string_view key, std::string_view expected);

  const toml::table& table_;
  Complaints& complaints_;
  std::vector<std::string_view> known_;
};

}  // namespace unswept::scenarios
