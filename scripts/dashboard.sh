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

. scripts/node.sh
browser() { type -P "${CHROMIUM:-chromium}" || type -P chromium-browser || type -P google-chrome; }

if [[ ${CI:-} == true && -n ${1:-} ]] && command -v apt-get >/dev/null; then
  browser >/dev/null || install_packages chromium fonts-noto-cjk
fi
if ! new_enough; then
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
