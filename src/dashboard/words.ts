import type { Nation } from '../lib/bank-holidays'
import type { DayType } from '../lib/workdays'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, ...options })
    formats.set(key, format)
  }
  return format
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const
const time = { hour: 'numeric', minute: '2-digit', hour12: true } as const

/** `13 March 2026 at 9:30am`; empty for null. */
export function formatInstant(instant: Date | string | null, timeZone: string): string {
  if (instant === null) return ''
  const date = new Date(instant)
  const clock = formatIn(timeZone, time).format(date).replace(/\s/g, '').toLowerCase()
  return `${formatIn(timeZone, day).format(date)} at ${clock}`
}

/** `13 March 2026`; empty for null. */
export const formatDay = (instant: Date | string | null, timeZone: string): string =>
  instant === null ? '' : formatIn(timeZone, day).format(new Date(instant))

/** Codes that would be hard to read with only their underscores taken out. */
const betterWords: Record<string, string> = {
  api: 'API',
  email: 'E-mail',
  open311: 'Open311',
  phone: 'Telephone',
  social: 'Social media',
  web: 'Website',
}

/** `In progress` for `in_progress`. */
export function wordsOf(value: string): string {
  const better = betterWords[value]
  if (better !== undefined) return better
  const words = value.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `1 case`, `20 cases`. */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

/** For administrators, who need it for links and for whoever runs the server. */
export const councilIsCalled = ({ slug }: { slug: string }): string =>
  `In web addresses and commands the council is called ${slug}.`

export const councilInCommands = (council: { slug: string }): string =>
  `${councilIsCalled(council)} For example: reeve user list --tenant ${council.slug}`

export const nationNames: Record<Nation, string> = {
  england_wales: 'England and Wales',
  scotland: 'Scotland',
  northern_ireland: 'Northern Ireland',
}

export const dayTypeOptions: { value: DayType; text: string }[] = [
  { value: 'working', text: 'Working days' },
  { value: 'calendar', text: 'Calendar days' },
]
