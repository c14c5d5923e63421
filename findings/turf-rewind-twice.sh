#!/usr/bin/env bash
# Guess: rewinding is done once: what `rewind` returns, it returns again unchanged.
# Truth: @turf/rewind 7.4.0 reverses a hole without area at each call and, with `reverse`, an outer ring without area. A ring
#        without area counts as not clockwise whichever way round it is written, and a hole is reversed unless it is
#        clockwise. Rounding the coordinates of a narrow hole leaves such rings, and a figure of eight can be one. Whoever
#        stores what it returns and compares it later sees a change where there was none. The remedy is to remove such
#        holes first.
# Source: the index.ts of @turf/rewind and of @turf/boolean-clockwise (`sum > 0`); RFC 7946, section 3.1.6, asks of a ring
#        four positions and no area.
# Node and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json << 'JSON'
{ "private": true, "type": "module", "dependencies": { "@turf/rewind": "7.4.0" } }
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null

cat > ask.mjs << 'JS'
import { rewind } from '@turf/rewind'

const square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
const flat = [[1, 1], [2, 2], [3, 3], [1, 1]]
const polygons = {
  'a hole with area': [square, [[1, 1], [2, 1], [2, 2], [1, 1]]],
  'a hole without area': [square, flat],
  'a hole that is a figure of eight': [square, [[1, 1], [3, 1], [1, 2], [3, 2], [1, 1]]],
  'an outer ring without area': [flat],
}
for (const reverse of [false, true]) {
  for (const [name, coordinates] of Object.entries(polygons)) {
    const once = rewind({ type: 'Polygon', coordinates }, { reverse })
    const twice = rewind(once, { reverse })
    const same = JSON.stringify(once) === JSON.stringify(twice)
    console.log(`${name}${reverse ? ', reverse' : ''}: ${same ? 'the same again' : 'reversed again'}`)
  }
}
JS
version=$(node -p "JSON.parse(require('fs').readFileSync('node_modules/@turf/rewind/package.json')).version")
echo "@turf/rewind $version, node $(node --version)"
output=$(node ask.mjs)
echo "$output"
expected='a hole with area: the same again
a hole without area: reversed again
a hole that is a figure of eight: reversed again
an outer ring without area: the same again
a hole with area, reverse: the same again
a hole without area, reverse: the same again
a hole that is a figure of eight, reverse: the same again
an outer ring without area, reverse: reversed again'
if [ "$output" != "$expected" ]; then
  echo "This has changed. It was:" && echo "$expected"
  exit 1
fi
