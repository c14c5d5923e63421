#!/usr/bin/env bash
# Guess: of two British numbers with a comma between them both are found, and the prefixes of Relay UK are treated alike:
#        both kept, both dropped or both refused.
# Truth: libphonenumber-js 1.13.16 takes the digits after a comma or a semicolon for an extension, which phones dial after a
#        pause: one number is found, valid, with the extension 07700 or 020, and the rest of the second is lost. With "or" or
#        a line break between them both are found. 18002 before a number (dialled by those who speak, to a textphone) is
#        dropped, as `180020` is among the prefixes of its metadata for GB; 18001 (dialled by those who type) makes the same
#        number invalid. /min and /max agree. The remedy is to split at such marks and to strip the prefixes beforehand.
# Source: createExtensionPattern.js and the metadata of libphonenumber-js ("0|180020"), both from Google's libphonenumber;
#        BT's price list, section 2, part 23, for 18001 and 18002. The numbers are those that Ofcom reserves for drama.
# Node and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json << 'JSON'
{ "private": true, "type": "module", "dependencies": { "libphonenumber-js": "1.13.16" } }
JSON
npm install --no-audit --no-fund --loglevel=error > /dev/null

cat > ask.mjs << 'JS'
const { findPhoneNumbersInText, parsePhoneNumberFromString } = await import(`libphonenumber-js/${process.argv[2]}`)

const shown = (number) => `${number.number}${number.ext ? ` ext ${number.ext}` : ''}${number.isValid() ? '' : ', invalid'}`
const texts = ['0117 496 0123, 07700 900123', ...[', ', '; ', ' or ', '\n'].map((mark) => `0117 496 0123${mark}020 7946 0018`)]
for (const text of texts) {
  const found = findPhoneNumbersInText(text, 'GB').map(({ number }) => shown(number))
  console.log(`find ${JSON.stringify(text)}: ${found.join(' and ')}`)
}
for (const prefix of ['', '18001 ', '18002 ']) {
  const text = `${prefix}0117 496 0123`
  console.log(`parse "${text}": ${shown(parsePhoneNumberFromString(text, 'GB'))}`)
}
JS
echo "libphonenumber-js $(node -p "require('./node_modules/libphonenumber-js/package.json').version"), node $(node --version)"
expected='find "0117 496 0123, 07700 900123": +441174960123 ext 07700
find "0117 496 0123, 020 7946 0018": +441174960123 ext 020
find "0117 496 0123; 020 7946 0018": +441174960123 ext 020
find "0117 496 0123 or 020 7946 0018": +441174960123 and +442079460018
find "0117 496 0123\n020 7946 0018": +441174960123 and +442079460018
parse "0117 496 0123": +441174960123
parse "18001 0117 496 0123": +441800101174960123, invalid
parse "18002 0117 496 0123": +441174960123'
for metadata in min max; do
  output=$(node ask.mjs "$metadata")
  echo "/$metadata" && echo "$output"
  if [ "$output" != "$expected" ]; then
    echo "This has changed. It was:" && echo "$expected"
    exit 1
  fi
done
