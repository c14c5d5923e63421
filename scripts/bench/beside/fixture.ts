import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config'
import { createKey } from '../../../src/core/api-keys/service'
import { createCtx, type Deps } from '../../../src/core/ctx'
import { getTenantBySlug } from '../../../src/core/tenants/store'
import { storeFile } from '../../../src/db/sqlite/open'
import { createDeps } from '../../../src/deps'
import { csvLines } from '../../../src/lib/csv'
import { seal } from '../../../src/lib/seal'
import { type Fixture, makeFixture } from '../fixture'
import { idOf, inserter, wards } from '../fixture-rows'

export const cases = 15_000
const keys = 30
/** 30 wards with so many corners make a map of 7 MB. */
const corners = 6_300
const keptAnswers = 5_000
const erased = 200
const imported = 100_000

export type BusyFixture = Fixture & { keys: string[]; toErase: string[]; importFile: string }

/** A council with a large map, many keys and many kept answers, and a file of cases to import. */
export async function makeBusyFixture(): Promise<BusyFixture> {
  const fixture = await makeFixture(cases)
  const { directory } = fixture
  const deps = await createDeps(loadConfig({ REEVE_DATA: directory, REEVE_LOG_LEVEL: 'error' }))
  try {
    const tenant = await getTenantBySlug(deps.store.read, 'bench')
    const actor = { type: 'cli' as const, id: 'bench', name: 'bench', ip: null }
    const ctx = createCtx(deps, { tenant, actor, requestId: 'bench' })
    const made: string[] = []
    for (let i = 0; i < keys; i++) {
      made.push((await createKey(ctx, deps, { name: `bench ${i}`, scopes: ['all'] })).plain)
    }
    const toErase = fillStore(storeFile(directory), deps, tenant.id)
    const importFile = join(directory, 'import.csv')
    await Bun.write(importFile, casesFile())
    return { ...fixture, keys: made, toErase, importFile }
  } catch (error) {
    fixture.remove()
    throw error
  } finally {
    await deps.store.close()
  }
}

/** Adds boundaries and kept answers; returns the references of the oldest cases. */
function fillStore(path: string, { secrets }: Deps, tenantId: string): string[] {
  const store = new Database(path, { readwrite: true, strict: true })
  try {
    store.run('BEGIN IMMEDIATE')
    const insertBoundary = inserter(store, 'ward_boundaries')
    for (let i = 0; i < wards; i++) {
      insertBoundary({ ward_id: idOf('ward', i), tenant_id: tenantId, boundary: JSON.stringify(circle(i)) })
    }
    const insertAnswer = inserter(store, 'idempotency_records')
    for (let i = 0; i < keptAnswers; i++) {
      const [actor, name] = [idOf('key', i % 10), `bench-${i}`]
      const text = JSON.stringify({ id: idOf('answer', i), summary: 'Pothole on Mina Road'.repeat(40) })
      const answer = seal(secrets.seal, text, JSON.stringify(['answer', tenantId, actor, name]))
      insertAnswer({
        tenant_id: tenantId,
        actor_id: actor,
        key: name,
        fingerprint: 'bench',
        answer: JSON.stringify(answer),
        expires_at: Date.now() + 86_400_000,
      })
    }
    store.run('COMMIT')
    const oldest = store.query('SELECT reference FROM cases ORDER BY position LIMIT ?')
    return (oldest.all(erased) as { reference: string }[]).map(({ reference }) => reference)
  } finally {
    store.close()
  }
}

const places = 1e10

function circle(ward: number) {
  const ring = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * (i % (corners - 1))) / (corners - 1)
    const place = [-2.5 + ward / 100 + Math.cos(angle) / 200, 51.4 + Math.sin(angle) / 200]
    return place.map((degrees) => Math.round(degrees * places) / places)
  })
  return { type: 'Polygon', coordinates: [ring] }
}

const casesFile = () =>
  csvLines([
    ['Summary', 'Description', 'Status', 'Ward', 'Category', 'Source', 'Created At', 'Resident Name'],
    ...Array.from({ length: imported }, (_, i) => [
      `Pothole ${i} on Mina Road`,
      'It has been there since the winter, and gets deeper with every lorry.',
      ['open', 'in_progress', 'resolved', 'closed'][i % 4] as string,
      `Ward ${i % wards}`,
      `Category ${i % 24}`,
      'phone',
      new Date(Date.UTC(2025, 0, 1) + i * 60_000).toISOString(),
      i % 3 === 0 ? 'Margaret Hughes' : '',
    ]),
  ])
