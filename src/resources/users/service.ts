import type { Ctx } from '../../core/ctx'
import type { UserRow } from '../../core/users/table'
import { localDate } from '../../lib/time'
import { maySeeContact, toView, type UserView } from './model'
import { getTerms } from './store'

/** The local date on which users are shown. */
export const today = ({ clock, tenant }: Ctx) => localDate(clock.now(), tenant.timezone)

/** Users as this caller may see them today. */
export async function showUsers(ctx: Ctx, rows: readonly UserRow[]): Promise<UserView[]> {
  const terms = await getTerms(
    ctx,
    rows.map(({ id }) => id),
  )
  const date = today(ctx)
  return rows.map((row) =>
    toView(row, terms.get(row.id) ?? [], { date, isContactShown: maySeeContact(ctx, row) }),
  )
}
