#!/bin/sh
# Sends made requests to every way in of a running server's own description, and holds the answers against it: no 5xx, no
# status, media type or document that the description does not have. See README.md.
#
#     api-check/run.sh CATCHALL [EXAMPLES]
set -eu
program=$(realpath "$1")
EXTRA=${EXTRA:-}
examples=${2:-50}
here=$(dirname "$(realpath "$0")")
packs=$(realpath "$here/../packs")
work=$(mktemp -d)
port=${PORT:-18765}
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
roles=""
for role in licensing-officer countersigner screener auditor admin service; do roles="$roles --role $role"; done
# shellcheck disable=SC2086
token=$("$program" account token add fuzz --team Fuzz $roles --days 1 --state "$work/state" 2>/dev/null | tail -1)
"$program" lists import --quiet --source "a sample" "$packs/../data/lists/un/consolidated.xml" --lists "$work/lists"
"$program" serve --quiet --no-limits --listen "127.0.0.1:$port" --packs "$packs" --lists "$work/lists" --state "$work/state" 2>"$work/log" &
server=$!
for _ in $(seq 600); do
    if curl -s -o /dev/null "http://127.0.0.1:$port/openapi.json"; then break; fi
    sleep 0.2
done
status=0
${SCHEMATHESIS:-schemathesis} run "http://127.0.0.1:$port/openapi.json" \
    --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --exclude-operation-id "post /v1/webhooks" \
    --max-examples "$examples" --seed "${SEED:-1}" --workers 1 --no-color --report ndjson --report-ndjson-path "${REPORT:-$work/report.ndjson}" $EXTRA || status=$?
if grep -q "panicked" "$work/log"; then
    grep -A3 "panicked" "$work/log" >&2
    status=1
fi
exit "$status"
