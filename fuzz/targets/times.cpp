// Times: the directory names of snapshots, and seconds from manifests.
#include "engine/format/names.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

using engine::SnapshotTime;

void check_seconds(std::int64_t seconds) {
  const auto time = SnapshotTime::from_seconds(seconds);
  if (!time) return;
  require(time->seconds() == seconds);
  const auto again = SnapshotTime::parse(time->text());
  require(again.has_value() && *again == *time);
}

void check_name(std::string_view name) {
  const auto time = SnapshotTime::parse(name);
  if (!time) return;
  require(SnapshotTime::matches(name));
  require(time->text() == name);  // as found, not as printed
  check_seconds(time->seconds());
}

}  // namespace

std::vector<engine::Bytes> seeds() {
  const std::string_view texts[] = {"2023-11-14T22:13:20Z", "0000-01-01T00:00:00Z",
                                    "9999-12-31T23:59:60Z", "0000-00-00T00:00:00Z",
                                    "2024-02-31T12:30:59Z", "1969-12-31T23:59:59Z"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_bytes(data, size);
  fuzz::check_name(engine::as_text(input));
  if (size >= sizeof(std::int64_t)) {
    const auto seconds = engine::read_little_endian<std::int64_t>(input, 0);
    fuzz::check_seconds(seconds);
    constexpr std::int64_t kTenThousandYears = 400'000'000'000;
    fuzz::check_seconds(seconds % kTenThousandYears);
  }
  return 0;
}
