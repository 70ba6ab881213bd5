#!/usr/bin/env bash
# Runs the log-in against a provider that others wrote: the npm package `oidc-provider`, fetched into a folder of its own. Needs node and npm.
set -euo pipefail
cd "$(dirname "$0")"
port=${PORT:-9411}
room=${ROOM:-$(mktemp -d)}
[ -d "$room/node_modules/oidc-provider" ] || npm install --prefix "$room" --no-audit --no-fund oidc-provider@9
cp provider.mjs "$room/provider.mjs"
PORT=$port node "$room/provider.mjs" &
provider=$!
trap 'kill $provider' EXIT
for _ in $(seq 50); do curl -fs "http://127.0.0.1:$port/.well-known/openid-configuration" >/dev/null && break; sleep 0.2; done
cd ../../../../..
CATCHALL_TEST_ISSUER="http://127.0.0.1:$port" cargo test -p catchall --features team --test team -- --ignored by_a_provider_that_others_wrote
