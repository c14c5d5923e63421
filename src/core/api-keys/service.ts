import { keyLastFour, keyPrefix, looksLikeApiKey, newApiKey } from '../../lib/api-key'
import { conflict, type Issue, invalid } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import type { Change } from '../change'
import type { ActingUser, Ctx, Deps, Tenant, Writer } from '../ctx'
import { isInPlan, type Scope } from '../scopes'
import { toTenant } from '../tenants/store'
import { actingAs, findActiveUser } from '../users/store'
import { write } from '../write'
import { inspectKey, keyState, maxOverlapMs, stateWords } from './model'
import {
  findKeyByHash,
  getKey,
  insertKey,
  type KeyWithOwner,
  updateKeyReplaced,
  updateKeyRevoked,
} from './store'
import type { ApiKeyRow } from './table'

export type KeyCreate = {
  name: string
  scopes: readonly string[]
  expiresAt?: Date | null
  ipAllow?: readonly string[]
  actingUserId?: string | null
  id?: string
  /** A given key instead of a random one, for demo data only. */
  plain?: string
}

/** A known key with its council and acting user; `ended` is why it no longer works, null if it does. */
export type Authenticated = {
  key: ApiKeyRow
  tenant: Tenant
  revision: number
  acting: ActingUser | null
  ended: 'revoked' | 'expired' | 'user inactive' | null
}

const auditFields = [
  'name',
  'prefix',
  'scopes',
  'ipAllow',
  'actingUserId',
  'expiresAt',
  'revokedAt',
  'replacedById',
]

/** Null for an unknown key. A malformed one, or a wrong checksum, is refused without asking the store. */
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
  const state = keyState(key, now)
  if (state === 'revoked' || state === 'expired') return state
  return key.actingUserId && !user?.active ? 'user inactive' : null
}

/** `plain` is given out only once: it is empty when an idempotent request is repeated. */
export type NewKey = { plain: string; key: ApiKeyRow }

/** Creates a key within the council's plan; reports every fault of the input at once. The store keeps only the key's hash. */
export async function createKey(ctx: Ctx, deps: Deps, input: KeyCreate): Promise<NewKey> {
  const { expiresAt = null, actingUserId = null, ipAllow = [] } = input
  const wanted = { name: input.name, scopes: input.scopes, ipAllow, expiresAt }
  const { issues, scopes } = inspectKey(wanted, ctx.tenant.plan, ctx.clock.now())
  if (!(await mayActFor(ctx, actingUserId))) issues.push(noSuchUser)
  if (issues.length > 0) throw invalid(issues)
  const plain = input.plain ?? newApiKey(deps.environment, deps.random)
  return write(ctx, 'key.create', async (w) => {
    // The user may have been deactivated meanwhile.
    if (!(await mayActFor(w, actingUserId))) throw invalid([noSuchUser])
    const values = { name: input.name.trim(), scopes, ipAllow: [...ipAllow], actingUserId, expiresAt }
    const { key, change } = await addKey(w, plain, values, input.id)
    return { changes: [change], result: { plain, key }, again: { plain: '', key } }
  })
}

const noSuchUser: Issue = {
  in: 'body',
  path: 'actingUserId',
  code: 'not_found',
  message: 'There is no active user with this id',
}

const mayActFor = async (ctx: Ctx, userId: string | null) =>
  userId === null || (await findActiveUser(ctx, userId)) !== undefined

type KeyValues = Pick<ApiKeyRow, 'name' | 'scopes' | 'ipAllow' | 'actingUserId' | 'expiresAt'>

async function addKey(
  w: Writer,
  plain: string,
  values: KeyValues,
  id = w.newId(),
): Promise<{ key: ApiKeyRow; change: Change }> {
  const prefix = keyPrefix(plain)
  const key = await insertKey(w, {
    id,
    tenantId: w.tenantId,
    ...values,
    prefix,
    lastFour: keyLastFour(plain),
    hash: sha256(plain),
    createdAt: w.clock.now(),
  })
  return { key, change: { entity: 'key', id, before: null, after: { ...values, prefix }, safe: auditFields } }
}

/**
 * Replaces a key, which goes on working for `overlapMs`, at most 30 days. The new key has the same name, acting user, addresses
 * and expiry, and those scopes that the plan still includes. Throws `conflict` if the key no longer works or has been replaced.
 */
export async function rotateKey(
  ctx: Ctx,
  deps: Deps,
  id: string,
  { overlapMs }: { overlapMs: number },
): Promise<NewKey & { replaced: ApiKeyRow }> {
  if (!(overlapMs >= 0 && overlapMs <= maxOverlapMs)) {
    throw invalid([{ in: 'body', path: 'overlapMs', code: 'range', message: 'Must be from 0 to 30 days' }])
  }
  const plain = newApiKey(deps.environment, deps.random)
  return write(ctx, 'key.rotate', async (w) => {
    const before = await getKey(w, id)
    const scopes = await assertReplaceable(w, before)
    const { name, ipAllow, actingUserId, expiresAt } = before
    const { key, change } = await addKey(w, plain, { name, scopes, ipAllow, actingUserId, expiresAt })
    const end = new Date(w.clock.now().getTime() + overlapMs)
    const after = { expiresAt: expiresAt && expiresAt < end ? expiresAt : end, replacedById: key.id }
    await updateKeyReplaced(w, id, after)
    const replaced = { ...before, ...after }
    const ending = { entity: 'key', id, before: { expiresAt, replacedById: null }, after, safe: auditFields }
    return {
      changes: [change, ending],
      result: { plain, key, replaced },
      again: { plain: '', key, replaced },
    }
  })
}

/** Returns the replacement's scopes. */
async function assertReplaceable(w: Writer, key: ApiKeyRow): Promise<Scope[]> {
  const state = keyState(key, w.clock.now())
  if (state !== 'active') throw conflict(`The key ${stateWords[state]}, so it cannot be replaced`, { state })
  if (!(await mayActFor(w, key.actingUserId))) throw conflict('The key acts as a user who is not active')
  const scopes = key.scopes.filter((scope) => isInPlan(scope, w.tenant.plan))
  if (scopes.length === 0) throw conflict(`The ${w.tenant.plan} plan includes none of the key’s scopes`)
  return scopes
}

/** Takes effect at once; revoking a key again changes nothing. */
export async function revokeKey(ctx: Ctx, id: string): Promise<ApiKeyRow> {
  return write(ctx, 'key.revoke', async (w) => {
    const key = await getKey(w, id)
    if (key.revokedAt) return { changes: [], result: key }
    const revokedAt = w.clock.now()
    await updateKeyRevoked(w, id, revokedAt)
    const change = { entity: 'key', id, before: { revokedAt: null }, after: { revokedAt }, safe: auditFields }
    return { changes: [change], result: { ...key, revokedAt } }
  })
}
