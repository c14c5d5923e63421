import type { Actor } from '../../core/ctx'
import { pendingWords, publicTags, resolutionWords } from '../cases/one/words'
import { nationNames, wordsOf } from '../words'

export const actorLabels: Record<Actor['type'], string> = {
  key: 'API key',
  user: 'Dashboard',
  cli: 'Command line',
  system: 'Reeve itself',
  public: 'Somebody without a key',
}

/** Old entries may hold a code that has no label any more; it is shown as it is. */
export const labelOf = (labels: Record<string, string>, code: string): string =>
  Object.hasOwn(labels, code) ? (labels[code] as string) : wordsOf(code.replaceAll('.', ' '))

/** What stands in place of an id in entries about many things at once, or about something unknown. */
export const lists: Record<string, string> = {
  export: 'A list, as a file',
  search: 'A search',
  unknown: 'Unknown',
}

/** `requireSecondFactor` as people read it: `Require second factor`. */
export const fieldLabel = (name: string): string =>
  wordsOf(
    name
      .replace(/(?<=.)Ids?$/, (end) => (end === 'Ids' ? 's' : ''))
      .replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )

/** Fields whose values are our own codes. */
const codes: Record<string, Record<string, string>> = {
  dayType: {},
  nation: nationNames,
  pendingReason: pendingWords,
  plan: {},
  priority: {},
  publicState: Object.fromEntries(Object.entries(publicTags).map(([code, { text }]) => [code, text])),
  purpose: {},
  resolution: resolutionWords,
  role: {},
  sourceChannel: {},
  status: {},
  targetDayType: {},
  tier: {},
  type: {},
  visibility: {},
}

/** The value of a field, in words if it is a code. */
export const codeWords = (field: string, value: string): string =>
  Object.hasOwn(codes, field) ? labelOf(codes[field] as Record<string, string>, value) : value
