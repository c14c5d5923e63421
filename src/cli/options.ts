import { InvalidArgumentError } from 'commander'
import { scopes } from '../core/scopes'
import { isCouncilSlug, isOrigin } from '../core/tenants/service'
import { parseCidr } from '../lib/address'
import { normalizeEmail } from '../lib/contact-details'
import { AppError } from '../lib/errors'
import { commaSeparated } from '../lib/setting'
import { parseDuration } from '../lib/time'
import { readDate, readDateTime } from '../lib/typed-date'

// What may be typed as a value of an option or an argument, and what is said of anything else, with exit code 2.

/** The reader of a value; commander puts the option and what was typed before the sentence. */
const reader =
  <T>(read: (text: string) => T | undefined, allowed: string) =>
  (text: string): T => {
    const value = read(text)
    if (value === undefined) throw new InvalidArgumentError(allowed)
    return value
  }

/** Wrong use that shows only when the council is known. */
export const wrongUse = (message: string) => new AppError('bad_request', message, { faults: [message] })

const keep = (isAllowed: (text: string) => boolean) => (text: string) => (isAllowed(text) ? text : undefined)

function numberIn(text: string, least: number, most: number): number | undefined {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined
}

export const wholeNumber = (least: number, most: number) =>
  reader((text) => numberIn(text, least, most), `Give a whole number from ${least} to ${most}.`)

/** `none` as such: commander gives an action the empty text for a null. */
export const wholeNumberOrNone = (least: number, most: number) =>
  reader(
    (given) => (given === 'none' ? given : numberIn(given, least, most)),
    `Give a whole number from ${least} to ${most}, or none.`,
  )

export const text = reader(
  keep((given) => given.trim() !== ''),
  'It must not be empty.',
)

export const shortName = reader(
  keep(isCouncilSlug),
  'Give lower-case letters, digits and hyphens between them, such as bristol.',
)

export const emailAddress = reader(
  keep((given) => normalizeEmail(given) !== undefined),
  'Give an e-mail address, such as ada@example.gov.uk.',
)

export const webOrigin = reader(keep(isOrigin), 'Give a web origin, such as https://www.example.gov.uk.')

export const serverAddress = reader(
  keep((given) => /^https?:$/.test(URL.parse(given)?.protocol ?? '')),
  'Give an address, such as http://127.0.0.1:3000.',
)

/** In milliseconds. */
export const duration = (mostMs: number, most: string) =>
  reader((given) => {
    const ms = parseDuration(given)
    return ms !== undefined && ms <= mostMs ? ms : undefined
  }, `Give a duration such as 30m, 24h or 7d, up to ${most}; 0s is none.`)

/** As typed: only the council says in which time zone a date begins. */
export const expiry = reader(
  keep((given) => parseDuration(given) !== undefined || readDateTime(given, 'UTC').value !== undefined),
  'Give a duration such as 90d, 12h or 30m, a date such as 2027-03-31, or a time such as 2027-03-31T17:00:00Z.',
)

const dateOf = (given: string) => readDate(given).value
const dateRule = 'Give a date, such as 2026-12-24.'

/** As `YYYY-MM-DD`. */
export const date = reader(dateOf, dateRule)

/** For options that may be repeated, and may hold several values separated by commas. */
export const listed = (given: string, before: readonly string[] = []): string[] => [
  ...new Set([...before, ...commaSeparated(given)]),
]

/** The same, where each value must be readable; `rule` says what is of the first that is not. */
const listOf =
  (read: (value: string) => string | undefined, rule: (bad: string) => string) =>
  (given: string, before: readonly string[] = []): string[] => {
    const values = listed(given).map((typed) => {
      const value = read(typed)
      if (value === undefined) throw new InvalidArgumentError(rule(typed))
      return value
    })
    if (values.length === 0) throw new InvalidArgumentError(rule(given))
    return [...new Set([...before, ...values])]
  }

/** As `YYYY-MM-DD`. */
export const dates = listOf(dateOf, () => dateRule)

export const addressRanges = listOf(
  keep((range) => parseCidr(range) !== undefined),
  (bad) => `"${bad}" is no address; give addresses or ranges such as 198.51.100.7,2001:db8:42::/48.`,
)

const knownScopes: readonly string[] = [...scopes, 'all']

export const scopeNames = listOf(
  keep((name) => knownScopes.includes(name)),
  (bad) => `"${bad}" is not a scope; the scopes are ${scopes.join(', ')}, or all.`,
)

export type DayOff = { date: string; name: string }

/** `2026-12-24=Christmas closure`, several of them separated by commas; a name may have commas too. */
export function daysOff(given: string, before: readonly DayOff[] = []): DayOff[] {
  const days = [...before]
  for (const part of given.split(',')) {
    const [typed = '', ...name] = part.split('=')
    const day = dateOf(typed)
    const last = days.at(-1)
    if (day !== undefined) days.push({ date: day, name: name.join('=').trim() || 'Day off' })
    else if (days.length > before.length && last && !isMeantAsDay(part)) {
      days[days.length - 1] = { ...last, name: `${last.name},${part}`.trimEnd() }
    } else throw new InvalidArgumentError('Give a date and its name, such as 2026-12-24="Christmas closure".')
  }
  return days
}

const isMeantAsDay = (part: string) => part.includes('=') || /^[\d\s./-]+$/.test(part)
