#include "model/explore/trace.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

namespace unswept::model {
namespace {

constexpr std::array kKinds{ChoiceKind::data,           ChoiceKind::directory_order,
                            ChoiceKind::directory_race, ChoiceKind::timeout,
                            ChoiceKind::fault,          ChoiceKind::crash};

std::optional<ChoiceKind> kind_named(std::string_view name) {
  for (const ChoiceKind kind : kKinds)
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

/// Takes a number off the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// What stands after "ACTOR:" in a choice.
bool parse_choice(ActorId actor, std::string_view rest, Trace& out) {
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  const auto kind = kind_named(rest.substr(0, equals));
  rest.remove_prefix(equals + 1);
  const auto answer = take_number(rest);
  if (!kind || !answer || !take(rest, '/')) return false;
  const auto count = take_number(rest);
  if (!count || !rest.empty() || *answer >= *count) return false;
  out.decisions.push_back(Decision::choose(actor, *kind, *answer, *count));
  return true;
}

bool parse_word(std::string_view word, Trace& out) {
  const auto actor = take_number(word);
  if (!actor || *actor >= kActorsMax) return false;
  if (take(word, ':')) return parse_choice(*actor, word, out);
  std::uint32_t times = 1;
  if (take(word, '*')) {
    const auto number = take_number(word);
    if (!number || *number == 0) return false;
    times = *number;
  }
  if (!word.empty()) return false;
  out.decisions.insert(out.decisions.end(), times, Decision::pick(*actor));
  return true;
}

}  // namespace

std::string to_text(const Trace& trace) {
  std::string text;
  auto out = std::back_inserter(text);
  const auto& all = trace.decisions;
  for (std::size_t i = 0; i < all.size();) {
    const Decision& decision = all[i];
    std::size_t same = 1;
    while (decision.what == Decision::What::pick && i + same < all.size() &&
           all[i + same] == decision)
      ++same;
    if (i > 0) text += ' ';
    if (decision.what == Decision::What::choose)
      fmt::format_to(out, "{}:{}={}/{}", decision.actor, to_string(decision.kind), decision.answer,
                     decision.count);
    else if (same == 1)
      fmt::format_to(out, "{}", decision.actor);
    else
      fmt::format_to(out, "{}*{}", decision.actor, same);
    i += same;
  }
  return text;
}

std::expected<Trace, std::string> parse_trace(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  Trace trace;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return trace;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(kSpace));
    if (!parse_word(word, trace))
      return std::unexpected(fmt::format("\"{}\" is not a step of a trace", word));
    text.remove_prefix(word.size());
  }
}

std::string to_json(const Trace& trace) {
  nlohmann::json list = nlohmann::json::array();
  for (const Decision& decision : trace.decisions) {
    if (decision.what == Decision::What::pick)
      list.push_back(decision.actor);
    else
      list.push_back({{"actor", decision.actor},
                      {"kind", to_string(decision.kind)},
                      {"answer", decision.answer},
                      {"of", decision.count}});
  }
  return list.dump();
}

std::expected<Trace, std::string> parse_trace_json(std::string_view json) {
  const auto list = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) return std::unexpected("a trace is a JSON array");
  Trace trace;
  for (const auto& entry : list) {
    if (entry.is_number_unsigned() && entry.get<std::uint64_t>() < kActorsMax) {
      trace.decisions.push_back(Decision::pick(entry.get<ActorId>()));
      continue;
    }
    // Goes through the text form, which knows the rules.
    const auto number = [&](const char* key) { return entry.value(key, std::uint64_t{1} << 32); };
    const bool fits = entry.is_object() && entry.contains("kind") && entry["kind"].is_string();
    if (!fits ||
        !parse_word(fmt::format("{}:{}={}/{}", number("actor"), entry["kind"].get<std::string>(),
                                number("answer"), number("of")),
                    trace))
      return std::unexpected(fmt::format("{} is not a step of a trace", entry.dump()));
  }
  return trace;
}

std::size_t step_count(const Trace& trace) {
  std::size_t count = 0;
  for (const Decision& decision : trace.decisions)
    if (decision.what == Decision::What::pick) ++count;
  return count;
}

}  // namespace unswept::model
