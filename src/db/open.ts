import type { Clock } from '../lib/clock'
import { withSnapshot as checkPostgres } from './postgres/check'
import { lockDatabase } from './postgres/locks'
import * as postgres from './postgres/open'
import { withSnapshot as checkSqlite } from './sqlite/check'
import { lockDirectory } from './sqlite/lock'
import * as sqlite from './sqlite/open'
import type { Lock, LockMode, MigrationResult, MigrationStatus, Snapshot, Store, StorePlace } from './store'

/** Makes a store where there never was one; an existing one is left as it is, for `migrate` or `serve` to update. */
export async function createStore(place: StorePlace, clock: Clock): Promise<MigrationResult> {
  return place.databaseUrl === null
    ? sqlite.createStore(place.data, clock)
    : postgres.createStore(place, clock)
}

/**
 * Applies pending migrations, all or nothing. If several copies start at the same time, one of them does. Throws if there is no
 * store.
 */
export async function migrateStore(place: StorePlace, clock: Clock): Promise<MigrationResult> {
  return place.databaseUrl === null
    ? sqlite.migrateStore(place.data, clock)
    : postgres.migrateStore(place, clock)
}

/** For servers: makes a missing store, updates an older one. */
export async function prepareStore(place: StorePlace, clock: Clock): Promise<MigrationResult> {
  const made = await createStore(place, clock)
  return made.applied.length > 0 ? made : migrateStore(place, clock)
}

/** Throws if the store is gone from where it was. */
export async function hasStore(place: StorePlace): Promise<boolean> {
  return place.databaseUrl === null ? sqlite.hasStore(place.data) : postgres.hasStore(place)
}

/** Changes nothing. */
export async function readMigrationStatus(place: StorePlace): Promise<MigrationStatus[]> {
  return place.databaseUrl === null
    ? sqlite.readMigrationStatus(place.data)
    : postgres.readMigrationStatus(place)
}

/** Throws if a migration is pending. */
export async function openStore(place: StorePlace, clock: Clock): Promise<Store> {
  return place.databaseUrl === null ? sqlite.openStore(place.data, clock) : postgres.openStore(place)
}

/** Reads a consistent state of a store, even one that is too damaged to be opened. */
export function readSnapshot<T>(place: StorePlace, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return place.databaseUrl === null
    ? checkSqlite(sqlite.storeFile(place.data), work)
    : checkPostgres(place.databaseUrl, work)
}

/** Locks the store for this process; the lock ends with the process, however that ends. */
export async function lockStore(place: StorePlace, mode: LockMode): Promise<Lock> {
  return place.databaseUrl === null ? lockDirectory(place.data, mode) : lockDatabase(place, mode)
}
