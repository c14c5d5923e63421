import { type DurationsOf, summarise } from './durations'
import { type Ranking, relevance } from './relevance'

/** What is made of the rows of a long read where it is run, so that only the outcome is handed on. */
export type Digest = ({ kind: 'relevance' } & Ranking) | ({ kind: 'durations' } & DurationsOf)

/** Rows of a key and texts as keys, the most relevant first; or rows of starts and ends as durations by group. */
export function digestRows(rows: readonly unknown[][], digest: Digest): unknown[][] {
  if (digest.kind === 'relevance') return ranked(rows, digest)
  return summarise(rows, digest).map(({ group, kind, durations }) => [group, kind, durations])
}

/** Equally relevant rows stay in their order. */
function ranked(rows: readonly unknown[][], ranking: Ranking): unknown[][] {
  const weigh = relevance(ranking)
  return rows
    .map(([key, ...texts]) => ({ key, weight: weigh(texts) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ key }) => [key])
}
