// tests/property/local_link.h: processes that explore together, played by threads.
//
// Thread safety: as that of model::Link.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "model/explore/link.h"
#include "model/explore/peers.h"

namespace unswept::tests {

/// Where the messages to one process wait.
class Mailbox {
 public:
  void put(model::Message message) {
    const std::scoped_lock lock(mutex_);
    messages_.push_back(std::move(message));
    arrived_.notify_one();
  }
  std::optional<model::Message> take() {
    const std::scoped_lock lock(mutex_);
    if (messages_.empty()) return std::nullopt;
    model::Message first = std::move(messages_.front());
    messages_.pop_front();
    return first;
  }
  void wait() {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::milliseconds(1), [this] { return !messages_.empty(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<model::Message> messages_;
};

class LocalLink final : public model::Link {
 public:
  LocalLink(std::uint32_t self, std::vector<Mailbox>& all) : self_(self), all_(all) {}

  std::uint32_t size() const override { return static_cast<std::uint32_t>(all_.size()); }
  void send(std::uint32_t to, std::vector<std::uint8_t> bytes) override {
    all_[to].put({self_, std::move(bytes)});
  }
  std::optional<model::Message> poll() override { return all_[self_].take(); }
  void wait() override { all_[self_].wait(); }

 private:
  const std::uint32_t self_;
  std::vector<Mailbox>& all_;
};

/// A host and its guests, which come whenever they are invited.
class LocalPeers {
 public:
  LocalPeers(std::uint32_t size, const model::Prepare& prepare) : mail_(size), host_(0, mail_) {
    for (std::uint32_t guest = 1; guest < size; ++guest)
      threads_.emplace_back([this, guest, prepare] {
        LocalLink link(guest, mail_);
        model::be_guest(link, prepare);
      });
  }
  ~LocalPeers() { model::say_goodbye(host_); }
  LocalPeers(const LocalPeers&) = delete;
  LocalPeers& operator=(const LocalPeers&) = delete;

  model::Link& link() { return host_; }

 private:
  std::vector<Mailbox> mail_;
  LocalLink host_;
  std::vector<std::jthread> threads_;  // the last: joined while the rest is there
};

}  // namespace unswept::tests
