// sim/call_values.h: what calls answer: errors, digests, words for a reader, and how an answer is
// kept to be given again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/os/system.h"
#include "sim/answers.h"
#include "sim/vfs/content.h"

namespace unswept::sim {

/// Of a call that answers nothing.
struct Nothing {};

/// Of a read: how many bytes of `out` were filled.
struct ReadValue {
  os::Result<std::size_t> count = 0;
  std::span<std::byte> out;
};

/// Of a read_directory.
struct EntriesValue {
  os::Result<> result;
  std::vector<os::DirEntry>* entries = nullptr;
};

/// "ENOENT"; a number for one that has no name here.
std::string errno_name(os::Errno error);

template <class T>
os::Errno error_of(const os::Result<T>& result) {
  return result ? os::Errno{} : result.error();
}
inline os::Errno error_of(const ReadValue& value) { return error_of(value.count); }
inline os::Errno error_of(const EntriesValue& value) { return error_of(value.result); }
template <class T>
os::Errno error_of(const T&) {
  return {};
}

// A caller that is being unwound gets an error where there can be one.
template <class T>
void cancel_value(os::Result<T>& result) {
  result = os::fail(os::Errno::operation_canceled);
}
inline void cancel_value(ReadValue& value) { cancel_value(value.count); }
inline void cancel_value(EntriesValue& value) { cancel_value(value.result); }
template <class T>
void cancel_value(T&) {}

constexpr std::uint64_t digest_of(Nothing) { return 0; }
constexpr std::uint64_t digest_of(bool value) { return value ? 1 : 2; }
constexpr std::uint64_t digest_of(std::uint64_t value) { return value; }
constexpr std::uint64_t digest_of(os::Fd fd) { return static_cast<std::uint64_t>(fd); }
constexpr std::uint64_t digest_of(os::Errno error) { return ~static_cast<std::uint64_t>(error); }
std::uint64_t digest_of(os::Timestamp value);
std::uint64_t digest_of(const os::Stat& stat);
std::uint64_t digest_of(const Content& content);
std::uint64_t digest_of(const ReadValue& value);
std::uint64_t digest_of(const EntriesValue& value);
template <class T>
std::uint64_t digest_of(const os::Result<T>& result) {
  if (!result) return digest_of(result.error());
  if constexpr (std::is_void_v<T>)
    return 0;
  else
    return digest_of(*result);
}

// keep_value() and repeat_value() of a type go through the same words.
inline void keep_value(Answers&, Nothing) {}
inline void repeat_value(Answers&, Nothing&) {}
inline void keep_value(Answers& answers, bool value) { answers.put(value ? 1 : 0); }
inline void repeat_value(Answers& answers, bool& value) { value = answers.take() != 0; }
inline void keep_value(Answers& answers, std::uint64_t value) { answers.put(value); }
inline void repeat_value(Answers& answers, std::uint64_t& value) { value = answers.take(); }
inline void keep_value(Answers& answers, os::Fd fd) { answers.put(static_cast<std::uint64_t>(fd)); }
inline void repeat_value(Answers& answers, os::Fd& fd) { fd = static_cast<os::Fd>(answers.take()); }
inline void keep_value(Answers& answers, const Content& content) { answers.put(content); }
inline void repeat_value(Answers& answers, Content& content) { content = answers.take_content(); }
void keep_value(Answers& answers, os::Timestamp value);
void repeat_value(Answers& answers, os::Timestamp& value);
void keep_value(Answers& answers, const os::Stat& stat);
void repeat_value(Answers& answers, os::Stat& stat);
void keep_value(Answers& answers, const ReadValue& value);
void repeat_value(Answers& answers, ReadValue& value);
void keep_value(Answers& answers, const EntriesValue& value);
void repeat_value(Answers& answers, EntriesValue& value);
template <class T>
void keep_value(Answers& answers, const os::Result<T>& result) {
  answers.put(result ? 0 : static_cast<std::uint64_t>(result.error()));
  if constexpr (!std::is_void_v<T>)
    if (result) keep_value(answers, *result);
}
template <class T>
void repeat_value(Answers& answers, os::Result<T>& result) {
  const auto error = static_cast<os::Errno>(answers.take());
  if (error != os::Errno{}) {
    result = os::fail(error);
    return;
  }
  result = {};
  if constexpr (!std::is_void_v<T>) repeat_value(answers, *result);
}

inline std::string words_of(Nothing) { return {}; }
std::string words_of(bool value);
std::string words_of(std::uint64_t value);
std::string words_of(os::Timestamp value);
std::string words_of(os::Fd fd);
std::string words_of(const os::Stat& stat);
std::string words_of(const Content& content);
std::string words_of(const ReadValue& value);
std::string words_of(const EntriesValue& value);
template <class T>
std::string words_of(const os::Result<T>& result) {
  if (!result) return errno_name(result.error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return words_of(*result);
}

}  // namespace unswept::sim
