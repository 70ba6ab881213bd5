#!/usr/bin/env bash
# Makes the certificates and keys of the tests. They protect nothing: they are as public as this folder, for servers on 127.0.0.1 that live as
# long as a test. Kept rather than made in each run, so that no crate is needed that makes them.
set -euo pipefail
cd "$(dirname "$0")"
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
: >"$room/index"
cat >"$room/config" <<CONFIG
[ca]
default_ca = own
[own]
database = $room/index
new_certs_dir = $room
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
CONFIG

# certificate NAME EXTENSIONS BEGINS ENDS, with what more `openssl ca` is told
certificate() {
  local name=$1 begins=$3 ends=$4
  printf '[ext]\n%b' "$2" >"$room/ext"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$name.key" 2>/dev/null
  openssl req -new -config "$room/config" -key "$name.key" -subj "/CN=Catchall test $name" -out "$room/csr"
  openssl ca -config "$room/config" -batch -notext -in "$room/csr" -out "$name.pem" -startdate "$begins" -enddate "$ends" \
    -extfile "$room/ext" -extensions ext "${@:5}" 2>/dev/null
}

leaf='basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName='
certificate root 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' 20200101000000Z 21200101000000Z -selfsign -keyfile root.key
sign=(-cert root.pem -keyfile root.key)
certificate here "${leaf}DNS:localhost,IP:127.0.0.1\n" 20200101000000Z 21200101000000Z "${sign[@]}"
certificate ended "${leaf}DNS:localhost,IP:127.0.0.1\n" 20200101000000Z 20200201000000Z "${sign[@]}"
certificate elsewhere "${leaf}DNS:elsewhere.example.org\n" 20200101000000Z 21200101000000Z "${sign[@]}"
rm root.key
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
chmod 644 ./*.key
