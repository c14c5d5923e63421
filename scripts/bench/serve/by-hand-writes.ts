import { Database } from 'bun:sqlite'
import { createId } from '@paralleldrive/cuid2'
import { caseFields } from '../../../src/resources/cases/fields'
import { nobody } from '../../../src/resources/cases/residents/model'
import { dayOf, dueBy, yearOf } from './by-hand-due'
import { type Caller, value } from './by-hand-reads'
import type { CaseRow, CaseShape, View } from './by-hand-view'

type Created = View & Partial<typeof nobody>
type Input = { summary: string; type: string; wardId: string; categoryId: string }
type Category = { targetDays: number | null; dayType: string }
type Waiting = { run: () => Created; resolve: (view: Created) => void; reject: (error: unknown) => void }

const writeKey = crypto.getRandomValues(new Uint8Array(32))

/** Creates that wait at the same time share one durable commit, as Reeve's do. */
export function creator(path: string, shape: CaseShape): (who: Caller, input: Input) => Promise<Created> {
  const store = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    store.run(`PRAGMA ${pragma}`)
  const insert = inserts(store, shape)
  let waiting: Waiting[] = []

  const drain = () => {
    const batch = waiting
    waiting = []
    store.run('BEGIN IMMEDIATE')
    try {
      const views = batch.map(({ run }) => run())
      store.run('COMMIT')
      for (const [i, { resolve }] of batch.entries()) resolve(views[i] as Created)
    } catch (error) {
      store.run('ROLLBACK')
      for (const { reject } of batch) reject(error)
    }
  }
  return (who, input) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(drain)
      waiting.push({ run: () => insert(who, input), resolve, reject })
    })
}

const caseInsert = `INSERT INTO cases (position, id, tenant_id, reference, reference_year, reference_number, type,
    status, priority, source_channel, summary, public_themes, highlighted_for_public, ward_id, category_id, due_at,
    due_soon_at, breach_at, target_day_type, target_state, archived, target_from, received_at, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, 'open', 1, 'api', ?, '[]', 0, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`

function inserts(
  store: Database,
  { casesWithNames, viewOf }: CaseShape,
): (who: Caller, input: Input) => Created {
  const hasWard = store.prepare('SELECT 1 FROM wards WHERE tenant_id = ? AND id = ?')
  const category = store.prepare<Category, [string, string]>(
    'SELECT target_days AS targetDays, day_type AS dayType FROM categories WHERE tenant_id = ? AND id = ?',
  )
  const sequence = store.prepare<{ last: number }, [string, number]>(
    `INSERT INTO case_sequences (tenant_id, year, last) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last`,
  )
  const change = store.prepare(
    `INSERT INTO case_changes (tenant_id, case_id, kind, at, is_move) VALUES (?, ?, 'changed', ?, 0)`,
  )
  const insertCase = store.prepare(caseInsert)
  const count = store.prepare(
    `INSERT INTO case_counters (tenant_id, archived, status, ward_id, category_id, cases)
     VALUES (?, 0, 'open', ?, ?, 1) ON CONFLICT DO UPDATE SET cases = cases + 1`,
  )
  const countDay = store.prepare(
    `INSERT INTO case_days (tenant_id, kind, day, ward_id, category_id, cases)
     VALUES (?1, 'received', ?2, ?3, ?4, 1), (?1, 'received', ?2, ?3, '*', 1),
       (?1, 'received', ?2, '*', ?4, 1), (?1, 'received', ?2, '*', '*', 1)
     ON CONFLICT DO UPDATE SET cases = cases + 1`,
  )
  const file = store.prepare('INSERT INTO case_words (rowid, words, forms) VALUES (?, ?, ?)')
  const reload = store.prepare<CaseRow, [string]>(`${casesWithNames} WHERE c.id = ${value}`)
  const record = recorder(store)

  return (who, { summary, type, wardId, categoryId }) => {
    if (typeof summary !== 'string' || summary.trim() === '' || summary.length > 200)
      throw new Error('No summary')
    if (!hasWard.get(who.tenantId, wardId)) throw new Error('No such ward')
    const found = category.get(who.tenantId, categoryId)
    if (!found) throw new Error('No such category')
    const [days, dayType] =
      found.targetDays === null ? [who.targetDays, who.targetDayType] : [found.targetDays, found.dayType]
    const [id, now] = [createId(), Date.now()]
    const { dueAt, dueSoonAt } = dueBy(days, dayType, now)
    const year = yearOf(now)
    const number = sequence.get(who.tenantId, year)?.last ?? 0
    const reference = `CW-${year}-${String(number).padStart(4, '0')}`
    const position = Number(change.run(who.tenantId, id, now).lastInsertRowid)
    const named = [position, id, who.tenantId, reference, year, number, type, summary, wardId, categoryId]
    const target = [dueAt, dueSoonAt, dueAt, dayType, dueAt === null ? 'none' : 'running']
    insertCase.run(...named, ...target, now, now, now, now)
    count.run(who.tenantId, wardId, categoryId)
    countDay.run(who.tenantId, dayOf(now), wardId, categoryId)
    const words = `${reference} ${summary}`.toLowerCase().replace(/[^a-z0-9]+/g, ' ')
    file.run(position, words, `=t${who.tenantId}x0 =sopen =w${wardId} =c${categoryId} =anone`)
    const view = viewOf(reload.get(id) as CaseRow, now)
    record(who, view, { referenceYear: year, referenceNumber: number, targetDayType: dayType }, now)
    return who.mayReadResidents ? { ...view, ...nobody } : view
  }
}

