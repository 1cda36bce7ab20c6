#!/usr/bin/env bash
# ./dev build on a machine without the libraries: names the packages, installs nothing, stops.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT

die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# expect TEXT: the last output holds it.
expect() { [[ $output == *"$1"* ]] || die "\"$1\" is not in: $output"; }

build() { env -u CPATH UNSWEPT_SYSROOT="$empty" UNSWEPT_NO_INSTALL=1 ./dev build 2>&1; }

if output=$(build); then die "./dev build went on without its libraries"; fi
expect "sudo apt-get install"
for package in libboost-context-dev libfmt-dev catch2 libcli11-dev libtomlplusplus-dev \
  nlohmann-json3-dev libssl-dev libzstd-dev zlib1g-dev libxxhash-dev robin-map-dev \
  librapidcheck-dev libbenchmark-dev; do
  expect "$package"
done

# A user's own Boost decides which package is asked for: another would replace it.
mkdir -p "$empty/usr/include/boost"
echo '#define BOOST_LIB_VERSION "1_81"' >"$empty/usr/include/boost/version.hpp"
if output=$(build); then die "./dev build went on without its libraries"; fi
expect "libboost-context1.81-dev"

fuzz() { env -u CPATH UNSWEPT_SYSROOT="$empty" UNSWEPT_NO_INSTALL=1 ./dev fuzz 1 "$1" 2>&1; }

if output=$(fuzz names); then
  die "./dev fuzz went on without libFuzzer"
fi
expect "libclang-rt-19-dev"
if output=$(fuzz no-such-target); then die "an unknown fuzz target was accepted"; fi
expect "no fuzz target 'no-such-target'"

if output=$(./dev no-such-command 2>&1); then die "an unknown command was accepted"; fi
expect "unknown command 'no-such-command'"

echo "./dev says what is missing"
