import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Of a field: two numbers, each with an extension and a remark. */
export const maxPhoneLength = 100
/** Of a text that numbers are looked for in. */
const maxTextLength = 1_000

/** Why a text is refused in which no number is found. */
export const phoneFault = 'Must be a whole telephone number, such as 020 7946 0018'

/** British numbers reserved for drama (Ofcom): the library treats some of them as invalid. */
const fictional =
  /^\+44(?:11[3-8]4960|1[2-6]14960|1914980|2079460|2896496|2920180|1632960|7700900|8081570|9098790|3069990)\d{3}$/

/** What cannot stand inside a number: words, and marks between two of them. */
const between = /[^\d\s.()+\p{Pd}/]+|[\n\r]+/u
/** Dialled before a number for Relay UK, which types for deaf people what is said (18000 to 18002). */
const relay = /^\D*1800[0-2](?=\D*\d)/
/** With digits of its own, such as hours: `(9-5)`. */
const remark = /\([^()]*\)\s*$/
/** With a prefix that it is dialled with; E.164 allows 15 digits. */
const maxDigits = 20
/** As if every digit of two numbers stood alone. */
const maxGroups = 2 * maxDigits

/** E.164; numbers without a country code are British. Undefined if it is not valid. */
function readOne(text: string): string | undefined {
  if (text.replace(/\D/g, '').length > maxDigits) return undefined
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: 'GB', extract: false })
  if (!parsed) return undefined
  return parsed.isValid() || fictional.test(parsed.number) ? parsed.number : undefined
}

/** The numbers that use up every digit of the text, one after another; undefined if there are none. */
function readAll(text: string): string[] | undefined {
  const groups = [...text.matchAll(/\+?\d+/g)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  )
  if (groups.length === 0 || groups.length > maxGroups) return undefined
  /** By group: the numbers from there to the end. */
  const rest: (string[] | undefined)[] = [...groups.map(() => undefined), []]
  for (let first = groups.length - 1; first >= 0; first--) {
    for (let next = groups.length; next > first && !rest[first]; next--) {
      const following = rest[next]
      const number = following && readOne(text.slice(groups[first]?.[0], groups[next - 1]?.[1]))
      if (number) rest[first] = [number, ...following]
    }
  }
  return rest[0]
}

/** A slash stands inside a number as well as between two. */
function readPart(text: string): string[] {
  const number = text.replace(relay, '')
  return (
    readAll(number) ??
    readAll(number.replace(remark, '')) ??
    number.split('/').flatMap((piece) => readAll(piece.replace(relay, '')) ?? [])
  )
}

/**
 * The telephone numbers in what somebody wrote, in E.164 and each once: `0117 496 0123 ext 4 or 07700 900123 (day)` has two.
 * Extensions, remarks and the prefixes of Relay UK are left out. Numbers without a country code are British.
 */
export function readPhones(text: string): string[] {
  if (text.length > maxTextLength) return []
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '')
  return [...new Set(plain.split(between).flatMap(readPart))]
}
