import type { Ctx } from '../../core/ctx'
import { maxPagedRows } from '../../lib/page'
import { dateOfDay, dayNumber, localDate } from '../../lib/time'
import { readFilters } from '../../resources/cases/filters'
import { isFinished } from '../../resources/cases/rules/lifecycle'
import { totalCases } from '../../resources/cases/store'
import { caseStatuses } from '../../resources/cases/table'
import { addressOf, CaseListQuery } from '../cases/address'
import { readQuery } from '../list/filters'

type Pairs = [name: string, value: string][]

export const unfinished = caseStatuses.filter((status) => !isFinished(status))

const open: Pairs = unfinished.map((status) => ['status', status])

/** `href` is the list of the cases that are counted. */
export type Count = { text: string; figure: string; href: string }

/** The counts that matter to the visitor’s role, each as the query of its list. */
function questionsOf({ acting, clock, tenant }: Ctx): { text: string; search: Pairs }[] {
  const today = dayNumber(localDate(clock.now(), tenant.timezone))
  const own: Pairs = acting && acting.role !== 'caseworker' ? [['assigneeId', acting.id]] : []
  const isLeading = acting?.role === 'admin' || acting?.role === 'manager'
  return [
    { text: 'Open and assigned to you', search: [...open, ...own] },
    ...(acting?.role === 'councillor' ? [{ text: 'Open in your wards', search: open }] : []),
    { text: 'Overdue', search: [...open, ['slaState', 'breached']] },
    { text: 'Due soon', search: [['slaState', 'due_soon']] },
    ...(isLeading ? [{ text: 'Open and unassigned', search: [...open, nobodys] }] : []),
    { text: 'Created in the last 7 days', search: [['createdFrom', dateOfDay(today - 6)]] },
  ]
}

const nobodys: Pairs[number] = ['assigneeId', 'none']

const figureOf = (total: number): string =>
  total > maxPagedRows ? `Over ${maxPagedRows.toLocaleString('en-GB')}` : total.toLocaleString('en-GB')

export const countsOf = (ctx: Ctx): Promise<Count[]> =>
  Promise.all(
    questionsOf(ctx).map(async ({ text, search }) => {
      const address = new URLSearchParams(search)
      const total = await totalCases(ctx, readFilters(ctx, readQuery(CaseListQuery, address)))
      return { text, figure: figureOf(total), href: addressOf(address) }
    }),
  )
