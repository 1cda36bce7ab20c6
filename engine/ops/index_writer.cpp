#include "engine/ops/index_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/format/names.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
/// Room of a fixed index whose size is not known at first.
constexpr std::uint64_t kInitialRoom = 128;
constexpr std::size_t kDynamicBuffer = std::size_t{1} << 20;
/// A fixed index may have so many chunks: 1 PiB of the usual ones.  What a client says becomes the
/// length of a file and of a table in memory.
constexpr std::uint64_t kMaxFixedChunks = std::uint64_t{1} << 28;
/// The part of a fixed header that is not zero.
constexpr std::size_t kFixedHeaderUsed = 80;

constexpr os::Open kWriterFlags =
    os::Open::read_write | os::Open::create | os::Open::truncate | os::Open::no_follow;
constexpr std::uint32_t kWriterMode = 0666;  // less what the umask takes

// "<directory>/x.tmp_fidx" for "<directory>/x.fidx".
std::string temporary_path_of(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  return path.substr(0, name) + index_temporary_name(std::string_view(path).substr(name));
}

Uuid random_uuid(os::System& system) {
  Uuid uuid;
  system.random(uuid);
  return uuid;
}

os::Result<> pwrite_all(os::System& system, os::Fd fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto written = system.pwrite(fd, bytes, offset);
    if (!written) return os::fail(written.error());
    if (*written == 0) return os::fail(os::Errno::io_error);
    bytes = bytes.subspan(*written);
    offset += *written;
  }
  return {};
}

std::unexpected<Error> refuse(const std::string& path, const std::string& why) {
  return fail(ErrorKind::invalid, path + ": " + why);
}

Result<> check_count(const std::string& path, std::uint64_t appended,
                     const IndexSummary& expected) {
  if (appended == expected.chunk_count) return {};
  return refuse(path, std::to_string(appended) + " chunks were appended, not " +
                          std::to_string(expected.chunk_count));
}

Result<> check_size(const std::string& path, std::uint64_t size, const IndexSummary& expected) {
  if (size == expected.size) return {};
  return refuse(path,
                "the size is " + std::to_string(size) + ", not " + std::to_string(expected.size));
}

Result<> check_csum(const std::string& path, const Digest& csum, const IndexSummary& expected) {
  if (csum == expected.csum) return {};
  return refuse(path, "the csum is " + csum.hex() + ", not " + expected.csum.hex());
}

Result<> give_name(os::System& system, const std::string& temporary_path, const std::string& path) {
  if (auto done = system.rename(temporary_path, path); !done) {
    return os_failure(done.error(), "rename to", path);
  }
  return {};
}

}  // namespace

// --- fixed -----------------------------------------------------------------------

FixedIndexWriter::FixedIndexWriter(os::System& system, std::string path, os::File file,
                                   std::uint64_t chunk_size, std::optional<std::uint64_t> size)
    : system_(&system),
      path_(std::move(path)),
      temporary_path_(temporary_path_of(path_)),
      file_(std::move(file)),
      chunk_size_(chunk_size),
      known_size_(size) {
  room_ = size ? fixed_chunk_count(*size, chunk_size) : kInitialRoom;
  if (size) digests_.resize(room_);
}

Result<FixedIndexWriter> FixedIndexWriter::create(os::System& system, std::string path,
                                                  std::uint64_t chunk_size,
                                                  std::optional<std::uint64_t> size) {
  if (!std::has_single_bit(chunk_size)) {
    return refuse(path, "the chunk size " + std::to_string(chunk_size) + " is no power of two");
  }
  if (size == 0U) return refuse(path, "an image of size 0 cannot have an index");
  if (size && fixed_chunk_count(*size, chunk_size) > kMaxFixedChunks) {
    return refuse(path, "an image of size " + std::to_string(*size) + " has too many chunks");
  }
  auto file = os::open_file(system, temporary_path_of(path), kWriterFlags, kWriterMode);
  if (!file) return os_failure(file.error(), "create", temporary_path_of(path));
  FixedIndexWriter writer(system, std::move(path), std::move(*file), chunk_size, size);
  auto started = writer.write_header();
  if (!started) {
    writer.abandon();
    return forward_error(started);
  }
  return writer;
}

