#!/usr/bin/env bash
# How fast the service is, on SQLite and on PostgreSQL, beside a floor measured in the same run: a minimal handler that
# answers the same declaration from one hand-written SQL statement. The ratio to that floor is the figure to compare.
#
#   make bench                  20,000 declarations × 20 indicators × 2 periods
#   make bench SCALE=0.01       200 declarations: does it work at all?
#   make bench SCALE=10         200,000 declarations: only the summaries, beside those of scale 1 if they were measured
#
# CONNECTIONS=16 THREADS=1 DURATION=10 WARMUP=3 (seconds) DATABASES="sqlite postgres" are the other settings. BIN_DIR=dir
# measures programs built elsewhere. PARTS="pages summaries" says which parts; from scale 5 on only the summaries. KEEP=1
# keeps what is filled in target/bench/kept for the next run, as is done from scale 5 on. Summaries are measured at 2
# connections (p50, p99) and at 16 (requests/s), beside the same as plain SQL over the base tables. The load tool is wrk, on the same machine as the service, with scripts in bench/.
# The warm-up looks at every answer; one wrong answer, there or later, fails the run. Each load gets a fresh process of the
# service, so that its peak memory is its own (that of PostgreSQL is not in it). Text goes to the terminal and
# target/bench/result.txt, the same figures to target/bench/result.json.
set -euo pipefail
cd "$(dirname "$0")/.."

export SCALE=${SCALE:-1} CONNECTIONS=${CONNECTIONS:-16} THREADS=${THREADS:-1} DURATION=${DURATION:-10} WARMUP=${WARMUP:-3}
export DATABASES=${DATABASES:-sqlite postgres} BIN_DIR=${BIN_DIR:-}
PARTS=${PARTS:-}
KEEP=${KEEP:-}
if awk -v scale="$SCALE" 'BEGIN { exit !(scale >= 5) }'; then
  PARTS=${PARTS:-summaries} KEEP=${KEEP:-1}
fi
export PARTS=${PARTS:-pages summaries} KEEP
out=$PWD/target/bench
kept=$out/kept/$SCALE
# More than one declaration takes, with its document, indexes and log entry: an estimate. What a fill took is told after it.
bytes_each=150000

say() { echo "bench: $*" >&2; }
die() { say "$@"; exit 1; }

