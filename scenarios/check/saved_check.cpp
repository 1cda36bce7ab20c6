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

constexpr int kFormat = 2;

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

std::expected<SavedCheck, std::string> to_check(const Json& json) {
  SavedCheck saved;
  json.at("identity").get_to(saved.identity);
  auto search = model::parse_checkpoint(json.at("search").dump());
  if (!search) return std::unexpected(search.error());
  saved.search = std::move(*search);
  auto books = to_books(json.at("books"));
  if (!books) return std::unexpected("it is damaged: " + books.error());
  saved.books = std::move(*books);
  return saved;
}

}  // namespace

std::string digest_of_this_program() {
  return digest_of(contents_of("/proc/self/exe").value_or(std::string()));
}

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
                     {"books", from_books(saved.books)}};
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
