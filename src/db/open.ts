import type { Clock } from '../lib/clock'
import { lockDatabase } from './postgres/locks'
import * as postgres from './postgres/open'
import * as sqlite from './sqlite/open'
import type { Lock, LockMode, MigrationResult, MigrationStatus, Store, StorePlace } from './store'

/** Applies pending migrations, all or nothing. If several copies start at the same time, one of them does. */
export async function migrateStore(place: StorePlace, clock: Clock): Promise<MigrationResult> {
  return place.databaseUrl === null
    ? sqlite.migrateStore(place.data, clock)
    : postgres.migrateStore(place, clock)
}

/** Creates a missing store; an existing one is left as it is, for `migrate` or `serve` to update. */
export async function ensureStore(place: StorePlace, clock: Clock): Promise<void> {
  return place.databaseUrl === null
    ? sqlite.ensureStore(place.data, clock)
    : postgres.ensureStore(place, clock)
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

/** Locks the store for this process; the lock ends with the process, however that ends. */
export async function lockStore(place: StorePlace, mode: LockMode): Promise<Lock> {
  return place.databaseUrl === null ? sqlite.lockDirectory(place.data) : lockDatabase(place, mode)
}
