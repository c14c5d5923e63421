import { Database } from 'bun:sqlite'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config'
import { createKey } from '../../src/core/api-keys/service'
import { createCtx, type Tenant } from '../../src/core/ctx'
import { createTenant } from '../../src/core/tenants/service'
import { createStore, storeFile } from '../../src/db/sqlite/open'
import { createDeps } from '../../src/deps'
import { systemClock } from '../../src/lib/clock'
import { insertCases } from './fixture-cases'
import { idOf, insertSurroundings } from './fixture-rows'

/** A council's store in a directory of its own, and a key with every scope. */
export type Fixture = { directory: string; key: string; wardId: string; categoryId: string; remove(): void }

export async function makeFixture(cases: number): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-bench-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  // A run that is cut short leaves nothing behind either.
  process.once('exit', remove)
  try {
    const empty = join(directory, 'empty')
    createStore(empty, systemClock)
    const config = loadConfig({ REEVE_DATA: empty, REEVE_LOG_LEVEL: 'error' })
    const deps = await createDeps(config, { wanted: 'live' })
    const actor = { type: 'cli' as const, id: 'bench', name: 'bench', ip: null }
    const tenant = await createTenant(deps, actor, { slug: 'bench', name: 'Bench council' })
    const ctx = createCtx(deps, { tenant, actor, requestId: 'bench' })
    const { plain } = await createKey(ctx, deps, { name: 'bench', scopes: ['all'] })
    await deps.store.close()
    takeOver(empty, directory)
    fill(storeFile(directory), tenant, cases)
    return { directory, key: plain, wardId: idOf('ward', 0), categoryId: idOf('category', 0), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Copies the store, as statements that await garbage collection still hold a connection to the original. */
function takeOver(from: string, to: string): void {
  const store = new Database(storeFile(from), { readwrite: true })
  store.run('PRAGMA wal_checkpoint(TRUNCATE)')
  store.close()
  for (const name of ['reeve.db', 'secret.key']) cpSync(join(from, name), join(to, name))
}

const largeTables = ['cases', 'case_changes', 'timeline_entries']

/** From this size on, Reeve keeps statistics for the planner. */
const leastPages = 10_000

/** Fast and unsafe: a fill that is cut short is thrown away. */
const fillPragmas = [
  'journal_mode = MEMORY',
  'synchronous = OFF',
  'cache_size = -400000',
  'temp_store = MEMORY',
]

/** Drops the large tables' indexes while it inserts rows: creating them afterwards is many times faster. */
function fill(path: string, tenant: Tenant, count: number): void {
  const store = new Database(path, { readwrite: true, strict: true })
  try {
    for (const pragma of fillPragmas) store.run(`PRAGMA ${pragma}`)
    store.run('BEGIN IMMEDIATE')
    insertSurroundings(store, tenant.id)
    const indexes = store
      .query(
        `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
         AND tbl_name IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(largeTables)) as { name: string; sql: string }[]
    for (const { name } of indexes) store.run(`DROP INDEX "${name}"`)
    insertCases(store, tenant, count)
    for (const { sql } of indexes) store.run(sql)
    store.run('UPDATE tenants SET revision = revision + 1')
    store.run('COMMIT')
    const { page_count } = store.query('PRAGMA page_count').get() as { page_count: number }
    if (page_count >= leastPages) store.run('PRAGMA optimize')
    store.run('PRAGMA journal_mode = WAL')
  } finally {
    store.close()
  }
}
