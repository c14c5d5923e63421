import type { Database } from 'bun:sqlite'
import { AppError } from '../lib/errors'
import { sha256 } from '../lib/hash'
import { type Migration, migrations as released } from './migrations'

export type MigrationStatus = { name: string; appliedAt: Date | null }

type Options = { migrations?: readonly Migration[] | undefined; now: () => Date }

type AppliedRow = { name: string; hash: string; applied_at: number }

const bookkeeping = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY, hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`

function appliedRows(database: Database): AppliedRow[] {
  const exists = database.query("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").get()
  if (!exists) return []
  return database
    .query('SELECT name, hash, applied_at FROM schema_migrations ORDER BY name')
    .all() as AppliedRow[]
}

/** Every migration this binary knows and when it was applied; throws where the store is newer or was altered. */
export function migrationStatus(
  database: Database,
  migrations: readonly Migration[] = released,
): MigrationStatus[] {
  const applied = new Map(appliedRows(database).map((row) => [row.name, row]))
  for (const row of applied.values()) {
    const known = migrations.find((migration) => migration.name === row.name)
    if (!known) {
      throw new AppError(
        'unavailable',
        `The store was made by a newer Reeve (migration ${row.name}); nothing was changed`,
      )
    }
    if (sha256(known.sql) !== row.hash) {
      throw new AppError(
        'unavailable',
        `Migration ${row.name} of the store differs from this Reeve's; nothing was changed`,
      )
    }
  }
  return migrations.map(({ name }) => {
    const row = applied.get(name)
    return { name, appliedAt: row ? new Date(row.applied_at) : null }
  })
}

/**
 * Applies what is pending in one transaction, all or nothing, and returns the names applied. Foreign keys are
 * off while it runs (a rebuilt table would otherwise delete its children), checked before it commits; rows of
 * tables that exist before and after must not vanish.
 */
export function migrate(database: Database, { migrations = released, now }: Options): string[] {
  database.run('PRAGMA foreign_keys = OFF')
  try {
    database.run('BEGIN EXCLUSIVE')
    const pending = migrationStatus(database, migrations).filter((status) => status.appliedAt === null)
    const before = countRows(database)
    database.run(bookkeeping)
    for (const { name } of pending) {
      const migration = migrations.find((candidate) => candidate.name === name) as Migration
      for (const statement of migration.sql.split('--> statement-breakpoint')) database.run(statement)
      database
        .query('INSERT INTO schema_migrations (name, hash, applied_at) VALUES (?, ?, ?)')
        .run(name, sha256(migration.sql), now().getTime())
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
      `The migration would leave ${orphans.length} rows without what they refer to`,
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
