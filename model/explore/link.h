// model/explore/link.h: messages between processes that explore one space (internal).
//
// Process 0 is the *host*: it holds the search tree, and speaks with all others, its
// *guests*, which speak only with it.
//
// Thread safety: a link is used by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace unswept::model {

struct Message {
  std::uint32_t from = 0;
  std::vector<std::uint8_t> bytes;
};

class Link {
 public:
  static constexpr std::uint32_t kHost = 0;

  Link() = default;
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// The processes, the host included.
  virtual std::uint32_t size() const = 0;
  /// Does not wait for `to`.  Messages from one process to another arrive whole and in order.
  virtual void send(std::uint32_t to, std::vector<std::uint8_t> bytes) = 0;
  /// What has arrived; costs next to nothing if nothing has.
  virtual std::optional<Message> poll() = 0;
  /// Waits until something may have arrived, for some milliseconds at most, and leaves the core to
  /// others meanwhile.
  virtual void wait() = 0;
};

}  // namespace unswept::model
