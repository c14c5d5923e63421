import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { authenticate, createKey, type KeyCreate, revokeKey } from '../../src/core/api-keys/service'
import { findTenantOfKey, getKey, listKeys } from '../../src/core/api-keys/store'
import { auditEntries } from '../../src/core/audit/table'
import type { Plan } from '../../src/core/scopes'
import { planScopes } from '../../src/core/scopes'
import { setPlan } from '../../src/core/tenants/service'
import { users } from '../../src/core/users/table'
import { maintain } from '../../src/core/write'
import { newApiKey } from '../../src/lib/api-key'
import { sha256 } from '../../src/lib/hash'
import { secureRandom } from '../../src/lib/random'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { keptTexts } from '../support/beside'
import { refusalOf } from '../support/store'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})
afterEach(() => app.close())

const create = ({ ctx }: Council, input: Partial<KeyCreate> = {}) =>
  createKey(ctx, app.deps, { name: 'website', scopes: ['cases:read'], ...input })

/** Refuses to make a key for a council on this plan and leaves none behind. */
async function refuse(plan: Plan, input: Partial<KeyCreate>) {
  const council = await createCouncil(app, 'avon', plan)
  const keys = (await listKeys(council.ctx)).length
  const { kind, message, details } = await refusalOf(() => create(council, input))
  expect((await listKeys(council.ctx)).length).toBe(keys)
  return { kind, message, details }
}

/** The refusal that names these faults. */
const faults = (...issues: [path: string, message: string][]) => ({
  kind: 'bad_request' as const,
  message: 'Invalid request',
  details: {
    issues: issues.map(([path, message]) => expect.objectContaining({ in: 'body', path, message })),
  },
})

describe('making a key is refused', () => {
  test('with a scope that is not in the plan, naming scope and plan', async () => {
    expect(await refuse('pro', { scopes: ['cases:read', 'reports:read'] })).toEqual(
      faults(['scopes', 'The scope reports:read is not in the plan pro']),
    )
  })

  test('with any scope on the free plan', async () => {
    expect(await refuse('free', { scopes: ['cases:read', 'wards:read'] })).toEqual(
      faults(['scopes', 'The scopes cases:read, wards:read are not in the plan free']),
    )
  })

  test('with all scopes on the free plan, which has none', async () => {
    expect(await refuse('free', { scopes: ['all'] })).toEqual(
      faults(['scopes', 'The plan free includes no scopes']),
    )
  })

  test.each([
    ['a scope that does not exist', ['cases:read', 'cases:delete'], 'There is no scope "cases:delete"'],
    ['no scope', [], 'Must have at least 1 value'],
    ['all scopes and one more', ['all', 'cases:read'], 'There is no scope "all"'],
    ['an empty scope', [''], 'There is no scope ""'],
  ])('with %s', async (_, scopes, message) => {
    expect(await refuse('council', { scopes })).toEqual(faults(['scopes', message]))
  })

  test.each(['10.0.0.0/33', 'localhost', '', 'fd00::/129'])('with the address range "%s"', async (range) => {
    expect(await refuse('council', { ipAllow: ['192.0.2.0/24', range] })).toEqual(
      faults(['ipAllow', `"${range}" is not an IP address or CIDR range`]),
    )
  })

  test('with more than 50 address ranges', async () => {
    const ipAllow = Array.from({ length: 51 }, (_, i) => `192.0.2.${i}`)
    expect(await refuse('council', { ipAllow })).toEqual(faults(['ipAllow', 'Must have at most 50 values']))
    const { key } = await create(await createCouncil(app, 'severn'), { ipAllow: ipAllow.slice(1) })
    expect(key.ipAllow).toHaveLength(50)
  })

  test.each([
    ['  ', 'Must not be blank'],
    ['n'.repeat(101), 'Must have at most 100 characters'],
  ])('with the name "%s"', async (name, message) => {
    expect(await refuse('council', { name })).toEqual(faults(['name', message]))
  })

  test.each([
    [0, 'Must be in the future'],
    [-1, 'Must be in the future'],
    [Number.NaN, 'Must be in the future'],
    [1e14, 'Must be before the year 2200'],
  ])('with an expiry %d ms from now', async (ms, message) => {
    const expiresAt = new Date(app.clock.now().getTime() + ms)
    expect(await refuse('council', { expiresAt })).toEqual(faults(['expiresAt', message]))
  })

  test('for a user that does not exist, and alike for one of another council', async () => {
    const [avon, severn] = [await createCouncil(app, 'avon'), await createCouncil(app, 'severn')]
    const stranger = await createTestUser(severn, { role: 'admin' })
    for (const actingUserId of [app.deps.newId(), stranger.id]) {
      const { kind, message, details } = await refusalOf(() => create(avon, { actingUserId }))
      expect({ kind, message, details }).toEqual(
        faults(['actingUserId', 'There is no active user with this id']),
      )
    }
  })

  test('naming every fault at once', async () => {
    const input = {
      name: '',
      scopes: ['nothing', 'audit:read'],
      ipAllow: ['here', 'there'],
      expiresAt: app.clock.now(),
      actingUserId: 'nobody',
    }
    expect(await refuse('pro', input)).toEqual(
      faults(
        ['name', 'Must not be empty'],
        ['scopes', 'There is no scope "nothing"'],
        ['scopes', 'The scope audit:read is not in the plan pro'],
        ['ipAllow', '"here", "there" are not IP addresses or CIDR ranges'],
        ['expiresAt', 'Must be in the future'],
        ['actingUserId', 'There is no active user with this id'],
      ),
    )
  })
})

