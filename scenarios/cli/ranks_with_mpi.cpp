// Messages between ranks, by MPI.  The only file that knows of it.
#include <algorithm>
#include <chrono>
#include <deque>
#include <mpi.h>
#include <thread>
#include <utility>

#include "scenarios/cli/ranks.h"

namespace unswept::scenarios {
namespace {

constexpr int kTag = 1;

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
    for (Sent& sent : sent_) MPI_Wait(&sent.request, MPI_STATUS_IGNORE);
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
    int arrived = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &arrived, &status);
    if (arrived == 0) return std::nullopt;
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    model::Message message{static_cast<std::uint32_t>(status.MPI_SOURCE),
                           std::vector<std::uint8_t>(static_cast<std::size_t>(size))};
    MPI_Recv(message.bytes.data(), size, MPI_BYTE, status.MPI_SOURCE, kTag, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    pause_ = kShortest;
    forget_arrived();
    return message;
  }

  /// MPI's own waiting calls keep the core busy.
  void wait() override {
    forget_arrived();
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(pause_ * 2, kLongest);
  }

 private:
  struct Sent {
    std::vector<std::uint8_t> bytes;
    MPI_Request request;
  };
  static constexpr std::chrono::microseconds kShortest{20};
  static constexpr std::chrono::microseconds kLongest{1'000};

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
  std::chrono::microseconds pause_ = kShortest;
};

}  // namespace

std::expected<std::unique_ptr<Ranks>, std::string> join_ranks() {
  if (started_as().size < 2) return nullptr;
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
