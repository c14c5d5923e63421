// SQLite cannot be interrupted, and working through many rows takes time on any engine: on the main thread a long read
// would stop every client.
import { type Digest, digestRows } from '../lib/digest'
import { codesOf, storeFault } from './faults'
import * as postgres from './postgres/connection'
import * as sqlite from './sqlite/connection'

/** What the thread opens its own connection with. */
export type SlowReadSource = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }

/** Without a digest (`null`) the rows are returned as they are. */
export type SlowReadRequest = {
  number: number
  source: SlowReadSource
  sql: string
  params: unknown[]
  digest: Digest | null
}
export type SlowReadReply = { number: number } & ({ rows: unknown[][] } | Failure)

/** `outage` explains the fault when it lies with the store itself. */
type Failure = { fault: string; outage: string | undefined }

declare const self: Worker

let run: ((sql: string, params: unknown[]) => Promise<unknown[][]>) | undefined

const open = (source: SlowReadSource) =>
  source.engine === 'sqlite' ? sqlite.openSlowReader(source.path) : postgres.openSlowReader(source.url)

self.onmessage = async ({ data }: MessageEvent<SlowReadRequest>) => {
  const { number, source, sql, params, digest } = data
  try {
    run ??= open(source)
    const rows = await run(sql, params)
    self.postMessage({
      number,
      rows: digest === null ? rows : digestRows(rows, digest),
    } satisfies SlowReadReply)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    // A read that tries to write is our mistake, not a fault of the store.
    const isOurs = codesOf(error).some((code) => /^(SQLITE_READONLY|25006)/.test(code))
    const outage = isOurs ? undefined : storeFault(error)
    self.postMessage({ number, fault, outage } satisfies SlowReadReply)
  }
}
