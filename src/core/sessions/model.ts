import type { Tenant } from '../ctx'
import type { TenantRow } from '../tenants/table'
import type { UserRow } from '../users/table'
import type { SessionRow } from './table'

export type SessionWithOwner = {
  session: SessionRow
  user: UserRow
  tenant: TenantRow
  /** True if the user has confirmed a second factor. */
  hasSecondFactor: boolean
}

/** A step of signing in that is still missing. */
export type Need = 'code' | 'password' | 'second_factor'

/** The first missing step; null once the sign-in is complete. */
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

type Lifetime = {
  session: Pick<SessionRow, 'createdAt' | 'secondFactorAt'>
  hasSecondFactor: boolean
}

/** However active its user: a working day, or a quarter of an hour while the code is missing. */
export function latestEnd({ session, hasSecondFactor }: Lifetime): Date {
  const isHalf = hasSecondFactor && session.secondFactorAt === null
  return new Date(session.createdAt.getTime() + (isHalf ? 15 : 12 * 60) * minuteMs)
}
