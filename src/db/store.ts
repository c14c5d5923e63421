import type { SQL } from 'drizzle-orm'
import type { Config } from '../config'
import type { Digest } from '../lib/digest'
import type { Windows } from '../lib/fixed-window'
import type { Db } from './dialect'
import type { EngineName, IndexEntry } from './engine'

/** Where a council's data is kept: in a directory, or on a PostgreSQL server. */
export type StorePlace = Pick<Config, 'data' | 'databaseUrl' | 'databasePool'>

/** Work done inside a transaction. It may await nothing slower than a query. */
export type WriteJob<T> = (tx: Db) => Promise<T>

/** Long reads queue behind others of their lane: people wait for a search, and must not wait for a report first. */
export type SlowReadLane = 'searches' | 'reports'

/** Runs a query that may take long on a thread of its own, with its digest; rows as lists of values. */
export type SlowRead = (query: SQL, digest?: Digest | null, lane?: SlowReadLane) => Promise<unknown[][]>

/** A council's data, open. Reads see what is committed; changes go through `write`. */
export type Store = {
  engine: EngineName
  read: Db
  write<T>(job: WriteJob<T>): Promise<T>
  slowRead: SlowRead
  /** Runs the work on the store as it is at one moment, whatever is written meanwhile. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** Whether this copy of Reeve is the one that does what is to be done once. */
  leads(): Promise<boolean>
  /** Limits that are counted together with other copies of Reeve; null where there are none. */
  windows: ((name: string, windowMs: number) => Windows) | null
  /** Commits made since the store was opened. */
  commits(): number
  /** Throws where the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** What is known of a row that a search index must hold. */
export type IndexedRow = IndexEntry & { position: number }

/** A store as it is at one moment; each finds what the engine itself can tell to be wrong. */
export type Snapshot = {
  db: Db
  /** What is wrong with how the engine keeps its tables and indexes. */
  integrityFaults(): Promise<string[]>
  /** Rows that refer to what is not there. */
  foreignKeyFaults(): Promise<string[]>
  /** Where a full-text index differs from one made anew of these rows, which come in parts. */
  searchFaults(index: string, rows: AsyncIterable<readonly IndexedRow[]>): Promise<string[]>
}

/** Held by a process for as long as it works on the store. */
export type Lock = { release(): Promise<void> }

/** Whether others may serve the same store meanwhile. */
export type LockMode = 'serve' | 'alone'

export type MigrationStatus = { name: string; appliedAt: Date | null }

/** What was applied, and where the store was copied to before. */
export type MigrationResult = { applied: string[]; backup: string | null }
