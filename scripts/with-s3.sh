#!/usr/bin/env bash
# Runs a command beside a private, throwaway S3 service and removes it afterwards.
#
#   scripts/with-s3.sh COMMAND [ARGUMENT…]
#   scripts/with-s3.sh --available       exits 0 when there is a service to use
#
# The command finds a bucket in JIXIAO_TEST_FILES_URL and the usual settings in AWS_*; its exit code is the script's. The
# service is moto's, which speaks S3 and keeps everything in memory; it checks no signature. It is installed from PyPI into
# target/s3. Without Python, or a network to install from, the script says so and exits 69.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "with-s3: $*" >&2; }

venv=${CARGO_TARGET_DIR:-target}/s3
if [[ ! -x $venv/bin/moto_server ]]; then
  command -v python3 >/dev/null || { say "no python3"; exit 69; }
  say "installing moto into $venv"
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check 'moto[s3,server]==5.2.5'; } >&2; then
    rm -rf "$venv"
    say "moto could not be installed; on Debian python3-venv is needed too"
    exit 69
  fi
fi
[[ ${1:-} == --available ]] && exit 0
[[ $# -gt 0 ]] || { say "which command?"; exit 64; }

log=$(mktemp)
server=
stop() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -f "$log"
}
trap stop EXIT
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  listens "$port" || break
done
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
server=$!
for _ in $(seq 300); do
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; say "the service ended"; exit 70; }
  listens "$port" && break
  sleep 0.1
done

export AWS_ENDPOINT=http://127.0.0.1:$port AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=jixiao AWS_SECRET_ACCESS_KEY=jixiao-test
"$venv/bin/python" - <<'PYTHON'
import os, urllib.request
bucket = os.environ["AWS_ENDPOINT"] + "/jixiao-test"
urllib.request.urlopen(urllib.request.Request(bucket, method="PUT"), timeout=30).read()
PYTHON
export JIXIAO_TEST_FILES_URL=s3://jixiao-test
"$@"
