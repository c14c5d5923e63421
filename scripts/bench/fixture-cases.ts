import type { Database } from 'bun:sqlite'
import type { Tenant } from '../../src/core/ctx'
import { columnsOf } from '../../src/db/sqlite/search'
import { indexEntry } from '../../src/resources/cases/derived/search-entry.store'
import { dueBy, type TargetRule, targetStateOf } from '../../src/resources/cases/rules/target'
import type { CaseRow, CaseStatus } from '../../src/resources/cases/table'
import { endsAt, idOf, inserter, people, ruleOfCategory, wards } from './fixture-rows'
import { caseTexts } from './fixture-texts'

const years = 5
const seed = 0x5eed
const dayMs = 86_400_000
const hourMs = 3_600_000
const statuses: readonly CaseStatus[] = ['open', 'in_progress', 'resolved', 'closed']
const resolutions = ['fixed', 'answered', 'no_further_action', 'referred']

/** Random numbers that are the same in every run. */
function repeatable(): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Inserts cases of five years with everything that Reeve derives from them. */
export function insertCases(store: Database, tenant: Tenant, count: number): void {
  const random = repeatable()
  const insertCase = inserter(store, 'cases')
  const insertWords = inserter(store, 'case_words')
  const targets = dueDates(tenant)
  const [numbers, counters] = [new Map<number, number>(), new Map<string, number>()]
  const step = (years * 365 * dayMs) / count
  for (let i = 0; i < count; i++) {
    const createdAt = Math.floor(endsAt - (count - i) * step)
    const year = new Date(createdAt).getUTCFullYear()
    const number = (numbers.get(year) ?? 0) + 1
    numbers.set(year, number)
    const row = caseRow({ tenant, i, createdAt, year, number, random, targets })
    insertCase(row)
    insertWords(searchRow(row))
    const group = JSON.stringify([row.archived, row.status, row.ward_id, row.category_id])
    counters.set(group, (counters.get(group) ?? 0) + 1)
  }
  insertCounters(store, tenant.id, counters)
  insertSequences(store, tenant.id, numbers)
  insertHistory(store)
}

type Made = {
  tenant: Tenant
  i: number
  createdAt: number
  year: number
  number: number
  random: () => number
  targets: ReturnType<typeof dueDates>
}

/** Kept by local date, which in summer changes an hour before midnight UTC. */
function dueDates(tenant: Tenant) {
  const known = new Map<string, ReturnType<typeof dueBy>>()
  return (rule: TargetRule, from: number) => {
    const [date, dateInSummer] = [Math.floor(from / dayMs), Math.floor((from + hourMs) / dayMs)]
    const key = `${date} ${dateInSummer} ${rule.days} ${rule.dayType}`
    let due = known.get(key)
    if (!due) {
      due = dueBy(tenant, rule, new Date(from))
      known.set(key, due)
    }
    return due
  }
}

