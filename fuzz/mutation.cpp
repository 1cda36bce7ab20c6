#include "fuzz/mutation.h"

#include <algorithm>
#include <array>

namespace unswept::fuzz {
namespace {

using engine::Bytes;
using engine::ByteView;

constexpr std::size_t kLongestRun = 64;
constexpr std::size_t kMostChanges = 4;

// What a hostile length field says.
constexpr std::array<std::uint64_t, 10> kIntegers = {0,
                                                     1,
                                                     0x7f,
                                                     0xff,
                                                     0xffff,
                                                     0x7fffffff,
                                                     0xffffffff,
                                                     0x40000000,
                                                     std::uint64_t{1} << 63,
                                                     ~std::uint64_t{0}};

// What means something in names, times, JSON and command lines.
constexpr std::string_view kLetters = "/.-_:\\\"'{}[],=@+ \n\t\r09azAZ~\x7f\x80\xff";

/// A position below `bound`, more often than not where headers are.
std::size_t position(std::size_t bound, Chance& chance) {
  constexpr std::size_t kHeader = 96;
  return chance.below(chance.below(2) == 0 ? std::min(bound, kHeader) : bound);
}

void flip_bit(Bytes& input, Chance& chance) {
  if (input.empty()) return;
  input[position(input.size(), chance)] ^= std::byte{1} << chance.below(8);
}

void set_byte(Bytes& input, Chance& chance) {
  if (input.empty()) return;
  input[position(input.size(), chance)] = static_cast<std::byte>(chance.next());
}

void set_letter(Bytes& input, Chance& chance) {
  if (input.empty()) return;
  input[position(input.size(), chance)] =
      static_cast<std::byte>(kLetters[chance.below(kLetters.size())]);
}

void set_integer(Bytes& input, Chance& chance) {
  const std::size_t width = std::size_t{1} << chance.below(4);
  if (input.size() < width) return;
  // Fields are aligned more often than not.
  std::size_t at = position(input.size() - width + 1, chance);
  if (chance.below(2) == 0) at -= at % width;
  const std::uint64_t value = kIntegers[chance.below(kIntegers.size())];
  std::memcpy(input.data() + at, &value, width);
}

void insert_letter(Bytes& input, Chance& chance) {
  const auto at = static_cast<std::ptrdiff_t>(chance.below(input.size() + 1));
  input.insert(input.begin() + at, static_cast<std::byte>(kLetters[chance.below(kLetters.size())]));
}

/// A part of `from`, as a copy.
Bytes take_run(ByteView from, Chance& chance) {
  if (from.empty()) return {};
  const std::size_t at = chance.below(from.size());
  const ByteView rest = from.subspan(at);
  const ByteView run = rest.first(1 + chance.below(std::min(rest.size(), kLongestRun)));
  return Bytes(run.begin(), run.end());
}

void insert_run(Bytes& input, ByteView from, Chance& chance) {
  const Bytes run = take_run(from, chance);
  const auto at = static_cast<std::ptrdiff_t>(chance.below(input.size() + 1));
  input.insert(input.begin() + at, run.begin(), run.end());
}

void overwrite_run(Bytes& input, ByteView from, Chance& chance) {
  const Bytes run = take_run(from, chance);
  if (input.size() < run.size()) return;
  const std::size_t at = chance.below(input.size() - run.size() + 1);
  std::ranges::copy(run, input.begin() + static_cast<std::ptrdiff_t>(at));
}

void erase_run(Bytes& input, Chance& chance) {
  if (input.empty()) return;
  const std::size_t at = chance.below(input.size());
  const std::size_t count = 1 + chance.below(std::min(input.size() - at, kLongestRun));
  const auto first = input.begin() + static_cast<std::ptrdiff_t>(at);
  input.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

void cut(Bytes& input, Chance& chance) { input.resize(chance.below(input.size() + 1)); }

void change(Bytes& input, std::span<const Bytes> others, Chance& chance) {
  switch (chance.below(9)) {
    case 0:
      return flip_bit(input, chance);
    case 1:
      return set_byte(input, chance);
    case 2:
      return set_letter(input, chance);
    case 3:
      return set_integer(input, chance);
    case 4:
      return insert_letter(input, chance);
    case 5:
      return insert_run(input, Bytes(input), chance);
    case 6:
      return erase_run(input, chance);
    case 7:
      if (chance.below(4) == 0) return cut(input, chance);
      return erase_run(input, chance);
    default:
      if (others.empty()) return;
      const Bytes& other = others[chance.below(others.size())];
      return chance.below(2) == 0 ? insert_run(input, other, chance)
                                  : overwrite_run(input, other, chance);
  }
}

}  // namespace

std::uint64_t Chance::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::size_t Chance::below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

Bytes mutate(Bytes input, std::span<const Bytes> others, Chance& chance) {
  const std::size_t changes = 1 + chance.below(kMostChanges);
  for (std::size_t i = 0; i < changes; ++i) change(input, others, chance);
  return input;
}

}  // namespace unswept::fuzz
