import type { Database } from 'bun:sqlite'
import { AppError } from '../../lib/errors'
import {
  type AppliedMigration,
  hashOf,
  type Migration,
  pendingOf,
  statementsOf,
  statusOf,
} from '../migrations'
import type { MigrationStatus } from '../store'
import { withLargeCache } from './connection'
import { migrations as released } from './migrations'

type Options = { migrations?: readonly Migration[] | undefined; now: () => Date }

const bookkeeping = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY, hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`

function appliedRows(database: Database): AppliedMigration[] {
  const exists = database.query("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").get()
  if (!exists) return []
  return database
    .query('SELECT name, hash, applied_at FROM schema_migrations ORDER BY name')
    .all() as AppliedMigration[]
}

export const migrationStatus = (
  database: Database,
  migrations: readonly Migration[] = released,
): MigrationStatus[] => statusOf(appliedRows(database), migrations)

/**
 * Applies pending migrations in one transaction and returns their names. Foreign keys are off meanwhile (a rebuilt table would
 * otherwise delete its children) and checked before the commit. Throws if a table loses rows.
 */
export function migrate(database: Database, { migrations = released, now }: Options): string[] {
  database.run('PRAGMA foreign_keys = OFF')
  try {
    database.run('BEGIN EXCLUSIVE')
    const pending = pendingOf(migrationStatus(database, migrations), migrations)
    const before = countRows(database)
    database.run(bookkeeping)
    for (const migration of pending) {
      withLargeCache(database, () => {
        for (const statement of statementsOf(migration)) database.run(statement)
      })
      database
        .query('INSERT INTO schema_migrations (name, hash, applied_at) VALUES (?, ?, ?)')
        .run(migration.name, hashOf(migration), now().getTime())
    }
    assertSound(database, before)
    database.run('COMMIT')
    return pending.map(({ name }) => name)
  } catch (error) {
    if (database.inTransaction) database.run('ROLLBACK')
    throw error
  } finally {
    database.run('PRAGMA foreign_keys = ON')
  }
}

function countRows(database: Database): Map<string, number> {
  const tables = database
    .query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[]
  return new Map(
    tables.map(({ name }) => {
      const row = database.query(`SELECT count(*) AS rows FROM "${name}"`).get() as { rows: number }
      return [name, row.rows]
    }),
  )
}

function assertSound(database: Database, before: Map<string, number>): void {
  const orphans = database.query('PRAGMA foreign_key_check').all() as { table: string }[]
  if (orphans.length > 0) {
    throw new AppError(
      'internal',
      `The migration would leave ${orphans.length} rows that refer to missing rows`,
    )
  }
  const after = countRows(database)
  for (const [name, rows] of before) {
    const left = after.get(name)
    if (name !== 'schema_migrations' && left !== undefined && left < rows) {
      throw new AppError('internal', `The migration would lose ${rows - left} of ${rows} rows of ${name}`)
    }
  }
}
