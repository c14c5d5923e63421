import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../src/app'
import { loadConfig } from '../../../src/config'
import { createKey } from '../../../src/core/api-keys/service'
import { createCtx, type Deps } from '../../../src/core/ctx'
import { getTenantBySlug } from '../../../src/core/tenants/store'
import { withSnapshot } from '../../../src/db/sqlite/check'
import { migrations } from '../../../src/db/sqlite/migrations'
import { createStore, migrateStore, storeFile } from '../../../src/db/sqlite/open'
import { createDeps } from '../../../src/deps'
import { startRefiling } from '../../../src/jobs/refiling'
import { secureRandom } from '../../../src/lib/random'
import { makeSecretKey } from '../../../src/lib/secret-keys'
import { caseChecks } from '../../../src/resources/cases/derived/check.store'
import { unfiledUpTo } from '../../../src/resources/cases/derived/refile.store'
import { testActor } from '../../support/app'
import { testClock } from '../../support/clock'

const clock = testClock()
const directory = mkdtempSync(join(tmpdir(), 'reeve-upgrade-'))
let deps: Deps
let ask: (path: string) => Promise<{ cases: { reference: string }[]; changes: { id: string }[] }>

const madeAt = (minute: number) => Date.UTC(2026, 0, 5, 9, minute)

/** A store as the version before casework left it: two wards, four cases, made in another order than their ids. */
function fillOldStore(path: string): void {
  const store = new Database(path)
  const now = madeAt(0)
  store.run(
    `INSERT INTO tenants (id, slug, name, plan, nation, timezone, reference_prefix, revision, created_at, updated_at)
     VALUES ('t1', 'old', 'Old council', 'council', 'scotland', 'Europe/London', 'CW', 4, ${now}, ${now})`,
  )
  store.run(
    `INSERT INTO wards (id, tenant_id, name, slug, tier, created_at, updated_at)
     VALUES ('w1', 't1', 'Ashley', 'ashley', 'ward', ${now}, ${now})`,
  )
  const cases = [
    ['d', 1, 'open', 'w1', 0, 'Pothole on Mina Road'],
    ['b', 2, 'in_progress', null, 0, 'Hedge over the path'],
    ['c', 3, 'closed', 'w1', 0, 'Second pothole'],
    ['a', 4, 'resolved', null, 1, 'An archived pothole'],
  ] as const
  for (const [id, number, status, ward, archived, summary] of cases) {
    store
      .query(
        `INSERT INTO cases (id, tenant_id, reference, reference_year, reference_number, type, status, priority,
           source_channel, summary, public_themes, highlighted_for_public, ward_id, received_at, archived, created_at,
           updated_at)
         VALUES (?, 't1', ?, 2026, ?, 'enquiry', ?, 1, 'web', ?, '[]', 0, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        `CW-2026-000${number}`,
        number,
        status,
        summary,
        ward,
        madeAt(number),
        archived,
        madeAt(number),
        now,
      )
    store.query(`INSERT INTO case_counters VALUES ('t1', ?, ?, ?, '', 1)`).run(archived, status, ward ?? '')
  }
  store.run(`INSERT INTO case_sequences VALUES ('t1', 2026, 4)`)
  // Statistics of a store with little in it, as a command left them when it closed.
  store.run('ANALYZE')
  store.close()
}

beforeAll(async () => {
  createStore(directory, clock, migrations.slice(0, 2))
  fillOldStore(storeFile(directory))
  migrateStore(directory, clock)
  const config = loadConfig({ REEVE_DATA: directory, REEVE_LOG_LEVEL: 'error' })
  makeSecretKey(config, secureRandom)
  deps = await createDeps(config, { clock })
  const tenant = await getTenantBySlug(deps.store.read, 'old')
  const ctx = createCtx(deps, { tenant, actor: testActor, requestId: 'test' })
  const { plain } = await createKey(ctx, deps, { name: 'all', scopes: ['all'] })
  const { handle } = createApp(deps)
  ask = async (path) => {
    const headers = { host: 'localhost', authorization: `Bearer ${plain}` }
    return (await handle(new Request(`http://localhost${path}`, { headers }), '127.0.0.1')).json()
  }
})

afterAll(async () => {
  await deps.store.close()
  rmSync(directory, { recursive: true })
})

test('cases made before are found by their words, once they are filed anew', async () => {
  const found = async (query: string) =>
    (await ask(`/api/cases?${query}`)).cases.map(({ reference }) => reference)
  expect(await found('search=pothole')).toEqual([])
  const refiling = startRefiling(deps)
  while ((await unfiledUpTo(deps.store.read)) !== 0) await Bun.sleep(5)
  await refiling.stop()
  expect(await found('search=pothole')).toEqual(['CW-2026-0003', 'CW-2026-0001'])
  expect(await found('search=pothole&status=open&wardId=w1')).toEqual(['CW-2026-0001'])
  expect(await found('search=pothole&archived=true')).toEqual(['CW-2026-0004'])
  expect(await found('search=hedge&status=in_progress&assigneeId=none')).toEqual(['CW-2026-0002'])
})

test('they stand in the order of changes as they were made, and what Reeve keeps twice agrees', async () => {
  expect((await ask('/api/cases/changes')).changes.map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a'])
  await withSnapshot(storeFile(directory), async (snapshot) => {
    for (const { name, find } of caseChecks) {
      expect([name, await find(snapshot, deps.secrets)]).toEqual([name, []])
    }
  })
})

test('they have no target, and statistics of the small store are gone', async () => {
  expect((await ask('/api/cases?slaState=none')).cases).toHaveLength(3)
  const store = new Database(storeFile(directory), { readonly: true })
  expect(store.query('SELECT * FROM sqlite_stat1').all()).toEqual([])
  store.close()
})
