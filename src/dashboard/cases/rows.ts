import type { Ctx } from '../../core/ctx'
import { type CaseWithNames, toView } from '../../resources/cases/model'
import { formatDay, wordsOf } from '../words'
import { casePath } from './one/open'
import { statusTag, type Tag } from './one/words'
import { targetWords } from './words'

/** A case as a list shows it, without its resident. */
export type CaseLine = {
  id: string
  reference: string
  href: string
  summary: string
  ward: string | null
  category: string | null
  assignee: string | null
  status: Tag
  priority: string
  isPressing: boolean
  target: string
  isOverdue: boolean
  received: string
  isTicked: boolean
}

/** `ticked` are ids of cases whose box is ticked. */
export function linesOf(
  { tenant, clock }: Ctx,
  found: readonly CaseWithNames[],
  ticked: ReadonlySet<string> = new Set(),
): CaseLine[] {
  const now = clock.now()
  return found.map((one) => {
    const view = toView(one, now)
    const { id, reference, summary, ward, category, assignee, status, priority, slaState } = view
    return {
      id,
      reference,
      href: casePath(view),
      summary,
      ward: ward?.name ?? null,
      category: category?.name ?? null,
      assignee: assignee?.name ?? null,
      status: statusTag(status),
      priority: wordsOf(priority),
      isPressing: priority === 'urgent' || priority === 'high',
      target: targetWords(view, tenant),
      isOverdue: slaState === 'breached',
      received: formatDay(view.receivedAt, tenant.timezone),
      isTicked: ticked.has(id),
    }
  })
}
