#include "scenarios/check/saved_check.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <xxhash.h>

#include "scenarios/parse/write.h"

namespace unswept::scenarios {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

std::string digest_of(std::string_view text) {
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

std::expected<std::string, std::string> contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad())
    return std::unexpected(path + ": there is no such file, or it cannot be read");
  return text;
}

/// The engine is part of the program: another build may take other steps.
std::string digest_of_this_program() {
  return digest_of(contents_of("/proc/self/exe").value_or(std::string()));
}

Json from_entries(const EntryContention::Record& record) {
  Json uses = Json::array();
  for (const auto& use : record.uses)
    uses.push_back({use.entry, use.actor, use.access.object, static_cast<int>(use.access.mode),
                    use.access.decides});
  Json users = Json::array();
  for (const auto& user : record.users) users.push_back({user.object, user.actor, user.modes});
  return {{"entries", record.entries},
          {"contended", record.contended},
          {"uses", std::move(uses)},
          {"left_undone", record.left_undone},
          {"users", std::move(users)}};
}

EntryContention::Record to_entries(const Json& json) {
  EntryContention::Record record;
  json.at("entries").get_to(record.entries);
  json.at("contended").get_to(record.contended);
  for (const Json& use : json.at("uses"))
    record.uses.push_back(
        {use.at(0).get<std::uint32_t>(),
         use.at(1).get<model::ActorId>(),
         {use.at(2).get<model::ObjectId>(), static_cast<model::Mode>(use.at(3).get<int>()),
          use.at(4).get<bool>()}});
  json.at("left_undone").get_to(record.left_undone);
  for (const Json& user : json.at("users"))
    record.users.push_back({user.at(0).get<model::ObjectId>(), user.at(1).get<model::ActorId>(),
                            user.at(2).get<model::ModeSet>()});
  return record;
}

bool is_whole(const EntryContention::Record& record) {
  for (const auto& use : record.uses)
    if (use.entry >= record.entries.size()) return false;
  for (const auto entry : record.left_undone)
    if (entry >= record.entries.size()) return false;
  return true;
}

Json from_failures(const std::vector<FailureTally::Row>& rows) {
  Json list = Json::array();
  for (const FailureTally::Row& row : rows)
    list.push_back({row.actor, row.operation, row.ended, row.runs, row.example});
  return list;
}

std::vector<FailureTally::Row> to_failures(const Json& list) {
  std::vector<FailureTally::Row> rows;
  for (const Json& row : list)
    rows.push_back({row.at(0).get<model::ActorId>(), row.at(1).get<std::uint32_t>(),
                    row.at(2).get<std::uint64_t>(), row.at(3).get<std::uint64_t>(),
                    row.at(4).get<std::string>()});
  return rows;
}

std::expected<SavedCheck, std::string> to_check(const Json& json) {
  SavedCheck saved;
  json.at("identity").get_to(saved.identity);
  auto search = model::parse_checkpoint(json.at("search").dump());
  if (!search) return std::unexpected(search.error());
  saved.search = std::move(*search);
  saved.entries = to_entries(json.at("entries"));
  if (!is_whole(saved.entries)) return std::unexpected("it is damaged: unknown entries");
  saved.failures = to_failures(json.at("failures"));
  json.at("unmet").get_to(saved.unmet);
  return saved;
}

}  // namespace

std::string identity_of(const Scenario& scenario, std::string_view protocol) {
  Scenario settings = scenario;
  settings.explore.bounds.executions.reset();
  settings.explore.bounds.time.reset();
  settings.explore.memory = ExploreSpec{}.memory;
  return digest_of_this_program() + ' ' + digest_of(write_scenario(settings)) + ' ' +
         std::string(protocol);
}

std::expected<void, std::string> write_check(const SavedCheck& saved, const std::string& file) {
  const Json json = {{"format", kFormat},
                     {"identity", saved.identity},
                     {"search", Json::parse(model::to_json(saved.search))},
                     {"entries", from_entries(saved.entries)},
                     {"failures", from_failures(saved.failures)},
                     {"unmet", saved.unmet}};
  const std::string unfinished = file + ".new";
  std::ofstream stream(unfinished, std::ios::binary | std::ios::trunc);
  stream << json.dump() << '\n';
  stream.close();
  std::error_code error;
  if (stream) std::filesystem::rename(unfinished, file, error);
  if (!stream || error) {
    std::filesystem::remove(unfinished, error);
    return std::unexpected(file + ": cannot be written");
  }
  return {};
}

std::expected<SavedCheck, std::string> read_check(const std::string& file,
                                                  std::string_view identity) {
  const auto text = contents_of(file);
  if (!text) return std::unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("format"))
    return std::unexpected(file + ": is no checkpoint, or is damaged");
  try {
    if (json.at("format").get<int>() != kFormat)
      return std::unexpected(file + ": was written by another version of unswept");
    if (json.at("identity").get<std::string>() != identity)
      return std::unexpected(file +
                             ": was written for another scenario, protocol or setting, or by "
                             "another build of unswept; "
                             "begin anew with --checkpoint, or check what it was written for");
    auto saved = to_check(json);
    if (!saved) return std::unexpected(file + ": " + saved.error());
    return saved;
  } catch (const Json::exception& wrong) {
    return std::unexpected(file + ": is damaged: " + wrong.what());
  }
}

}  // namespace unswept::scenarios
