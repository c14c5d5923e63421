import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../src/config'
import { createStore } from '../../src/db/open'
import { migrations } from '../../src/db/postgres/migrations'
import { storeFile } from '../../src/db/sqlite/open'
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
    await createStore({ data: '', databaseUrl: url, databasePool: 1 }, systemClock)
  })

let template: Promise<string> | undefined

async function makeTemplate(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'reeve-template-'))
  process.on('exit', () => rmSync(data, { recursive: true, force: true }))
  await createStore({ data, databaseUrl: null, databasePool: 1 }, systemClock)
  return storeFile(data)
}

/** Makes the store of a data directory on SQLite, all migrations applied: a copy of one that is made once a process. */
export async function copyMigratedStore(directory: string): Promise<void> {
  template ??= makeTemplate()
  copyFileSync(await template, storeFile(directory))
}

/** A database of its own, all migrations applied, and the settings that name it; null where the run is on SQLite. */
export async function testDatabase(): Promise<{ env: Environment; drop(): Promise<void> } | null> {
  if (onSqlite) return null
  const { url, drop } = await freshDatabase(await migrated())
  return { env: environmentOf(url), drop }
}
