// fuzz/target.h: what a fuzz target consists of.
//
// A target is one source file in fuzz/targets/ with the two functions below.  It
// becomes two programs: fuzz-NAME with libFuzzer (option UNSWEPT_FUZZ, Clang), and
// mutate-NAME with any compiler, which feeds the same function what is in the
// corpus and some ten thousand mutations of it, the same ones in every run.
//
// A target parses its input as a store would, walks over all that was understood,
// and aborts where something must hold and does not: what was printed parses to
// the same value, a path stays below its directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string_view>
#include <vector>

#include "engine/format/bytes.h"

// The name and the types are libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace unswept::fuzz {

/// Inputs made by the engine's own writers, for mutations to start from.  fuzz/corpus/NAME holds
/// what nobody writes, and what once failed.
std::vector<engine::Bytes> seeds();

/// Ends the program, and says where, unless `holds`.
void require(bool holds, std::source_location where = std::source_location::current());

inline engine::ByteView input_bytes(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

inline std::string_view input_text(const std::uint8_t* data, std::size_t size) {
  return engine::as_text(input_bytes(data, size));
}

/// Texts as seeds.
std::vector<engine::Bytes> text_seeds(std::span<const std::string_view> texts);

/// True for a path that leads down from where it starts: no empty component, none that is "." or
/// "..", no zero byte, and no slash at the beginning.
bool stays_below(std::string_view path);

}  // namespace unswept::fuzz
