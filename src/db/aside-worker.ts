// A thread of its own for long reads: SQLite cannot be interrupted, and to make something of many rows takes its time with
// any engine.
// On the main thread they would stop every client.
import { type Digest, digested } from '../lib/digest'
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
  /** What is made of the rows; null where they are wanted as they are. */
  digest: Digest | null
}
export type AsideAnswer = { number: number } & ({ rows: unknown[][] } | Failure)

/** `outage` says what it means where the store itself is at fault. */
type Failure = { fault: string; outage: string | undefined }

declare const self: Worker

let rowsOf: AsideRows | undefined

self.onmessage = async ({ data }: MessageEvent<AsideQuery>) => {
  const { number, source, sql, params, digest } = data
  try {
    rowsOf ??= source.engine === 'sqlite' ? sqlite.asideRows(source.path) : postgres.asideRows(source.url)
    const rows = await rowsOf(sql, params)
    self.postMessage({ number, rows: digest === null ? rows : digested(rows, digest) } satisfies AsideAnswer)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    // That a read may not write is no fault of the store.
    const isOurs = codesOf(error).some((code) => /^(SQLITE_READONLY|25006)/.test(code))
    const outage = isOurs ? undefined : storeFault(error)
    self.postMessage({ number, fault, outage } satisfies AsideAnswer)
  }
}
