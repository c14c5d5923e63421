import type { Json } from '../types'
import { changed } from './ids'

const shownCase = {
  status: 'in_progress',
  highlighted: false,
  location: { latitude: 51.471, longitude: -2.571 },
  updatedAt: changed,
}

const samplesOf = (owner: string, values: Record<string, Json>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${owner}.${name}`, value]))

/** What everybody may read: cases, and how a resident's own stands. */
export const publicSamples: Record<string, Json> = {
  ...samplesOf('PublicCase', shownCase),
  ...samplesOf('PublicCaseWithTimeline', shownCase),
  ...samplesOf('PublicEntry', { at: changed, kind: 'status', status: 'in_progress', body: null }),
  ...samplesOf('TrackedCase', { reference: 'CW-2026-0042', status: 'in_progress', updatedAt: changed }),
}
