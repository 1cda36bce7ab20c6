// Messages between ranks, by MPI.  The only file that knows of it.
//
// All that waits in here sleeps.  MPI's own ways to wait keep the core busy, or yield it again and
// again: with more runnable processes than cores, whoever yields waits for all others, so that a
// look at what has arrived costs many milliseconds.  Open MPI yields even in calls that do not
// wait, if there are more ranks than cores; so it is told not to, and nobody looks too often.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <mpi.h>
#include <thread>
#include <utility>

#include "scenarios/cli/ranks.h"

namespace unswept::scenarios {
namespace {

constexpr int kTag = 1;

using Clock = std::chrono::steady_clock;

/// When it is worth while to look again after having looked in vain.
class Patience {
 public:
  bool is_over() const { return Clock::now() >= until_; }
  void end() { until_ = {}; }
  /// Looking is to take a small part of the time.
  void begin(Clock::time_point looked_from) {
    const auto now = Clock::now();
    until_ = now + std::clamp<Clock::duration>(kShare * (now - looked_from), kShortest, kLongest);
  }

 private:
  static constexpr int kShare = 8;
  static constexpr std::chrono::microseconds kShortest{50};
  static constexpr std::chrono::milliseconds kLongest{50};

  Clock::time_point until_;
};

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int size = 1;
    int rank = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    size_ = static_cast<std::uint32_t>(size);
    rank_ = static_cast<std::uint32_t>(rank);
  }
  ~MpiRanks() override {
    for (forget_arrived(); !sent_.empty(); forget_arrived()) wait();
    leave_together();
    MPI_Finalize();
  }

  std::uint32_t size() const override { return size_; }
  std::uint32_t rank() const override { return rank_; }

  void send(std::uint32_t to, std::vector<std::uint8_t> bytes) override {
    // A plain MPI_Send of something large waits for the receiver, which may be doing the same.
    Sent& sent = sent_.emplace_back(Sent{std::move(bytes), MPI_REQUEST_NULL});
    MPI_Isend(sent.bytes.data(), static_cast<int>(sent.bytes.size()), MPI_BYTE,
              static_cast<int>(to), kTag, MPI_COMM_WORLD, &sent.request);
    forget_arrived();
  }

  std::optional<model::Message> poll() override {
    if (!patience_.is_over()) return std::nullopt;
    const auto from = Clock::now();
    if (!is_arriving()) begin_to_receive();
    int whole = 0;
    if (is_arriving()) MPI_Test(&arriving_, &whole, MPI_STATUS_IGNORE);
    if (whole == 0) {
      patience_.begin(from);
      return std::nullopt;
    }
    pause_ = kShortest;
    forget_arrived();
    return std::move(message_);
  }

  void wait() override {
    forget_arrived();
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(pause_ * 2, kLongest);
    patience_.end();
  }

 private:
  struct Sent {
    std::vector<std::uint8_t> bytes;
    MPI_Request request;
  };
  static constexpr std::chrono::microseconds kShortest{20};
  static constexpr std::chrono::microseconds kLongest{1'000};

  bool is_arriving() const { return arriving_ != MPI_REQUEST_NULL; }

  /// A large message needs its sender more than once, who may be at work meanwhile.
  void begin_to_receive() {
    int announced = 0;
    MPI_Message what = MPI_MESSAGE_NULL;
    MPI_Status status;
    MPI_Improbe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &announced, &what, &status);
    if (announced == 0) return;
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    message_.from = static_cast<std::uint32_t>(status.MPI_SOURCE);
    message_.bytes.resize(static_cast<std::size_t>(size));
    MPI_Imrecv(message_.bytes.data(), size, MPI_BYTE, &what, &arriving_);
  }

  /// The end of MPI waits for all, and need not sleep as it does.
  void leave_together() {
    MPI_Request all_leave = MPI_REQUEST_NULL;
    MPI_Ibarrier(MPI_COMM_WORLD, &all_leave);
    int left = 0;
    for (MPI_Test(&all_leave, &left, MPI_STATUS_IGNORE); left == 0;
         MPI_Test(&all_leave, &left, MPI_STATUS_IGNORE))
      wait();
  }

  void forget_arrived() {
    int done = 1;
    while (!sent_.empty() && done != 0) {
      MPI_Test(&sent_.front().request, &done, MPI_STATUS_IGNORE);
      if (done != 0) sent_.pop_front();
    }
  }

  std::uint32_t size_ = 1;
  std::uint32_t rank_ = 0;
  std::deque<Sent> sent_;  // and not known to have arrived
  MPI_Request arriving_ = MPI_REQUEST_NULL;
  model::Message message_;  // that is arriving
  Patience patience_;
  std::chrono::microseconds pause_ = kShortest;
};

}  // namespace

std::expected<std::unique_ptr<Ranks>, std::string> join_ranks() {
  if (started_as().size < 2) return nullptr;
  ::setenv("OMPI_MCA_mpi_yield_when_idle", "0", /*overwrite=*/0);
  int provided = MPI_THREAD_SINGLE;
  // The thread that checks is not the one that begins and ends.
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  auto ranks = std::make_unique<MpiRanks>();
  if (provided < MPI_THREAD_SERIALIZED)
    return std::unexpected(
        "this MPI does not let several threads of a process speak; it must know "
        "MPI_THREAD_SERIALIZED");
  return ranks;
}

std::string mpi_version() {
  char name[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(name, &length);
  const std::string all(name, static_cast<std::size_t>(length));
  return "with " + all.substr(0, all.find(','));
}

}  // namespace unswept::scenarios
