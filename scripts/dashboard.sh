#!/usr/bin/env bash
# Builds the dashboard into dashboard/dist, where the program takes it from. Without Node it says so: the service works without.
#
#   scripts/dashboard.sh             builds what is not up to date
#   scripts/dashboard.sh --test      builds, and tests it in Chromium against BINARY (else target/debug/jixiao) on fresh
#                                    demonstrations; with CI=true Chromium is installed
#   scripts/dashboard.sh --available tells whether Node is here; with CI=true it is installed
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "dashboard: $*" >&2; }

have_node() { command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
browser() { type -P "${CHROMIUM:-chromium}" || type -P chromium-browser || type -P google-chrome; }

install() { # packages
  local sudo=()
  [[ $EUID -eq 0 ]] || sudo=(sudo -n)
  say "installing Debian packages: $*"
  "${sudo[@]}" apt-get update -qq >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}

if [[ ${CI:-} == true ]] && command -v apt-get >/dev/null; then
  have_node || install nodejs npm
  [[ ${1:-} == "" ]] || browser >/dev/null || install chromium fonts-noto-cjk
fi
if ! have_node; then
  say "没有 Node 20.19，服务不含界面 / Node 20.19 or later is not here: the service goes without its pages"
  exit 69
fi
if [[ ${1:-} == --available ]]; then
  browser >/dev/null || { say "Chromium is not here"; exit 69; }
  exit
fi

[[ -z ${BINARY:-} ]] || BINARY=$(realpath "$BINARY")
cd dashboard
if [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
newer=$(find src public scripts index.html package-lock.json vite.config.ts codegen.ts tsconfig.json ../schema.graphql -newer dist/index.html 2>/dev/null -print -quit || true)
if [[ ! -e dist/index.html || -n $newer ]]; then
  say "building"
  npm run build --silent >&2
fi
if [[ ${1:-} == --test ]]; then
  CHROMIUM=$(browser) JIXIAO=${BINARY:-../target/debug/jixiao} npm run test:demo --silent -- "${@:2}"
fi
