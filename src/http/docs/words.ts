import type { Json } from './types'
import { caseSamples } from './words/cases'
import { councilSamples } from './words/council'
import { publicSamples } from './words/public'
import { publishingSamples } from './words/publishing'
import { reportSamples } from './words/reports'
import { webhookSamples } from './words/webhooks'

export { parameterWords } from './words/parameters'

/**
 * What fields hold in examples: by operation, by the object or field that holds them, or by their name alone; and what
 * stands in paths. What is not here comes from the schema's own examples, defaults and words.
 */
export const sampleValues: Record<string, Json> = {
  ...caseSamples,
  ...councilSamples,
  ...publishingSamples,
  ...reportSamples,
  ...publicSamples,
  ...webhookSamples,
  'path.tenant': 'bristol',
  'path.reference': 'CW-2026-0042',
}
