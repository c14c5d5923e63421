import { notFound } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { looksLikeToken, newToken } from '../../lib/token'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant } from '../ctx'
import { toTenant } from '../tenants/store'
import { getActiveUser } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import { findLink, replaceLinks, takeLink } from './links.store'
import { assertPassword, setPassword } from './password.service'
import type { Caller } from './service'
import type { LinkPurpose } from './table'

/** A link by which a user sets a password: told once, good once. */
export type PasswordLink = { path: string; expiresAt: Date; purpose: LinkPurpose; user: UserRow }

const hourMs = 3_600_000
const lastsHours: Record<LinkPurpose, number> = { invitation: 7 * 24, reset: 24 }

/** Makes a link for an active user of the council; earlier ones of theirs are good no more. */
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
    const expiresAt = new Date(createdAt.getTime() + lastsHours[purpose] * hourMs)
    await replaceLinks(w, { id: sha256(token), tenantId: w.tenantId, userId, purpose, createdAt, expiresAt })
    await appendOccurrences(w, 'user.create_link', [{ entity: 'user', id: userId, note: { purpose } }])
    return { changes: [], result: { path: `/admin/password?token=${token}`, expiresAt, purpose, user } }
  })
}

/** Whose link this is and what it is for; null where it is none that still holds. */
export async function findPasswordLink(
  { store, clock }: Deps,
  token: string,
): Promise<{ id: string; tenant: Tenant; user: UserRow; purpose: LinkPurpose } | null> {
  if (!looksLikeToken(token)) return null
  const found = await findLink(store.read, sha256(token), clock.now())
  if (!found) return null
  return { id: found.link.id, tenant: toTenant(found.tenant), user: found.user, purpose: found.link.purpose }
}

/** Sets the password of the link's user, whose sessions end; the link is good no more. */
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
  await assertPassword(ctx, user, password)
  const passwordHash = await deps.passwords.hash(password)
  await write(ctx, 'user.change_password', async (w) => {
    // Since it was found another may have used it, or its user may have been deactivated.
    const isGood = (await findLink(w.db, found.id, w.clock.now())) && (await takeLink(w, found.id))
    if (!isGood) throw notFound('Link')
    await setPassword(w, user.id, passwordHash)
    return { changes: [], result: undefined }
  })
  return { tenant, user: { ...user, passwordHash, mustChangePassword: false } }
}
