#!/usr/bin/env bash
# scripts/demo.sh BIN_DIR: the race found, explained and replayed; the fix checked exhaustively;
# then both again on a real datastore.  Exits nonzero unless every verdict is the expected one.
#
# The counterexample of the scenario stays in out/demo; the datastore, and what was found with it,
# live in a temporary directory and are removed.
set -euo pipefail

bin=$1
scenario=scenarios/race/move-next-to-gc.toml
out=out/demo
# In memory where the machine offers that: a datastore has 65 536 directories.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then TMPDIR=/dev/shm; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/unswept-demo.XXXXXX")
trap 'rm -rf "$work"' EXIT

if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

heading() { printf '\n%s%s%s\n\n' "$bold" "$*" "$plain"; }

show() { printf '$ %s\n' "${*//$bin\//}"; }

# run COMMAND: shows it, runs it, stops the demo when it does not end well.
run() {
  show "$@"
  "$@" || { printf 'demo: not as expected (exit code %d)\n' "$?" >&2; exit 1; }
}

# run_in_short COMMAND: the same for a report that has been seen before; up to its first empty line
# behind the verdict.
run_in_short() {
  local output
  show "$@"
  output=$("$@") || { printf '%s\ndemo: not as expected\n' "$output" >&2; exit 1; }
  awk '/^(PASS|FAIL)/ { verdict = 1 } verdict && /^$/ { exit } { print }' <<<"$output"
  echo "(and so on)"
}

# counterexample FOLDER: the one file that a violated check has left there.
counterexample() {
  local files=("$1"/*.toml)
  [[ -f ${files[0]} ]] || { echo "demo: no counterexample was written to $1" >&2; exit 1; }
  printf '%s\n' "${files[0]}"
}

rm -rf "$out"

heading "1. Without a journal, a move and a garbage collection lose a chunk"
run "$bin/unswept" check "$scenario" --protocol none --out "$out"
found=$(counterexample "$out")

heading "2. The counterexample is a file; it can be replayed as often as one likes"
run_in_short "$bin/unswept" replay "$found"

heading "3. With the upstream journal: every interleaving is tried, and none loses a chunk"
run "$bin/unswept" check "$scenario" --protocol v8 --out "$out"

heading "4. The same on a real datastore, made by the same engine on this disk"
store=$work/store
tool=("$bin/unswept-store" --store "$store" --lock-dir "$work/locks")
head --bytes 300000 /dev/urandom >"$work/drive.img"
run "${tool[@]}" create
run "${tool[@]}" ns create a
run "${tool[@]}" ns create b
run "${tool[@]}" backup vm/100 --ns a --chunk-size 128K "drive.img.fidx=$work/drive.img"
run "${tool[@]}" verify
run_in_short "$bin/unswept" check "$scenario" --store "$store" --protocol none --out "$work/out"
run_in_short "$bin/unswept" replay "$(counterexample "$work/out")"
run "$bin/unswept" check "$scenario" --store "$store" --protocol v8 --out "$work/out"

heading "All verdicts are as expected."
echo "The counterexample is $found.  To see why the chunk was lost:"
echo "  $bin/unswept explain $found"