describe('a new key', () => {
  test('is within the plan, trimmed and without doubles', async () => {
    const council = await createCouncil(app, 'avon', 'pro')
    const expiresAt = new Date('2026-06-01T00:00:00.000Z')
    const { plain, key } = await create(council, {
      name: ' website ',
      scopes: ['cases:write', 'cases:read', 'cases:write'],
      ipAllow: ['192.0.2.0/24', 'fd00::/8'],
      expiresAt,
    })
    expect(key).toEqual({
      id: key.id,
      tenantId: council.tenant.id,
      name: 'website',
      prefix: plain.slice(0, 12),
      lastFour: plain.slice(-4),
      hash: sha256(plain),
      scopes: ['cases:write', 'cases:read'],
      ipAllow: ['192.0.2.0/24', 'fd00::/8'],
      actingUserId: null,
      expiresAt,
      revokedAt: null,
      replacedById: null,
      lastUsedAt: null,
      createdAt: app.clock.now(),
    })
    expect(await getKey(council.ctx, key.id)).toEqual(key)
    expect(await findTenantOfKey(app.deps.store.read, key.id)).toBe('avon')
  })

  test.each(['pro', 'council'] as const)('with all scopes has those of the plan %s', async (plan) => {
    const { key } = await create(await createCouncil(app, 'avon', plan), { scopes: ['all'] })
    expect(key.scopes).toEqual([...planScopes[plan]])
  })

  test('is in the audit log by its prefix alone', async () => {
    const council = await createCouncil(app, 'avon')
    const { plain, key } = await create(council)
    const rows = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.entityId, key.id))
    expect(rows.map(({ action }) => action)).toEqual(['key.create'])
    expect(rows[0]?.changes).toMatchObject({ prefix: { from: null, to: plain.slice(0, 12) } })
    expect(JSON.stringify(rows)).not.toContain(plain.slice(0, 13))
    expect(JSON.stringify(rows)).not.toContain(key.hash)
  })

  test('is nowhere in the bytes of the data directory, only its SHA-256 is', async () => {
    const council = await createCouncil(app, 'avon')
    const made = await Promise.all(Array.from({ length: 5 }, () => create(council)))
    const bytes = (await keptTexts(app)).map(([, text]) => text).join()
    for (const { plain, key } of made) {
      expect(bytes.includes(key.hash)).toBe(true)
      expect(bytes.includes(key.prefix)).toBe(true)
      expect(bytes.includes(plain)).toBe(false)
      expect(bytes.includes(plain.slice('rv_live_'.length + 4, -4))).toBe(false)
    }
    expect(JSON.stringify(app.logged)).not.toContain(made[0]?.plain.slice(8))
  })
})

