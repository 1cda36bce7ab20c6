#include "engine/format/index.h"

#include <bit>

#include "engine/format/dynamic_index.h"
#include "engine/format/fixed_index.h"
#include "engine/format/names.h"
#include "engine/format/sha256.h"

namespace unswept::engine {
namespace {

using Magic = std::array<unsigned char, kIndexMagicSize>;

constexpr Magic kFixedMagic = {0x2f, 0x7f, 0x41, 0xed, 0x91, 0xfd, 0x0f, 0xcd};
constexpr Magic kDynamicMagic = {0x1c, 0x91, 0x4e, 0xa5, 0x19, 0xba, 0xb3, 0xcd};

using HeaderBytes = std::array<std::byte, kIndexHeaderSize>;

template <class Header>
HeaderBytes encode_common(const Magic& magic, const Header& header) {
  HeaderBytes bytes{};
  std::memcpy(bytes.data(), magic.data(), magic.size());
  std::memcpy(bytes.data() + kIndexUuidOffset, header.uuid.data(), header.uuid.size());
  write_little_endian(bytes, kIndexCtimeOffset, header.ctime);
  std::memcpy(bytes.data() + kIndexCsumOffset, header.csum.bytes.data(), Digest::kSize);
  return bytes;
}

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::invalid, std::move(message));
}

Result<> check_header(ByteView bytes, const Magic& magic) {
  if (bytes.size() < kIndexHeaderSize) return invalid("the index is shorter than its header");
  if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return invalid("wrong magic for this kind of index");
  }
  return {};
}

}  // namespace

std::optional<IndexKind> index_kind(std::string_view file_name) {
  const auto extension = file_extension(file_name);
  if (extension == "fidx") return IndexKind::fixed;
  if (extension == "didx") return IndexKind::dynamic;
  return std::nullopt;
}

Result<IndexView> IndexView::open(IndexKind kind, ByteView bytes) {
  return kind == IndexKind::fixed ? open_fixed(bytes) : open_dynamic(bytes);
}

Result<IndexView> IndexView::open_fixed(ByteView bytes) {
  if (auto sound = check_header(bytes, kFixedMagic); !sound) return forward_error(sound);
  IndexView view;
  view.kind_ = IndexKind::fixed;
  view.bytes_ = bytes;
  view.table_ = bytes.subspan(kIndexHeaderSize);
  view.entry_size_ = kFixedEntrySize;
  view.data_size_ = read_little_endian<std::uint64_t>(bytes, kFixedSizeOffset);
  view.chunk_size_ = read_little_endian<std::uint64_t>(bytes, kFixedChunkSizeOffset);
  if (!std::has_single_bit(view.chunk_size_)) {
    return invalid("the chunk size of the fixed index is not a power of two");
  }
  const std::uint64_t count = fixed_chunk_count(view.data_size_, view.chunk_size_);
  if (count == 0) return invalid("the fixed index is empty");
  if (view.table_.size() % kFixedEntrySize != 0 || view.table_.size() / kFixedEntrySize != count) {
    return invalid("the length of the fixed index does not fit its size field");
  }
  view.count_ = static_cast<std::size_t>(count);
  return view;
}

Result<IndexView> IndexView::open_dynamic(ByteView bytes) {
  if (auto sound = check_header(bytes, kDynamicMagic); !sound) return forward_error(sound);
  IndexView view;
  view.kind_ = IndexKind::dynamic;
  view.bytes_ = bytes;
  view.table_ = bytes.subspan(kIndexHeaderSize);
  view.entry_size_ = DynamicEntry::kSize;
  if (view.table_.size() % DynamicEntry::kSize != 0) {
    return invalid("the length of the dynamic index is not that of whole entries");
  }
  view.count_ = view.table_.size() / DynamicEntry::kSize;
  if (view.count_ == 0) return invalid("the dynamic index is empty");
  view.data_size_ = view.chunk_end(view.count_ - 1);
  return view;
}

std::uint64_t IndexView::chunk_begin(std::size_t i) const {
  if (kind_ == IndexKind::fixed) return i * chunk_size_;
  return i == 0 ? 0 : chunk_end(i - 1);
}

std::uint64_t IndexView::chunk_end(std::size_t i) const {
  if (kind_ == IndexKind::dynamic) {
    return read_little_endian<std::uint64_t>(table_, i * DynamicEntry::kSize);
  }
  const std::uint64_t begin = i * chunk_size_;
  return data_size_ - begin > chunk_size_ ? begin + chunk_size_ : data_size_;
}

std::int64_t IndexView::ctime() const {
  return read_little_endian<std::int64_t>(bytes_, kIndexCtimeOffset);
}

Uuid IndexView::uuid() const {
  Uuid uuid;
  std::memcpy(uuid.data(), bytes_.data() + kIndexUuidOffset, uuid.size());
  return uuid;
}

Digest IndexView::computed_csum() const { return sha256(table_); }

HeaderBytes FixedIndexHeader::encode() const {
  HeaderBytes bytes = encode_common(kFixedMagic, *this);
  write_little_endian(bytes, kFixedSizeOffset, size);
  write_little_endian(bytes, kFixedChunkSizeOffset, chunk_size);
  return bytes;
}

HeaderBytes DynamicIndexHeader::encode() const { return encode_common(kDynamicMagic, *this); }

std::array<std::byte, DynamicEntry::kSize> DynamicEntry::encode() const {
  std::array<std::byte, kSize> bytes;
  write_little_endian(bytes, 0, end);
  std::memcpy(bytes.data() + sizeof(end), digest.bytes.data(), Digest::kSize);
  return bytes;
}

Bytes build_fixed_index(FixedIndexHeader header, std::span<const Digest> digests) {
  Bytes table;
  table.reserve(digests.size() * kFixedEntrySize);
  for (const Digest& digest : digests) append(table, digest.as_bytes());
  header.csum = sha256(table);
  const auto encoded = header.encode();
  Bytes file(encoded.begin(), encoded.end());
  append(file, table);
  return file;
}

Bytes build_dynamic_index(DynamicIndexHeader header, std::span<const DynamicEntry> entries) {
  Bytes table;
  table.reserve(entries.size() * DynamicEntry::kSize);
  for (const DynamicEntry& entry : entries) append(table, entry.encode());
  header.csum = sha256(table);
  const auto encoded = header.encode();
  Bytes file(encoded.begin(), encoded.end());
  append(file, table);
  return file;
}

}  // namespace unswept::engine
