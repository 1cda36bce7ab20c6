// Command lines, as scenarios hold them and as they are typed.
#include <string>
#include <vector>

#include "engine/cli/command.h"
#include "engine/cli/invocation.h"
#include "engine/cli/values.h"
#include "engine/cli/words.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

/// An error points into the line, or right behind it.
void check_error(const engine::CommandError& error, std::string_view line) {
  require(error.column >= 1 && error.column <= line.size() + 1);
  require(!error.text().empty());
}

void check_line(std::string_view line) {
  const auto command = engine::parse_command(line);
  if (command) {
    require(!engine::command_name(*command).empty());
  } else {
    check_error(command.error(), line);
  }
}

void check_words(std::string_view line) {
  const auto words = engine::split_words(line);
  if (!words) return require(words.error().column >= 1 && words.error().column <= line.size());
  std::vector<std::string> texts;
  for (const auto& word : *words) {
    require(word.column >= 1 && word.column <= line.size());
    texts.push_back(word.text);
  }
  const auto invocation = engine::parse_invocation(texts);
  if (!invocation) require(!invocation.error().text().empty());
}

void check_values(std::string_view text) {
  if (const auto seconds = engine::parse_duration(text)) require(*seconds >= 0);
  if (const auto number = engine::parse_unsigned(text)) {
    require(engine::parse_size(text) == number);
  }
  (void)engine::parse_size(text);
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  const std::string_view texts[] = {
      "gc --cutoff 48h --no-atime-check",
      "--store /backup/store --json gc",
      "move-group vm/100 --ns a --to b --no-merge",
      "move-namespace a --to b/c --max-depth 2",
      "backup vm/200 --ns a --time 2026-01-02T00:00:00Z drive.img.fidx=@c2,+c3 x.conf.blob=/etc/x",
      "backup 'host/a b' --chunk-size 64K --incremental root.pxar.didx=\"/a \\\" b\"",
      "restore vm/100/2026-01-01T00:00:00Z drive.img.fidx out --ns a/b",
      "prune vm/100 --keep-last 3 --keep-daily=7 --dry-run",
      "notes vm/100 --text '' --ns /",
      "protect vm/100/2026-01-01T00:00:00Z --off",
      "ns create a",
      "ns remove a --delete-groups",
      "change-owner vm/100 backup@pbs!token",
      "help ns create",
      "90s",
      "24h5m",
      "64KiB",
      "18446744073709551615"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_text(data, size);
  fuzz::check_line(input);
  fuzz::check_words(input);
  fuzz::check_values(input);
  return 0;
}
