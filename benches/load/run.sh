#!/bin/sh
# Starts a server in a folder of its own and drives it. See README.md.
set -eu
program=$(realpath "$1")
connections=${2:-16}
seconds=${3:-10}
here=$(dirname "$(realpath "$0")")
driver=${DRIVER:-$here/target/release/catchall-load}
port=${PORT:-18766}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
token=$("$program" account token add load --team Load --role service --days 1 --state "$work/state" 2>/dev/null | tail -1)
"$program" serve --quiet --no-limits --listen "127.0.0.1:$port" --packs "$here/../../packs" --lists "$work/lists" --state "$work/state" 2>"$work/log" &
server=$!
until curl -s -o /dev/null "http://127.0.0.1:$port/openapi.json"; do sleep 0.2; done
uptime
"$driver" "127.0.0.1:$port" "$token" "$here/transfer.json" "$connections" "$seconds" "${QUERY:-?record=false}"