Result<> FixedIndexWriter::write_header() {
  const FixedIndexHeader header{.uuid = random_uuid(*system_),
                                .ctime = system_->now().seconds,
                                .csum = {},
                                .size = 0,
                                .chunk_size = chunk_size_};
  auto done = system_->truncate(file_.fd(), fixed_entry_offset(room_));
  const auto bytes = header.encode();
  if (done) {
    done = pwrite_all(*system_, file_.fd(), ByteView(bytes).first(kFixedHeaderUsed), 0);
  }
  if (!done) return os_failure(done.error(), "write", temporary_path_);
  return {};
}

Result<> FixedIndexWriter::clone_from(const IndexView& previous) {
  if (previous.chunk_count() != digests_.size()) {
    return refuse(path_, "the index to start from has " + std::to_string(previous.chunk_count()) +
                             " chunks, not " + std::to_string(digests_.size()));
  }
  for (std::size_t i = 0; i < digests_.size(); ++i) digests_[i] = previous.digest(i);
  cloned_ = true;
  return {};
}

Result<> FixedIndexWriter::append(const Digest& digest, std::uint64_t offset,
                                  std::uint64_t length) {
  if (offset % chunk_size_ != 0) {
    return refuse(path_, "offset " + std::to_string(offset) + " is not a multiple of " +
                             std::to_string(chunk_size_));
  }
  if (length == 0 || length > chunk_size_) {
    return refuse(path_, "a chunk of " + std::to_string(length) + " bytes does not fit");
  }
  const std::uint64_t index = offset / chunk_size_;
  if (index >= kMaxFixedChunks || length > kNoLimit - offset) {
    return refuse(path_, "offset " + std::to_string(offset) + " is too far out");
  }
  const bool is_short = length < chunk_size_;
  const std::uint64_t end = offset + length;
  const bool past_end = known_size_ ? end > *known_size_ : short_chunk_seen_ && end > size_seen_;
  if (past_end) return refuse(path_, "a chunk lies behind the end of the image");
  const bool at_end = known_size_ ? end == *known_size_ : end >= size_seen_;
  if (is_short && !at_end) return refuse(path_, "only the last chunk may be short");

  if (auto room = make_room(index, is_short); !room) return room;
  digests_[index] = digest;
  size_seen_ = std::max(size_seen_, end);
  short_chunk_seen_ = short_chunk_seen_ || is_short;
  ++appended_;
  return {};
}

Result<> FixedIndexWriter::make_room(std::uint64_t chunk_index, bool is_last) {
  if (chunk_index >= digests_.size()) digests_.resize(chunk_index + 1);
  if (chunk_index < room_) return {};
  room_ = is_last ? chunk_index + 1 : std::bit_ceil(chunk_index + 1);
  if (auto done = system_->truncate(file_.fd(), fixed_entry_offset(room_)); !done) {
    return os_failure(done.error(), "extend", temporary_path_);
  }
  return {};
}

Result<> FixedIndexWriter::check_summary(const IndexSummary& expected) const {
  if (digests_.empty()) return refuse(path_, "an index without chunks cannot be closed");
  if (auto count = check_count(path_, appended_, expected); !count) return count;
  if (cloned_) return {};
  if (appended_ != digests_.size()) {
    return refuse(path_, std::to_string(appended_) + " chunks were appended, but the image has " +
                             std::to_string(digests_.size()));
  }
  return check_size(path_, known_size_.value_or(size_seen_), expected);
}

