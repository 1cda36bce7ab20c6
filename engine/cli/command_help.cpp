// The commands and their options, for parsing and for help texts alike.
#include <array>

#include "engine/cli/command.h"

namespace unswept::engine {
namespace {

constexpr OptionHelp kNs{"--ns", "NS", "namespace (default: the root)"};
constexpr OptionHelp kNoMerge{"--no-merge", "", "refuse if the group exists at the target"};

constexpr std::array kGcOptions{
    OptionHelp{"--cutoff", "DURATION", "keep chunks accessed since this long before the start"},
    OptionHelp{"--cache-capacity", "N", "digests the cache holds; 0 switches it off"},
    OptionHelp{"--jobs", "N", "mark chunks with so many tasks at the same time; 1 if not given"},
    OptionHelp{"--atime-check", "", "check first that access times are recorded"},
    OptionHelp{"--no-atime-check", "", "do not check that access times are recorded"},
    OptionHelp{"--dry-run", "", "only say what would be removed", false, true},
};
constexpr std::array kMoveGroupOptions{
    kNs,
    OptionHelp{"--to", "NS", "namespace to move to", true},
    kNoMerge,
};
constexpr std::array kMoveNamespaceOptions{
    OptionHelp{"--to", "NS", "namespace to move to", true},
    OptionHelp{"--max-depth", "N", "levels of child namespaces to move along (default: all)"},
    OptionHelp{"--keep-source", "", "leave the emptied namespaces"},
    kNoMerge,
};
constexpr std::array kBackupOptions{
    kNs,
    OptionHelp{"--time", "TIME", "time of the snapshot, 2026-01-02T00:00:00Z (default: now)"},
    OptionHelp{"--owner", "AUTHID", "who owns the group if it is new (default: root@pam)"},
    OptionHelp{"--chunk-size", "SIZE",
               "size of the chunks of a .fidx, average of a .didx (default: 4M)"},
    OptionHelp{"--incremental", "", "start fixed indexes as copies of the previous ones"},
    OptionHelp{"--dry-run", "", "only say what would be uploaded", false, true},
};
constexpr std::array kForgetOptions{kNs};
constexpr std::array kPruneOptions{
    kNs,
    OptionHelp{"--max-depth", "N", "without GROUP: levels of child namespaces (default: all)"},
    OptionHelp{"--keep-last", "N", "keep the newest snapshots"},
    OptionHelp{"--keep-hourly", "N", "keep the newest of each hour"},
    OptionHelp{"--keep-daily", "N", "keep the newest of each day"},
    OptionHelp{"--keep-weekly", "N", "keep the newest of each ISO week"},
    OptionHelp{"--keep-monthly", "N", "keep the newest of each month"},
    OptionHelp{"--keep-yearly", "N", "keep the newest of each year"},
    OptionHelp{"--dry-run", "", "only say what would be removed"},
};
constexpr std::array kVerifyOptions{
    kNs,
    OptionHelp{"--max-depth", "N", "without GROUP: levels of child namespaces (default: all)"},
    OptionHelp{"--ignore-verified", "", "pass over snapshots that were verified before"},
    OptionHelp{"--outdated-after", "DURATION", "the same, but not if that was longer ago"},
};
constexpr std::array kProtectOptions{
    kNs,
    OptionHelp{"--off", "", "allow removal again"},
};
constexpr std::array kNotesOptions{
    kNs,
    OptionHelp{"--text", "TEXT", "the new notes", true},
};
constexpr std::array kRestoreOptions{
    kNs,
    OptionHelp{"--into", "DIR", "restore all archives into this directory", false, true},
};
constexpr std::array kNamespaceRemoveOptions{
    OptionHelp{"--delete-groups", "", "remove the groups in it too"},
};

constexpr std::array kGcExamples{
    CommandExample{"gc"},
    CommandExample{"gc --dry-run"},
    CommandExample{"gc --cutoff 48h --jobs 4"},
};
constexpr std::array kMoveGroupExamples{
    CommandExample{"move-group vm/100 --ns a --to b"},
    CommandExample{"move-group vm/100 --ns a --to /"},
};
constexpr std::array kMoveNamespaceExamples{
    CommandExample{"move-namespace a --to b/a"},
    CommandExample{"move-namespace a --to b --max-depth 0 --keep-source"},
};
constexpr std::array kBackupExamples{
    CommandExample{"backup vm/100 drive.img=/dev/vg/disk vm.conf=/etc/pve/100.conf"},
    CommandExample{"backup vm/100 --ns a --incremental drive.img=disk.raw"},
    CommandExample{"backup host/web etc.tar.didx=-", "tar -c /etc"},
};
constexpr std::array kForgetExamples{
    CommandExample{"forget vm/100/2026-01-01T00:00:00Z --ns a"},
};
constexpr std::array kRemoveGroupExamples{
    CommandExample{"remove-group vm/100 --ns a"},
};
constexpr std::array kPruneExamples{
    CommandExample{"prune --keep-last 3 --keep-daily 7 --dry-run"},
    CommandExample{"prune vm/100 --ns a --keep-weekly 4 --keep-monthly 12"},
};
constexpr std::array kVerifyExamples{
    CommandExample{"verify"},
    CommandExample{"verify vm/100/2026-01-01T00:00:00Z"},
    CommandExample{"verify --ns a --outdated-after 30d"},
};
constexpr std::array kProtectExamples{
    CommandExample{"protect vm/100/2026-01-01T00:00:00Z"},
    CommandExample{"protect vm/100/2026-01-01T00:00:00Z --off"},
};
constexpr std::array kNotesExamples{
    CommandExample{"notes vm/100 --text 'the web server'"},
    CommandExample{"notes vm/100/2026-01-01T00:00:00Z --text 'before the upgrade'"},
};
constexpr std::array kChangeOwnerExamples{
    CommandExample{"change-owner vm/100 admin@pbs --ns a"},
};
constexpr std::array kNamespaceCreateExamples{
    CommandExample{"ns create a"},
    CommandExample{"ns create a/b"},
};
constexpr std::array kNamespaceRemoveExamples{
    CommandExample{"ns remove a/b"},
    CommandExample{"ns remove a --delete-groups"},
};
constexpr std::array kRestoreExamples{
    CommandExample{"restore vm/100/2026-01-01T00:00:00Z drive.img.fidx disk.raw"},
    CommandExample{"restore vm/100/2026-01-01T00:00:00Z drive.img.fidx - --ns a"},
    CommandExample{"restore vm/100/2026-01-01T00:00:00Z --into DIR"},
};

constexpr std::array kCommands{
    CommandHelp{"gc", "", "collect garbage: mark all referenced chunks, sweep the rest", kGcOptions,
                kGcExamples},
    CommandHelp{"move-group", "GROUP", "move a group to another namespace", kMoveGroupOptions,
                kMoveGroupExamples},
    CommandHelp{"move-namespace", "NS", "move a namespace with its groups and children",
                kMoveNamespaceOptions, kMoveNamespaceExamples},
    CommandHelp{"backup", "GROUP ARCHIVE=SOURCE...", "add a snapshot to a group", kBackupOptions,
                kBackupExamples},
    CommandHelp{"forget", "SNAPSHOT", "remove a snapshot", kForgetOptions, kForgetExamples},
    CommandHelp{"remove-group", "GROUP", "remove a group with its unprotected snapshots",
                kForgetOptions, kRemoveGroupExamples},
    CommandHelp{"prune", "[GROUP]", "remove the snapshots that no rule keeps", kPruneOptions,
                kPruneExamples},
    CommandHelp{"verify", "[GROUP|SNAPSHOT]", "read back and compare", kVerifyOptions,
                kVerifyExamples},
    CommandHelp{"protect", "SNAPSHOT", "forbid the removal of a snapshot", kProtectOptions,
                kProtectExamples},
    CommandHelp{"notes", "GROUP|SNAPSHOT", "replace the notes", kNotesOptions, kNotesExamples},
    CommandHelp{"change-owner", "GROUP AUTHID", "give a group to somebody else", kForgetOptions,
                kChangeOwnerExamples},
    CommandHelp{"ns create",
                "NS",
                "create a namespace below an existing one",
                {},
                kNamespaceCreateExamples},
    CommandHelp{"ns remove", "NS", "remove a namespace and all below it", kNamespaceRemoveOptions,
                kNamespaceRemoveExamples},
    CommandHelp{"restore", "SNAPSHOT [ARCHIVE] [FILE]",
                "write an archive of a snapshot to a file or the standard output", kRestoreOptions,
                kRestoreExamples},
};

void append_option(const OptionHelp& option, std::string& text) {
  text += option.required ? " " : " [";
  text += option.name;
  if (!option.value.empty()) (text += ' ') += option.value;
  if (!option.required) text += ']';
}

}  // namespace

std::span<const CommandHelp> all_commands() { return kCommands; }

std::string usage(const CommandHelp& command) {
  std::string text(command.name);
  if (!command.arguments.empty()) (text += ' ') += command.arguments;
  for (const bool required : {true, false}) {
    for (const OptionHelp& option : command.options) {
      if (option.required == required) append_option(option, text);
    }
  }
  return text;
}

}  // namespace unswept::engine
