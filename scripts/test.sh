#!/usr/bin/env bash
# Everything that must hold before a change lands: format, lint, every test on SQLite, and the tests that touch a database
# again on a throwaway PostgreSQL. Needs nothing but the Rust toolchain and, for PostgreSQL, scripts/with-postgres.sh.
#
# With CI=true nothing is left out. JOBS=n limits how much is built and tested at once; otherwise it is one per core.
set -euo pipefail
cd "$(dirname "$0")/.."

# Settings of whoever runs this must not change what the tests see.
for name in $(compgen -e JIXIAO_ || true); do unset "$name"; done
if [[ -n ${JOBS:-} ]]; then
  export CARGO_BUILD_JOBS=$JOBS NEXTEST_TEST_THREADS=$JOBS RUST_TEST_THREADS=$JOBS
fi
locked=()
if [[ ${CI:-} == true ]]; then
  locked=(--locked)
  export CARGO_INCREMENTAL=0
fi

step() {
  local title=$1 start=$SECONDS status=0
  shift
  printf '\n== %s\n' "$title"
  "$@" || status=$?
  if [[ $status -ne 0 ]]; then
    printf '== %s: failed after %d s (exit %d)\n' "$title" $((SECONDS - start)) "$status" >&2
    exit "$status"
  fi
  printf '== %s: %d s\n' "$title" $((SECONDS - start))
}

if cargo nextest --version >/dev/null 2>&1; then
  tests=(cargo nextest run "${locked[@]}" --no-fail-fast)
  # nextest does not run the examples in the documentation; cargo test, below, does.
  examples=(cargo test "${locked[@]}" --workspace --doc --quiet)
else
  tests=(cargo test "${locked[@]}" --no-fail-fast)
  examples=()
fi

step "format" cargo fmt --all --check
step "lint" cargo clippy "${locked[@]}" --workspace --all-targets -- -D warnings
if [[ ${#examples[@]} -gt 0 ]]; then step "examples in the documentation" "${examples[@]}"; fi
step "tests on SQLite" "${tests[@]}" --workspace

# `it` is the one test program that touches a database. Chosen with --workspace and not with -p, so that the features of
# every crate stay the same and nothing is built twice.
postgres=0
scripts/with-postgres.sh --available || postgres=$?
if [[ $postgres -eq 0 ]]; then
  step "tests on PostgreSQL" scripts/with-postgres.sh "${tests[@]}" --workspace --test it
elif [[ ${CI:-} == true ]]; then
  echo "== tests on PostgreSQL: no server, and CI must not go without (exit $postgres)" >&2
  exit 1
else
  printf '\n== SKIPPED: tests on PostgreSQL. This change is tested on SQLite only. ==\n' >&2
fi
# Files in a bucket instead of a folder.
s3=0
scripts/with-s3.sh --available || s3=$?
if [[ $s3 -eq 0 ]]; then
  step "evidence in S3" scripts/with-s3.sh "${tests[@]}" --workspace --test it -- evidence:: upload:: access::
elif [[ ${CI:-} == true ]]; then
  echo "== evidence in S3: no service, and CI must not go without (exit $s3)" >&2
  exit 1
else
  printf '\n== SKIPPED: evidence in S3. Files are tested in a folder only. ==\n' >&2
fi
# What front ends use, against the program that was just tested.
clients=0
scripts/clients.sh --available || clients=$?
if [[ $clients -eq 0 ]]; then
  step "real clients" env BINARY="${CARGO_TARGET_DIR:-target}/debug/jixiao" scripts/clients.sh
elif [[ ${CI:-} == true ]]; then
  echo "== real clients: no Node or Python, and CI must not go without (exit $clients)" >&2
  exit 1
else
  printf '\n== SKIPPED: real clients. The transports are tested by our own clients only. ==\n' >&2
fi
# The pages in a real browser, from the program that was just tested.
dashboard=0
scripts/dashboard.sh --available || dashboard=$?
if [[ $dashboard -eq 0 ]]; then
  step "dashboard in Chromium" env BINARY="${CARGO_TARGET_DIR:-$PWD/target}/debug/jixiao" scripts/dashboard.sh --test
elif [[ ${CI:-} == true ]]; then
  echo "== dashboard: no Node or Chromium, and CI must not go without (exit $dashboard)" >&2
  exit 1
else
  printf '\n== SKIPPED: the dashboard in a browser. ==\n' >&2
fi
printf '\n== all of it: %d s\n' "$SECONDS"
