import { addressBucket } from '../../lib/address'
import { AppError } from '../../lib/errors'
import { type Actor, type Ctx, createCtx, type Deps } from '../ctx'
import { typedPassword } from '../passwords/rules'
import { checkSecondFactor } from '../second-factor/service'
import { findTenantRow, toTenant } from '../tenants/store'
import { typedAddress } from '../users/model'
import { findUserByEmail } from '../users/store'
import type { UserRow } from '../users/table'
import { recordFirst } from '../write'
import { type Attempt, attempt, attemptIn } from './attempts.service'
import { type Caller, renew, type SignedIn, type StartedSession, startFor } from './service'

export type Credentials = { council: string; email: string; password: string }

/** The same for an unknown council or address, a wrong password and a deactivated user. */
const wrong = () => new AppError('unauthenticated', 'The e-mail address or the password is wrong')

/**
 * In fifteen minutes: of one account from one address, of one account from many, of many accounts from one, and codes of one
 * account.
 */
const failures = { here: 10, account: 100, address: 100, code: 10 }

/**
 * Starts a session for a user who knows their password; a code may still be needed. Throws `unavailable` if too many people
 * try at once.
 */
export async function signIn(
  deps: Deps,
  { council, email, password }: Credentials,
  caller: Caller,
): Promise<StartedSession> {
  const { ctx, user } = await findKnown(deps, council, email, caller)
  const account = `${council} ${typedAddress(email)}`
  const from = addressBucket(caller.address)
  const asked: Attempt = {
    address: caller.address,
    here: { key: `here ${from} ${account}`, limit: failures.here },
    wider: [
      { key: `address ${from}`, limit: failures.address },
      { key: `account ${account}`, limit: failures.account },
    ],
    whose: ctx && user ? { ctx, userId: user.id } : null,
  }
  const isRight = await attempt(deps, asked, () =>
    deps.passwords.verify(typedPassword(password, user), user?.active ? user.passwordHash : null, from),
  )
  if (ctx && user && isRight) return startFor(deps, ctx.tenant, user, caller)
  // Recorded for unknown addresses too, so that both take the same time.
  if (ctx) await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user?.id ?? 'unknown' }])
  throw wrong()
}

async function findKnown(
  deps: Deps,
  council: string,
  email: string,
  { address, requestId }: Caller,
): Promise<{ ctx: Ctx | null; user: UserRow | undefined }> {
  const row = await findTenantRow(deps.store.read, council)
  if (!row) return { ctx: null, user: undefined }
  const actor: Actor = { type: 'public', id: 'public', name: 'Public', ip: address }
  const ctx = createCtx(deps, { tenant: toTenant(row), actor, requestId })
  return { ctx, user: await findUserByEmail(ctx, email) }
}

/** Accepts a code from the authenticator app, or a recovery code, and renews the session. */
export async function enterCode(deps: Deps, signedIn: SignedIn, code: string): Promise<StartedSession> {
  const { ctx, user } = signedIn
  const asked = attemptIn(ctx, { user, kind: 'code', limit: failures.code })
  const isRight = await attempt(
    deps,
    asked,
    async () => (await checkSecondFactor(ctx, user.id, code)) !== null,
  )
  if (isRight) return renew(deps, signedIn, deps.clock.now())
  await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user.id, note: { reason: 'code' } }])
  throw new AppError('unauthenticated', 'The code is wrong, too old or was used before')
}
