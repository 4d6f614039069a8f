#!/usr/bin/env bash
# The property tests and the fuzz of the reader, for far longer than `make test` runs them: CASES (20000) cases for each
# property, FUZZ_CASES (2000000) texts for the reader. Optimised, but with the checks that a release leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROPTEST_CASES=${CASES:-20000} JIXIAO_FUZZ_CASES=${FUZZ_CASES:-2000000}
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
echo "== jixiao-rules: $PROPTEST_CASES cases for each property, $JIXIAO_FUZZ_CASES texts for the reader"
cargo test --release --target-dir "${CARGO_TARGET_DIR:-target}/soak" --package jixiao-rules --all-targets
printf '== all of it: %d s\n' "$SECONDS"
