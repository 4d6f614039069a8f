#!/usr/bin/env bash
# The property tests and the fuzz of the readers, for far longer than `make test` runs them: CASES (20000) cases for each
# property; FUZZ_SECONDS (300) of random cells through both readers and the assessment and of damaged forms through the form
# reader, with counts, and the time a character for texts of growing length; then tests/verifier over about VERIFIER_ROWS
# (1000000) generated indicators and VERIFIER_PAIRS (100000) pairs at a band's edge; then WRITERS (200) writers at once on one
# report in ROUNDS (20) rounds, and the program killed KILLS (1000) times in the middle of recordings, both on SQLite and,
# where there is a server, on PostgreSQL; then a whole country (scripts/country.sh; SIZE makes it smaller), whose audit pack is
# verified and whose summaries are counted again, on both; CACHE_WRITES (2000) writes while answers from memory are hunted for a
# stale one; real clients, and FUZZ_EXAMPLES (200) of each operation by schemathesis. SEED (1) chooses the random moments. Optimised, but with the checks that a release
# leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROPTEST_CASES=${CASES:-20000} SOAK_FUZZ_SECONDS=${FUZZ_SECONDS:-300}
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
soak=(cargo test --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --package jixiao-rules)
echo "== jixiao-rules: fuzz for $SOAK_FUZZ_SECONDS s"
"${soak[@]}" --test fuzz -- --nocapture --test-threads 1
echo "== jixiao-rules: $PROPTEST_CASES cases for each property"
# The fuzz has run; here its share is the short one.
env -u SOAK_FUZZ_SECONDS "${soak[@]}" --all-targets

if command -v python3 >/dev/null; then
  # Eight schemes in three periods.
  rows=$((${VERIFIER_ROWS:-1000000} / 24 + 1)) pairs=$((${VERIFIER_PAIRS:-100000} / 24 + 1))
  binary=${CARGO_TARGET_DIR:-target}/soak/release/jixiao
  cargo build --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --bin jixiao
  echo "== tests/verifier: $rows rows and $pairs pairs for each scheme and period"
  python3 tests/verifier generated --binary "$binary" --rows "$rows" --pairs "$pairs" \
    --seed "${SEED:-1}" --jobs "$(nproc)"
elif [[ ${CI:-} == true ]]; then
  echo "== tests/verifier: no python3, and CI must not go without" >&2
  exit 1
else
  echo "== SKIPPED: tests/verifier, no python3 ==" >&2
fi
export SOAK_WRITERS=${WRITERS:-200} SOAK_ROUNDS=${ROUNDS:-20} SOAK_KILLS=${KILLS:-1000} SEED=${SEED:-1}
whole=(cargo test --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --workspace)
writers=("${whole[@]}" --test it writers:: -- --nocapture)
kills=("${whole[@]}" --test demo kill:: -- --nocapture)
cache=("${whole[@]}" --test it cache:: -- --nocapture)
export SOAK_CACHE_WRITES=${CACHE_WRITES:-2000}
echo "== $SOAK_WRITERS writers, $SOAK_KILLS kills on SQLite"
"${writers[@]}"
"${kills[@]}"
"${cache[@]}"
if scripts/with-postgres.sh --available; then
  echo "== $SOAK_WRITERS writers, $SOAK_KILLS kills on PostgreSQL"
  scripts/with-postgres.sh "${writers[@]}"
  scripts/with-postgres.sh "${cache[@]}"
  # shellcheck disable=SC2016 # the inner shell knows the address
  scripts/with-postgres.sh bash -c 'JIXIAO_DATABASE_URL=$JIXIAO_TEST_DATABASE_URL JIXIAO_JWT_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d " \n") exec "$@"' kills "${kills[@]}"
elif [[ ${CI:-} == true ]]; then
  echo "== writers and kills: no PostgreSQL server, and CI must not go without" >&2
  exit 1
else
  echo "== SKIPPED: writers and kills on PostgreSQL, no server ==" >&2
fi

if command -v python3 >/dev/null; then
  cargo build --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --bin jixiao --bin jixiao-bench
  out=$PWD/target/country
  export BIN_DIR=${CARGO_TARGET_DIR:-target}/soak/release
  mkdir -p "$out"
  rm -rf "${out:?}"/*
  echo "== a country on SQLite"
  scripts/country.sh "sqlite://$out/country.db?mode=rwc" "$out/sqlite"
  rm -rf "${out:?}"/*
  if scripts/with-postgres.sh --available; then
    echo "== a country on PostgreSQL"
    # shellcheck disable=SC2016 # the inner shell knows the address
    scripts/with-postgres.sh bash -c 'exec scripts/country.sh "$JIXIAO_TEST_DATABASE_URL" "$1"' country "$out/postgres"
    rm -rf "${out:?}"/*
  fi
fi
clients=0
scripts/clients.sh --available || clients=$?
if [[ $clients -eq 0 ]]; then
  echo "== real clients, and ${FUZZ_EXAMPLES:-200} examples of each operation by schemathesis"
  FUZZ_EXAMPLES=${FUZZ_EXAMPLES:-200} BINARY=${CARGO_TARGET_DIR:-target}/soak/release/jixiao scripts/clients.sh
fi
printf '== all of it: %d s\n' "$SECONDS"
