#include "engine/ops/check/findings.h"

#include <utility>

namespace unswept::engine {

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : "remark";
}

std::string_view finding_name(FindingKind kind) {
  switch (kind) {
    case FindingKind::unreadable:
      return "unreadable";
    case FindingKind::bad_name:
      return "bad-name";
    case FindingKind::bad_manifest:
      return "bad-manifest";
    case FindingKind::bad_index:
      return "bad-index";
    case FindingKind::bad_blob:
      return "bad-blob";
    case FindingKind::bad_owner:
      return "bad-owner";
    case FindingKind::bad_journal:
      return "bad-journal";
    case FindingKind::missing_file:
      return "missing-file";
    case FindingKind::missing_chunk:
      return "missing-chunk";
    case FindingKind::bad_chunk:
      return "bad-chunk";
    case FindingKind::unfinished:
      return "unfinished";
    case FindingKind::empty_group:
      return "empty-group";
    case FindingKind::unlisted_file:
      return "unlisted-file";
    case FindingKind::temporary_file:
      return "temporary-file";
    case FindingKind::stray:
      return "stray";
    case FindingKind::set_aside:
      return "set-aside";
    case FindingKind::missing_directory:
      return "missing-directory";
    case FindingKind::pending_move:
      return "pending-move";
    case FindingKind::bad_status:
      return "bad-status";
  }
  return {};
}

void CheckReport::add(Finding finding) {
  ++(finding.severity == Severity::error ? errors : remarks);
  if (findings.size() < kMaxFindings) findings.push_back(std::move(finding));
}

}  // namespace unswept::engine
