import { desc, eq } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { all, any, equals, oneOf } from '../../../db/conditions'
import { preparedByForm } from '../../../db/prepared'
import { notFound } from '../../../lib/errors'
import { sha256 } from '../../../lib/hash'
import type { Found, Slice } from '../../../lib/page'
import type { CaseWithNames } from '../model'
import { meantReference } from '../rules/reference'
import { findCaseWhere, listCasesWhere } from '../store'
import { cases } from '../table'
import { type EntryKind, type TimelineRow, timelineEntries } from '../timeline/table'
import { caseTrackers } from './table'

const approved = (ctx: Ctx) => [equals(cases.tenantId, ctx.tenantId), equals(cases.publicState, 'approved')]

/** The last changed first. */
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

/** Throws if there is no approved case with this reference, as people type it. */
export async function getPublicCase(ctx: Ctx, typed: string): Promise<CaseWithNames> {
  const found = await findCaseWhere(
    ctx,
    all([
      ...approved(ctx),
      equals(cases.reference, meantReference(typed, ctx.tenant.referencePrefix) ?? typed),
    ]),
  )
  if (!found) throw notFound('Case')
  return found
}

const shownEntries = 100

const select = preparedByForm<TimelineRow>((db, { where, limit }) =>
  db.select().from(timelineEntries).where(where).orderBy(desc(timelineEntries.position)).limit(limit),
)

/** The newest moves and published texts. Public notes go to the resident alone, as they were written for them. */
export function listPublicEntries(ctx: Ctx, caseId: string, isResident: boolean): Promise<TimelineRow[]> {
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

export async function insertTracker(w: Writer, caseId: string, secret: string): Promise<void> {
  await w.db.insert(caseTrackers).values({ caseId, tenantId: w.tenantId, hash: sha256(secret) })
}

/** SHA-256 of the case's secret; undefined if it has none. */
export async function findTrackerHash(ctx: Ctx, caseId: string): Promise<string | undefined> {
  const [row] = await ctx.db.select().from(caseTrackers).where(eq(caseTrackers.caseId, caseId)).limit(1)
  return row?.hash
}
