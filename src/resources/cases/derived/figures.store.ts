import { and, asc, eq, sql } from 'drizzle-orm'
import type { Writer } from '../../../core/ctx'
import { same } from '../../../db/conditions'
import type { Db } from '../../../db/dialect'
import { bound, prepared, preparedInsert } from '../../../db/prepared'
import { isEqual } from '../../../lib/equal'
import { countedFields } from '../fields'
import type { CaseRow } from '../table'
import {
  type Count,
  type Counted,
  countsOf,
  differenceOf,
  type Ending,
  endingsAfter,
  isDuplicate,
  keyOf,
} from './figures'
import { caseDays, caseEndings, type EndingRow } from './figures.table'

const isCountedAlike = (before: Counted, after: Counted) =>
  countedFields.every((name) => isEqual(before[name], after[name]))

const selectEndings = prepared((db) =>
  db
    .select()
    .from(caseEndings)
    .where(eq(caseEndings.caseId, bound(db, 'caseId')))
    .orderBy(asc(caseEndings.cycle))
    .prepare(),
)

/** Brings endings and daily counts into line with a case. */
export async function keepFigures(w: Writer, before: CaseRow | null, after: CaseRow | null): Promise<void> {
  if (before && after && isCountedAlike(before, after)) return
  const { timezone } = w.tenant
  const was = before ? await selectEndings(w.db).execute({ caseId: before.id }) : []
  const is = after ? endingsAfter(was, before, after, w.clock.now()) : []
  if (after) await keepEndings(w, after, was, is)
  else if (before) await w.db.delete(caseEndings).where(eq(caseEndings.caseId, before.id))
  const changes = differenceOf(
    before ? countsOf(before, was, timezone) : [],
    after ? countsOf(after, is, timezone) : [],
  )
  const gathering = gathered.get(w)
  if (gathering) gather(gathering, changes)
  else if (changes.length > 0) await addToDays(w, changes)
}

type Change = { count: Count; change: number }

const gathered = new WeakMap<Writer, Map<string, Change>>()
const addedAtOnce = 100

function gather(gathering: Map<string, Change>, changes: readonly Change[]): void {
  for (const { count, change } of changes) {
    const key = keyOf(count)
    gathering.set(key, { count, change: (gathering.get(key)?.change ?? 0) + change })
  }
}

/** Adds up what the work does to the daily counts and writes the sums at its end: an import changes few of them, often. */
export async function keepFiguresTogether(w: Writer, work: () => Promise<void>): Promise<void> {
  const gathering = new Map<string, Change>()
  gathered.set(w, gathering)
  try {
    await work()
  } finally {
    gathered.delete(w)
  }
  const changes = [...gathering.values()].filter(({ change }) => change !== 0)
  for (let i = 0; i < changes.length; i += addedAtOnce) {
    await addToDays(w, changes.slice(i, i + addedAtOnce))
  }
}

const insertEnding = preparedInsert(caseEndings)

async function keepEndings(
  w: Writer,
  after: CaseRow,
  was: readonly EndingRow[],
  is: readonly Ending[],
): Promise<void> {
  const { id: caseId, wardId, categoryId } = after
  const place = { wardId, categoryId, isDuplicate: isDuplicate(after) }
  for (const [i, { endedAt, reopenedAt }] of is.entries()) {
    const known = was[i]
    const row = { caseId, cycle: i + 1, tenantId: w.tenantId, endedAt, reopenedAt, ...place }
    if (!known) await insertEnding(w.db, row)
    else if (!isEqual(known, { ...known, ...row })) {
      await w.db
        .update(caseEndings)
        .set({ reopenedAt, ...place })
        .where(and(eq(caseEndings.caseId, caseId), eq(caseEndings.cycle, i + 1)))
    }
  }
}

const statements = prepared(() => new Map<number, ReturnType<typeof prepareAdding>>())

function prepareAdding(db: Db, counts: number) {
  const rows = Array.from({ length: counts }, (_, i) => ({
    tenantId: sql.placeholder('tenantId'),
    kind: sql.placeholder(`kind${i}`),
    day: sql.placeholder(`day${i}`),
    wardId: sql.placeholder(`ward${i}`),
    categoryId: sql.placeholder(`category${i}`),
    cases: sql.placeholder(`change${i}`),
  }))
  return db
    .insert(caseDays)
    .values(rows)
    .onConflictDoUpdate({
      target: same(caseDays.tenantId, caseDays.wardId, caseDays.categoryId, caseDays.kind, caseDays.day),
      set: { cases: sql`${caseDays.cases} + excluded.cases` },
    })
    .prepare()
}

async function addToDays(w: Writer, changes: readonly Change[]): Promise<void> {
  const kept = statements(w.db)
  const statement = kept.get(changes.length) ?? prepareAdding(w.db, changes.length)
  kept.set(changes.length, statement)
  const values = changes.flatMap(({ count, change }, i) => [
    [`kind${i}`, count.kind],
    [`day${i}`, count.day],
    [`ward${i}`, count.wardId],
    [`category${i}`, count.categoryId],
    [`change${i}`, change],
  ])
  await statement.execute({ tenantId: w.tenantId, ...Object.fromEntries(values) })
}
