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

# A step that needs more than the Rust toolchain: SCRIPT --available tells whether it is here, and installs it with CI=true, when
# nothing may be left out. Elsewhere what is missing is skipped, loudly.
part() { # title, what a skip means, script, command…
  local title=$1 skipped=$2 script=$3 status=0
  shift 3
  "$script" --available || status=$?
  if [[ $status -eq 0 ]]; then
    step "$title" "$@"
  elif [[ ${CI:-} == true ]]; then
    echo "== $title: what it needs is missing, and CI must not go without (exit $status)" >&2
    exit 1
  else
    printf '\n== SKIPPED: %s. %s ==\n' "$title" "$skipped" >&2
  fi
}

# `it` is the one test program that touches a database. Chosen with --workspace and not with -p, so that the features of
# every crate stay the same and nothing is built twice.
part "tests on PostgreSQL" "This change is tested on SQLite only." scripts/with-postgres.sh \
  scripts/with-postgres.sh "${tests[@]}" --workspace --test it
# Files in a bucket instead of a folder.
part "evidence in S3" "Files are tested in a folder only." scripts/with-s3.sh \
  scripts/with-s3.sh "${tests[@]}" --workspace --test it -- evidence:: upload:: access::
# What front ends use, and the pages in a real browser, against the program that was just tested.
program=${CARGO_TARGET_DIR:-target}/debug/jixiao
part "real clients" "The transports are tested by our own clients only." scripts/clients.sh \
  env BINARY="$program" scripts/clients.sh
part "forms in LibreOffice" "No other program opens the forms." scripts/office.sh \
  env BINARY="$program" scripts/office.sh
part "dashboard in Chromium" "Nobody looks at the pages." scripts/dashboard.sh \
  env BINARY="$program" scripts/dashboard.sh --test
printf '\n== all of it: %d s\n' "$SECONDS"
