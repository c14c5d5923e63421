// A thread of its own for long reads: SQLite cannot be interrupted, and to rank many texts takes its time with any engine.
// On the main thread they would stop every client.
import { type Ranking, relevance } from '../lib/relevance'
import { codesOf, storeFault } from './faults'
import * as postgres from './postgres/aside'
import * as sqlite from './sqlite/aside'

/** Where the thread reads: what each engine opens its own connection with. */
export type AsideSource = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }

/** Runs a query; rows as lists of values. */
export type AsideRows = (sql: string, params: unknown[]) => Promise<unknown[][]>

export type AsideQuery = {
  number: number
  source: AsideSource
  sql: string
  params: unknown[]
  /** Where it is given, rows are a key and texts: the keys come back, the most relevant first. */
  ranking: Ranking | null
}
export type AsideAnswer = { number: number } & ({ rows: unknown[][] } | Failure)

/** `outage` says what it means where the store itself is at fault. */
type Failure = { fault: string; outage: string | undefined }

declare const self: Worker

let rowsOf: AsideRows | undefined

self.onmessage = async ({ data }: MessageEvent<AsideQuery>) => {
  const { number, source, sql, params, ranking } = data
  try {
    rowsOf ??= source.engine === 'sqlite' ? sqlite.asideRows(source.path) : postgres.asideRows(source.url)
    const rows = await rowsOf(sql, params)
    self.postMessage({ number, rows: ranking === null ? rows : ranked(rows, ranking) } satisfies AsideAnswer)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    // That a read may not write is no fault of the store.
    const isOurs = codesOf(error).some((code) => /^(SQLITE_READONLY|25006)/.test(code))
    const outage = isOurs ? undefined : storeFault(error)
    self.postMessage({ number, fault, outage } satisfies AsideAnswer)
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