const keepsValues = new Map(
  Object.entries(caseFields)
    .filter(([, { audit }]) => audit !== 'nothing')
    .map(([name, { audit }]) => [name, audit === 'values']),
)

function changesOf(who: Caller, view: View, columns: Record<string, unknown>) {
  const row = { tenantId: who.tenantId, pausedDays: 0, ...columns, ...view }
  const audited = Object.entries(row).filter(([name, to]) => to !== null && keepsValues.has(name))
  return Object.fromEntries(
    audited.map(([name, to]) => [name, keepsValues.get(name) ? { from: null, to } : { changed: true }]),
  )
}

function recorder(store: Database) {
  const revise = store.prepare('UPDATE tenants SET revision = revision + 1 WHERE id = ?')
  const lastEntry = store.prepare<{ seq: number; hash: string }, [string]>(
    'SELECT seq, hash FROM audit_entries WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1',
  )
  const insertEntry = store.prepare(
    `INSERT INTO audit_entries (tenant_id, seq, id, at, actor_type, actor_id, actor_name, actor_ip, request_id, action,
       entity, entity_id, changes, hash)
     VALUES (?, ?, ?, ?, 'key', ?, ?, '127.0.0.1', ?, 'case.create', 'case', ?, ?, ?)`,
  )
  const putHead = store.prepare(
    `INSERT INTO audit_heads (tenant_id, seq, hash, mac) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
  )
  const insertEvent = store.prepare(
    `INSERT INTO outbox_events (id, tenant_id, event, entity, entity_id, at, data, is_new)
     VALUES (?, ?, 'case_created', 'case', ?, ?, ?, 1)`,
  )
  return (who: Caller, view: View, columns: Record<string, unknown>, now: number): void => {
    const { tenantId, keyId, keyName } = who
    revise.run(tenantId)
    const last = lastEntry.get(tenantId)
    const [seq, entryId, requestId] = [(last?.seq ?? 0) + 1, createId(), createId()]
    const changes = JSON.stringify(changesOf(who, view, columns))
    const entry = [tenantId, seq, entryId, now, keyId, keyName, requestId, view.id, changes]
    const hash = new Bun.CryptoHasher('sha256', writeKey)
      .update(JSON.stringify([last?.hash ?? '', ...entry]))
      .digest('hex')
    insertEntry.run(...entry, hash)
    const mac = new Bun.CryptoHasher('sha256', writeKey).update(`${seq} ${hash}`).digest('hex')
    putHead.run(tenantId, seq, hash, mac)
    insertEvent.run(createId(), tenantId, view.id, now, JSON.stringify({ case: view }))
  }
}
