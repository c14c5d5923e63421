import type { Ctx, Writer } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import { getActiveUser } from '../../core/users/store'
import { type Change, write } from '../../core/write'
import { AppError, type Issue, invalid } from '../../lib/errors'
import { localYear, parseInstantOrDate } from '../../lib/time'
import { getCategory } from '../categories/store'
import { getWard } from '../wards/store'
import { type CaseCreate, type CasePatch, type CaseQuery, type CaseView, toView } from './model'
import { formatReference } from './reference'
import { assertMove, eventsOfMove, timesAfter } from './status'
import { type CaseFilters, getCase, insertCase, nextReferenceNumber, reloadCase, updateCase } from './store'
import type { CaseRow } from './table'

/** Fields whose values may stand in the audit log: they name no person's trouble. */
const safe = [
  'reference',
  'type',
  'status',
  'priority',
  'sourceChannel',
  'wardId',
  'categoryId',
  'assigneeId',
  'councillorId',
  'highlightedForPublic',
  'archived',
  'reopenCount',
  'receivedAt',
  'acknowledgedAt',
  'resolvedAt',
  'closedAt',
  'followUpAt',
]

/** Clients' clocks may run ahead of ours by this much. */
const clockSkewMs = 5 * 60_000

/** Reads the filters that are texts in a query; every bad one is named. */
export function readFilters(ctx: Ctx, query: CaseQuery): CaseFilters {
  const issues: Issue[] = []
  const { createdFrom, createdTo, updatedFrom, updatedTo, bbox, ...plain } = query
  const instant = (path: string, text: string | undefined) => readInstant(ctx, 'query', path, text, issues)
  const filters = {
    ...plain,
    createdFrom: instant('createdFrom', createdFrom),
    createdTo: instant('createdTo', createdTo),
    updatedFrom: instant('updatedFrom', updatedFrom),
    updatedTo: instant('updatedTo', updatedTo),
    bbox: bbox === undefined ? undefined : readBox(bbox, issues),
  }
  if (issues.length > 0) throw invalid(issues)
  return filters
}

function readBox(text: string, issues: Issue[]): [number, number, number, number] {
  const [west, south, east, north] = text.split(',').map(Number) as [number, number, number, number]
  const isOnEarth =
    [west, east].every((x) => Math.abs(x) <= 180) && [south, north].every((y) => Math.abs(y) <= 90)
  if (!isOnEarth || west > east || south > north) {
    issues.push({
      in: 'query',
      path: 'bbox',
      message: 'Must be minLongitude,minLatitude,maxLongitude,maxLatitude',
    })
  }
  return [west, south, east, north]
}

function readInstant(ctx: Ctx, part: Issue['in'], path: string, text: string | undefined, issues: Issue[]) {
  if (text === undefined) return undefined
  const instant = parseInstantOrDate(text, ctx.tenant.timezone)
  if (!instant) issues.push({ in: part, path, message: 'Is no instant or date of the calendar' })
  return instant
}

export const createCase = (ctx: Ctx, input: CaseCreate): Promise<CaseView> =>
  write(ctx, 'case.create', async (w) => {
    const now = w.clock.now()
    const columns = await readColumns(w, input)
    const year = localYear(now, w.tenant.timezone)
    const number = await nextReferenceNumber(w, year)
    // A caseworker sees only what is theirs: what they make is theirs unless they say otherwise.
    const own = w.acting?.role === 'caseworker' ? w.acting.id : null
    const row = await insertCase(w, {
      id: w.newId(),
      tenantId: w.tenantId,
      reference: formatReference(w.tenant.referencePrefix, year, number),
      referenceYear: year,
      referenceNumber: number,
      summary: input.summary,
      type: 'enquiry',
      status: 'open',
      priority: 'normal',
      sourceChannel: 'api',
      publicThemes: [],
      highlightedForPublic: false,
      assigneeId: own,
      receivedAt: now,
      archived: false,
      createdAt: now,
      updatedAt: now,
      ...columns,
    })
    const view = toView(await reloadCase(w, row.id))
    return { changes: [changeOf(null, row, ['case_created'], view)], result: view }
  })

