import { type DurationsOf, summarise } from './durations'
import { type Ranking, relevance } from './relevance'

/** Computed on the slow-read thread, so that only the result is passed on and not every row. */
export type Digest = ({ kind: 'relevance' } & Ranking) | ({ kind: 'durations' } & DurationsOf)

/** For `relevance`: rows of key and texts become keys, most relevant first. For `durations`: see `summarise`. */
export function digestRows(rows: readonly unknown[][], digest: Digest): unknown[][] {
  if (digest.kind === 'relevance') return ranked(rows, digest)
  return summarise(rows, digest).map(({ group, kind, durations }) => [group, kind, durations])
}

/** Equally relevant rows keep their order. */
function ranked(rows: readonly unknown[][], ranking: Ranking): unknown[][] {
  const weigh = relevance(ranking)
  return rows
    .map(([key, ...texts]) => ({ key, weight: weigh(texts) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ key }) => [key])
}
