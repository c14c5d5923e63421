import { addressBucket } from '../../lib/address'
import { spend } from '../../lib/limits'
import { type Actor, createCtx, type Deps } from '../ctx'
import { findTenantRow, toTenant } from '../tenants/store'
import { findUserByEmail } from '../users/store'
import { mailPasswordLink } from './link-mail'
import { createPasswordLink } from './links.service'
import type { Caller } from './service'

/** Times that one address may ask, and that one account may be asked for, in a quarter of an hour. */
const attempts = { address: 20, account: 3 }

type Asked = { council: string; email: string }

/**
 * Sends a link to who has forgotten their password. Whether there is such a user shows neither in the answer nor in the time
 * that it takes: what is done for them is done after it.
 */
export async function askForLink(deps: Deps, { council, email }: Asked, caller: Caller): Promise<void> {
  const { limits, clock, log } = deps
  const account = email.trim().toLowerCase().slice(0, 254)
  await spend(
    limits.signIns,
    `link address ${addressBucket(caller.address)}`,
    attempts.address,
    clock.monotonic(),
  )
  await spend(limits.signIns, `link account ${council} ${account}`, attempts.account, clock.monotonic())
  void sendLink(deps, { council, email: account }, caller).catch((error) =>
    log.error('a link for a new password could not be made', { requestId: caller.requestId, error }),
  )
}

async function sendLink(
  deps: Deps,
  { council, email }: Asked,
  { address, requestId }: Caller,
): Promise<void> {
  const row = await findTenantRow(deps.store.read, council)
  if (!row) return
  const tenant = toTenant(row)
  const actor: Actor = { type: 'public', id: 'public', name: 'Public', ip: address }
  const ctx = createCtx(deps, { tenant, actor, requestId })
  const user = await findUserByEmail(ctx, email)
  if (!user?.active) return
  await mailPasswordLink(deps, tenant, await createPasswordLink(ctx, deps, user.id, 'reset'))
}
