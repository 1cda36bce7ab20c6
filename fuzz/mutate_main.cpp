// mutate-NAME: a fuzz target without libFuzzer.
//
//   mutate-NAME [--runs N] [FILE|FOLDER...]     the target's own seeds, these inputs, and N
//   mutations mutate-NAME --write-seeds FOLDER            the target's own seeds as files, for
//   libFuzzer
//
// The first input that fails ends the program; it is left in failed-input in the current folder.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "fuzz/mutation.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

namespace fs = std::filesystem;
using engine::Bytes;

constexpr std::size_t kDefaultRuns = 50'000;
constexpr std::uint64_t kSeed = 1;
constexpr int kBadInput = 2;

Bytes read_input(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = engine::as_bytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

void write_input(const fs::path& path, const Bytes& input) {
  const auto text = engine::as_text(input);
  std::ofstream(path, std::ios::binary).write(text.data(), std::ssize(text));
}

/// Files in the order of their names, so that every machine mutates the same input the same way.
std::vector<Bytes> read_inputs(const fs::path& path) {
  if (!fs::is_directory(path)) return {read_input(path)};
  std::vector<fs::path> files(fs::directory_iterator(path), fs::directory_iterator{});
  std::ranges::sort(files);
  std::vector<Bytes> inputs;
  for (const fs::path& file : files) inputs.push_back(read_input(file));
  return inputs;
}

/// A target that believes a length field ends in std::bad_alloc, and so ends the program.  Not
/// with the address sanitizer, whose shadow is larger than any limit; it has a limit of its own.
void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__)
  constexpr rlim_t kAddressSpace = rlim_t{1} << 30;
  const ::rlimit limit{kAddressSpace, kAddressSpace};
  ::setrlimit(RLIMIT_AS, &limit);
#endif
}

// What runs right now, for the signal handler.
const Bytes* running = nullptr;

void keep_input(int signal) {
  std::signal(signal, SIG_DFL);
  if (running != nullptr) {
    write_input("failed-input", *running);
    fmt::print(stderr, "the input is in failed-input\n");
  }
  std::raise(signal);
}

void run(const Bytes& input) {
  running = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  running = nullptr;
}

void run_all(const std::vector<Bytes>& inputs, std::size_t runs) {
  run({});
  for (const Bytes& input : inputs) run(input);
  if (inputs.empty()) return;
  Chance chance(kSeed);
  for (std::size_t i = 0; i < runs; ++i) run(mutate(inputs[i % inputs.size()], inputs, chance));
}

int write_seeds(const fs::path& folder) {
  fs::create_directories(folder);
  std::size_t number = 0;
  for (const Bytes& seed : seeds()) write_input(folder / fmt::format("seed-{:02}", ++number), seed);
  return 0;
}

std::optional<std::size_t> parse_runs(std::string_view text) {
  std::size_t runs = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, runs);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return runs;
}

int main(std::span<char*> words) {
  if (words.size() == 2 && std::string_view(words[0]) == "--write-seeds")
    return write_seeds(words[1]);
  std::size_t runs = kDefaultRuns;
  if (words.size() >= 2 && std::string_view(words[0]) == "--runs") {
    const auto number = parse_runs(words[1]);
    if (!number) {
      fmt::print(stderr, "--runs needs a number, not \"{}\"\n", words[1]);
      return kBadInput;
    }
    runs = *number;
    words = words.subspan(2);
  }
  std::vector<Bytes> inputs = seeds();
  for (const char* word : words) std::ranges::move(read_inputs(word), std::back_inserter(inputs));
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS})
    std::signal(signal, keep_input);
  limit_memory();
  run_all(inputs, runs);
  fmt::print("{} inputs, {} mutations\n", inputs.size(), runs);
  return 0;
}

}  // namespace
}  // namespace unswept::fuzz

int main(int argc, char** argv) {
  return unswept::fuzz::main(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
}
