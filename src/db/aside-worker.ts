// A thread of its own for long reads: SQLite cannot be interrupted, and on the main thread it would stop every client.
import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { openConnection } from './sqlite'

export type AsideQuery = { number: number; path: string; sql: string; params: SQLQueryBindings[] }
export type AsideAnswer = { number: number } & ({ rows: unknown[][] } | { fault: string })

declare const self: Worker

let connection: Database | undefined

self.onmessage = ({ data }: MessageEvent<AsideQuery>) => {
  const { number, path, sql, params } = data
  try {
    connection ??= openConnection(path, 'reader')
    self.postMessage({ number, rows: connection.query(sql).values(...params) } satisfies AsideAnswer)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    self.postMessage({ number, fault } satisfies AsideAnswer)
  }
}
