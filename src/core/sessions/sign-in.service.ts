import { addressBucket } from '../../lib/address'
import { AppError } from '../../lib/errors'
import { spend } from '../../lib/limits'
import { type Actor, createCtx, type Deps } from '../ctx'
import { checkSecondFactor } from '../second-factor/service'
import { findTenantRow, toTenant } from '../tenants/store'
import { findUserByEmail } from '../users/store'
import { recordFirst } from '../write'
import { type Caller, renew, type SignedIn, type StartedSession, startFor } from './service'

export type Credentials = { council: string; email: string; password: string }

/** The same for an unknown council or address, a wrong password and a deactivated user. */
const wrong = () => new AppError('unauthenticated', 'The e-mail address or the password is wrong')

/** Starts a session for a user who knows their password; a code may still be needed. */
export async function signIn(
  deps: Deps,
  { council, email, password }: Credentials,
  caller: Caller,
): Promise<StartedSession> {
  await limitAttempts(deps, `${council} ${email.trim().toLowerCase().slice(0, 254)}`, caller)
  const row = await findTenantRow(deps.store.read, council)
  if (!row) {
    await deps.passwords.verify(password, null)
    throw wrong()
  }
  const tenant = toTenant(row)
  const nobody: Actor = { type: 'public', id: 'public', name: 'Public', ip: caller.address }
  const ctx = createCtx(deps, { tenant, actor: nobody, requestId: caller.requestId })
  const user = await findUserByEmail(ctx, email.trim())
  const isRight = await deps.passwords.verify(password, user?.active ? user.passwordHash : null)
  if (!user || !isRight) {
    // Recorded for unknown addresses too, so that both take the same time.
    await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user?.id ?? 'unknown' }])
    throw wrong()
  }
  return startFor(deps, tenant, user, caller)
}

/** Accepts a code from the authenticator app, or a recovery code, and renews the session. */
export async function enterCode(deps: Deps, signedIn: SignedIn, code: string): Promise<StartedSession> {
  const { ctx, user } = signedIn
  await spend(deps.limits.signIns, `code ${user.id}`, attempts.code, deps.clock.monotonic())
  if ((await checkSecondFactor(ctx, user.id, code)) === null) {
    await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user.id, note: { reason: 'code' } }])
    throw new AppError('unauthenticated', 'The code is wrong, too old or was used before')
  }
  return renew(deps, signedIn, deps.clock.now())
}

/** In each window of fifteen minutes. */
const attempts = { here: 10, account: 100, address: 100, code: 10 }

/** Slows guessing from one address, at one account from many addresses, and at many accounts from one address. */
async function limitAttempts({ limits, clock }: Deps, account: string, { address }: Caller): Promise<void> {
  const [from, now] = [addressBucket(address), clock.monotonic()]
  await spend(limits.signIns, `here ${from} ${account}`, attempts.here, now)
  await spend(limits.signIns, `address ${from}`, attempts.address, now)
  await spend(limits.signIns, `account ${account}`, attempts.account, now)
}