/** Changes the named fields; a status moves by the table of moves. What is already so is no change. */
export const patchCase = (ctx: Ctx, idOrReference: string, input: CasePatch): Promise<CaseView> =>
  write(ctx, 'case.update', async (w) => {
    const found = await getCase(w, idOrReference)
    assertUnchanged(w, toView(found))
    const before = found.case
    const { status = before.status, archived = before.archived } = input
    assertMove(before.status, status)
    const times = timesAfter(before.status, status, before, w.clock.now())
    const wanted: Partial<CaseRow> = { ...(await readColumns(w, input)), status, archived, ...times }
    const changed = differing(before, wanted)
    if (Object.keys(changed).length === 0) return { changes: [], result: toView(found) }
    const after = await updateCase(w, before, changed)
    const view = toView(await reloadCase(w, after.id))
    return { changes: [changeOf(before, after, eventsOf(before, changed), view)], result: view }
  })

function differing(before: CaseRow, wanted: Partial<CaseRow>): Partial<CaseRow> {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !same(before[name as keyof CaseRow], value)),
  )
}

const moveFields = ['status', 'acknowledgedAt', 'resolvedAt', 'closedAt', 'reopenCount']

function eventsOf(before: CaseRow, changed: Partial<CaseRow>): string[] {
  const others = Object.keys(changed).filter((name) => !moveFields.includes(name))
  const isAssigned = 'assigneeId' in changed
  return [
    ...eventsOfMove(before.status, changed.status ?? before.status),
    ...(isAssigned ? ['case_assigned'] : []),
    ...(others.some((name) => name !== 'assigneeId') ? ['case_updated'] : []),
  ]
}

function changeOf(before: CaseRow | null, after: CaseRow, events: string[], view: CaseView): Change {
  const { version: _version, updatedAt: _updatedAt, ...told } = after
  const data = { case: view, ...(before === null ? {} : { previousStatus: before.status }) }
  return {
    entity: 'case',
    id: after.id,
    before,
    after: told,
    safe,
    events: events.map((name) => ({ name, data })),
  }
}

type Fields = Omit<CaseCreate, 'summary'> & { summary?: string }

/** The named fields as columns: references looked up in this tenant, times read; every fault at once. */
async function readColumns(w: Writer, input: Fields & CasePatch): Promise<Partial<CaseRow>> {
  const { location, followUpAt, receivedAt, status: _status, archived: _archived, ...plain } = input
  const issues = await missingReferences(w, input)
  const columns: Partial<CaseRow> = { ...plain }
  if (followUpAt !== undefined) {
    columns.followUpAt =
      followUpAt === null ? null : (readInstant(w, 'body', 'followUpAt', followUpAt, issues) ?? null)
  }
  const received = readInstant(w, 'body', 'receivedAt', receivedAt, issues)
  if (received && received.getTime() > w.clock.now().getTime() + clockSkewMs) {
    issues.push({ in: 'body', path: 'receivedAt', message: 'Must not lie in the future' })
  }
  if (received) columns.receivedAt = received
  if (issues.length > 0) throw invalid(issues)
  const cleared = { latitude: null, longitude: null, address: null, postcode: null, uprn: null }
  return { ...columns, ...(location === null ? cleared : location) }
}

/** Names the fields that refer to what this tenant does not have; another tenant's id is as unknown as any. */
async function missingReferences(w: Writer, input: CasePatch): Promise<Issue[]> {
  const checks: [keyof CasePatch & string, string, (id: string) => Promise<unknown>][] = [
    ['wardId', 'There is no such ward', (id) => getWard(w, id)],
    ['categoryId', 'There is no such category', (id) => getCategory(w, id)],
    ['assigneeId', 'There is no such active user', (id) => getActiveUser(w, id)],
    ['councillorId', 'There is no such active councillor', (id) => getActiveUser(w, id, 'councillor')],
  ]
  const issues: Issue[] = []
  for (const [path, message, find] of checks) {
    const id = input[path]
    if (typeof id !== 'string') continue
    try {
      await find(id)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error
      issues.push({ in: 'body', path, message })
    }
  }
  return issues
}
