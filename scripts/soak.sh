#!/usr/bin/env bash
# The property tests and the fuzz of the reader, for far longer than `make test` runs them: CASES (20000) cases for each
# property, FUZZ_CASES (2000000) texts for the reader; then tests/verifier over about VERIFIER_ROWS (1000000) generated
# indicators and VERIFIER_PAIRS (100000) pairs at a band's edge. Optimised, but with the checks that a release leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROPTEST_CASES=${CASES:-20000} JIXIAO_FUZZ_CASES=${FUZZ_CASES:-2000000}
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
echo "== jixiao-rules: $PROPTEST_CASES cases for each property, $JIXIAO_FUZZ_CASES texts for the reader"
cargo test --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --package jixiao-rules --all-targets

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
printf '== all of it: %d s\n' "$SECONDS"
