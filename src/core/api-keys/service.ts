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

const safe = ['name', 'prefix', 'scopes', 'ipAllow', 'actingUserId', 'expiresAt', 'revokedAt', 'replacedById']

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
  const state = keyState(key, now)
  if (state === 'revoked' || state === 'expired') return state
  return key.actingUserId && !user?.active ? 'user inactive' : null
}

/** A key and, this once, its text; under an idempotency key that was used before the text is empty. */
export type NewKey = { plain: string; key: ApiKeyRow }

/**
 * Makes a key within the tenant's plan; the plain key is in this result and nowhere else. Every fault of the input is
 * named.
 */
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
  message: 'There is no such active user',
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
  return { key, change: { entity: 'key', id, before: null, after: { ...values, prefix }, safe } }
}

/**
 * Makes a key in place of another, which is good for `overlapMs` longer, at most 30 days: of the same name, acting user,
 * addresses and expiry, and those of its scopes that are still in the plan. Throws a `conflict` where the key is good no
 * more or was replaced before.
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
    const ending = { entity: 'key', id, before: { expiresAt, replacedById: null }, after, safe }
    return {
      changes: [change, ending],
      result: { plain, key, replaced },
      again: { plain: '', key, replaced },
    }
  })
}

/** The scopes that a key in place of this one would have. */
async function assertReplaceable(w: Writer, key: ApiKeyRow): Promise<Scope[]> {
  const state = keyState(key, w.clock.now())
  if (state !== 'active') throw conflict(`The key ${stateWords[state]}: it cannot be replaced`, { state })
  if (!(await mayActFor(w, key.actingUserId))) throw conflict('The user whom the key acts for is not active')
  const scopes = key.scopes.filter((scope) => isInPlan(scope, w.tenant.plan))
  if (scopes.length === 0) throw conflict(`None of the key’s scopes is in the plan ${w.tenant.plan}`)
  return scopes
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
