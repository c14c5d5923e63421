import { AppError } from '../lib/errors'
import { sha256 } from '../lib/hash'
import type { MigrationStatus } from './store'

export type Migration = { name: string; sql: string }

/** A row of `schema_migrations`. */
export type AppliedMigration = { name: string; hash: string; applied_at: number | string }

/** Throws if the store is newer than this binary, or a migration differs from the one applied. */
export function statusOf(
  applied: readonly AppliedMigration[],
  known: readonly Migration[],
): MigrationStatus[] {
  for (const row of applied) {
    const migration = known.find(({ name }) => name === row.name)
    if (!migration) {
      throw new AppError(
        'unavailable',
        `The database was made by a newer version of Reeve (migration ${row.name}); nothing was changed`,
      )
    }
    if (hashOf(migration) !== row.hash) {
      throw new AppError(
        'unavailable',
        `Migration ${row.name} of the database differs from the one in this version of Reeve; nothing was changed`,
      )
    }
  }
  return known.map(({ name }) => {
    const row = applied.find((each) => each.name === name)
    return { name, appliedAt: row ? new Date(Number(row.applied_at)) : null }
  })
}

export const pendingOf = (status: readonly MigrationStatus[], known: readonly Migration[]): Migration[] =>
  known.filter(({ name }) => status.some((each) => each.name === name && each.appliedAt === null))

export const statementsOf = ({ sql }: Migration): string[] => sql.split('--> statement-breakpoint')

export const hashOf = ({ sql }: Migration): string => sha256(sql)

/** Throws if a migration is pending. */
export function assertCurrent(status: readonly MigrationStatus[]): void {
  if (status.some(({ appliedAt }) => appliedAt === null)) {
    throw new AppError(
      'unavailable',
      'The database is older than this version of Reeve: run "reeve migrate" first',
    )
  }
}