/** Skewed, as in real councils: some wards, categories and people have many more cases than others. */
function caseRow({ tenant, i, createdAt, year, number, random, targets }: Made) {
  const skewed = (count: number) => Math.floor(count * random() ** 2)
  const status = statuses[Math.floor(random() * statuses.length)] as CaseStatus
  const updatedAt = createdAt + Math.floor(random() * 40 * dayMs)
  const isFinished = status === 'resolved' || status === 'closed'
  const [resolvedAt, closedAt] = [isFinished ? updatedAt : null, status === 'closed' ? updatedAt : null]
  const isPending = status === 'in_progress' && random() < 0.2
  const category = skewed(ruleOfCategory.length)
  const rule = ruleOfCategory[category]?.days == null ? councilRule(tenant) : ruleOfCategory[category]
  const { dueAt, dueSoonAt } = targets(rule, createdAt)
  const pendingReason = isPending ? ('awaiting_third_party' as const) : null
  const [resolved, closed] = [resolvedAt, closedAt].map((at) => (at === null ? null : new Date(at)))
  const targetState = targetStateOf({
    status,
    dueAt,
    pendingReason,
    resolvedAt: resolved ?? null,
    closedAt: closed ?? null,
  })
  const texts = caseTexts(random)
  return {
    id: idOf('case', i),
    tenant_id: tenant.id,
    position: i + 1,
    reference: `${tenant.referencePrefix}-${year}-${String(number).padStart(4, '0')}`,
    reference_year: year,
    reference_number: number,
    type: random() < 0.7 ? 'service_request' : 'enquiry',
    status,
    priority: Math.floor(random() * 4),
    source_channel: random() < 0.5 ? 'web' : 'phone',
    summary: texts.summary,
    description: texts.description,
    public_summary: texts.publicSummary,
    public_state: texts.publicSummary !== null && random() < 0.5 ? 'approved' : 'draft',
    public_themes: JSON.stringify([texts.theme]),
    highlighted_for_public: 0,
    ward_id: idOf('ward', skewed(wards)),
    category_id: idOf('category', category),
    assignee_id: random() < 0.6 ? idOf('person', skewed(people)) : null,
    resolution: isFinished ? (resolutions[Math.floor(random() * resolutions.length)] as string) : null,
    pending_reason: pendingReason,
    pending_since: isPending ? updatedAt : null,
    latitude: 51.4 + random() / 10,
    longitude: -2.6 + random() / 10,
    address: texts.address,
    postcode: 'BS2 9XX',
    received_at: createdAt,
    acknowledged_at: status === 'open' ? null : updatedAt,
    resolved_at: resolvedAt,
    closed_at: closedAt,
    target_from: createdAt,
    due_at: dueAt?.getTime() ?? null,
    due_soon_at: dueSoonAt?.getTime() ?? null,
    target_day_type: rule.dayType,
    target_state: targetState,
    // Missed targets count as reported.
    breach_at: dueAt !== null && dueAt.getTime() > endsAt ? dueAt.getTime() : null,
    archived: random() < 0.1 ? 1 : 0,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

const councilRule = ({ targetDays: days, targetDayType: dayType }: Tenant): TargetRule => ({ days, dayType })

function searchRow(row: ReturnType<typeof caseRow>) {
  const entry = indexEntry({
    tenantId: row.tenant_id,
    archived: row.archived === 1,
    status: row.status,
    wardId: row.ward_id,
    categoryId: row.category_id,
    assigneeId: row.assignee_id,
    reference: row.reference,
    internalRef: null,
    summary: row.summary,
    publicSummary: row.public_summary,
    address: row.address,
    postcode: row.postcode,
    description: row.description,
  } as CaseRow)
  return { rowid: row.position, ...columnsOf(entry) }
}

function insertCounters(store: Database, tenantId: string, counters: ReadonlyMap<string, number>): void {
  const insert = inserter(store, 'case_counters')
  for (const [group, count] of counters) {
    const [archived, status, wardId, categoryId] = JSON.parse(group)
    const key = { tenant_id: tenantId, archived, status, ward_id: wardId, category_id: categoryId }
    insert({ ...key, cases: count })
  }
}

function insertSequences(store: Database, tenantId: string, numbers: ReadonlyMap<number, number>): void {
  const insert = inserter(store, 'case_sequences')
  for (const [year, last] of numbers) insert({ tenant_id: tenantId, year, last })
}

/** The order of changes, and one entry in the history of each case that is no longer open. */
function insertHistory(store: Database): void {
  store.run(`INSERT INTO case_changes (position, tenant_id, case_id, kind, at, is_move)
    SELECT position, tenant_id, id, 'changed', updated_at, 0 FROM cases ORDER BY position`)
  store.run(`INSERT INTO timeline_entries (id, tenant_id, case_id, kind, visibility, from_state, to_state, author_type,
      author_id, author_name, at)
    SELECT 't' || substr(id, 2), tenant_id, id, 'status', 'internal', '{"status":"open","resolution":null}',
      json_object('status', status, 'resolution', resolution), 'cli', 'bench', 'bench', updated_at
    FROM cases WHERE status <> 'open' ORDER BY position`)
}
