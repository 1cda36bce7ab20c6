# shellcheck shell=bash
# Which Debian packages are missing, and getting them.  Sourced by ./dev.
#
# Looks at files only: no network and no package manager when nothing is missing.  Never removes or
# replaces a package: where a user has another version of Boost, its own packages are asked for.
# UNSWEPT_SYSROOT is for the test: where to look instead of at /.

sysroot=${UNSWEPT_SYSROOT:-}

have() { command -v "$1" >/dev/null; }

has_header() {
  local dir
  for dir in "$sysroot"/usr/include "$sysroot"/usr/local/include ${CPATH:+${CPATH//:/ }}; do
    if [[ -e $dir/$1 ]]; then return 0; fi
  done
  return 1
}

has_library() {
  local file usr=$sysroot/usr
  for file in "$usr"/lib/*/"lib$1".{so,a} "$usr"{,/local}/lib{,64}/"lib$1".{so,a}; do
    if [[ -e $file ]]; then return 0; fi
  done
  return 1
}

compiler_major() { "$1" -dumpversion 2>/dev/null | cut -d. -f1; }

# The first g++ that knows std::expected.
default_compiler() {
  local name
  for name in g++ g++-12 g++-13 g++-14 g++-15; do
    if have "$name" && (($(compiler_major "$name") >= 12)); then
      echo "$name"
      return
    fi
  done
  echo g++
}

new_enough_compiler() {
  (($(compiler_major "${CXX:-$(default_compiler)}" || echo 0) >= 12))
}

compiler_package() {
  if have g++; then echo g++-12; else echo g++; fi
}

# The version of Boost whose headers are installed: "1.81"; empty for none or the default one.
installed_boost() {
  local header=$sysroot/usr/include/boost/version.hpp
  [[ -e $header ]] || return 0
  sed -n 's/^#define BOOST_LIB_VERSION "\([0-9]*\)_\([0-9]*\).*/\1.\2/p' "$header"
}

boost_context_package() {
  local version
  version=$(installed_boost)
  echo "libboost-context${version}-dev"
}

# The library that -fsanitize=fuzzer links.
has_libfuzzer() {
  compgen -G "$sysroot/usr/lib/llvm-19/lib/clang/*/lib/*/libclang_rt.fuzzer*.a" >/dev/null
}

# missing_packages build|mpi|format|tidy|fuzz: one package name a line.
missing_packages() {
  case $1 in
    format) have clang-format-19 || have clang-format || echo clang-format-19 ;;
    tidy)
      have clang++-19 || echo clang-19
      have clang-tidy-19 || echo clang-tidy-19
      ;;
    mpi)
      have mpicxx || echo libopenmpi-dev
      have mpirun || echo openmpi-bin
      ;;
    fuzz)
      have clang++-19 || echo clang-19
      has_libfuzzer || echo libclang-rt-19-dev
      ;;
    build)
      have make || echo build-essential
      new_enough_compiler || compiler_package
      have cmake || echo cmake
      have ninja || have make || echo ninja-build
      have pkg-config || echo pkg-config
      { has_header boost/context/fiber.hpp && has_library boost_context; } || boost_context_package
      { has_header fmt/format.h && has_library fmt; } || echo libfmt-dev
      has_header catch2/catch.hpp || has_header catch2/catch_all.hpp || echo catch2
      has_header CLI/CLI.hpp || echo libcli11-dev
      has_header toml++/toml.h || has_header toml++/toml.hpp || echo libtomlplusplus-dev
      has_header nlohmann/json.hpp || echo nlohmann-json3-dev
      { has_header openssl/evp.h && has_library crypto; } || echo libssl-dev
      { has_header zstd.h && has_library zstd; } || echo libzstd-dev
      { has_header zlib.h && has_library z; } || echo zlib1g-dev
      { has_header xxhash.h && has_library xxhash; } || echo libxxhash-dev
      has_header tsl/robin_map.h || echo robin-map-dev
      { has_header rapidcheck.h && has_library rapidcheck; } || echo librapidcheck-dev
      { has_header benchmark/benchmark.h && has_library benchmark; } || echo libbenchmark-dev
      ;;
  esac
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

may_install() {
  [[ ${UNSWEPT_NO_INSTALL:-0} != 1 ]] || return 1
  have apt-get || return 1
  ((EUID == 0)) || { have sudo && sudo -n true 2>/dev/null; }
}

# --no-remove: rather fail than take away something the user has.
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-remove \
    --no-install-recommends --quiet=2 "$@" </dev/null
}

install_packages() {
  say "installing with apt-get: $*"
  apt_install "$@" && return
  say "refreshing the package lists"
  as_root apt-get update --quiet=2 </dev/null && apt_install "$@"
}

need_packages() {
  [[ ${UNSWEPT_SKIP_PACKAGES:-0} == 1 ]] && return
  local missing
  mapfile -t missing < <(missing_packages "$1")
  if ((${#missing[@]} == 0)); then return; fi
  if ! may_install || ! install_packages "${missing[@]}"; then
    fail "these packages are missing; install them and run this again:
  sudo apt-get install ${missing[*]}"
  fi
  mapfile -t missing < <(missing_packages "$1")
  ((${#missing[@]} == 0)) || fail "still missing after installing: ${missing[*]}"
}

# want_packages KIND: packages without which some tests are left out, but no build fails.
want_packages() {
  [[ ${UNSWEPT_SKIP_PACKAGES:-0} == 1 ]] && return
  local missing
  mapfile -t missing < <(missing_packages "$1")
  if ((${#missing[@]} == 0)); then return; fi
  if may_install && install_packages "${missing[@]}"; then return; fi
  say "going on without tests that need: ${missing[*]}"
  return 1
}

# clang_tool NAME: version 19 when there is one.
clang_tool() {
  if have "$1-19"; then echo "$1-19"; else echo "$1"; fi
}