Result<> FixedIndexWriter::write_table(std::uint64_t size, const Digest& csum) {
  const os::Fd fd = file_.fd();
  const ByteView table = std::as_bytes(std::span<const Digest>(digests_));
  auto done = pwrite_all(*system_, fd, table, kIndexHeaderSize);
  if (done) {
    std::array<std::byte, Digest::kSize + sizeof(size)> csum_and_size;
    std::ranges::copy(csum.as_bytes(), csum_and_size.begin());
    write_little_endian(csum_and_size, kFixedSizeOffset - kIndexCsumOffset, size);
    done = pwrite_all(*system_, fd, csum_and_size, kIndexCsumOffset);
  }
  if (done && room_ != digests_.size()) {
    done = system_->truncate(fd, fixed_entry_offset(digests_.size()));
  }
  if (!done) return os_failure(done.error(), "write", temporary_path_);
  return {};
}

Result<> FixedIndexWriter::close(const IndexSummary& expected) {
  if (auto sound = check_summary(expected); !sound) return sound;
  const Digest csum = sha256(std::as_bytes(std::span<const Digest>(digests_)));
  if (auto written = write_table(known_size_.value_or(size_seen_), csum); !written) return written;
  if (auto named = give_name(*system_, temporary_path_, path_); !named) return named;
  file_.close();
  return check_csum(path_, csum, expected);
}

void FixedIndexWriter::abandon() {
  file_.close();
  (void)system_->unlink(temporary_path_);
}

// --- dynamic ----------------------------------------------------------------------

DynamicIndexWriter::DynamicIndexWriter(os::System& system, std::string path, os::File file)
    : system_(&system),
      path_(std::move(path)),
      temporary_path_(temporary_path_of(path_)),
      file_(std::move(file)) {}

Result<DynamicIndexWriter> DynamicIndexWriter::create(os::System& system, std::string path) {
  auto file = os::open_file(system, temporary_path_of(path), kWriterFlags, kWriterMode);
  if (!file) return os_failure(file.error(), "create", temporary_path_of(path));
  DynamicIndexWriter writer(system, std::move(path), std::move(*file));
  const DynamicIndexHeader header{
      .uuid = random_uuid(system), .ctime = system.now().seconds, .csum = {}};
  engine::append(writer.buffer_, header.encode());
  return writer;
}

Result<> DynamicIndexWriter::append(const Digest& digest, std::uint64_t offset,
                                    std::uint64_t length) {
  if (offset != end_) {
    return refuse(path_, "a chunk starts at " + std::to_string(offset) +
                             ", but the last ended at " + std::to_string(end_));
  }
  if (length == 0) return refuse(path_, "a chunk is empty");
  if (length > kNoLimit - end_) return refuse(path_, "the stream is too long");
  end_ += length;
  const auto entry = DynamicEntry{end_, digest}.encode();
  csum_.update(entry);
  engine::append(buffer_, entry);
  ++appended_;
  return buffer_.size() < kDynamicBuffer ? Result<>{} : flush();
}

Result<> DynamicIndexWriter::flush() {
  if (auto done = write_all(*system_, file_.fd(), buffer_); !done) {
    return os_failure(done.error(), "write", temporary_path_);
  }
  buffer_.clear();
  return {};
}

Result<> DynamicIndexWriter::close(const IndexSummary& expected) {
  if (appended_ == 0) return refuse(path_, "an index without chunks cannot be closed");
  if (auto count = check_count(path_, appended_, expected); !count) return count;
  if (auto size = check_size(path_, end_, expected); !size) return size;
  if (auto done = flush(); !done) return done;
  const Digest csum = csum_.finish();
  if (auto done = pwrite_all(*system_, file_.fd(), csum.as_bytes(), kIndexCsumOffset); !done) {
    return os_failure(done.error(), "write", temporary_path_);
  }
  if (auto named = give_name(*system_, temporary_path_, path_); !named) return named;
  file_.close();
  return check_csum(path_, csum, expected);
}

void DynamicIndexWriter::abandon() {
  file_.close();
  (void)system_->unlink(temporary_path_);
}

}  // namespace unswept::engine
