#include "scenarios/parse/toml_reader.h"

#include <algorithm>
#include <limits>

#include "engine/cli/values.h"
#include "scenarios/parse/suggest.h"

namespace unswept::scenarios {

void Complaints::add_inside(const toml::node& text, std::size_t offset, std::string message) {
  Location where = location_of(text.source());
  where.column += static_cast<std::uint32_t>(offset) + 1;
  add(where, std::move(message));
}

const toml::node* TableReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return table_.get(key);
}

void TableReader::wrong_type(const toml::node& node, std::string_view key,
                             std::string_view expected) {
  std::string message(key);
  message.append(" must be ").append(expected);
  complaints_.add(location_of(node.source()), std::move(message));
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value_exact<std::string>()) return value;
  wrong_type(*node, key, "a string");
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value_exact<bool>()) return value;
  wrong_type(*node, key, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::number(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= 0) return value;
  wrong_type(*node, key, "a number, 0 or more");
  return std::nullopt;
}

std::optional<std::uint32_t> TableReader::small_number(std::string_view key) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  const auto value = number(key);
  if (!value) return std::nullopt;
  if (*value <= kMost) return static_cast<std::uint32_t>(*value);
  wrong_type(*table_.get(key), key, "a number, at most " + std::to_string(kMost));
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::seconds(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto duration = engine::parse_duration(*value);
  if (!duration) wrong_type(*table_.get(key), key, "a duration, such as \"48h\" or \"90s\"");
  return duration;
}

void TableReader::each_text(std::string_view key,
                            const std::function<void(const std::string&, const toml::node&)>& use) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  if (list == nullptr) return wrong_type(*node, key, "a list of strings");
  for (const toml::node& element : *list) {
    if (const auto value = element.value_exact<std::string>())
      use(*value, element);
    else
      wrong_type(element, key, "a list of strings");
  }
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> list;
  each_text(key, [&](const std::string& text, const toml::node&) { list.push_back(text); });
  return list;
}

void TableReader::each_table(std::string_view key,
                             const std::function<void(const toml::table&)>& use) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  if (list == nullptr) return wrong_type(*node, key, "a list of tables");
  for (const toml::node& element : *list) {
    if (const toml::table* value = element.as_table())
      use(*value);
    else
      wrong_type(element, key, "a list of tables");
  }
}

const toml::table* TableReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (const toml::table* value = node->as_table()) return value;
  wrong_type(*node, key, "a table");
  return nullptr;
}

void TableReader::complain(std::string_view key, std::string message) {
  const toml::node* node = table_.get(key);
  complaints_.add(location_of(node != nullptr ? node->source() : table_.source()),
                  std::move(message));
}

void TableReader::finish(std::string_view what) {
  for (const auto& [key, node] : table_) {
    const std::string_view name = key.str();
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    complaints_.add(location_of(key.source()),
                    unknown_word(std::string("key in ").append(what), name, known_));
  }
}

}  // namespace unswept::scenarios
