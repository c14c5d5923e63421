import type { Tenant } from '../ctx'
import type { TenantRow } from '../tenants/table'
import type { UserRow } from '../users/table'
import type { SessionRow } from './table'

export type SessionWithOwner = {
  session: SessionRow
  user: UserRow
  tenant: TenantRow
  /** Whether the user has a second factor that is in use. */
  hasSecondFactor: boolean
}

/** What somebody who gave their password still has to do before they are let in. */
export type Need = 'code' | 'password' | 'second_factor'

/** The first thing that is missing; null for who is in. */
export function needOf(
  { session, user, hasSecondFactor }: SessionWithOwner,
  { requireSecondFactor }: Pick<Tenant, 'requireSecondFactor'>,
): Need | null {
  if (hasSecondFactor && session.secondFactorAt === null) return 'code'
  if (user.mustChangePassword) return 'password'
  if (requireSecondFactor && user.role === 'admin' && !hasSecondFactor) return 'second_factor'
  return null
}

const minuteMs = 60_000

type Lasting = {
  session: Pick<SessionRow, 'createdAt' | 'secondFactorAt'>
  hasSecondFactor: boolean
}

/** When a session ends at the latest, whatever is done in it: a working day, and soon where a code is missing. */
export function latestEnd({ session, hasSecondFactor }: Lasting): Date {
  const isHalf = hasSecondFactor && session.secondFactorAt === null
  return new Date(session.createdAt.getTime() + (isHalf ? 15 : 12 * 60) * minuteMs)
}
