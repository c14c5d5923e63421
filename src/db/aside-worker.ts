// A thread of its own for long reads: SQLite cannot be interrupted, and on the main thread it would stop every client.
import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { type Ranking, relevance } from '../lib/relevance'
import { openConnection } from './sqlite'

export type AsideQuery = {
  number: number
  path: string
  sql: string
  params: SQLQueryBindings[]
  /** Where it is given, rows are a key and texts: the keys come back, the most relevant first. */
  ranking: Ranking | null
}
export type AsideAnswer = { number: number } & ({ rows: unknown[][] } | { fault: string })

declare const self: Worker

let connection: Database | undefined

self.onmessage = ({ data }: MessageEvent<AsideQuery>) => {
  const { number, path, sql, params, ranking } = data
  try {
    connection ??= openConnection(path, 'reader')
    const rows = connection.query(sql).values(...params)
    self.postMessage({ number, rows: ranking === null ? rows : ranked(rows, ranking) } satisfies AsideAnswer)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    self.postMessage({ number, fault } satisfies AsideAnswer)
  }
}

/** Equally relevant rows stay in their order. */
function ranked(rows: unknown[][], ranking: Ranking): unknown[][] {
  const weigh = relevance(ranking)
  return rows
    .map(([key, ...texts]) => ({ key, weight: weigh(texts) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ key }) => [key])
}