need_wrk() {
  command -v wrk >/dev/null && return
  if command -v apt-get >/dev/null && [[ $EUID -eq 0 || ${CI:-} == true ]]; then
    . scripts/packages.sh
    install_packages wrk
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

load() { # script, seconds, check, connections
  BENCH_CHECK=$3 wrk --threads "$THREADS" --connections "$4" --duration "${2}s" --timeout 30s --latency \
    --script "bench/$1.lua" "http://$JIXIAO_LISTEN" >"$dir/$1.wrk" || { cat "$dir/$1.wrk" >&2; die "$1: wrk failed"; }
  local line
  line=$(grep '^RESULT ' "$dir/$1.wrk") || { cat "$dir/$1.wrk" >&2; die "$1: no result"; }
  read -r _ requests seconds p50 p99 bytes failed <<<"$line"
  if [[ $requests -eq 0 || $failed -ne 0 ]]; then
    die "$1 on $database: $failed of $requests answers failed (the service's log: $dir/$1.log)"
  fi
}

measure_at() { # connections, script, command…
  local connections=$1 name=$2 warm_bytes rss
  shift 2
  say "$database: $name, $connections connections"
  start_server "$dir/$name.log" "$@"
  load "$name" "$WARMUP" 1 "$connections"
  warm_bytes=$bytes
  load "$name" "$DURATION" 0 "$connections"
  # Nobody looked at these answers; but a refusal is shorter than an answer by far.
  if ((bytes * 2 < warm_bytes)); then die "$name on $database: answers of $bytes bytes, $warm_bytes in the warm-up"; fi
  rss=$(awk '/^VmHWM:/ { print $2 }' "/proc/$server/status")
  stop_server
  line=$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s' "$database" "$name" "$requests" "$seconds" "$p50" "$p99" "$bytes" "$rss")
}

measure() { # script, command…
  measure_at "$CONNECTIONS" "$@"
  echo "$line" >>"$out/rows.tsv"
}

# PostGraphile 5 on the same tables, asked for the same page as far as tables hold it: no rights, no computed text.
measure_postgraphile() {
  local place=$out/postgraphile
  command -v npm >/dev/null || { say "SKIPPED: PostGraphile, no npm"; return; }
  mkdir -p "$place"
  cp bench/postgraphile/package.json bench/postgraphile/package-lock.json bench/postgraphile/serve.mjs "$place"
  (cd "$place" && npm ci --silent --no-audit --no-fund) || { say "SKIPPED: PostGraphile cannot be installed"; return; }
  measure postgraphile_page env NODE_ENV=production GRAPHILE_ENV=production "$place/node_modules/.bin/node" "$place/serve.mjs" LISTEN
}

# Lines: database, name, connections or "plain", then requests, seconds, p50 and p99 in milliseconds.
summaries() {
  local name connections
  for name in achievement_by summary_level1 unmet; do
    for connections in 2 16; do
      measure_at "$connections" "$name" "$BIN_DIR/jixiao" serve
      cut -f 1-6 <<<"$line" | awk -F '\t' -v at="$connections" -v OFS='\t' '{ print $1, $2, at, $3, $4, $5, $6 }' >>"$out/summaries-$SCALE.tsv"
    done
  done
  say "$database: the same as plain SQL over the base tables"
  "$BIN_DIR/jixiao-bench" plain --database-url "$JIXIAO_DATABASE_URL" --seconds "$DURATION" |
    awk -F '\t' -v database="$database" -v OFS='\t' '{ print database, $1, "plain", $2, 0, $3 / 1000, $4 / 1000 }' >>"$out/summaries-$SCALE.tsv"
}

need_disk() { # database, bytes a declaration; leaves the free megabytes in `free`
  local needed
  needed=$(awk -v scale="$SCALE" -v each="$2" 'BEGIN { printf "%d", scale * 20000 * each / 1e6 }')
  free=$(df --output=avail -B 1000000 "$out" | tail -n 1)
  say "$1 at scale $SCALE needs about $needed MB of disk, $((free)) MB are free"
  ((free > needed)) || die "not enough disk for $1 at scale $SCALE"
}

one_database() {
  database=$1
  dir=$out/$database
  mkdir -p "$dir"
  trap stop_server EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  unset JIXIAO_TEST_DATABASE_URL
  export JIXIAO_DATABASE_URL=$2
  local place=$dir start=$SECONDS
  [[ -z $KEEP ]] || place=$kept/$database
  mkdir -p "$place"
  export BENCH_PARAMS=$place/params.tsv BENCH_TOKENS=$place/tokens.tsv
  if [[ -e $place/filled ]]; then
    say "$database: scale $SCALE was filled earlier"
    "$BIN_DIR/jixiao-bench" tokens --database-url "$JIXIAO_DATABASE_URL" --tokens "$BENCH_TOKENS" >"$dir/fill.log" 2>&1 ||
      { tail -n 40 "$dir/fill.log" >&2; die "$database: what was filled earlier cannot be used; remove $place"; }
  else
    local free_before
    need_disk "$database" "$bytes_each"
    free_before=$free
    say "$database: filling, scale $SCALE"
    "$BIN_DIR/jixiao-bench" fill --database-url "$JIXIAO_DATABASE_URL" --scale "$SCALE" \
      --params "$BENCH_PARAMS" --tokens "$BENCH_TOKENS" >"$dir/fill.log" 2>&1 ||
      { tail -n 40 "$dir/fill.log" >&2; die "$database: the fill failed"; }
    [[ -z $KEEP ]] || touch "$place/filled"
    say "$database: the fill took about $((free_before - $(df --output=avail -B 1000000 "$out" | tail -n 1))) MB of disk"
  fi
  printf '%s\t%s\t%s\n' "$database" $((SECONDS - start)) "$(wc -l <"$BENCH_PARAMS")" >>"$out/fills.tsv"

  if [[ " $PARTS " == *" summaries "* ]]; then summaries; fi
  [[ " $PARTS " == *" pages "* ]] || return 0
  measure floor "$BIN_DIR/jixiao-bench" floor --database-url "$JIXIAO_DATABASE_URL" --listen LISTEN
  measure declaration_page "$BIN_DIR/jixiao" serve
  measure refused "$BIN_DIR/jixiao" serve
  measure repeated_page env JIXIAO_ANSWER_CACHE_BYTES=67108864 "$BIN_DIR/jixiao" serve
  measure bare "$BIN_DIR/jixiao-bench" bare --bytes "$bytes" --listen LISTEN
  if [[ $database == postgres ]]; then measure_postgraphile; fi
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
    $2 == "declaration_page" || $2 == "repeated_page" || $2 == "bare" || $2 == "postgraphile_page" { rates[$1, $2] = rate }
    END {
      for (key in rates) {
        split(key, part, SUBSEP)
        if (part[2] != "bare" || !rates[key]) continue
        printf "\n%s: an answer from memory at %.2f of the bare handler, %.1f times the cold page", part[1], rates[part[1], "repeated_page"] / rates[key], rates[part[1], "repeated_page"] / rates[part[1], "declaration_page"]
        if (rates[part[1], "postgraphile_page"]) printf "; cold %.1f and from memory %.1f times PostGraphile", rates[part[1], "declaration_page"] / rates[part[1], "postgraphile_page"], rates[part[1], "repeated_page"] / rates[part[1], "postgraphile_page"]
      }
      print ""
    }
  ' "$out/fills.tsv" "$out/rows.tsv"
  report_summaries
  printf '\n%-18s%12s%14s%10s\n' "rules, one core" "a second" "floor" "of floor"
  awk -F '\t' '{ printf "%-18s%12d%14d%10.3f   floor: %s\n", $1, $2, $3, $2 / $3, $4 }' "$out/engine.tsv"
}

# Beside scale 1 where that was measured, by this run or an earlier one.
report_summaries() {
  local base=$out/summaries-1.tsv
  [[ -s $out/summaries-$SCALE.tsv ]] || return 0
  [[ $SCALE != 1 && -s $base ]] || base=/dev/null
  printf '\n%-28s%10s%10s%10s%14s%12s%10s%10s\n' "summaries, scale $SCALE" "p50 ms" "p99 ms" "at 16/s" "plain SQL ms" "times" "growth" "of plain"
  awk -F '\t' '
    { key = $1 " " $2 }
    FILENAME == ARGV[1] { if ($3 == 2) before[key] = $6; if ($3 == "plain") plain_before[key] = $6; next }
    !(key in seen) { seen[key] = 1; order[++n] = key }
    $3 == 2 { p50[key] = $6; p99[key] = $7 }
    $3 == 16 { rate[key] = $4 / $5 }
    $3 == "plain" { plain[key] = $6 }
    END {
      for (i = 1; i <= n; i++) {
        key = order[i]
        printf "%-28s%10.2f%10.2f%10.1f%14.1f%12.0f", key, p50[key], p99[key], rate[key], plain[key], plain[key] / p50[key]
        if (before[key] > 0) printf "%10.2f%10.2f", p50[key] / before[key], plain[key] / plain_before[key]
        printf "\n"
      }
    }
  ' "$base" "$out/summaries-$SCALE.tsv"
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
    END { print (last == "" ? "" : "\n    }") "\n  }," }
  ' "$out/fills.tsv" "$out/rows.tsv"
  echo '  "summaries": ['
  awk -F '\t' '
    { printf "%s    { \"database\": \"%s\", \"name\": \"%s\", ", (NR > 1 ? ",\n" : ""), $1, $2 }
    $3 == "plain" { printf "\"plainSql\": true, \"runs\": %d", $4 }
    $3 != "plain" { printf "\"connections\": %d, \"requestsPerSecond\": %.1f", $3, $4 / $5 }
    { printf ", \"p50Milliseconds\": %s, \"p99Milliseconds\": %s }", $6, $7 }
    END { print "" }
  ' "$out/summaries-$SCALE.tsv"
  printf '  ]\n}\n'
}

if [[ ${1:-} == --one ]]; then
  one_database "$2" "${3:-${JIXIAO_TEST_DATABASE_URL:?}}"
  exit
fi

[[ -r /proc/self/status ]] || die "peak memory is read from /proc: this needs Linux"
need_wrk
mkdir -p "$out"
# What is kept, and what other scales are compared with, stays.
find "$out" -mindepth 1 -maxdepth 1 ! -name kept ! -name 'summaries-*.tsv' -exec rm -rf {} +
rm -f "$out/summaries-$SCALE.tsv"
touch "$out/rows.tsv" "$out/summaries-$SCALE.tsv"
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
# One caller asks everything, as fast as it can.
export JIXIAO_LIMITS__OPERATIONS_PER_MINUTE=4000000000 JIXIAO_LIMITS__MAX_CONCURRENT_OPERATIONS=1000
# What is measured is made anew each time, but for the page that is repeated.
export JIXIAO_ANSWER_CACHE_BYTES=0

say "engine: the rules alone, on one core"
"$BIN_DIR/jixiao-bench" engine >"$out/engine.tsv"

for database in $DATABASES; do
  case $database in
    sqlite)
      file=$out/bench.db
      [[ -z $KEEP ]] || { mkdir -p "$kept/sqlite" && file=$kept/sqlite/bench.db; }
      # What was left half-way is begun anew.
      [[ -z $KEEP || -e $kept/sqlite/filled ]] || rm -f "$file"*
      scripts/bench.sh --one sqlite "sqlite://$file?mode=rwc"
      ;;
    postgres)
      if [[ ${CI:-} != true ]] && ! scripts/with-postgres.sh --available; then
        say "SKIPPED: PostgreSQL"
        continue
      fi
      keeping=()
      if [[ -n $KEEP ]]; then
        [[ -e $kept/postgres/filled ]] || rm -rf "${kept:?}/postgres"
        keeping=(--keep "$kept/postgres")
      fi
      scripts/with-postgres.sh --bench "${keeping[@]}" scripts/bench.sh --one postgres
      ;;
    *) die "no such database: $database" ;;
  esac
done
rm -f "$out"/bench.db*
report_json "$commit" >"$out/result.json"
report_text "$commit" | tee "$out/result.txt"
