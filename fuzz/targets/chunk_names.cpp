// Names in the chunk directories: what a sweep takes for a chunk it may unlink.
#include "engine/format/chunk_names.h"

#include <cctype>

#include "engine/format/sha256.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

void check_file_name(std::string_view name) {
  const auto file = engine::parse_chunk_file_name(name);
  if (!file) return;
  require(stays_below(name) && name.find('/') == std::string_view::npos);
  require(lower_case(name).starts_with(file->digest.hex()));
  require(stays_below(engine::chunk_path(file->digest)));
  const bool bare = name.size() == engine::Digest::kHexSize;
  require(bare == (file->kind == engine::ChunkFileKind::chunk));
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  const std::string hex = engine::sha256(engine::as_bytes(std::string_view("hello"))).hex();
  const std::string bad = hex + ".3.bad";
  const std::string marker = hex + ".using";
  const std::string temporary = hex + ".tmp_aB3dE9";
  const std::string_view texts[] = {hex, bad, marker, temporary, "0000", "ffff", "00FF"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_text(data, size);
  fuzz::check_file_name(input);
  if (const auto digest = engine::Digest::parse(input)) {
    fuzz::require(digest->hex() == fuzz::lower_case(input));
  }
  if (const auto number = engine::parse_chunk_directory_name(input)) {
    fuzz::require(engine::chunk_directory_name(*number) == input);
  }
  return 0;
}
