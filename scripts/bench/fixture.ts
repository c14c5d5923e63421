import { Database, type SQLQueryBindings } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config'
import { createKey } from '../../src/core/api-keys/service'
import { createCtx } from '../../src/core/ctx'
import { createTenant } from '../../src/core/tenants/service'
import { migrateStore, storeFile } from '../../src/db/open'
import { createDeps } from '../../src/deps'
import { systemClock } from '../../src/lib/clock'

/** A council's store in a directory of its own, and a key with every scope. */
export type Fixture = { directory: string; key: string; wardId: string; categoryId: string; remove(): void }

const wards = 30
const categories = 24
const people = 12
const statuses = ['open', 'in_progress', 'resolved', 'closed']
const years = 5
const endsAt = Date.UTC(2026, 5, 30)
const seed = 0x5eed

const letters = (text: string, salt: number) =>
  Bun.hash.wyhash(text, BigInt(salt)).toString(36).padStart(13, '0')
const idOf = (kind: string, i: number) =>
  `c${letters(`${kind}${i}`, 1)}${letters(`${kind}${i}`, 2)}`.slice(0, 24)

/** Numbers from 0 to below 1, the same in every run. */
function repeatable(): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

export async function makeFixture(cases: number): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-bench-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  // A run that is cut short leaves nothing behind either.
  process.once('exit', remove)
  try {
    migrateStore(directory, systemClock)
    const config = loadConfig({ REEVE_DATA: directory, REEVE_LOG_LEVEL: 'error' })
    const deps = await createDeps(config, { wanted: 'live' })
    const actor = { type: 'cli' as const, id: 'bench', name: 'bench', ip: null }
    const tenant = await createTenant(deps, actor, { slug: 'bench', name: 'Bench council' })
    const ctx = createCtx(deps, { tenant, actor, requestId: 'bench' })
    const { plain } = await createKey(ctx, deps, { name: 'bench', scopes: ['all'] })
    await deps.store.close()
    fill(storeFile(directory), tenant.id, cases)
    return { directory, key: plain, wardId: idOf('ward', 0), categoryId: idOf('category', 0), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Everything in one transaction; the indexes of cases are made after the rows, which is many times faster. */
function fill(path: string, tenantId: string, count: number): void {
  const store = new Database(path, { readwrite: true, strict: true })
  try {
    for (const pragma of ['synchronous = OFF', 'cache_size = -400000', 'temp_store = MEMORY']) {
      store.run(`PRAGMA ${pragma}`)
    }
    store.run('BEGIN IMMEDIATE')
    insertSurroundings(store, tenantId)
    const indexes = store
      .query(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'cases' AND sql IS NOT NULL",
      )
      .all() as { name: string; sql: string }[]
    for (const { name } of indexes) store.run(`DROP INDEX "${name}"`)
    insertCases(store, tenantId, count)
    for (const { sql } of indexes) store.run(sql)
    store.run(`INSERT INTO case_counters (tenant_id, archived, status, ward_id, category_id, cases)
      SELECT tenant_id, archived, status, coalesce(ward_id, ''), coalesce(category_id, ''), count(*)
      FROM cases GROUP BY 1, 2, 3, 4, 5`)
    store.run(`INSERT INTO case_sequences (tenant_id, year, last)
      SELECT tenant_id, reference_year, max(reference_number) FROM cases GROUP BY 1, 2`)
    store.run('UPDATE tenants SET revision = revision + 1')
    store.run('COMMIT')
    store.run('PRAGMA optimize')
    store.run('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    store.close()
  }
}

type Row = Record<string, SQLQueryBindings>

/** Inserts rows that all have the columns of the first. */
function inserter(store: Database, table: string): (row: Row) => void {
  let insert: ((values: SQLQueryBindings[]) => unknown) | undefined
  return (row) => {
    if (insert === undefined) {
      const columns = Object.keys(row)
      const marks = columns.map(() => '?').join(', ')
      const statement = store.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
      insert = (values) => statement.run(...values)
    }
    insert(Object.values(row))
  }
}

function insertSurroundings(store: Database, tenantId: string): void {
  const common = { tenant_id: tenantId, created_at: endsAt, updated_at: endsAt }
  const insertWard = inserter(store, 'wards')
  for (let i = 0; i < wards; i++) {
    insertWard({ id: idOf('ward', i), name: `Ward ${i}`, slug: `ward-${i}`, tier: 'ward', ...common })
  }
  const insertCategory = inserter(store, 'categories')
  const kind = { visibility: 'public', active: 1, day_type: 'working' }
  for (let i = 0; i < categories; i++) {
    insertCategory({
      id: idOf('category', i),
      name: `Category ${i}`,
      slug: `category-${i}`,
      ...kind,
      ...common,
    })
  }
  const insertPerson = inserter(store, 'users')
  const person = { role: 'caseworker', password_hash: 'none', must_change_password: 0 }
  for (let i = 0; i < people; i++) {
    const email = `person-${i}@example.org`
    insertPerson({ id: idOf('person', i), email, name: `Person ${i}`, ...person, ...common })
  }
}

function insertCases(store: Database, tenantId: string, count: number): void {
  const random = repeatable()
  const insert = inserter(store, 'cases')
  const numbers = new Map<number, number>()
  const step = (years * 365 * 86_400_000) / count
  for (let i = 0; i < count; i++) {
    const createdAt = Math.floor(endsAt - (count - i) * step)
    const year = new Date(createdAt).getUTCFullYear()
    const number = (numbers.get(year) ?? 0) + 1
    numbers.set(year, number)
    insert(
      caseRow(tenantId, i, createdAt, `CW-${year}-${String(number).padStart(4, '0')}`, year, number, random),
    )
  }
}

/** Some wards, categories and people have many more cases than others, as they do. */
function caseRow(
  tenantId: string,
  i: number,
  createdAt: number,
  reference: string,
  year: number,
  number: number,
  random: () => number,
): Row {
  const skewed = (count: number) => Math.floor(count * random() ** 2)
  const status = statuses[Math.floor(random() * 4)] as string
  const updatedAt = createdAt + Math.floor(random() * 40 * 86_400_000)
  return {
    id: idOf('case', i),
    tenant_id: tenantId,
    reference,
    reference_year: year,
    reference_number: number,
    type: random() < 0.7 ? 'service_request' : 'enquiry',
    status,
    priority: Math.floor(random() * 4),
    source_channel: random() < 0.5 ? 'web' : 'phone',
    summary: `Case ${i}: a bin that was not emptied on the usual day`,
    description:
      'The resident says that the lorry passed by twice and that the neighbours have the same trouble.',
    public_summary: 'Missed collection reported',
    public_themes: '["waste"]',
    highlighted_for_public: 0,
    ward_id: idOf('ward', skewed(wards)),
    category_id: idOf('category', skewed(categories)),
    assignee_id: random() < 0.6 ? idOf('person', skewed(people)) : null,
    latitude: 51.4 + random() / 10,
    longitude: -2.6 + random() / 10,
    address: `${1 + (i % 200)} Mina Road`,
    postcode: 'BS2 9XX',
    received_at: createdAt,
    resolved_at: status === 'resolved' || status === 'closed' ? updatedAt : null,
    closed_at: status === 'closed' ? updatedAt : null,
    archived: random() < 0.1 ? 1 : 0,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}
