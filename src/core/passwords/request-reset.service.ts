import { addressBucket } from '../../lib/address'
import { spend } from '../../lib/limits'
import { type Actor, createCtx, type Deps, type Tenant } from '../ctx'
import type { Caller } from '../sessions/service'
import { findTenantRow, toTenant } from '../tenants/store'
import { typedAddress } from '../users/model'
import { findUserByEmail } from '../users/store'
import { createPasswordLink, type PasswordLink } from './links.service'

/** In a quarter of an hour: from one address, and for one account. */
const attempts = { address: 20, account: 3 }

type ResetRequest = { council: string; email: string }
type Deliver = (tenant: Tenant, link: PasswordLink) => Promise<unknown>

/**
 * Delivers a link to a user who has forgotten their password. The work goes on after the answer, so that neither the answer
 * nor its time shows whether there is such a user.
 */
export async function requestReset(
  deps: Deps,
  { council, email }: ResetRequest,
  caller: Caller,
  deliver: Deliver,
): Promise<void> {
  const { limits, clock, log } = deps
  const account = typedAddress(email)
  await spend(
    limits.signIns,
    `link address ${addressBucket(caller.address)}`,
    attempts.address,
    clock.monotonic(),
  )
  await spend(limits.signIns, `link account ${council} ${account}`, attempts.account, clock.monotonic())
  void sendLink(deps, { council, email: account }, caller, deliver).catch((error) =>
    log.error('a password reset link could not be created', { requestId: caller.requestId, error }),
  )
}

async function sendLink(
  deps: Deps,
  { council, email }: ResetRequest,
  { address, requestId }: Caller,
  deliver: Deliver,
): Promise<void> {
  const row = await findTenantRow(deps.store.read, council)
  if (!row) return
  const tenant = toTenant(row)
  const actor: Actor = { type: 'public', id: 'public', name: 'Public', ip: address }
  const ctx = createCtx(deps, { tenant, actor, requestId })
  const user = await findUserByEmail(ctx, email)
  if (!user?.active) return
  await deliver(tenant, await createPasswordLink(ctx, deps, user.id, 'reset'))
}
