#!/usr/bin/env bash
# Guess: what an option's own parser returns is what the command gets, null too: `--close-after none` as "never".
# Truth: commander 14.0.3 hands an empty text to the command where the parser of an option with a required value returns
#        null or undefined, and `true` where the value is optional; 0 and false arrive as they are. `Number('')` is 0, so
#        that "never" can become "at once". The remedy is to return a word of one's own and to turn it into null afterwards.
# Source: none in the documentation of `.option()`; seen by running it.
# Node and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json << 'JSON'
{ "private": true, "type": "module", "dependencies": { "commander": "14.0.3" } }
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null

cat > ask.mjs << 'JS'
import { Command } from 'commander'

for (const flags of ['--days <days>', '--days [days]']) {
  for (const result of [null, undefined, 0, false]) {
    new Command()
      .option(flags, 'days, or none', () => result)
      .action(({ days }) => console.log(`${flags}: the parser gives ${result}, the command gets ${JSON.stringify(days)}`))
      .parse(['--days', 'none'], { from: 'user' })
  }
}
JS
echo "commander $(node -p "require('./node_modules/commander/package.json').version"), node $(node --version)"
output=$(node ask.mjs)
echo "$output"
expected='--days <days>: the parser gives null, the command gets ""
--days <days>: the parser gives undefined, the command gets ""
--days <days>: the parser gives 0, the command gets 0
--days <days>: the parser gives false, the command gets false
--days [days]: the parser gives null, the command gets true
--days [days]: the parser gives undefined, the command gets true
--days [days]: the parser gives 0, the command gets 0
--days [days]: the parser gives false, the command gets false'
if [ "$output" != "$expected" ]; then
  echo "This has changed. It was:" && echo "$expected"
  exit 1
fi
