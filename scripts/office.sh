#!/usr/bin/env bash
# Official forms through LibreOffice (tests/office): opened, edited, saved and imported again; and files that were made to hurt, with the
# memory they take. The program is BINARY, else it is built.
#
#   scripts/office.sh --available    tells whether LibreOffice and Python are here; with CI=true they are installed
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/packages.sh
office() { type -P soffice || type -P libreoffice; }
if ! office >/dev/null && [[ ${CI:-} == true ]] && command -v apt-get >/dev/null; then
  install_packages libreoffice-calc-nogui libreoffice-writer-nogui python3
fi
if ! office >/dev/null || ! command -v python3 >/dev/null; then
  echo "office: LibreOffice (Calc and Writer) and Python 3 are needed" >&2
  exit 69
fi
[[ ${1:-} != --available ]] || exit 0

if [[ -z ${BINARY:-} ]]; then
  cargo build --bin jixiao
  BINARY=${CARGO_TARGET_DIR:-target}/debug/jixiao
fi
BINARY=$(realpath "$BINARY")
python3 tests/office/roundtrip.py "$BINARY" "$(office)"
exec python3 tests/office/bad_files.py "$BINARY"
