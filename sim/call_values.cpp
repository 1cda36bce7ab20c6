#include "sim/call_values.h"

#include <cerrno>
#include <fmt/format.h>

#include "sim/hash.h"

namespace unswept::sim {

std::string errno_name(os::Errno error) {
  switch (static_cast<int>(error)) {
#define UNSWEPT_NAME(code) \
  case code:               \
    return #code
    UNSWEPT_NAME(ENOENT);
    UNSWEPT_NAME(EEXIST);
    UNSWEPT_NAME(ENOTDIR);
    UNSWEPT_NAME(EISDIR);
    UNSWEPT_NAME(ENOTEMPTY);
    UNSWEPT_NAME(EINVAL);
    UNSWEPT_NAME(EBADF);
    UNSWEPT_NAME(ENAMETOOLONG);
    UNSWEPT_NAME(ELOOP);
    UNSWEPT_NAME(EBUSY);
    UNSWEPT_NAME(EAGAIN);
    UNSWEPT_NAME(ETIMEDOUT);
    UNSWEPT_NAME(EFBIG);
    UNSWEPT_NAME(EACCES);
    UNSWEPT_NAME(ENODEV);
    UNSWEPT_NAME(ENOSPC);
    UNSWEPT_NAME(EIO);
    UNSWEPT_NAME(ECANCELED);
#undef UNSWEPT_NAME
    default:
      return fmt::format("errno {}", static_cast<int>(error));
  }
}

std::uint64_t digest_of(const Content& content) { return content.hash() ^ content.size(); }

std::uint64_t digest_of(os::Timestamp value) {
  return (Digest() << static_cast<std::uint64_t>(value.seconds)
                   << static_cast<std::uint64_t>(value.nanoseconds))
      .value();
}

std::uint64_t digest_of(const os::Stat& stat) {
  return (Digest() << static_cast<std::uint64_t>(stat.type) << stat.inode << stat.size
                   << digest_of(stat.atime) << stat.mode)
      .value();
}

std::uint64_t digest_of(const ReadValue& value) {
  if (!value.count) return digest_of(value.count.error());
  return hash_bytes(value.out.first(*value.count));
}

std::uint64_t digest_of(const EntriesValue& value) {
  if (!value.result) return digest_of(value.result.error());
  Digest digest;
  for (const os::DirEntry& entry : *value.entries)
    digest << hash_text(entry.name) << static_cast<std::uint64_t>(entry.type);
  return digest.value();
}

void keep_value(Answers& answers, os::Timestamp value) {
  answers.put(static_cast<std::uint64_t>(value.seconds));
  answers.put(static_cast<std::uint64_t>(value.nanoseconds));
}

void repeat_value(Answers& answers, os::Timestamp& value) {
  value.seconds = static_cast<std::int64_t>(answers.take());
  value.nanoseconds = static_cast<std::int32_t>(answers.take());
}

void keep_value(Answers& answers, const os::Stat& stat) {
  answers.put(static_cast<std::uint64_t>(stat.type));
  answers.put(stat.inode);
  answers.put(stat.size);
  keep_value(answers, stat.atime);
  answers.put(stat.mode);
}

void repeat_value(Answers& answers, os::Stat& stat) {
  stat.type = static_cast<os::FileType>(answers.take());
  stat.inode = answers.take();
  stat.size = answers.take();
  repeat_value(answers, stat.atime);
  stat.mode = static_cast<std::uint32_t>(answers.take());
}

void keep_value(Answers& answers, const ReadValue& value) {
  keep_value(answers, value.count);
  if (value.count) answers.put_bytes(value.out.first(*value.count));
}

void repeat_value(Answers& answers, ReadValue& value) {
  repeat_value(answers, value.count);
  if (value.count) answers.take_bytes(value.out.first(*value.count));
}

void keep_value(Answers& answers, const EntriesValue& value) {
  keep_value(answers, value.result);
  if (!value.result) return;
  answers.put(value.entries->size());
  for (const os::DirEntry& entry : *value.entries) {
    answers.put(static_cast<std::uint64_t>(entry.type) << 32 | entry.name.size());
    answers.put_bytes(std::as_bytes(std::span(entry.name)));
  }
}

void repeat_value(Answers& answers, EntriesValue& value) {
  repeat_value(answers, value.result);
  if (!value.result) return;
  value.entries->resize(answers.take());
  for (os::DirEntry& entry : *value.entries) {
    const std::uint64_t head = answers.take();
    entry.type = static_cast<os::FileType>(head >> 32);
    entry.type_known = true;
    entry.name.resize(head & 0xffffffff);
    answers.take_bytes(std::as_writable_bytes(std::span(entry.name)));
  }
}

std::string words_of(bool value) { return value ? "yes" : "no"; }
std::string words_of(std::uint64_t value) { return fmt::format("{}", value); }
std::string words_of(os::Fd fd) { return fmt::format("fd {}", static_cast<int>(fd)); }
std::string words_of(const Content& content) { return fmt::format("{} bytes", content.size()); }

std::string words_of(os::Timestamp value) {
  return fmt::format("{}.{:09}", value.seconds, value.nanoseconds);
}

std::string words_of(const os::Stat& stat) {
  return fmt::format("inode {:x}, {} bytes", stat.inode, stat.size);
}

std::string words_of(const ReadValue& value) {
  if (!value.count) return errno_name(value.count.error());
  return fmt::format("{} bytes", *value.count);
}

std::string words_of(const EntriesValue& value) {
  if (!value.result) return errno_name(value.result.error());
  if (value.entries->empty()) return "end";
  std::string words;
  for (const os::DirEntry& entry : *value.entries) {
    if (!words.empty()) words += ' ';
    words += entry.name;
  }
  return words;
}

}  // namespace unswept::sim
