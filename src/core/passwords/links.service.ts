import { notFound } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { looksLikeToken, newToken } from '../../lib/token'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant } from '../ctx'
import type { Caller } from '../sessions/service'
import { toTenant } from '../tenants/store'
import { getActiveUser } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import { setPassword } from './change.service'
import { findLink, replaceLinks, takeLink } from './links.store'
import { assertPassword } from './rules'
import type { LinkPurpose } from './table'

/** The token is given out only here: the store keeps its hash. It works once. */
export type PasswordLink = { token: string; expiresAt: Date; purpose: LinkPurpose; user: UserRow }

const hourMs = 3_600_000
const lifetimeHours: Record<LinkPurpose, number> = { invitation: 7 * 24, reset: 24 }

/** Creates a link for an active user of the council; their earlier links stop working. */
export async function createPasswordLink(
  ctx: Ctx,
  { random }: Pick<Deps, 'random'>,
  userId: string,
  purpose: LinkPurpose,
): Promise<PasswordLink> {
  const token = newToken(random)
  return write(ctx, 'user.create_link', async (w) => {
    const user = await getActiveUser(w, userId)
    const createdAt = w.clock.now()
    const expiresAt = new Date(createdAt.getTime() + lifetimeHours[purpose] * hourMs)
    await replaceLinks(w, { id: sha256(token), tenantId: w.tenantId, userId, purpose, createdAt, expiresAt })
    await appendOccurrences(w, 'user.create_link', [{ entity: 'user', id: userId, note: { purpose } }])
    return { changes: [], result: { token, expiresAt, purpose, user } }
  })
}

/** Null if the link is unknown, used or expired. */
export async function findPasswordLink(
  { store, clock }: Deps,
  token: string,
): Promise<{ id: string; tenant: Tenant; user: UserRow; purpose: LinkPurpose } | null> {
  if (!looksLikeToken(token)) return null
  const found = await findLink(store.read, sha256(token), clock.now())
  if (!found) return null
  return { id: found.link.id, tenant: toTenant(found.tenant), user: found.user, purpose: found.link.purpose }
}

/** Sets the password of the link's user and ends their sessions; the link stops working. */
export async function usePasswordLink(
  deps: Deps,
  token: string,
  password: string,
  { address, requestId }: Caller,
): Promise<{ tenant: Tenant; user: UserRow }> {
  const found = await findPasswordLink(deps, token)
  if (!found) throw notFound('Link')
  const { tenant, user } = found
  const actor: Actor = { type: 'user', id: user.id, name: user.name, ip: address }
  const ctx = createCtx(deps, { tenant, actor, requestId })
  await assertPassword(user, tenant, password)
  const passwordHash = await deps.passwords.hash(password)
  await write(ctx, 'user.change_password', async (w) => {
    // Meanwhile somebody else may have used it, or its user may have been deactivated.
    const isGood = (await findLink(w.db, found.id, w.clock.now())) && (await takeLink(w, found.id))
    if (!isGood) throw notFound('Link')
    await setPassword(w, user.id, passwordHash)
    return { changes: [], result: undefined }
  })
  return { tenant, user: { ...user, passwordHash, mustChangePassword: false } }
}
