# Sourced by scripts/start and scripts/test: what both need before they can build.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

say() { printf '%s\n' "$*" >&2; }

# install_packages GROUP...: the Debian packages of scripts/packages.txt that are not there yet.
install_packages() {
  local group missing=() package
  for group in "$@"; do
    for package in $(awk -v group="$group" '$1 == group { print $2 }' scripts/packages.txt); do
      dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
  done
  if ! node_is_new_enough; then missing+=(nodejs npm); fi
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "these packages are missing, and there is no sudo to install them: ${missing[*]}"; return 1; }
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages"
  "${as_root[@]}" apt-get update -q >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}" >&2
}

node_is_new_enough() {
  command -v npm >/dev/null &&
    [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ] 2>/dev/null
}

# install_npm DIR: the packages of DIR's lock file, when they are not there yet.
install_npm() {
  local stamp=$1/node_modules/.lock-file
  cmp -s "$1/package-lock.json" "$stamp" && return 0
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund >&2) && cp "$1/package-lock.json" "$stamp"
}

# build_page: webui/app/dist, when its sources are newer.
build_page() {
  install_npm webui/app || return 1
  local dist=webui/app/dist
  if [ -e $dist/index.html ] && [ -z "$(find webui/app webui/openapi.yaml -newer $dist/index.html -type f \
      -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/build/*' | head -1)" ]; then
    return 0
  fi
  (cd webui/app && npm run --silent build >&2)
}

# build PRESET [TARGET...]: files are joined, because all of them are compiled; with CI set, a warning is an error.
build() {
  local preset=$1
  shift
  [ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" -DMUNIMENT_JOINED=ON ${CI:+-DMUNIMENT_WERROR=ON} >&2 || return 1
  if [ $# -eq 0 ]; then cmake --build --preset "$preset" >&2; else cmake --build --preset "$preset" --target "$@" >&2; fi
}
