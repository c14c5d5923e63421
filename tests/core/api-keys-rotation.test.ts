import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq, inArray } from 'drizzle-orm'
import { keyState, stateWords } from '../../src/core/api-keys/model'
import {
  authenticate,
  createKey,
  type KeyCreate,
  revokeKey,
  rotateKey,
} from '../../src/core/api-keys/service'
import { getKey, listKeys } from '../../src/core/api-keys/store'
import { auditEntries } from '../../src/core/audit/table'
import { setPlan } from '../../src/core/tenants/service'
import { users } from '../../src/core/users/table'
import { maintain } from '../../src/core/write'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { refusalOf } from '../support/store'

const hour = 3_600_000
const day = 24 * hour

let app: TestApp
let council: Council
beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const create = (input: Partial<KeyCreate> = {}) =>
  createKey(council.ctx, app.deps, { name: 'website', scopes: ['cases:read'], ...input })

const later = (ms: number) => new Date(app.clock.now().getTime() + ms)

const works = async (plain: string) => (await authenticate(app.deps, plain))?.ended === null

const rotate = (id: string, overlapMs = day) => rotateKey(council.ctx, app.deps, id, { overlapMs })

/** Moves the council to the smaller plan. */
async function downgrade() {
  const tenant = await setPlan(council.ctx, 'pro')
  council = { ...council, tenant, ctx: { ...council.ctx, tenant } }
}

/** Refuses to replace the key, and leaves it as it is. */
async function refuse(id: string, overlapMs?: number) {
  const before = await listKeys(council.ctx)
  const { kind, message, details } = await refusalOf(() => rotate(id, overlapMs))
  expect(await listKeys(council.ctx)).toEqual(before)
  return { kind, message, details }
}

describe('replacing a key is refused', () => {
  test('for an unknown key, and alike for one of another council', async () => {
    const severn = await createCouncil(app, 'severn')
    const [foreign] = await listKeys(severn.ctx)
    const other = await refuse(foreign?.id as string)
    const unknown = await refuse('unknown')
    expect([other.kind, unknown.kind]).toEqual(['not_found', 'not_found'])
    expect(other.message.replace(foreign?.id as string, 'unknown')).toBe(unknown.message)
    expect(await works(severn.key)).toBe(true)
  })

  test('where it was revoked, has expired or was replaced before', async () => {
    const revoked = await create()
    await revokeKey(council.ctx, revoked.key.id)
    const expired = await create({ expiresAt: later(1) })
    app.clock.advance(1)
    const replaced = await create()
    await rotate(replaced.key.id)
    for (const [{ key }, state] of [
      [revoked, 'revoked'],
      [expired, 'expired'],
      [replaced, 'replaced'],
    ] as const) {
      expect(await refuse(key.id)).toEqual({
        kind: 'conflict',
        message: `The key ${stateWords[state]}, so it cannot be replaced`,
        details: { state },
      })
    }
  })

  test.each([-1, 30 * day + 1, Number.NaN])('with an overlap of %d ms', async (overlapMs) => {
    const { key } = await create()
    expect((await refuse(key.id, overlapMs)).details).toEqual({
      issues: [{ in: 'body', path: 'overlapMs', code: 'range', message: 'Must be from 0 to 30 days' }],
    })
  })

  test('where none of its scopes is left in the plan', async () => {
    const { key } = await create({ scopes: ['reports:read'] })
    await downgrade()
    expect(await refuse(key.id)).toMatchObject({
      kind: 'conflict',
      message: 'The pro plan includes none of the key’s scopes',
    })
  })

  test('where the user whom it acts for is not active', async () => {
    const user = await createTestUser(council, { role: 'manager' })
    const { key } = await create({ actingUserId: user.id })
    await maintain(app.deps, async ({ db }) => {
      await db.update(users).set({ active: false }).where(eq(users.id, user.id))
    })
    expect(await refuse(key.id)).toMatchObject({ kind: 'conflict' })
  })
})

describe('replacing a key', () => {
  test('makes one like it; the old one is good until the overlap ends', async () => {
    const user = await createTestUser(council, { role: 'manager' })
    const expiresAt = later(90 * day)
    const shared = { name: 'portal', ipAllow: ['192.0.2.0/24'], actingUserId: user.id, expiresAt }
    const old = await create({ ...shared, scopes: ['cases:read', 'reports:read'] })
    await downgrade()
    const { plain, key, replaced } = await rotate(old.key.id, hour)
    expect(key).toMatchObject({ ...shared, scopes: ['cases:read'], replacedById: null, revokedAt: null })
    expect(plain).not.toBe(old.plain)
    expect(replaced).toEqual({ ...old.key, expiresAt: later(hour), replacedById: key.id })
    expect(await getKey(council.ctx, old.key.id)).toEqual(replaced)
    expect(keyState(replaced, app.clock.now())).toBe('replaced')
    expect([await works(old.plain), await works(plain)]).toEqual([true, true])
    app.clock.advance(hour - 1)
    expect(await works(old.plain)).toBe(true)
    app.clock.advance(1)
    expect([await works(old.plain), await works(plain)]).toEqual([false, true])
    expect(keyState(replaced, app.clock.now())).toBe('expired')
  })

  test('without an overlap ends the old one at once', async () => {
    const old = await create()
    const { plain } = await rotate(old.key.id, 0)
    expect([await works(old.plain), await works(plain)]).toEqual([false, true])
  })

  test('never makes the old one last longer than it would have', async () => {
    const expiresAt = later(hour)
    const old = await create({ expiresAt })
    expect((await rotate(old.key.id, 30 * day)).replaced.expiresAt).toEqual(expiresAt)
  })

  test('is one change of two keys in the audit log, which holds no secret', async () => {
    const old = await create()
    const { plain, key } = await rotate(old.key.id)
    const rows = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(inArray(auditEntries.entityId, [old.key.id, key.id]))
      .orderBy(asc(auditEntries.seq))
    expect(rows.map(({ action, entityId }) => [action, entityId])).toEqual([
      ['key.create', old.key.id],
      ['key.rotate', key.id],
      ['key.rotate', old.key.id],
    ])
    expect(rows[2]?.changes).toEqual({
      expiresAt: { from: null, to: later(day).toISOString() },
      replacedById: { from: null, to: key.id },
    })
    const text = JSON.stringify(rows)
    for (const secret of [plain.slice(0, 13), key.hash, old.key.hash]) expect(text).not.toContain(secret)
  })

  test('twice at the same time replaces it once', async () => {
    const { key } = await create()
    const outcomes = await Promise.allSettled([rotate(key.id), rotate(key.id)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await listKeys(council.ctx)).toHaveLength(3)
  })

  test('sent again under the same idempotency key makes no further key and tells no secret', async () => {
    const { key } = await create()
    const again = () => {
      const idempotency = { key: 'once', fingerprint: 'same', isReplayed: false }
      const ctx = { ...council.ctx, idempotency }
      return rotateKey(ctx, app.deps, key.id, { overlapMs: 0 })
    }
    const [first, second] = [await again(), await again()]
    expect([second.plain, second.key.id]).toEqual(['', first.key.id])
    expect(await listKeys(council.ctx)).toHaveLength(3)
  })
})
