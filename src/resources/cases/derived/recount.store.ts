import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Maintainer } from '../../../core/ctx'
import { tenants } from '../../../core/tenants/table'
import { all, amongMany, equals } from '../../../db/conditions'
import type { Db } from '../../../db/dialect'
import { preparedByForm } from '../../../db/prepared'
import { isEqual } from '../../../lib/equal'
import { type CaseRow, type CaseStatus, cases } from '../table'
import { type TimelineRow, timelineEntries } from '../timeline/table'
import {
  type Count,
  countsOf,
  type Ending,
  endingsOf,
  isDuplicate,
  keyOf,
  placesOf,
  type StatusMove,
} from './figures'
import { caseDays, caseEndings } from './figures.table'

const atOnce = 1_000
const insertedAtOnce = 200
const maxFaults = 20

type Recounted = { row: CaseRow; endings: Ending[] }

const movesOfCases = preparedByForm<TimelineRow>((db, { where }) =>
  db.select().from(timelineEntries).where(where).orderBy(asc(timelineEntries.position)),
)

/** In parts: a council may have a million cases. */
async function* recounted(db: Db, tenantId: string): AsyncGenerator<Recounted[]> {
  let after = -1
  for (;;) {
    const rows: CaseRow[] = await db
      .select()
      .from(cases)
      // `is true` keeps the planner off the council’s own indexes: with them it would sort all cases for each part.
      .where(and(sql`(${cases.tenantId} = ${tenantId}) is true`, gt(cases.position, after)))
      .orderBy(asc(cases.position))
      .limit(atOnce)
    const last = rows.at(-1)
    if (!last) return
    after = last.position
    const ids = rows.map(({ id }) => id)
    const entries = await movesOfCases(db, {
      where: all([amongMany(timelineEntries.caseId, ids), equals(timelineEntries.kind, 'status')]),
    })
    const moves = Map.groupBy(entries, ({ caseId }) => caseId)
    yield rows.map((row) => ({ row, endings: endingsOf(row, (moves.get(row.id) ?? []).map(toMove)) }))
  }
}

const toMove = ({ at, from, to }: TimelineRow): StatusMove => ({
  at,
  from: from?.status as CaseStatus,
  to: to?.status as CaseStatus,
})

type Total = { count: Count; total: number }

class Days {
  readonly #counts = new Map<string, Total>()

  add({ row, endings }: Recounted, timezone: string): void {
    for (const count of countsOf(row, endings, timezone)) addTo(this.#counts, count, 1)
  }

  /** By key, with the sums over wards and categories. */
  totals(): Map<string, Total> {
    const totals = new Map<string, Total>()
    for (const { count, total } of this.#counts.values()) {
      for (const place of placesOf(count)) addTo(totals, place, total)
    }
    return totals
  }
}

function addTo(totals: Map<string, Total>, count: Count, more: number): void {
  const key = keyOf(count)
  const known = totals.get(key)
  if (known) known.total += more
  else totals.set(key, { count, total: more })
}

/** Replaces all endings and daily counts by what the cases and their history say. */
export async function rebuildFigures({ db }: Maintainer): Promise<void> {
  await db.delete(caseEndings)
  await db.delete(caseDays)
  for (const { id: tenantId, timezone } of await listCouncils(db)) {
    const days = new Days()
    for await (const part of recounted(db, tenantId)) {
      const endings = part.flatMap(({ row, endings: own }) =>
        own.map((ending, i) => ({
          caseId: row.id,
          cycle: i + 1,
          tenantId,
          ...ending,
          wardId: row.wardId,
          categoryId: row.categoryId,
          isDuplicate: isDuplicate(row),
        })),
      )
      for (const values of chunks(endings)) await db.insert(caseEndings).values(values)
      for (const one of part) days.add(one, timezone)
    }
    const rows = [...days.totals().values()].map(({ count, total }) => ({ tenantId, ...count, cases: total }))
    for (const values of chunks(rows)) await db.insert(caseDays).values(values)
  }
}

const listCouncils = (db: Db) => db.select({ id: tenants.id, timezone: tenants.timezone }).from(tenants)

function* chunks<T>(values: readonly T[]): Generator<T[]> {
  for (let i = 0; i < values.length; i += insertedAtOnce) yield values.slice(i, i + insertedAtOnce)
}

export async function figureFaults({ db }: { db: Db }): Promise<string[]> {
  let faults: string[] = []
  const add = (more: readonly string[]) => {
    faults = faults.concat(more.slice(0, maxFaults - faults.length))
  }
  for (const { id: tenantId, timezone } of await listCouncils(db)) {
    const days = new Days()
    for await (const part of recounted(db, tenantId)) {
      add(await endingFaults(db, part))
      for (const one of part) days.add(one, timezone)
    }
    add(await dayFaults(db, tenantId, days))
  }
  return faults
}

const keptEndings = preparedByForm<typeof caseEndings.$inferSelect>((db, { where }) =>
  db.select().from(caseEndings).where(where).orderBy(asc(caseEndings.cycle)),
)

async function endingFaults(db: Db, part: readonly Recounted[]): Promise<string[]> {
  const where = all([
    amongMany(
      caseEndings.caseId,
      part.map(({ row }) => row.id),
    ),
  ])
  const kept = Map.groupBy(await keptEndings(db, { where }), ({ caseId }) => caseId)
  return part.flatMap(({ row, endings }) => {
    const { wardId, categoryId } = row
    const place = { wardId, categoryId, isDuplicate: isDuplicate(row) }
    const recountedEndings = endings.map(({ endedAt, reopenedAt }) => ({ endedAt, reopenedAt, ...place }))
    const known = (kept.get(row.id) ?? []).map(({ caseId: _c, cycle: _y, tenantId: _t, ...ending }) => ending)
    return isEqual(known, recountedEndings)
      ? []
      : [`${row.reference}: the endings kept are not those of its history`]
  })
}

async function dayFaults(db: Db, tenantId: string, days: Days): Promise<string[]> {
  const kept = await db
    .select()
    .from(caseDays)
    .where(and(eq(caseDays.tenantId, tenantId), sql`${caseDays.cases} <> 0`))
  const rest = days.totals()
  const wrong = kept.flatMap((row) => {
    const total = rest.get(keyOf(row))?.total ?? 0
    rest.delete(keyOf(row))
    return total === row.cases ? [] : [`${tenantId} ${keyOf(row)}: ${row.cases} kept, ${total} counted`]
  })
  return [...wrong, ...[...rest].map(([key, { total }]) => `${tenantId} ${key}: none kept, ${total} counted`)]
}
