// .gc-status: the figures of the last collection.
#include "engine/format/gc_status.h"

#include "fuzz/target.h"

namespace unswept::fuzz {

std::vector<engine::Bytes> seeds() {
  engine::GcStatus status;
  const std::string empty = status.print();
  status = {"UPID:host:0:0:0:0:garbage_collection:store:root@pam:",
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            engine::GcStatus::CacheStatistics{11, 12}};
  const std::string full = status.print();
  const std::string_view texts[] = {empty, full, "{}", "[1]"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto status = engine::GcStatus::parse(fuzz::input_text(data, size));
  fuzz::require(engine::GcStatus::parse(status.print()) == status);
  return 0;
}
