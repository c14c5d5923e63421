import type { SQL } from 'drizzle-orm'
import type { Config } from '../config'
import type { Digest } from '../lib/digest'
import type { Windows } from '../lib/fixed-window'
import type { Db } from './dialect'
import type { EngineName, IndexEntry } from './engine'

/** A data directory, or a PostgreSQL server if `databaseUrl` is set. */
export type StorePlace = Pick<Config, 'data' | 'databaseUrl' | 'databasePool'>

/** Runs inside a transaction, so it must not await anything slower than a query. */
export type WriteJob<T> = (tx: Db) => Promise<T>

/** Long reads queue behind others of their lane: people wait for a search, and must not wait for a report first. */
export type SlowReadLane = 'searches' | 'reports'

/** Runs a query that may take long on a thread of its own, with its digest; rows as lists of values. */
export type SlowRead = (query: SQL, digest?: Digest | null, lane?: SlowReadLane) => Promise<unknown[][]>

/** Reads see what is committed; changes go through `write`. */
export type Store = {
  engine: EngineName
  read: Db
  write<T>(job: WriteJob<T>): Promise<T>
  slowRead: SlowRead
  /** Reads a consistent state, whatever is written meanwhile. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** True on the one copy of Reeve that does jobs which must be done once. */
  leads(): Promise<boolean>
  /** Rate limits shared with other copies of Reeve; null if only one copy can run. */
  windows: ((name: string, windowMs: number) => Windows) | null
  /** Commits made since the store was opened. */
  commits(): number
  /** Throws if the store does not answer, has no room left or is known to be damaged. */
  ping(): Promise<void>
  /** Damaged tables or indexes, looked for while others use the store; a server of its own checks itself. */
  quickCheck(): Promise<string[]>
  /** From now on no change is made, for this reason; reads go on. */
  refuseChanges(cause: string): void
  close(): Promise<void>
}

export type IndexedRow = IndexEntry & { position: number }

/** A consistent state of the store, with the engine's own checks. */
export type Snapshot = {
  db: Db
  /** Runs reads that may fail; others can follow even if they do. */
  attempt<T>(reads: () => Promise<T>): Promise<T>
  /** Damaged tables or indexes. */
  integrityFaults(): Promise<string[]>
  /** Rows that refer to missing rows. */
  foreignKeyFaults(): Promise<string[]>
  /** Compares a full-text index with one rebuilt from the rows. */
  searchFaults(index: IndexedRows): Promise<string[]>
}

/** What a full-text index should hold after a position. */
export type IndexedRows = { name: string; after: number; rows: AsyncIterable<readonly IndexedRow[]> }

export type Lock = {
  /** What the last holder noted, if it ended without `release`; else null. */
  leftBehind: string | null
  /** For the next holder, in case this one is killed. */
  note(text: string): unknown
  release(): Promise<void>
}

/** `serve` may share the store with other servers, `alone` may not. */
export type LockMode = 'serve' | 'alone'

export type MigrationStatus = { name: string; appliedAt: Date | null }

/** `backup` is the path of the copy made before, null if there was none. */
export type MigrationResult = { applied: string[]; backup: string | null }
