#!/usr/bin/env bash
# Runs a command beside a private, throwaway PostgreSQL and removes it afterwards.
#
#   scripts/with-postgres.sh [--bench] [--keep DIRECTORY] COMMAND [ARGUMENT…]
#   scripts/with-postgres.sh --available       exits 0 when there are server programs to use
#
# The command finds the address of an empty database, whose user may create more, in JIXIAO_TEST_DATABASE_URL; its exit
# code is the script's. The server comes from the machine's own binaries, listens on 127.0.0.1 only, at a free port, keeps
# its data in a temporary directory and trusts every local user. It never flushes to disk, unless --bench asks for the
# settings of a real server. With --keep it stays in that directory and is found there by the next. PostgreSQL refuses to run as root: root's server runs as `postgres`, made when missing.
# When there are no binaries: with CI=true the Debian package is installed; elsewhere the script says so and exits 69.
set -euo pipefail

say() { echo "with-postgres: $*" >&2; }

find_bin() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -Vr) "$(pg_config --bindir 2>/dev/null || true)"; do
    if [[ -x $dir/initdb && -x $dir/postgres ]]; then
      echo "$dir"
      return
    fi
  done
  dir=$(command -v initdb) && dirname "$dir"
}

bin=$(find_bin) || bin=
if [[ -z $bin && ${CI:-} == true ]]; then
  say "no PostgreSQL server here and CI=true"
  . "$(dirname "$0")/packages.sh"
  install_packages postgresql
  bin=$(find_bin) || bin=
fi
if [[ -z $bin ]]; then
  say "no PostgreSQL server programs found (initdb, postgres); on Debian: apt-get install postgresql"
  exit 69
fi
[[ ${1:-} == --available ]] && exit 0

profile=test
if [[ ${1:-} == --bench ]]; then
  profile=bench
  shift
fi
keep=
if [[ ${1:-} == --keep ]]; then
  keep=$2
  shift 2
fi
[[ $# -gt 0 ]] || { say "which command?"; exit 64; }

as_server=()
if [[ $EUID -eq 0 ]]; then
  id -u postgres >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin postgres
  as_server=(setpriv --reuid=postgres --regid="$(id -g postgres)" --init-groups --)
  command -v setpriv >/dev/null || as_server=(runuser -u postgres --)
fi

if [[ -n $keep ]]; then
  mkdir -p "$keep"
  root=$(cd "$keep" && pwd)
else
  root=$(mktemp -d "${TMPDIR:-/tmp}/jixiao-postgres.XXXXXX")
fi
child=
finish() {
  trap '' INT TERM HUP
  if [[ -n $child ]]; then kill -TERM -- "-$child" 2>/dev/null || true; fi
  if [[ -n $keep ]]; then
    server pg_ctl stop -D "$root/data" -m fast -w -t 300 >/dev/null 2>&1 || true
    return
  fi
  server pg_ctl stop -D "$root/data" -m immediate -w >/dev/null 2>&1 || true
  rm -rf "$root"
}
# The server's programs run from its own directory: they may not be able to read the caller's.
server() { (cd "$root" && exec "${as_server[@]}" "$bin/$1" "${@:2}"); }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
[[ $EUID -ne 0 ]] || chown postgres: "$root"

make_server() {
# Strings must sort the same everywhere because the schema says so, not because the server's default happens to agree:
# so the default of this server is Chinese collation, where it is able to.
init=(initdb -D "$root/data" -U jixiao -A trust -E UTF8 --locale=C --no-sync)
server "${init[@]}" --locale-provider=icu --icu-locale=zh >"$root/initdb.log" 2>&1 ||
  server "${init[@]}" >"$root/initdb.log" 2>&1 ||
  { cat "$root/initdb.log" >&2; say "initdb failed"; exit 1; }

{
  echo "listen_addresses = '127.0.0.1'"
  echo "unix_socket_directories = ''"
  echo "max_connections = 200"
  if [[ $profile == bench ]]; then
    echo "shared_buffers = 1GB"
    echo "effective_cache_size = 4GB"
    echo "work_mem = 32MB"
    echo "maintenance_work_mem = 512MB"
    echo "max_wal_size = 8GB"
    echo "checkpoint_timeout = 15min"
    echo "random_page_cost = 1.1"
  else
    echo "fsync = off"
    echo "synchronous_commit = off"
    echo "full_page_writes = off"
  fi
} >>"$root/data/postgresql.conf"
}
[[ -s $root/data/PG_VERSION ]] || make_server

# Another program may take the port between the choice and the start: then another one is chosen.
port=
for _ in 1 2 3 4 5; do
  try=$((20000 + RANDOM % 12000))
  if server pg_ctl start -D "$root/data" -l "$root/server.log" -w -o "-p $try" >/dev/null 2>&1; then
    port=$try
    break
  fi
done
[[ -n $port ]] || { cat "$root/server.log" >&2; say "the server did not start"; exit 1; }
server psql -h 127.0.0.1 -p "$port" -U jixiao -d jixiao -c '' >/dev/null 2>&1 ||
  server createdb -h 127.0.0.1 -p "$port" -U jixiao jixiao

# In a process group of its own, so that everything it started can be ended with it.
set -m
JIXIAO_TEST_DATABASE_URL="postgres://jixiao@127.0.0.1:$port/jixiao" "$@" </dev/null &
child=$!
status=0
wait "$child" || status=$?
exit "$status"
