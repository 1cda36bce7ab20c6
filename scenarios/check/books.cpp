#include "scenarios/check/books.h"

#include <nlohmann/json.hpp>

namespace unswept::scenarios {
namespace {

using Json = nlohmann::json;

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

}  // namespace

Json from_books(const Books& books) {
  return {{"entries", from_entries(books.entries)},
          {"failures", from_failures(books.failures)},
          {"unmet", books.unmet}};
}

std::expected<Books, std::string> to_books(const Json& json) {
  Books books;
  books.entries = to_entries(json.at("entries"));
  if (!is_whole(books.entries)) return std::unexpected("unknown entries");
  books.failures = to_failures(json.at("failures"));
  json.at("unmet").get_to(books.unmet);
  return books;
}

}  // namespace unswept::scenarios
