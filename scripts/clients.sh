#!/usr/bin/env bash
# Real clients against the running service (tests/clients): the 61 audits of GraphQL over HTTP, Apollo Client, urql, graphql-ws,
# graphql-sse, Relay, graphql-codegen and Python's gql, each doing its job on the demonstration's data; an identity provider; other
# people's judgement of the schema; and schemathesis, which asks whatever the schema allows. The program is BINARY, else it is built.
#
#   scripts/clients.sh --available    tells whether Node and Python are here; with CI=true they are installed
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "clients: $*" >&2; }

. scripts/node.sh
have() { new_enough && python3 -c 'import venv, ensurepip' 2>/dev/null; }
if ! have && [[ ${CI:-} == true ]] && command -v apt-get >/dev/null; then install_packages python3-venv; fi
if ! have; then
  say "Node 20.19 or later with npm, and Python 3 with venv, are needed"
  exit 69
fi
[[ ${1:-} != --available ]] || exit 0

if [[ -z ${BINARY:-} ]]; then
  cargo build --bin jixiao
  BINARY=${CARGO_TARGET_DIR:-target}/debug/jixiao
fi
BINARY=$(cd "$(dirname "$BINARY")" && pwd)/$(basename "$BINARY")
venv=$PWD/target/clients
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement tests/clients/requirements.txt
(cd tests/clients && npm ci --silent --no-audit --no-fund)

dir=$(mktemp -d "${TMPDIR:-/tmp}/jixiao-clients.XXXXXX")
server=
finish() {
  [[ -z $server ]] || { kill -TERM "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  rm -rf "$dir"
}
trap finish EXIT
for name in $(compgen -e JIXIAO_ || true); do unset "$name"; done
export JIXIAO_LISTEN=127.0.0.1:$((20000 + RANDOM % 12000)) JIXIAO_LOG_FILTER=warn
(cd "$dir" && exec "$BINARY" demo >"$dir/demo.log" 2>&1 </dev/null) &
server=$!
for _ in $(seq 600); do
  if "$BINARY" healthcheck >/dev/null 2>&1; then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$dir/demo.log" >&2; say "the service did not start"; exit 1; }
  sleep 0.1
done
url=http://$JIXIAO_LISTEN/graphql
unset JIXIAO_LISTEN JIXIAO_LOG_FILTER
export JIXIAO_URL=$url JIXIAO_PYTHON=$venv/bin/python JIXIAO_BINARY=$BINARY
"$venv/bin/python" tests/clients/job.py
(cd tests/clients && npm test --silent)
# Last, because it changes whatever it can. FUZZ_EXAMPLES for each of the operations.
(
  cd tests/clients
  administrator=$(node -e 'import("./service.mjs").then((own) => own.token("admin")).then(console.log)')
  SCHEMATHESIS_HOOKS=fuzz "$venv/bin/st" run "$JIXIAO_URL" --header "Authorization: Bearer $administrator" --phases fuzzing \
    --checks tells_nothing_of_us --max-examples "${FUZZ_EXAMPLES:-5}" --seed "${SEED:-1}" --generation-database none --no-color
)
