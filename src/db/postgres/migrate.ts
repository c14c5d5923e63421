import type { SQL } from 'bun'
import {
  type AppliedMigration,
  hashOf,
  type Migration,
  pendingOf,
  statementsOf,
  statusOf,
} from '../migrations'
import type { MigrationStatus } from '../store'
import { rowsOf } from './connection'
import { lockOf } from './locks'
import { migrations as released } from './migrations'

const bookkeeping =
  'create table if not exists schema_migrations (name text primary key, hash text not null, applied_at bigint not null)'

export async function migrationStatus(
  connection: SQL,
  migrations: readonly Migration[] = released,
): Promise<MigrationStatus[]> {
  const rows = rowsOf(connection)
  // Read as rows: `to_regclass` answers from a cache, which knows nothing of a table made while this waited for the lock.
  const visible = "select 1 from pg_class where relname = 'schema_migrations' and pg_table_is_visible(oid)"
  const [[exists]] = (await rows(`select exists (${visible})`, [])) as [[boolean]]
  const applied = exists
    ? await rows('select name, hash, applied_at from schema_migrations order by name', [])
    : []
  return statusOf(
    applied.map(([name, hash, applied_at]) => ({ name, hash, applied_at }) as AppliedMigration),
    migrations,
  )
}

/** Applies pending migrations in one transaction and returns their names. Copies that start at the same time wait here. */
export async function migrate(
  connection: SQL,
  now: () => Date,
  migrations: readonly Migration[] = released,
): Promise<string[]> {
  await connection.unsafe('begin')
  try {
    await connection.unsafe(`select pg_advisory_xact_lock(${lockOf('migrating')})`)
    const pending = pendingOf(await migrationStatus(connection, migrations), migrations)
    if (pending.length > 0) await connection.unsafe(bookkeeping)
    for (const migration of pending) {
      for (const statement of statementsOf(migration)) await connection.unsafe(statement)
      const row = [migration.name, hashOf(migration), now().getTime()]
      await connection.unsafe('insert into schema_migrations values ($1, $2, $3)', row)
    }
    await connection.unsafe('commit')
    return pending.map(({ name }) => name)
  } catch (error) {
    await connection.unsafe('rollback').catch(() => {})
    throw error
  }
}
