#!/usr/bin/env bash
# How fast the service is, on SQLite and on PostgreSQL, beside a floor measured in the same run: a minimal handler that
# answers the same declaration from one hand-written SQL statement. The ratio to that floor is the figure to compare.
#
#   make bench                  20,000 declarations × 20 indicators × 2 periods
#   make bench SCALE=0.01       200 declarations: does it work at all?
#
# CONNECTIONS=16 THREADS=1 DURATION=10 WARMUP=3 (seconds) DATABASES="sqlite postgres" are the other settings. BIN_DIR=dir
# measures programs built elsewhere. The load tool is wrk, on the same machine as the service, with scripts in bench/.
# The warm-up looks at every answer; one wrong answer, there or later, fails the run. Each load gets a fresh process of the
# service, so that its peak memory is its own (that of PostgreSQL is not in it). Text goes to the terminal and
# target/bench/result.txt, the same figures to target/bench/result.json.
set -euo pipefail
cd "$(dirname "$0")/.."

export SCALE=${SCALE:-1} CONNECTIONS=${CONNECTIONS:-16} THREADS=${THREADS:-1} DURATION=${DURATION:-10} WARMUP=${WARMUP:-3}
export DATABASES=${DATABASES:-sqlite postgres} BIN_DIR=${BIN_DIR:-}
out=$PWD/target/bench

say() { echo "bench: $*" >&2; }
die() { say "$@"; exit 1; }

need_wrk() {
  command -v wrk >/dev/null && return
  if command -v apt-get >/dev/null && [[ $EUID -eq 0 || ${CI:-} == true ]]; then
    local sudo=()
    [[ $EUID -eq 0 ]] || sudo=(sudo -n)
    say "wrk is missing: installing the Debian package"
    "${sudo[@]}" apt-get update -qq >&2
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends wrk >&2
  else
    die "wrk, the load tool, is missing; on Debian: apt-get install wrk"
  fi
}

# ── one database (the script calls itself, because PostgreSQL's wrapper runs a command) ──

