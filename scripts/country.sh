#!/usr/bin/env bash
# A country in an empty database, its audit pack verified offline, and every summary that the running service gives counted
# again from the pack by tests/verifier: every dimension and pair of them, and SUMMARIES (300) seeded combinations under
# seeded filters at each level of the tree.
#
#   scripts/country.sh DATABASE_URL FOLDER      the programs are in BIN_DIR; SEED (1) and SIZE ("--counties 30 …") choose
set -euo pipefail
cd "$(dirname "$0")/.."
url=$1 dir=$2 bin=$(cd "${BIN_DIR:?}" && pwd)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

for name in $(compgen -e JIXIAO_ || true); do unset "$name"; done
JIXIAO_JWT_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export JIXIAO_JWT_SECRET JIXIAO_DATABASE_URL=$url JIXIAO_LOG_FILTER=warn JIXIAO_ACCESS_TOKEN_MINUTES=1440
export JIXIAO_MIGRATE=true JIXIAO_FILES_URL=file://$dir/files
export JIXIAO_LIMITS__OPERATIONS_PER_MINUTE=4000000000

step() {
  local title=$1 start=$SECONDS
  shift
  "$@"
  printf '   %s: %d s\n' "$title" $((SECONDS - start))
}

# shellcheck disable=SC2086 # several words are meant
step "the country" "$bin/jixiao-bench" country --database-url "$url" --tokens "$dir/tokens.tsv" --seed "${SEED:-1}" ${SIZE:-}
awk -F '\t' '$1 == "auditor" { print $2 }' "$dir/tokens.tsv" >"$dir/token"
rm -rf "$dir/pack"
# Python tells the largest memory of its children.
step "the pack" python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print("   peak memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, "MiB")
' "$bin/jixiao" export audit-pack --user auditor --out "$dir/pack"
du -sh "$dir/pack"
step "the pack verified" python3 tests/verifier pack "$dir/pack" --jobs "$(nproc)"

server=
trap '[[ -z $server ]] || { kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true' EXIT
JIXIAO_LISTEN=127.0.0.1:$((20000 + RANDOM % 12000))
export JIXIAO_LISTEN
"$bin/jixiao" serve >"$dir/serve.log" 2>&1 </dev/null &
server=$!
for _ in $(seq 300); do
  if "$bin/jixiao" healthcheck >/dev/null 2>&1; then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$dir/serve.log" >&2; exit 1; }
  sleep 0.1
done
step "the summaries" python3 tests/verifier recount "$dir/pack" --url "http://$JIXIAO_LISTEN/graphql" \
  --token-file "$dir/token" --seed "${SEED:-1}" --count "${SUMMARIES:-300}"
