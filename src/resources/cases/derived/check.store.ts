import { and, asc, gt, sql } from 'drizzle-orm'
import { auditEntries } from '../../../core/audit/table'
import type { Secrets } from '../../../core/ctx'
import { tenants } from '../../../core/tenants/table'
import type { Db } from '../../../db/dialect'
import type { IndexedRow, Snapshot } from '../../../db/store'
import { getFurtherPhones, openResident } from '../residents/store'
import { residents } from '../residents/table'
import { caseCounters, caseSequences, cases } from '../table'
import { caseChanges } from './feed-order.table'
import type { FollowerName } from './follow.store'
import { figureFaults } from './recount.store'
import { unfiledUpTo } from './refile.store'
import { caseSearch, indexEntry, notesOf } from './search-entry.store'

const atOnce = 5_000
const maxFaults = 20

type Find = (snapshot: Snapshot, secrets: Secrets) => Promise<string[]>

const finders: Record<FollowerName | 'references' | 'residents', Find> = {
  counters: counterFaults,
  'figures of reports': figureFaults,
  references: referenceFaults,
  'order of changes': feedOrderFaults,
  'search index': searchFaults,
  residents: residentFaults,
}

/** Recounts everything that is derived from cases or must agree with them. */
export const caseChecks = Object.entries(finders).map(([name, find]) => ({
  name,
  find,
  needsKey: name === 'residents',
}))

/** How much there is of what matters most. */
export async function rowCounts(db: Db): Promise<{ councils: number; cases: number; auditEntries: number }> {
  const total = sql<number>`count(*)`
  const [councils] = await db.select({ total }).from(tenants)
  const [every] = await db.select({ total }).from(cases)
  const [entries] = await db.select({ total }).from(auditEntries)
  return {
    councils: Number(councils?.total),
    cases: Number(every?.total),
    auditEntries: Number(entries?.total),
  }
}

const { tenantId, archived, status } = cases
const [ward, category] = [
  sql<string>`coalesce(${cases.wardId}, '')`,
  sql<string>`coalesce(${cases.categoryId}, '')`,
]

async function counterFaults({ db }: Snapshot): Promise<string[]> {
  const keyOf = (row: {
    tenantId: string
    archived: boolean
    status: string
    ward: string
    category: string
  }) => [row.tenantId, row.archived, row.status, row.ward, row.category].join(' ')
  const counted = await db
    .select({ tenantId, archived, status, ward, category, total: sql<number>`count(*)` })
    .from(cases)
    .groupBy(tenantId, archived, status, ward, category)
  const kept = await db
    .select({
      tenantId: caseCounters.tenantId,
      archived: caseCounters.archived,
      status: caseCounters.status,
      ward: caseCounters.wardId,
      category: caseCounters.categoryId,
      total: caseCounters.cases,
    })
    .from(caseCounters)
  const totals = new Map(counted.map((row) => [keyOf(row), Number(row.total)]))
  const faults = kept.flatMap((row) => {
    const total = totals.get(keyOf(row)) ?? 0
    totals.delete(keyOf(row))
    return total === row.total ? [] : [`${keyOf(row)}: ${row.total} kept, ${total} counted`]
  })
  return [...faults, ...[...totals].map(([key, total]) => `${key}: none kept, ${total} counted`)]
}

/** A year's counter may run ahead, never behind: the next case would get a reference that is taken. */
async function referenceFaults({ db }: Snapshot): Promise<string[]> {
  const number = sql`cast(${cases.referenceNumber} as text)`
  const padded = sql`case when ${cases.referenceNumber} < 1000 then substr('000' || ${number}, length(${number})) else ${number} end`
  const ending = sql`'-' || cast(${cases.referenceYear} as text) || '-' || ${padded}`
  const misnamed = await db
    .select({ reference: cases.reference })
    .from(cases)
    .where(sql`substr(${cases.reference}, length(${cases.reference}) - length(${ending}) + 1) <> ${ending}`)
    .limit(maxFaults)
  const behind = await db
    .select({ tenantId, year: cases.referenceYear, highest: sql<number>`max(${cases.referenceNumber})` })
    .from(cases)
    .leftJoin(
      caseSequences,
      and(sql`${caseSequences.tenantId} = ${tenantId}`, sql`${caseSequences.year} = ${cases.referenceYear}`),
    )
    .groupBy(tenantId, cases.referenceYear)
    .having(sql`max(${cases.referenceNumber}) > coalesce(max(${caseSequences.last}), 0)`)
  return [
    ...misnamed.map(({ reference }) => `${reference} does not say its year and number`),
    ...behind.map(
      (row) => `${row.tenantId} ${row.year}: number ${row.highest} is given, the counter is behind`,
    ),
  ]
}

async function feedOrderFaults({ db }: Snapshot): Promise<string[]> {
  const missing = await db
    .select({ reference: cases.reference })
    .from(cases)
    .where(sql`${cases.id} not in (select ${caseChanges.caseId} from ${caseChanges})`)
    .limit(maxFaults)
  return missing.map(({ reference }) => `${reference} is missing from the order of changes`)
}

/** A resident whose hashes are wrong cannot be found by search, nor by a request to see or erase their data. */
async function residentFaults({ db }: Snapshot, secrets: Secrets): Promise<string[]> {
  const faults: string[] = []
  for await (const rows of pages(db, residents, residents.caseId, (row) => row.caseId)) {
    const phones = await getFurtherPhones(db, rows)
    for (const row of rows) {
      const opened = openResident(secrets, row, phones.get(row.caseId) ?? [])
      if (opened === null) faults.push(`the resident of case ${row.caseId} cannot be opened`)
      else if (!opened.isFound) faults.push(`the resident of case ${row.caseId} cannot be found`)
    }
    if (faults.length >= maxFaults) break
  }
  return faults
}

/** While an index is being rebuilt, checks only the part that is done. */
async function searchFaults(snapshot: Snapshot): Promise<string[]> {
  const after = await unfiledUpTo(snapshot.db)
  return after === null
    ? []
    : snapshot.searchFaults({ name: caseSearch.name, after, rows: indexedRows(snapshot.db, after) })
}

/** Every row after a position as the search index should hold it, in parts. */
export async function* indexedRows(db: Db, beyond = 0): AsyncGenerator<IndexedRow[]> {
  for await (const rows of pages(db, cases, cases.position, (row) => row.position, beyond)) {
    const ids = rows.map(({ id }) => id)
    const notes = await notesOf(db, ids)
    yield rows.map((row) => ({ position: row.position, ...indexEntry(row, notes.get(row.id)) }))
  }
}

async function* pages<T extends typeof cases | typeof residents, K extends string | number>(
  db: Db,
  table: T,
  key: typeof cases.position | typeof residents.caseId,
  keyOf: (row: T['$inferSelect']) => K,
  beyond?: K,
): AsyncGenerator<T['$inferSelect'][]> {
  let after = beyond
  for (;;) {
    const rows = (await db
      .select()
      .from(table as typeof cases)
      .where(after === undefined ? undefined : gt(key, after))
      .orderBy(asc(key))
      .limit(atOnce)) as T['$inferSelect'][]
    if (rows.length === 0) return
    yield rows
    after = keyOf(rows.at(-1) as T['$inferSelect'])
  }
}
