import type { Ctx } from '../../core/ctx'
import { Strict } from '../../core/schema'
import { changedAt } from '../../core/tenants/store'
import type { TenantRow } from '../../core/tenants/table'
import { placeFilters } from '../../resources/cases/public/model'
import { lastOver } from '../../resources/events/store'
import { lastExpired } from '../../resources/news/store'

/** The latest of these moments, the council's own beginning where there is none. */
export const latest = ({ createdAt }: TenantRow, ...moments: (Date | null)[]) =>
  new Date(Math.max(createdAt.getTime(), ...moments.map((moment) => moment?.getTime() ?? 0)))

/** When what the public sees of the news last changed; what expires leaves by time alone. */
export const newsChanged = async (ctx: Ctx, council: TenantRow): Promise<Date> =>
  latest(council, changedAt(council, 'news'), await lastExpired(ctx))

/** The same of the events; what is over leaves by time alone. */
export const eventsChanged = async (ctx: Ctx, council: TenantRow): Promise<Date> =>
  latest(council, changedAt(council, 'events'), new Date(Number(await lastOver(ctx))))

export const WardOnly = Strict(placeFilters)
