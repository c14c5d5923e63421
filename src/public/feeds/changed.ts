import type { Ctx } from '../../core/ctx'
import { Strict } from '../../core/schema'
import { changedAt } from '../../core/tenants/store'
import type { TenantRow } from '../../core/tenants/table'
import { placeFilters } from '../../resources/cases/public/model'
import { lastOver } from '../../resources/events/store'
import { lastExpired } from '../../resources/news/store'
import { calendarEnd, calendarStart } from '../events'

/** The latest of these moments, the council's own beginning where there is none. */
export const latest = ({ createdAt }: TenantRow, ...moments: (Date | null)[]) =>
  new Date(Math.max(createdAt.getTime(), ...moments.map((moment) => moment?.getTime() ?? 0)))

/** When what the public sees of the news last changed; what expires leaves by time alone. */
export const newsChanged = async (ctx: Ctx, council: TenantRow): Promise<Date> =>
  latest(council, changedAt(council, 'news'), await lastExpired(ctx))

/** The same of the events; what is over leaves the feed by time alone, and later the calendar. */
export async function eventsChanged(ctx: Ctx, council: TenantRow): Promise<Date> {
  const now = ctx.clock.now()
  const over = await lastOver(ctx, now)
  const past = await lastOver(ctx, calendarStart(now))
  return latest(council, changedAt(council, 'events'), over, past && calendarEnd(past))
}

export const WardOnly = Strict(placeFilters)
