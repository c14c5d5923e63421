import type { Clock } from '../lib/clock'
import { lockDatabase } from './postgres/locks'
import * as postgres from './postgres/open'
import * as sqlite from './sqlite/open'
import type { Lock, LockMode, MigrationResult, MigrationStatus, Store, StorePlace } from './store'

/** Applies pending migrations, all or nothing; of several copies that start at once, one does. */
export async function migrateStore(place: StorePlace, clock: Clock): Promise<MigrationResult> {
  return place.databaseUrl === null
    ? sqlite.migrateStore(place.data, clock)
    : postgres.migrateStore(place, clock)
}

/** Makes the store where there is none; one that is there is left as it is, for `migrate` or `serve` to bring up. */
export async function ensureStore(place: StorePlace, clock: Clock): Promise<void> {
  return place.databaseUrl === null
    ? sqlite.ensureStore(place.data, clock)
    : postgres.ensureStore(place, clock)
}

/** The state of each migration, without changing anything. */
export async function readMigrationStatus(place: StorePlace): Promise<MigrationStatus[]> {
  return place.databaseUrl === null
    ? sqlite.readMigrationStatus(place.data)
    : postgres.readMigrationStatus(place)
}

/** Opens a store whose migrations are all applied. */
export async function openStore(place: StorePlace, clock: Clock): Promise<Store> {
  return place.databaseUrl === null ? sqlite.openStore(place.data, clock) : postgres.openStore(place)
}

/** Holds the store for this process; the lock goes with the process, however it ends. */
export async function lockStore(place: StorePlace, mode: LockMode): Promise<Lock> {
  return place.databaseUrl === null ? sqlite.lockDirectory(place.data) : lockDatabase(place, mode)
}
