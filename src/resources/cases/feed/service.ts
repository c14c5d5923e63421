import type { Ctx } from '../../../core/ctx'
import { openCursor, sealCursor } from '../../../lib/cursor'
import { invalid } from '../../../lib/errors'
import { listChangeRows } from '../derived/feed-order.store'
import type { CaseChangeRow } from '../derived/feed-order.table'
import { isVisible, viewOf } from '../filters'
import type { CaseWithNames } from '../model'
import { showCases } from '../residents/service'
import { getCasesById } from '../store'
import { type CaseChangeView, type ChangeList, type ChangesQuery, maxChanges } from './model'

/** Bounds the work for a caller who may see few of the changes. */
const maxRows = 500

/** A cursor is valid for one view only: under another, cases that came into or left the view would be missed. */
const bindingOf = (ctx: Ctx) => JSON.stringify([ctx.tenantId, 'changes', viewOf(ctx)])

function positionOf(ctx: Ctx, since: string): number {
  if (since === '') return 0
  const place = openCursor(ctx.secrets.cursor, bindingOf(ctx), since)
  if (place === undefined) {
    const message = 'This key cannot go on from here: start again with an empty one'
    throw invalid([{ in: 'query', path: 'since', code: 'format', message }])
  }
  return Number(place[0])
}

/**
 * Each case comes once in a part, as it is now. A client that follows all parts ends up with exactly the cases that it may
 * see: it is also told which have left its view or were erased.
 */
export async function listChanges(
  ctx: Ctx,
  { since = '', pageSize = maxChanges }: ChangesQuery,
): Promise<ChangeList> {
  const start = positionOf(ctx, since)
  const rows = await listChangeRows(ctx, start, maxRows + 1)
  const found = await getCasesById(ctx, [...new Set(rows.map(({ caseId }) => caseId))])
  // A case that changed more than once is at the place of its last change.
  const last = new Map<string, { type: CaseChangeView['type']; row: CaseChangeRow }>()
  let walked = 0
  for (const row of rows.slice(0, maxRows)) {
    const type = typeOf(ctx, row, found)
    if (type !== undefined && !last.has(row.caseId) && last.size >= pageSize) break
    walked++
    if (type === undefined) continue
    last.delete(row.caseId)
    last.set(row.caseId, { type, row })
  }
  const position = rows[walked - 1]?.position ?? start
  return {
    changes: await toChanges(ctx, [...last.values()], found),
    nextCursor: sealCursor(ctx.secrets.cursor, bindingOf(ctx), [position]),
    hasMore: walked < rows.length,
  }
}

/** Undefined for a change of a case that the caller could not see before and cannot see now. */
function typeOf(
  ctx: Ctx,
  { kind, caseId, isMove, fromAssigneeId, fromWardId }: CaseChangeRow,
  found: ReadonlyMap<string, CaseWithNames>,
): CaseChangeView['type'] | undefined {
  if (found.has(caseId)) return 'upserted'
  if (!isMove || !isVisible(ctx, fromAssigneeId, fromWardId)) return undefined
  return kind === 'erased' ? 'erased' : 'removed'
}

async function toChanges(
  ctx: Ctx,
  changes: readonly { type: CaseChangeView['type']; row: CaseChangeRow }[],
  found: ReadonlyMap<string, CaseWithNames>,
): Promise<CaseChangeView[]> {
  const visible = await showCases(
    ctx,
    changes.flatMap(({ row }) => found.get(row.caseId) ?? []),
  )
  const views = new Map(visible.map((view) => [view.id, view]))
  return changes.map(({ type, row }) => ({
    type,
    id: row.caseId,
    at: row.at.toISOString(),
    case: views.get(row.caseId) ?? null,
  }))
}
