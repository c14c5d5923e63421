#!/usr/bin/env bash
# Guess: `os.userInfo().username` is the name of the account that the process runs under, as in Node.js, so that it may stand
#        in an audit log.
# Truth: Bun 1.4.5 answers with the environment variable USER, whatever that says, and `unknown` without it; uid and gid are
#        those of the process. Cron, systemd units and containers often set no USER. The remedy is to ask `id -un`.
# Source: the documentation of Node.js says that the values come from the operating system; seen by running it.
# Node and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json << 'JSON'
{ "private": true, "dependencies": { "bun": "1.4.5" } }
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null
bun=node_modules/bun/bin/bun.exe

echo "console.log(require('node:os').userInfo().username)" > ask.js
account=$(id -un)
echo "bun $("$bun" --version), node $(node --version)"
output="node without USER: $(env -u USER node ask.js | sed "s/^$account\$/the account/")
node with USER=somebody: $(USER=somebody node ask.js | sed "s/^$account\$/the account/")
bun without USER: $(env -u USER "$bun" ask.js)
bun with USER=somebody: $(USER=somebody "$bun" ask.js)"
echo "$output"
expected='node without USER: the account
node with USER=somebody: the account
bun without USER: unknown
bun with USER=somebody: somebody'
if [ "$output" != "$expected" ]; then
  echo "This has changed. It was:" && echo "$expected"
  exit 1
fi
