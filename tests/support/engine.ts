import type { Environment } from '../../src/config'
import { migrateStore } from '../../src/db/open'
import { migrations } from '../../src/db/postgres/migrations'
import { systemClock } from '../../src/lib/clock'
import { sha256 } from '../../src/lib/hash'
import { freshDatabase, templateDatabase } from './databases'

/** On which engine the tests of this run keep their data. */
export const engine = process.env.REEVE_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite'

export const onSqlite = engine === 'sqlite'
export const onPostgres = engine === 'postgres'

/** Few connections: many databases are open at once. */
const environmentOf = (url: string): Environment => ({ DATABASE_URL: url, REEVE_DATABASE_POOL: '4' })

const migrated = () =>
  templateDatabase(sha256(migrations.map(({ sql }) => sql).join()).slice(0, 16), async (url) => {
    await migrateStore({ data: '', databaseUrl: url, databasePool: 1 }, systemClock)
  })

/** A database of its own, all migrations applied, and the settings that name it; null where the run is on SQLite. */
export async function testDatabase(): Promise<{ env: Environment; drop(): Promise<void> } | null> {
  if (onSqlite) return null
  const { url, drop } = await freshDatabase(await migrated())
  return { env: environmentOf(url), drop }
}
