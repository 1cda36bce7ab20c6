#!/usr/bin/env bash
# bench/throughput.sh BIN_DIR [DIRECTORY [MIB [ROUNDS]]]: backup, restore and verify of
# unswept-store, as ratios to sha256sum, zstd and cat on the same bytes.
#
# Half of the bytes cannot be compressed, the other half by a quarter; every round has its own.
# The tools are taken next to the command that they are compared with, and times are CPU seconds
# (user and system), so that other work on the machine counts little.  A ratio is the time of the
# tools by that of unswept-store, and the median of the rounds.  More than 1: quicker than the
# tools one after the other.
set -euo pipefail

bin=${1:?usage: throughput.sh BIN_DIR [DIRECTORY [MIB [ROUNDS]]]}
parent=${2:-${TMPDIR:-/tmp}}
mib=${3:-256}
rounds=${4:-5}

for tool in sha256sum zstd cat openssl; do
  command -v "$tool" >/dev/null || {
    echo "throughput.sh: $tool is missing (Debian packages: coreutils zstd openssl)" >&2
    exit 2
  }
done

work=$(mktemp -d "$parent/unswept-throughput-XXXXXX")
trap 'rm -rf "$work"' EXIT
store() {
  "$bin/unswept-store" --store "$work/store" --lock-dir "$work/locks" --quiet "$@" >/dev/null
}

# seconds COMMAND: its CPU time goes to the standard output.  To be called in an assignment: only
# there a command that fails ends the script.
seconds() {
  local TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }; } 2>&1 |
    awk 'END { print $1 + $2 }'
}

# random MIB SEED: bytes that follow from the seed.
random() {
  openssl enc -aes-128-ctr -nosalt -pass "pass:$2" -pbkdf2 -in /dev/zero 2>/dev/null |
    head --bytes "$1M" || true
}

decode_and_hash() { zstd --decompress --stdout --quiet "$1" | sha256sum; }

declare -A ratios
# note NAME TOOLS OURS
note() { ratios[$1]+="$(awk -v t="$2" -v o="$3" 'BEGIN { print t / o }') "; }
sum() { awk -v a="$1" -v b="$2" 'BEGIN { print a + b }'; }

store create
for ((round = 1; round <= rounds; ++round)); do
  data=$work/data
  {
    random $((mib / 2)) "$round"
    random "$mib" "text $round" | base64 --wrap 0 | head --bytes $((mib / 2))M
  } >"$data" || true
  snapshot=$(printf 'host/bench/2026-01-01T00:%02d:00Z' "$round")
  again=$(printf 'host/bench/2026-01-01T00:%02d:30Z' "$round")
  zstd -1 --quiet --force "$data" -o "$work/data.zst"

  sha=$(seconds sha256sum "$data")
  zst=$(seconds zstd -1 --stdout --quiet "$data")
  ours=$(seconds store backup host/bench --time "${snapshot##*/}" "data.img.fidx=$data" --sync none)
  note 'backup / sha256sum and zstd -1' "$(sum "$sha" "$zst")" "$ours"
  sha=$(seconds sha256sum "$data")
  ours=$(seconds store backup host/bench --time "${again##*/}" "data.img.fidx=$data" --sync none)
  note 'backup of what is stored / sha256sum' "$sha" "$ours"
  both=$(seconds decode_and_hash "$work/data.zst")
  ours=$(seconds store verify "$snapshot")
  note 'verify / zstd -d and sha256sum' "$both" "$ours"
  both=$(seconds decode_and_hash "$work/data.zst")
  copy=$(seconds cat "$data")
  ours=$(seconds store restore "$snapshot" data.img.fidx /dev/null)
  note 'restore / zstd -d, sha256sum and cat' "$(sum "$both" "$copy")" "$ours"
done

echo "| command / tools, $mib MiB | CPU time of the tools by that of unswept-store |"
echo "|---|---|"
for name in 'backup / sha256sum and zstd -1' 'backup of what is stored / sha256sum' \
  'verify / zstd -d and sha256sum' 'restore / zstd -d, sha256sum and cat'; do
  tr ' ' '\n' <<<"${ratios[$name]}" | grep . | sort -g |
    awk -v name="$name" '{ v[NR] = $1 }
      END { printf "| %s | %.2f |\n", name, v[int((NR + 1) / 2)] }'
done
