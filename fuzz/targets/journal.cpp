// The move journal: lines that a collection reads, some of them cut off.
#include "engine/format/journal.h"

#include "fuzz/target.h"

namespace unswept::fuzz {

std::vector<engine::Bytes> seeds() {
  std::string journal;
  for (const std::string_view path :
       {"/store/vm/100/2023-11-14T22:13:20Z/drive.img.fidx",
        "/store/ns/a/host/h\xc3\xa4/2023-11-14T22:13:20Z/r.pxar.didx"}) {
    require(engine::append_journal_record(journal, path).has_value());
  }
  const std::string cut = journal.substr(0, journal.size() - 20);
  const std::string_view texts[] = {journal, cut, "\n\n  \t/a.fidx \r\n", "relative.didx\n"};
  return text_seeds(texts);
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_text(data, size);
  engine::JournalReader reader(input);
  while (const auto path = reader.next()) {
    fuzz::require(!path->empty() && path->find('\n') == std::string_view::npos);
    fuzz::require(path->data() >= input.data() &&
                  path->data() + path->size() <= input.data() + input.size());
    // What can be recorded is read back, alone.
    std::string journal;
    if (!engine::append_journal_record(journal, *path)) continue;
    engine::JournalReader again(journal);
    fuzz::require(again.next() == *path);
    fuzz::require(!again.next());
  }
  return 0;
}
