import type { Ctx, Writer } from '../../../core/ctx'
import { all, equals, oneOf } from '../../../db/conditions'
import { listOf, ordering } from '../../../db/paging'
import { preparedInsert } from '../../../db/prepared'
import type { Found, Slice } from '../../../lib/page'
import type { NewEntry, TimelineQuery } from './model'
import { type TimelineRow, timelineEntries } from './table'

const insertRow = preparedInsert(timelineEntries)

/** If a key acts for a person, that person. */
const authorOf = ({ acting, actor }: Ctx) =>
  acting === null
    ? { authorType: actor.type, authorId: actor.id, authorName: actor.name }
    : { authorType: 'user' as const, authorId: acting.id, authorName: acting.name }

export const insertEntry = (w: Writer, caseId: string, entry: NewEntry): Promise<TimelineRow> =>
  insertRow(w.db, {
    id: w.newId(),
    tenantId: w.tenantId,
    caseId,
    visibility: 'internal',
    ...authorOf(w),
    at: w.clock.now(),
    ...entry,
  })

const list = listOf(timelineEntries)
const newestFirst = ordering(timelineEntries, '-position', { position: ['position'] })

type Filters = Pick<TimelineQuery, 'kind' | 'visibility'>

/** The newest first. */
export function listEntries(
  ctx: Ctx,
  caseId: string,
  { kind, visibility }: Filters,
  slice: Slice,
): Promise<Found<TimelineRow>> {
  const where = all([
    equals(timelineEntries.tenantId, ctx.tenantId),
    equals(timelineEntries.caseId, caseId),
    oneOf(timelineEntries.kind, kind),
    equals(timelineEntries.visibility, visibility),
  ])
  return list(ctx.db, where, newestFirst, slice)
}
