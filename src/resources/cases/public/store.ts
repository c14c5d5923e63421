import { desc } from 'drizzle-orm'
import type { Ctx } from '../../../core/ctx'
import { all, any, equals, oneOf } from '../../../db/conditions'
import { preparedByForm } from '../../../db/prepared'
import { notFound } from '../../../lib/errors'
import type { Found, Slice } from '../../../lib/page'
import type { CaseWithNames } from '../model'
import { findCaseWhere, listCasesWhere } from '../store'
import { cases } from '../table'
import { type EntryKind, type TimelineRow, timelineEntries } from '../timeline/table'

const approved = (ctx: Ctx) => [equals(cases.tenantId, ctx.tenantId), equals(cases.publicState, 'approved')]

/** The asked-for part of the approved cases, those changed last first. */
export const listPublicCases = (
  ctx: Ctx,
  { wardId, categoryId }: { wardId: string | undefined; categoryId: string | undefined },
  slice: Slice,
): Promise<Found<CaseWithNames>> =>
  listCasesWhere(
    ctx,
    all([...approved(ctx), equals(cases.wardId, wardId), equals(cases.categoryId, categoryId)]),
    '-updatedAt',
    slice,
  )

/** An approved case by its reference; throws where there is none. */
export async function getPublicCase(ctx: Ctx, reference: string): Promise<CaseWithNames> {
  const found = await findCaseWhere(
    ctx,
    all([...approved(ctx), equals(cases.reference, reference.toUpperCase())]),
  )
  if (!found) throw notFound('Case')
  return found
}

const shownEntries = 100

const select = preparedByForm<TimelineRow>((db, { where, limit }) =>
  db.select().from(timelineEntries).where(where).orderBy(desc(timelineEntries.position)).limit(limit),
)

/**
 * The newest of what is told outside the council of a case: its moves and what was published of it; public notes only to
 * the resident, to whom they were written.
 */
export function listToldEntries(ctx: Ctx, caseId: string, isResident: boolean): Promise<TimelineRow[]> {
  const kinds: EntryKind[] = isResident ? ['public_update', 'note'] : ['public_update']
  const where = all([
    equals(timelineEntries.tenantId, ctx.tenantId),
    equals(timelineEntries.caseId, caseId),
    any([
      equals(timelineEntries.kind, 'status'),
      all([equals(timelineEntries.visibility, 'public'), oneOf(timelineEntries.kind, kinds)]),
    ]),
  ])
  return select(ctx.db, { where, limit: shownEntries })
}
