import { Database } from 'bun:sqlite'
import { createId } from '@paralleldrive/cuid2'
import { type Caller, value } from './by-hand-reads'
import { type CaseRow, casesWithNames, viewOf } from './by-hand-view'

type View = ReturnType<typeof viewOf>
type Input = { summary: string; type: string; wardId: string; categoryId: string }
type Waiting = { run: () => View; resolve: (view: View) => void; reject: (error: unknown) => void }

const writeKey = crypto.getRandomValues(new Uint8Array(32))

/** Durable creates that wait at the same time share one commit, as Reeve's do. */
export function creator(path: string): (who: Caller, input: Input) => Promise<View> {
  const store = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    store.run(`PRAGMA ${pragma}`)
  const insert = inserts(store)
  let waiting: Waiting[] = []

  const drain = () => {
    const batch = waiting
    waiting = []
    store.run('BEGIN IMMEDIATE')
    try {
      const views = batch.map(({ run }) => run())
      store.run('COMMIT')
      for (const [i, { resolve }] of batch.entries()) resolve(views[i] as View)
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

const caseInsert = `INSERT INTO cases (id, tenant_id, reference, reference_year, reference_number, type, status, priority,
    source_channel, summary, public_themes, highlighted_for_public, ward_id, category_id, received_at, archived,
    created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, 'open', 1, 'api', ?, '[]', 0, ?, ?, ?, 0, ?, ?)`

function inserts(store: Database): (who: Caller, input: Input) => View {
  const hasWard = store.prepare('SELECT 1 FROM wards WHERE tenant_id = ? AND id = ?')
  const hasCategory = store.prepare('SELECT 1 FROM categories WHERE tenant_id = ? AND id = ?')
  const sequence = store.prepare<{ last: number }, [string, number]>(
    `INSERT INTO case_sequences (tenant_id, year, last) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last`,
  )
  const insertCase = store.prepare(caseInsert)
  const count = store.prepare(
    `INSERT INTO case_counters (tenant_id, archived, status, ward_id, category_id, cases)
     VALUES (?, 0, 'open', ?, ?, 1) ON CONFLICT DO UPDATE SET cases = cases + 1`,
  )
  const reload = store.prepare<CaseRow, [string]>(`${casesWithNames} WHERE c.id = ${value}`)
  const record = recorder(store)

  return (who, { summary, type, wardId, categoryId }) => {
    if (typeof summary !== 'string' || summary.trim() === '' || summary.length > 200)
      throw new Error('No summary')
    if (!hasWard.get(who.tenantId, wardId)) throw new Error('No such ward')
    if (!hasCategory.get(who.tenantId, categoryId)) throw new Error('No such category')
    const [id, now] = [createId(), Date.now()]
    const year = new Date(now).getUTCFullYear()
    const number = sequence.get(who.tenantId, year)?.last ?? 0
    const reference = `CW-${year}-${String(number).padStart(4, '0')}`
    const ids = [id, who.tenantId, reference, year, number, type]
    insertCase.run(...ids, summary, wardId, categoryId, now, now, now)
    count.run(who.tenantId, wardId, categoryId)
    const view = viewOf(reload.get(id) as CaseRow)
    record(who, view, now)
    return view
  }
}

/** The audit entry, chained to the one before, the event for delivery and the tenant's revision. */
function recorder(store: Database): (who: Caller, view: View, now: number) => void {
  const revise = store.prepare('UPDATE tenants SET revision = revision + 1 WHERE id = ?')
  const lastEntry = store.prepare<{ seq: number; hash: string }, [string]>(
    'SELECT seq, hash FROM audit_entries WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1',
  )
  const insertEntry = store.prepare(
    `INSERT INTO audit_entries (tenant_id, seq, id, at, actor_type, actor_id, actor_name, actor_ip, request_id, action,
       entity, entity_id, changes, hash)
     VALUES (?, ?, ?, ?, 'key', ?, ?, '127.0.0.1', ?, 'case.create', 'case', ?, ?, ?)`,
  )
  const insertEvent = store.prepare(
    `INSERT INTO outbox_events (id, tenant_id, event, entity, entity_id, at, data)
     VALUES (?, ?, 'case_created', 'case', ?, ?, ?)`,
  )
  return ({ tenantId, keyId, keyName }, view, now) => {
    revise.run(tenantId)
    const last = lastEntry.get(tenantId)
    const [seq, entryId, requestId] = [(last?.seq ?? 0) + 1, createId(), createId()]
    const changes = JSON.stringify(
      Object.fromEntries(
        Object.entries(view).flatMap(([name, to]) => (to === null ? [] : [[name, { from: null, to }]])),
      ),
    )
    const entry = [tenantId, seq, entryId, now, keyId, keyName, requestId, view.id, changes]
    const hash = new Bun.CryptoHasher('sha256', writeKey)
      .update(JSON.stringify([last?.hash ?? '', ...entry]))
      .digest('hex')
    insertEntry.run(...entry, hash)
    insertEvent.run(createId(), tenantId, view.id, now, JSON.stringify({ case: view }))
  }
}
