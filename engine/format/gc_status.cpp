#include "engine/format/gc_status.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace unswept::engine {
namespace {

using Json = nlohmann::ordered_json;

using Field = std::pair<const char*, std::uint64_t GcStatus::*>;

constexpr std::array<Field, 10> kFields = {{
    {"index-file-count", &GcStatus::index_file_count},
    {"index-data-bytes", &GcStatus::index_data_bytes},
    {"disk-bytes", &GcStatus::disk_bytes},
    {"disk-chunks", &GcStatus::disk_chunks},
    {"removed-bytes", &GcStatus::removed_bytes},
    {"removed-chunks", &GcStatus::removed_chunks},
    {"pending-bytes", &GcStatus::pending_bytes},
    {"pending-chunks", &GcStatus::pending_chunks},
    {"removed-bad", &GcStatus::removed_bad},
    {"still-bad", &GcStatus::still_bad},
}};

std::optional<std::uint64_t> count_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

std::optional<GcStatus::CacheStatistics> parse_cache(const Json& json) {
  const auto found = json.find("cache-stats");
  if (found == json.end() || !found->is_object()) return std::nullopt;
  const auto hits = count_of(*found, "hits");
  const auto misses = count_of(*found, "misses");
  if (!hits || !misses) return std::nullopt;
  return GcStatus::CacheStatistics{*hits, *misses};
}

}  // namespace

GcStatus GcStatus::parse(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  GcStatus status;
  for (const auto& [key, field] : kFields) {
    const auto value = count_of(json, key);
    if (!value) return {};
    status.*field = *value;
  }
  if (const auto upid = json.find("upid"); upid != json.end() && upid->is_string()) {
    status.upid = upid->get<std::string>();
  }
  status.cache = parse_cache(json);
  return status;
}

void GcStatus::tell(os::Gist& gist) const {
  for (const auto& [key, field] : kFields) gist << this->*field;
  gist << upid << cache.has_value();
  if (cache) gist << cache->hits << cache->misses;
}

std::string GcStatus::print() const {
  Json json;
  json["upid"] = upid ? Json(*upid) : Json(nullptr);
  for (const auto& [key, field] : kFields) json[key] = this->*field;
  if (cache) json["cache-stats"] = Json{{"hits", cache->hits}, {"misses", cache->misses}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace unswept::engine
