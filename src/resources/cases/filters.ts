import type { Ctx } from '../../core/ctx'
import { readInstant } from '../../core/instants'
import {
  all,
  any,
  atLeast,
  below,
  type Condition,
  equals,
  isNull,
  oneOf,
  within,
  withoutIndex,
} from '../../db/conditions'
import { type Issue, invalid } from '../../lib/errors'
import type { CaseQuery } from './input'
import { isFinished } from './rules/lifecycle'
import type { SlaState } from './rules/target'
import { cases } from './table'

type Instants = 'createdFrom' | 'createdTo' | 'updatedFrom' | 'updatedTo' | 'dueBefore'
type Paging = 'page' | 'pageSize' | 'cursor'

/** A list's filters once parsed: instants are dates, the box is numbers. */
export type CaseFilters = Omit<CaseQuery, Instants | Paging | 'bbox'> &
  Partial<Record<Instants, Date | undefined>> & {
    bbox?: readonly [number, number, number, number] | undefined
  }

/** Parses the filters of a query; throws with every fault. */
export function readFilters(ctx: Ctx, query: CaseQuery): CaseFilters {
  const issues: Issue[] = []
  const {
    createdFrom,
    createdTo,
    updatedFrom,
    updatedTo,
    dueBefore,
    bbox,
    page: _page,
    pageSize: _pageSize,
    cursor: _cursor,
    ...plain
  } = query
  const instant = (path: string, text: string | undefined) => readInstant(ctx, 'query', path, text, issues)
  const filters = {
    ...plain,
    createdFrom: instant('createdFrom', createdFrom),
    createdTo: instant('createdTo', createdTo),
    updatedFrom: instant('updatedFrom', updatedFrom),
    updatedTo: instant('updatedTo', updatedTo),
    dueBefore: instant('dueBefore', dueBefore),
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
      code: 'format',
      message: 'Must be minLongitude,minLatitude,maxLongitude,maxLatitude',
    })
  }
  return [west, south, east, north]
}

/** The bounds of what a person may see; none by default. */
export type View = { assigneeId?: string; wardIds?: readonly string[] }

/** The one place that decides which of the council's cases the caller may see. */
export function viewOf({ acting }: Ctx): View {
  if (acting?.role === 'caseworker') return { assigneeId: acting.id }
  if (acting?.role === 'councillor') return { wardIds: acting.wardIds }
  return {}
}

export const isBounded = (ctx: Ctx) => Object.keys(viewOf(ctx)).length > 0

export function isVisible(ctx: Ctx, assigneeId: string | null, wardId: string | null): boolean {
  const { assigneeId: own, wardIds } = viewOf(ctx)
  return (
    (own === undefined || own === assigneeId) &&
    (wardIds === undefined || (wardId !== null && wardIds.includes(wardId)))
  )
}

export function visibleCases(ctx: Ctx): Condition {
  const { assigneeId, wardIds } = viewOf(ctx)
  return all([
    equals(cases.tenantId, ctx.tenantId),
    equals(cases.assigneeId, assigneeId),
    oneOf(cases.wardId, wardIds),
  ])
}

function assignedTo(ids: readonly string[] | undefined): Condition | undefined {
  if (!ids?.includes('none')) return oneOf(cases.assigneeId, ids)
  const people = ids.filter((id) => id !== 'none')
  return any([isNull(cases.assigneeId), people.length > 0 ? oneOf(cases.assigneeId, people) : undefined])
}

function inSlaState({ slaState: states, status }: CaseFilters, now: Date): Condition | undefined {
  if (states === undefined) return undefined
  const running = equals(cases.targetState, 'running')
  const next = new Date(now.getTime() + 1)
  const conditions: Record<SlaState, Condition> = {
    none: equals(cases.targetState, 'none'),
    paused: equals(cases.targetState, 'paused'),
    met: equals(cases.targetState, 'met'),
    on_track: all([running, atLeast(cases.dueAt, now), atLeast(cases.dueSoonAt, next)]),
    due_soon: all([running, atLeast(cases.dueAt, now), below(cases.dueSoonAt, next)]),
    breached: any([
      // Only finished cases are `missed`, and there may be very many of them.
      status && !status.some(isFinished) ? undefined : equals(cases.targetState, 'missed'),
      all([running, below(cases.dueAt, now)]),
    ]),
  }
  return any(states.map((state) => conditions[state]))
}

/** Spellings of another system’s reference: without spaces around it, and in upper or lower case if it is all of one case. */
const formsOf = (internalRefs: readonly string[]): string[] => [
  ...new Set(
    internalRefs.flatMap((typed) => {
      const wanted = typed.trim()
      return [wanted, wanted.toUpperCase(), wanted.toLowerCase()]
    }),
  ),
]

/** Uses its own index, whatever the `others` are. */
export const withInternalRef = (ctx: Ctx, internalRefs: readonly string[], others: Condition): Condition =>
  all([
    equals(cases.tenantId, ctx.tenantId),
    oneOf(cases.internalRef, formsOf(internalRefs)),
    withoutIndex(others),
  ])

export function matching(ctx: Ctx, filters: CaseFilters): Condition {
  const others = matchingOthers(ctx, filters)
  return filters.internalRef === undefined ? others : withInternalRef(ctx, filters.internalRef, others)
}

function matchingOthers(ctx: Ctx, filters: CaseFilters): Condition {
  const { bbox, archived = false } = filters
  return all([
    visibleCases(ctx),
    equals(cases.archived, archived),
    oneOf(cases.status, filters.status),
    oneOf(cases.resolution, filters.resolution),
    inSlaState(filters, ctx.clock.now()),
    oneOf(cases.type, filters.type),
    oneOf(cases.wardId, filters.wardId),
    oneOf(cases.categoryId, filters.categoryId),
    assignedTo(filters.assigneeId),
    oneOf(cases.councillorId, filters.councillorId),
    oneOf(cases.sourceChannel, filters.sourceChannel),
    oneOf(cases.priority, filters.priority),
    atLeast(cases.createdAt, filters.createdFrom),
    below(cases.createdAt, filters.createdTo),
    atLeast(cases.updatedAt, filters.updatedFrom),
    below(cases.updatedAt, filters.updatedTo),
    below(cases.dueAt, filters.dueBefore),
    within(cases.longitude, bbox && [bbox[0], bbox[2]]),
    within(cases.latitude, bbox && [bbox[1], bbox[3]]),
  ])
}
