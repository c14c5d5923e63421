import type { SQL } from 'bun'
import type { Clock } from '../../lib/clock'
import { AppError } from '../../lib/errors'
import { codesOf, toAppError } from '../faults'
import { assertCurrent } from '../migrations'
import { SlowReads } from '../slow-reads'
import type { MigrationResult, MigrationStatus, Store, StorePlace } from '../store'
import { withSnapshot } from './check'
import { addressOf, openPool, rowsOf } from './connection'
import { databaseOn } from './engine'
import { Leadership } from './locks'
import { migrate, migrationStatus } from './migrate'
import type { Rows } from './session'
import { sharedWindows } from './windows'
import { PostgresWriter } from './writer'

/** In milliseconds. `lock_timeout` is how long a change waits for another of the same council. */
const readSettings = { default_transaction_read_only: 'on', statement_timeout: '10000' }
const writeSettings = {
  statement_timeout: '15000',
  lock_timeout: '10000',
  idle_in_transaction_session_timeout: '60000',
}

/** Longer than any statement may run on the server: by then the server is cut off. */
const silentMs = 20_000

async function withConnection<T>(place: StorePlace, work: (pool: SQL) => Promise<T>): Promise<T> {
  const pool = openPool(addressOf(place), { max: 1 })
  try {
    await assertWritable(pool)
    return await work(pool)
  } catch (error) {
    throw toAppError(error)
  } finally {
    await pool.close()
  }
}

async function assertWritable(pool: SQL): Promise<void> {
  const [[isReplica]] = (await rowsOf(pool)('select pg_is_in_recovery()', [])) as [[boolean]]
  if (isReplica) {
    throw new AppError(
      'unavailable',
      'The database server is a read-only replica: use the address of the primary server',
    )
  }
}

const isMissing = (status: readonly MigrationStatus[]) => status.every(({ appliedAt }) => appliedAt === null)

export const hasStore = async (place: StorePlace): Promise<boolean> =>
  !isMissing(await readMigrationStatus(place))

export const createStore = (place: StorePlace, clock: Clock): Promise<MigrationResult> =>
  withConnection(place, async (pool) => {
    const isNew = isMissing(await migrationStatus(pool))
    return { applied: isNew ? await migrate(pool, clock.now) : [], backup: null }
  })

export const migrateStore = (place: StorePlace, clock: Clock): Promise<MigrationResult> =>
  withConnection(place, async (pool) => {
    if (isMissing(await migrationStatus(pool))) throw missing()
    return { applied: await migrate(pool, clock.now), backup: null }
  })

const missing = () =>
  new AppError(
    'not_found',
    'There is no store in the database: "reeve serve" or "reeve tenant create" makes one',
  )

export const readMigrationStatus = (place: StorePlace): Promise<MigrationStatus[]> =>
  withConnection(place, (pool) => migrationStatus(pool))

export async function openStore(place: StorePlace): Promise<Store> {
  const url = addressOf(place)
  const status = await readMigrationStatus(place)
  if (isMissing(status)) throw missing()
  assertCurrent(status)
  const reader = openPool(url, { max: place.databasePool, settings: readSettings })
  const writer = new PostgresWriter(
    openPool(url, { max: place.databasePool, settings: writeSettings }),
    place.databasePool,
    silentMs,
  )
  // Rate limits need not be on disk before the answer.
  const counter = openPool(url, {
    max: place.databasePool,
    settings: { ...writeSettings, synchronous_commit: 'off' },
  })
  const rows = retrying(rowsOf(reader, silentMs))
  const read = databaseOn(rows)
  const slowReads = new SlowReads(read, { engine: 'postgres', url })
  const leadership = new Leadership(url)
  return {
    engine: 'postgres',
    read,
    write: (job) => writer.write(job),
    slowRead: slowReads.read,
    snapshot: (work) => withSnapshot(url, work),
    leads: () => leadership.leads(),
    windows: (name, windowMs) => sharedWindows(counter, name, windowMs),
    commits: () => writer.commits,
    ping: async () => {
      await rows('select 1', []).catch((error) => {
        throw toAppError(error)
      })
    },
    // The server checks what it reads itself.
    quickCheck: async () => [],
    refuseChanges: () => {},
    close: async () => {
      await slowReads.close()
      await leadership.close()
      await writer.close()
      await counter.close()
      await reader.close()
    },
  }
}

const maxTries = 3

/** A lost idle connection is noticed only by the next query: reads are then repeated on another one. */
const retrying =
  (rows: Rows): Rows =>
  async (statement, params) => {
    for (let left = maxTries - 1; ; left--) {
      try {
        return await rows(statement, params)
      } catch (error) {
        const isLost = codesOf(error).some((code) => /^(57P01|ERR_POSTGRES_CONNECTION_CLOSED)$/.test(code))
        if (!isLost || left === 0) throw error
      }
    }
  }