describe('authenticate knows nobody by', () => {
  const known = async (plain: string) => {
    const found = await authenticate(app.deps, plain)
    return found?.ended === null ? found : null
  }

  test('a key that was never made', async () => {
    await createCouncil(app, 'avon')
    expect(await known(newApiKey('live', secureRandom))).toBeNull()
  })

  test('a text that is no key, without asking the store', async () => {
    const { key } = await createCouncil(app, 'avon')
    const deaf = {
      ...app.deps,
      store: {
        ...app.deps.store,
        get read(): never {
          throw new Error('The store was asked')
        },
      },
    }
    const wrong = ['', 'nonsense', key.slice(0, -1), `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`]
    for (const text of wrong) expect(await authenticate(deaf, text)).toBeNull()
    await expect(authenticate(deaf, key)).rejects.toThrow('The store was asked')
  })

  test('an expired key, from the very instant on', async () => {
    const council = await createCouncil(app, 'avon')
    const { plain } = await create(council, { expiresAt: new Date(app.clock.now().getTime() + 1_000) })
    app.clock.advance(999)
    expect(await known(plain)).not.toBeNull()
    app.clock.advance(1)
    expect(await known(plain)).toBeNull()
  })

  test('a revoked key, from the next moment on', async () => {
    const council = await createCouncil(app, 'avon')
    const { plain, key } = await create(council)
    expect(await known(plain)).not.toBeNull()
    await revokeKey(council.ctx, key.id)
    expect(await known(plain)).toBeNull()
  })

  test('a key acting for a user who is not active', async () => {
    const council = await createCouncil(app, 'avon')
    const user = await createTestUser(council, { role: 'caseworker' })
    const { plain } = await create(council, { actingUserId: user.id })
    expect((await known(plain))?.acting?.id).toBe(user.id)
    await maintain(app.deps, async ({ db }) => {
      await db.update(users).set({ active: false }).where(eq(users.id, user.id))
    })
    expect(await known(plain)).toBeNull()
  })

  test('a test key on a live store, though its hash were there', async () => {
    const council = await createCouncil(app, 'avon')
    const plain = newApiKey('test', secureRandom)
    await create(council, { plain })
    expect(await known(plain)).toBeNull()
    expect(await authenticate({ ...app.deps, environment: 'test' }, plain)).not.toBeNull()
    expect(await authenticate({ ...app.deps, environment: 'test' }, council.key)).toBeNull()
  })
})

describe('authenticate', () => {
  test('finds key and tenant', async () => {
    const council = await createCouncil(app, 'avon')
    await createCouncil(app, 'severn')
    const { plain, key } = await create(council)
    expect(await authenticate(app.deps, plain)).toEqual({
      key,
      tenant: council.tenant,
      revision: 3,
      acting: null,
      ended: null,
    })
  })

  test('finds the acting user, with wards only for a councillor', async () => {
    const council = await createCouncil(app, 'avon')
    const [councillor, caseworker] = await Promise.all([
      createTestUser(council, { role: 'councillor', wardIds: ['w1', 'w2'] }),
      createTestUser(council, { role: 'caseworker' }),
    ])
    const acting = async (actingUserId: string) =>
      (await authenticate(app.deps, (await create(council, { actingUserId })).plain))?.acting
    const { id, name } = councillor
    expect(await acting(id)).toEqual({ id, name, role: 'councillor', wardIds: ['w1', 'w2'] })
    expect(await acting(caseworker.id)).toMatchObject({ role: 'caseworker', wardIds: [] })
  })

  test('sees the plan as it is now, while the key keeps its scopes', async () => {
    const council = await createCouncil(app, 'avon')
    await setPlan(council.ctx, 'free')
    const found = await authenticate(app.deps, council.key)
    expect(found?.tenant.plan).toBe('free')
    expect(found?.key.scopes).toEqual([...planScopes.council])
  })
})

describe('revoking', () => {
  test('a key of another council answers as for an unknown one and changes nothing', async () => {
    const [avon, severn] = [await createCouncil(app, 'avon'), await createCouncil(app, 'severn')]
    const { key, plain } = await create(severn)
    const foreign = await refusalOf(() => revokeKey(avon.ctx, key.id))
    const unknown = await refusalOf(() => revokeKey(avon.ctx, 'unknown'))
    expect([foreign.kind, unknown.kind]).toEqual(['not_found', 'not_found'])
    expect(foreign.message.replace(key.id, 'unknown')).toBe(unknown.message)
    expect(await authenticate(app.deps, plain)).not.toBeNull()
  })

  test('a second time keeps the first time and adds no entry', async () => {
    const council = await createCouncil(app, 'avon')
    const { key } = await create(council)
    const first = await revokeKey(council.ctx, key.id)
    expect(first.revokedAt).toEqual(app.clock.now())
    app.clock.advance(60_000)
    expect((await revokeKey(council.ctx, key.id)).revokedAt).toEqual(first.revokedAt)
    const rows = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.action, 'key.revoke'))
    expect(rows.map(({ changes }) => changes)).toEqual([
      { revokedAt: { from: null, to: first.revokedAt?.toISOString() } },
    ])
  })
})

test('a council lists its own keys alone, the youngest first', async () => {
  const avon = await createCouncil(app, 'avon')
  await createCouncil(app, 'severn')
  app.clock.advance(1)
  const { key } = await create(avon)
  expect((await listKeys(avon.ctx)).map(({ name }) => name)).toEqual(['website', 'all'])
  expect((await listKeys(avon.ctx))[0]).toEqual(key)
})
