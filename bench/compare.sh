#!/usr/bin/env bash
# bench/compare.sh BIN_DIR [DIRECTORY [ROUNDS]]: collecting garbage with unswept-store, casync,
# restic and borg, on equal content.
#
# One image of 256 MiB, 20 generations of it, another twentieth new in each.  Every tool
# stores every generation in chunks of one mebibyte (on average, where it cuts by content), without
# compression where it can, forgets the first ten, and collects: that command is timed, on a copy
# of its store for each round.  Nothing is installed: packages that are missing are named, and their
# tools left out.
set -euo pipefail

bin=${1:?usage: compare.sh BIN_DIR [DIRECTORY [ROUNDS]]}
parent=${2:-${TMPDIR:-/tmp}}
rounds=${3:-5}
readonly mib=256 generations=20 kept=10

tools=(unswept)
for tool in casync restic borg; do
  if command -v "$tool" >/dev/null; then
    tools+=("$tool")
  else
    package=$tool
    if [[ $tool == borg ]]; then package=borgbackup; fi
    echo "compare.sh: $tool is left out; it is in Debian's package $package" >&2
  fi
done

work=$(mktemp -d "$parent/unswept-compare-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work/own RESTIC_PASSWORD=bench BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
export BORG_RELOCATED_REPO_ACCESS_IS_OK=yes RESTIC_CACHE_DIR=$work/own/restic
mkdir -p "$HOME" "$work/original" "$work/locks"
image=$work/image.img

# random MIB SEED: bytes that follow from the seed.
random() {
  openssl enc -aes-128-ctr -nosalt -pass "pass:$2" -pbkdf2 -in /dev/zero 2>/dev/null |
    head --bytes "$1M" || true
}

# next_generation NUMBER: rewrites another twentieth of the image.
next_generation() {
  random $((mib / 20)) "$1" |
    dd of="$image" bs=1M seek=$(($1 * (mib / 20) % mib)) conv=notrunc iflag=fullblock status=none
}

# --- each tool: start, store generation $1, forget the first ones, collect; in directory $repo ---
unswept_store() {
  "$bin/unswept-store" --store "$repo" --lock-dir "$work/locks" --quiet "$@" >/dev/null
}
unswept_start() { unswept_store create; }
unswept_add() {
  local time
  time=$(printf '2026-01-01T00:%02d:00Z' "$1")
  unswept_store backup vm/1 --chunk-size 1M --time "$time" "drive.img.fidx=$image"
}
unswept_forget() { unswept_store prune vm/1 --keep-last "$kept"; }
unswept_collect() { unswept_store gc --cutoff 0s --no-atime-check; }

casync_start() { mkdir "$repo"; }
casync_add() {
  casync make --chunk-size=1048576 --compression=zstd --store="$repo/default.castr" \
    "$repo/$(printf %03d "$1").caibx" "$image" >/dev/null
}
casync_forget() {
  find "$repo" -name '*.caibx' | sort | head --lines=-"$kept" | xargs rm
}
casync_collect() { casync gc --store="$repo/default.castr" "$repo"/*.caibx >/dev/null; }

restic_start() { restic --repo "$repo" init >/dev/null; }
restic_add() { restic --repo "$repo" backup --quiet "$image"; }
restic_forget() { restic --repo "$repo" forget --quiet --keep-last "$kept"; }
restic_collect() { restic --repo "$repo" prune --quiet; }

borg_start() { borg init --encryption none "$repo"; }
borg_add() {
  borg create --compression none --chunker-params fixed,1048576 \
    "$repo::$(printf %03d "$1")" "$image"
}
borg_forget() { borg prune --keep-last "$kept" "$repo"; }
borg_collect() { borg compact "$repo"; }

for tool in "${tools[@]}"; do repo=$work/original/$tool; "${tool}_start"; done
random "$mib" 0 >"$image"
echo "compare.sh: storing $generations generations with ${tools[*]}" >&2
for ((generation = 1; generation <= generations; ++generation)); do
  next_generation "$generation"
  for tool in "${tools[@]}"; do repo=$work/original/$tool; "${tool}_add" "$generation"; done
done
for tool in "${tools[@]}"; do repo=$work/original/$tool; "${tool}_forget"; done
sleep 1.1  # access times count in whole seconds

declare -A wall cpu
for ((round = 0; round < rounds; ++round)); do
  for tool in "${tools[@]}"; do
    # The same path each time: tools remember where a store is.
    repo=$work/original/$tool
    cp --archive "$repo" "$work/pristine"
    TIMEFORMAT='%R %U %S'
    read -r real user system < <({ time "${tool}_collect" 2>/dev/null; } 2>&1 | tail --lines=1)
    wall[$tool]+="$real "
    cpu[$tool]+="$(awk -v u="$user" -v s="$system" 'BEGIN { print u + s }') "
    rm -rf "$repo"
    mv "$work/pristine" "$repo"
  done
done

median() {
  tr ' ' '\n' <<<"$1" | grep . | sort -g |
    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
our_wall=$(median "${wall[unswept]}") our_cpu=$(median "${cpu[unswept]}")
echo "| command | wall, s | CPU, s | wall by ours | CPU by ours |"
echo "|---|---|---|---|---|"
declare -A command=([unswept]='unswept-store gc' [casync]='casync gc'
  [restic]='restic prune' [borg]='borg compact')
for tool in "${tools[@]}"; do
  awk -v name="${command[$tool]}" -v ow="$our_wall" -v oc="$our_cpu" \
    -v w="$(median "${wall[$tool]}")" -v c="$(median "${cpu[$tool]}")" \
    'BEGIN { printf "| `%s` | %.2f | %.2f | %.1f | %.1f |\n", name, w, c, w / ow, c / oc }'
done