server=
stop_server() {
  [[ -n $server ]] || return 0
  kill -TERM "$server" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/${JIXIAO_LISTEN##*:}") 2>/dev/null; }

start_server() { # log, command…
  local log=$1
  shift
  export JIXIAO_LISTEN
  for _ in 1 2 3 4 5; do
    JIXIAO_LISTEN=127.0.0.1:$((20000 + RANDOM % 12000))
    listens || break
  done
  # The floor is told where to listen, the service reads it from its environment. Neither finds a configuration file.
  (cd "$dir" && exec "${@//LISTEN/$JIXIAO_LISTEN}" >"$log" 2>&1 </dev/null) &
  server=$!
  for _ in $(seq 600); do
    kill -0 "$server" 2>/dev/null || break
    if listens && "$BIN_DIR/jixiao" healthcheck >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  tail -n 40 "$log" >&2
  die "not ready: $*"
}

load() { # script, seconds, check
  BENCH_CHECK=$3 wrk --threads "$THREADS" --connections "$CONNECTIONS" --duration "${2}s" --timeout 30s --latency \
    --script "bench/$1.lua" "http://$JIXIAO_LISTEN" >"$dir/$1.wrk" || { cat "$dir/$1.wrk" >&2; die "$1: wrk failed"; }
  local line
  line=$(grep '^RESULT ' "$dir/$1.wrk") || { cat "$dir/$1.wrk" >&2; die "$1: no result"; }
  read -r _ requests seconds p50 p99 bytes failed <<<"$line"
  if [[ $requests -eq 0 || $failed -ne 0 ]]; then
    die "$1 on $database: $failed of $requests answers failed (the service's log: $dir/$1.log)"
  fi
}

measure() { # script, command…
  local name=$1 warm_bytes rss
  shift
  say "$database: $name"
  start_server "$dir/$name.log" "$@"
  load "$name" "$WARMUP" 1
  warm_bytes=$bytes
  load "$name" "$DURATION" 0
  # Nobody looked at these answers; but a refusal is shorter than an answer by far.
  if ((bytes * 2 < warm_bytes)); then die "$name on $database: answers of $bytes bytes, $warm_bytes in the warm-up"; fi
  rss=$(awk '/^VmHWM:/ { print $2 }' "/proc/$server/status")
  stop_server
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$database" "$name" "$requests" "$seconds" "$p50" "$p99" "$bytes" "$rss" >>"$out/rows.tsv"
}

one_database() {
  database=$1
  dir=$out/$database
  mkdir -p "$dir"
  trap stop_server EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  unset JIXIAO_TEST_DATABASE_URL
  export JIXIAO_DATABASE_URL=$2 BENCH_PARAMS=$dir/params.tsv BENCH_TOKENS=$dir/tokens.tsv
  local start=$SECONDS
  say "$database: filling, scale $SCALE"
  "$BIN_DIR/jixiao-bench" fill --database-url "$JIXIAO_DATABASE_URL" --scale "$SCALE" \
    --params "$BENCH_PARAMS" --tokens "$BENCH_TOKENS" >"$dir/fill.log" 2>&1 ||
    { tail -n 40 "$dir/fill.log" >&2; die "$database: the fill failed"; }
  printf '%s\t%s\t%s\n' "$database" $((SECONDS - start)) "$(wc -l <"$BENCH_PARAMS")" >>"$out/fills.tsv"

  measure floor "$BIN_DIR/jixiao-bench" floor --database-url "$JIXIAO_DATABASE_URL" --listen LISTEN
  measure declaration_page "$BIN_DIR/jixiao" serve
  measure achievement_by "$BIN_DIR/jixiao" serve
  measure record "$BIN_DIR/jixiao" serve
}

# ── the report ──

# Both files come from target/bench/{engine,fills,rows}.tsv.
report_text() {
  echo "$(head -n 1 "$out/fills.tsv" | cut -f 3) declarations (scale $SCALE), commit $1, $(nproc) cores shared with the load tool"
  echo "$CONNECTIONS connections, $DURATION s after $WARMUP s of warm-up; record: 5 values in each mutation; peak memory of the service"
  awk -F '\t' '
    NR == FNR { fill[$1] = $2; next }
    { rate = $3 / $4; if ($2 == "floor") floor = rate }
    $1 != last { last = $1; printf "\n%s (filled in %d s)\n%-18s%12s%10s%10s%12s%10s%10s\n", $1, fill[$1], "", "requests/s", "p50 ms", "p99 ms", "KB/answer", "peak MB", "of floor" }
    { printf "%-18s%12.1f%10.2f%10.2f%12.1f%10.1f%10s\n", $2, rate, $5, $6, $7 / 1000, $8 * 1024 / 1000000, $2 == "declaration_page" ? sprintf("%.2f", rate / floor) : "" }
  ' "$out/fills.tsv" "$out/rows.tsv"
  printf '\n%-18s%12s%14s%10s\n' "rules, one core" "a second" "floor" "of floor"
  awk -F '\t' '{ printf "%-18s%12d%14d%10.3f   floor: %s\n", $1, $2, $3, $2 / $3, $4 }' "$out/engine.tsv"
}

report_json() {
  local engine
  engine=$(awk -F '\t' '
    { printf "%s\\n    \"%s\": { \"perSecond\": %d, \"floorPerSecond\": %d, \"ofFloor\": %.4f }", (NR > 1 ? "," : ""), $1, $2, $3, $2 / $3 }
  ' "$out/engine.tsv")
  awk -F '\t' -v commit="$1" -v scale="$SCALE" -v connections="$CONNECTIONS" -v threads="$THREADS" -v seconds="$DURATION" \
    -v warmup="$WARMUP" -v cores="$(nproc)" -v engine="$engine" '
    BEGIN {
      printf "{\n  \"commit\": \"%s\", \"scale\": %s, \"cores\": %d,\n", commit, scale, cores
      printf "  \"connections\": %d, \"loadThreads\": %d, \"seconds\": %s, \"warmupSeconds\": %s,\n", connections, threads, seconds, warmup
      printf "  \"engine\": {%s\n  },\n  \"databases\": {", engine
    }
    NR == FNR { fill[$1] = $2; declarations[$1] = $3; next }
    $1 != last {
      printf "%s\n    \"%s\": {\n      \"declarations\": %d, \"fillSeconds\": %d", last == "" ? "" : "\n    },", $1, declarations[$1], fill[$1]
      last = $1
    }
    {
      rate = $3 / $4
      if ($2 == "floor") floor = rate
      printf ",\n      \"%s\": { \"requestsPerSecond\": %.1f, \"p50Milliseconds\": %s, \"p99Milliseconds\": %s, \"bytesPerAnswer\": %d, \"peakRssBytes\": %.0f", $2, rate, $5, $6, $7, $8 * 1024
      if ($2 == "declaration_page") printf ", \"ofFloor\": %.3f", rate / floor
      printf " }"
    }
    END { print "\n    }\n  }\n}" }
  ' "$out/fills.tsv" "$out/rows.tsv"
}

if [[ ${1:-} == --one ]]; then
  one_database "$2" "${3:-${JIXIAO_TEST_DATABASE_URL:?}}"
  exit
fi

[[ -r /proc/self/status ]] || die "peak memory is read from /proc: this needs Linux"
need_wrk
mkdir -p "$out"
rm -rf "${out:?}"/*
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
if [[ -n $BIN_DIR ]]; then
  commit="unknown (BIN_DIR=$BIN_DIR)"
else
  cargo build --profile dist --bin jixiao --bin jixiao-bench --features jixiao-bench/mimalloc
  BIN_DIR=${CARGO_TARGET_DIR:-target}/dist
fi
BIN_DIR=$(cd "$BIN_DIR" && pwd)

# Settings of whoever runs this must not change what is measured.
for name in $(compgen -e JIXIAO_ || true); do unset "$name"; done
JIXIAO_JWT_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export JIXIAO_JWT_SECRET JIXIAO_LOG_FILTER=warn JIXIAO_ACCESS_TOKEN_MINUTES=1440

say "engine: the rules alone, on one core"
"$BIN_DIR/jixiao-bench" engine >"$out/engine.tsv"

for database in $DATABASES; do
  case $database in
    sqlite) scripts/bench.sh --one sqlite "sqlite://$out/bench.db?mode=rwc" ;;
    postgres)
      if [[ ${CI:-} != true ]] && ! scripts/with-postgres.sh --available; then
        say "SKIPPED: PostgreSQL"
        continue
      fi
      scripts/with-postgres.sh --bench scripts/bench.sh --one postgres
      ;;
    *) die "no such database: $database" ;;
  esac
done
rm -f "$out"/bench.db*
report_json "$commit" >"$out/result.json"
report_text "$commit" | tee "$out/result.txt"
