import type { AuditRow } from '../../core/audit/table'
import type { Change } from '../../core/change'
import type { Ctx, Tenant } from '../../core/ctx'
import { getTenant, toTenant } from '../../core/tenants/store'
import { write } from '../../core/write'
import { all, equals, oneOf } from '../../db/conditions'
import type { CursorValue } from '../../lib/cursor'
import type { Found, Slice } from '../../lib/page'
import { inSlices, letOthersWrite } from '../../lib/slices'
import { everyEntry } from '../audit/store'
import { changeCase } from './change.service'
import { targetsSetAt } from './due.store'
import type { CaseWithNames } from './model'
import { nobody } from './residents/model'
import { getResidents } from './residents/store'
import { type Due, dueUnder } from './rules/target'
import { getCasesById, listCasesWhere } from './store'
import { cases } from './table'

/** Cases that are read together; changing so many takes some hundredths of a second. */
const [pageCases, sliceCases] = [200, 20]

type DaysOff = Pick<Tenant, 'nation' | 'calendar'>

/** Days off that applied until then, newest first. */
type Past = readonly (DaysOff & { until: Date })[]

type Council = { now: Tenant; past: Past }

/** The council, and its earlier days off from the audit log. */
async function readCouncil(ctx: Ctx): Promise<Council> {
  const changes: AuditRow[] = []
  for (const action of ['tenant.set_calendar', 'settings.update']) {
    const filters = { action, actor: undefined, entity: undefined, entityId: undefined }
    for await (const rows of everyEntry(ctx, { ...filters, from: undefined, to: undefined })) {
      changes.push(...rows.filter((row) => 'calendar' in row.changes || 'nation' in row.changes))
    }
  }
  const now = toTenant(await getTenant(ctx))
  let { nation, calendar }: DaysOff = now
  const past = changes
    .sort((a, b) => b.seq - a.seq)
    .map((row) => {
      const { nation: nations, calendar: calendars } = row.changes as Record<string, { from?: never }>
      nation = nations?.from ?? nation
      calendar = calendars?.from ?? calendar
      return { until: row.at, nation, calendar }
    })
  return { now, past }
}

/** The days off that applied when a target was worked out at that moment. */
const daysOffAt = ({ now, past }: Council, at: Date): DaysOff =>
  past.findLast(({ until }) => until > at) ?? now

/** New due dates of the cases whose date would differ if the days off had always been as they are now. */
async function movesOf(
  ctx: Ctx,
  council: Council,
  found: readonly CaseWithNames[],
): Promise<Map<string, Due>> {
  const setAt = await targetsSetAt(
    ctx,
    found.map((one) => one.case.id),
  )
  return new Map(
    found.flatMap(({ case: row }): [string, Due][] => {
      const was = { ...council.now, ...daysOffAt(council, setAt.get(row.id) ?? row.createdAt) }
      const due = dueUnder(council.now, was, row)
      return due === null ? [] : [[row.id, due]]
    }),
  )
}

/** Open cases with a target in working days, in parts, each with the cases that would move. */
async function* openCases(ctx: Ctx, council: Council): AsyncGenerator<string[]> {
  const where = all([
    equals(cases.tenantId, ctx.tenantId),
    oneOf(cases.targetState, ['running', 'paused']),
    equals(cases.targetDayType, 'working'),
  ])
  let after: readonly CursorValue[] | null = null
  do {
    const slice: Slice = { kind: 'cursor', pageSize: pageCases, after }
    const { rows, next }: Found<CaseWithNames> = await listCasesWhere(ctx, where, 'createdAt', slice)
    yield [...(await movesOf(ctx, council, rows)).keys()]
    after = next
  } while (after !== null)
}

/** How many open cases have a due date from days off that have changed since. */
export async function countTargetsToMove(ctx: Ctx): Promise<number> {
  const council = await readCouncil(ctx)
  if (council.past.length === 0) return 0
  let count = 0
  for await (const ids of openCases(ctx, council)) count += ids.length
  return count
}

/**
 * Moves the due dates of open cases to where they would be if the days off had always been as they are now; returns how many
 * moved. Commits slice by slice: after an interruption the next run moves the rest, and nothing twice.
 */
export async function moveTargets(ctx: Ctx): Promise<number> {
  const council = await readCouncil(ctx)
  if (council.past.length === 0) return 0
  let count = 0
  for await (const ids of openCases(ctx, council)) {
    for await (const slice of inSlices(ids, sliceCases)) {
      count += await moveSlice({ ...ctx, tenant: council.now }, council, slice)
    }
    await letOthersWrite()
  }
  return count
}

const moveSlice = (ctx: Ctx, council: Council, ids: readonly string[]): Promise<number> =>
  write(ctx, 'case.move_target', async (w) => {
    // Decided again: somebody may have changed a case since it was listed.
    const found = await getCasesById(w, ids)
    const open = [...found.values()].filter(({ case: { targetState } }) =>
      ['running', 'paused'].includes(targetState),
    )
    const residents = await getResidents(w, ids)
    const changes: Change[] = []
    for (const [id, due] of await movesOf(w, council, open)) {
      const resident = residents.get(id) ?? nobody
      const written = await changeCase(w, found.get(id) as CaseWithNames, resident, {
        state: {},
        moved: { due, why: 'The council’s days off have changed' },
      })
      changes.push(...written.changes)
    }
    return { changes, result: changes.length }
  })
