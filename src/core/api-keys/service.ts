import { parseCidr } from '../../lib/address'
import { keyLastFour, keyPrefix, looksLikeApiKey, newApiKey } from '../../lib/api-key'
import { badRequest } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import type { ActingUser, Ctx, Deps, Tenant } from '../ctx'
import { isInPlan, isScope, planFor, planScopes, type Scope } from '../scopes'
import { toTenant } from '../tenants/store'
import { actingAs, getActiveUser } from '../users/store'
import { write } from '../write'
import { findKeyByHash, getKey, insertKey, type KeyWithOwner, updateKeyRevoked } from './store'
import type { ApiKeyRow } from './table'

export type KeyCreate = {
  name: string
  scopes: readonly string[]
  expiresAt?: Date | null
  ipAllow?: readonly string[]
  actingUserId?: string | null
  id?: string
  /** A key that was made before; only demo data has one. */
  plain?: string
}

/** A key that there is, whose it is and for whom it acts; `ended` says why it is good no more. */
export type Authenticated = {
  key: ApiKeyRow
  tenant: Tenant
  revision: number
  acting: ActingUser | null
  ended: 'revoked' | 'expired' | 'user inactive' | null
}

const safe = ['name', 'prefix', 'scopes', 'ipAllow', 'actingUserId', 'expiresAt', 'revokedAt']

/**
 * Finds the key behind this text; null for unknown and malformed ones.
 * A wrong form or checksum is refused without touching the store.
 */
export async function authenticate(deps: Deps, plain: string): Promise<Authenticated | null> {
  if (!looksLikeApiKey(plain, deps.environment)) return null
  const found = await findKeyByHash(deps.store.read, sha256(plain))
  if (!found) return null
  const { key, tenant, user } = found
  const now = deps.clock.now()
  const ended = endOf(found, now)
  const known = { key, tenant: toTenant(tenant), revision: tenant.revision, ended }
  if (!user) return { ...known, acting: null }
  return { ...known, acting: await actingAs(deps.store.read, user, tenant, now) }
}

function endOf({ key, user }: KeyWithOwner, now: Date): Authenticated['ended'] {
  if (key.revokedAt) return 'revoked'
  if (key.expiresAt && key.expiresAt <= now) return 'expired'
  return key.actingUserId && !user?.active ? 'user inactive' : null
}

/** Makes a key within the tenant's plan; the plain key is in this result and nowhere else. */
export function createKey(
  ctx: Ctx,
  deps: Deps,
  input: KeyCreate,
): Promise<{ plain: string; key: ApiKeyRow }> {
  const { name, expiresAt = null, actingUserId = null, ipAllow = [] } = input
  if (name.trim() === '') throw badRequest('A key needs a name')
  const scopes = scopesWithinPlan(ctx.tenant, input.scopes)
  const badRange = ipAllow.find((range) => parseCidr(range) === undefined)
  if (badRange !== undefined) throw badRequest(`"${badRange}" is not an IP address or CIDR range`)
  const plain = input.plain ?? newApiKey(deps.environment, deps.random)
  return write(ctx, 'key.create', async (w) => {
    if (actingUserId !== null) await getActiveUser(w, actingUserId)
    const key = await insertKey(w, {
      id: input.id ?? w.newId(),
      tenantId: w.tenantId,
      name: name.trim(),
      prefix: keyPrefix(plain),
      lastFour: keyLastFour(plain),
      hash: sha256(plain),
      scopes,
      ipAllow: [...ipAllow],
      actingUserId,
      expiresAt,
      createdAt: w.clock.now(),
    })
    const { prefix } = key
    const after = { name: key.name, prefix, scopes, ipAllow, actingUserId, expiresAt }
    return { changes: [{ entity: 'key', id: key.id, before: null, after, safe }], result: { plain, key } }
  })
}

/** Ends a key at once; revoking it again changes nothing. */
export async function revokeKey(ctx: Ctx, id: string): Promise<ApiKeyRow> {
  return write(ctx, 'key.revoke', async (w) => {
    const key = await getKey(w, id)
    if (key.revokedAt) return { changes: [], result: key }
    const revokedAt = w.clock.now()
    await updateKeyRevoked(w, id, revokedAt)
    const change = { entity: 'key', id, before: { revokedAt: null }, after: { revokedAt }, safe }
    return { changes: [change], result: { ...key, revokedAt } }
  })
}

function scopesWithinPlan({ plan }: Tenant, wanted: readonly string[]): Scope[] {
  if (wanted.length === 1 && wanted[0] === 'all') {
    if (planScopes[plan].length === 0) throw badRequest(`The plan ${plan} includes no scopes`, { plan })
    return [...planScopes[plan]]
  }
  if (wanted.length === 0) throw badRequest('A key needs at least one scope')
  const scopes = [...new Set(wanted)].map((scope) => {
    if (!isScope(scope)) throw badRequest(`There is no scope "${scope}"`, { scope })
    return scope
  })
  const beyond = scopes.find((scope) => !isInPlan(scope, plan))
  if (beyond) {
    throw badRequest(`The scope ${beyond} is not in the plan ${plan}`, {
      scope: beyond,
      plan,
      requiredPlan: planFor(beyond),
    })
  }
  return scopes
}
