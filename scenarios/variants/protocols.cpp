#include "scenarios/variants/protocols.h"

#include <array>

namespace unswept::scenarios {
namespace {

using engine::Datastore;
using engine::IterationRules;
using engine::MarkIndex;
using engine::Protocol;
using engine::Result;
using Paths = std::span<const std::string>;

const Protocol& v8() { return engine::protocol_v8(); }

/// v8, from which a variant takes one thing away.
class LikeV8 : public Protocol {
 public:
  Result<> announce_move(const Datastore& store, Paths targets) const override {
    return v8().announce_move(store, targets);
  }
  Result<> confirm_move(const Datastore& store, Paths targets) const override {
    return v8().confirm_move(store, targets);
  }
  Result<> before_removal(const Datastore& store, std::string_view snapshot) const override {
    return v8().before_removal(store, snapshot);
  }
  Result<> begin_mark(const Datastore& store, MarkIndex mark) const override {
    return v8().begin_mark(store, mark);
  }
  IterationRules iteration_rules() const override { return v8().iteration_rules(); }
  Result<> finish_mark(const Datastore& store, MarkIndex mark) const override {
    return v8().finish_mark(store, mark);
  }
};

class WithoutRetry final : public LikeV8 {
 public:
  std::string_view name() const override { return "v8-no-retry"; }
  IterationRules iteration_rules() const override {
    IterationRules rules = v8().iteration_rules();
    rules.relist_when_newest_vanished = false;
    return rules;
  }
};

class WithoutAppend final : public LikeV8 {
 public:
  std::string_view name() const override { return "v8-no-journal-append"; }
  Result<> announce_move(const Datastore&, Paths) const override { return {}; }
};

class WithoutDrain final : public LikeV8 {
 public:
  std::string_view name() const override { return "v8-no-journal-drain"; }
  Result<> finish_mark(const Datastore&, MarkIndex) const override { return {}; }
};

class AppendAfterRename final : public LikeV8 {
 public:
  std::string_view name() const override { return "v8-append-after-rename"; }
  Result<> announce_move(const Datastore&, Paths) const override { return {}; }
  Result<> confirm_move(const Datastore& store, Paths targets) const override {
    return v8().announce_move(store, targets);
  }
};

class DrainFirst final : public LikeV8 {
 public:
  std::string_view name() const override { return "v8-drain-first"; }
  Result<> begin_mark(const Datastore& store, MarkIndex mark) const override {
    return v8().finish_mark(store, mark);
  }
  Result<> finish_mark(const Datastore&, MarkIndex) const override { return {}; }
};

struct Variant {
  const Protocol* protocol;
  std::string_view about;
};

std::span<const Variant> variants() {
  static const WithoutRetry without_retry;
  static const WithoutAppend without_append;
  static const WithoutDrain without_drain;
  static const AppendAfterRename append_after_rename;
  static const DrainFirst drain_first;
  static const std::array<Variant, 5> all{{
      {&without_retry, "wrong: v8, but a vanished index never makes GC list a group again"},
      {&without_append, "wrong: v8, but moves write nothing into the journal"},
      {&without_drain, "wrong: v8, but GC does not read the journal"},
      {&append_after_rename, "wrong: v8, but moves write into the journal after the rename"},
      {&drain_first, "wrong: v8, but GC reads the journal before it iterates, not after"},
  }};
  return all;
}

std::string_view about_engine_protocol(std::string_view name) {
  if (name == "none") return "no journal: moves tell GC nothing; GC lists a group again";
  if (name == "v8") return "the upstream protocol: move journal and retry rule";
  return "";
}

}  // namespace

const Protocol* find_protocol(std::string_view name) {
  for (const Variant& variant : variants())
    if (variant.protocol->name() == name) return variant.protocol;
  return engine::find_protocol(name);
}

std::vector<std::string_view> engine_protocol_names() {
  const auto names = engine::protocol_names();
  return {names.begin(), names.end()};
}

std::vector<std::string_view> protocol_names() {
  auto names = engine_protocol_names();
  for (const Variant& variant : variants()) names.push_back(variant.protocol->name());
  return names;
}

std::vector<ProtocolInfo> all_protocols() {
  std::vector<ProtocolInfo> list;
  for (const std::string_view name : engine_protocol_names())
    list.push_back({name, about_engine_protocol(name)});
  for (const Variant& variant : variants())
    list.push_back({variant.protocol->name(), variant.about});
  return list;
}

}  // namespace unswept::scenarios
