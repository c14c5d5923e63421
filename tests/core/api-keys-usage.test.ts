import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { createKey } from '../../src/core/api-keys/service'
import { getKey } from '../../src/core/api-keys/store'
import { keyUsage } from '../../src/core/api-keys/table'
import { addUses, usageOf } from '../../src/core/api-keys/usage.store'
import { maintain } from '../../src/core/write'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { unavailable } from '../../src/lib/errors'
import type { KeyUse } from '../../src/lib/key-use'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'

const hourMs = 3_600_000

let app: TestApp
let council: Council
beforeEach(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '3' })
  app.clock.set(new Date('2026-05-01T10:20:45.678Z'))
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const makeKey = () => createKey(council.ctx, app.deps, { name: 'website', scopes: ['cases:read'] })

const tidy = () => startHousekeeping(app.deps).stop()

const store = (...uses: KeyUse[]) => maintain(app.deps, (m) => addUses(m, uses))

/** One request of this key, this many hours ago. */
const use = (keyId: string, hoursAgo: number): KeyUse => {
  const lastUsedAt = new Date(Date.parse('2026-05-01T10:00:00.000Z') - hoursAgo * hourMs)
  return { keyId, hour: lastUsedAt, requests: 1, limited: 0, lastUsedAt }
}

const hoursKept = async (keyId: string) =>
  (
    await app.deps.store.read
      .select({ hour: keyUsage.hour })
      .from(keyUsage)
      .where(eq(keyUsage.keyId, keyId))
      .orderBy(asc(keyUsage.hour))
  ).map(({ hour }) => hour.toISOString())

describe('how a key is used', () => {
  test('is counted with what its rate refused, and costs a request no write', async () => {
    const { plain, key } = await makeKey()
    const unused = await makeKey()
    await tidy()
    const before = app.deps.store.commits()
    const asked = Array.from({ length: 5 }, () => app.send('GET', '/api/cases', { key: plain }))
    expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
    expect(app.deps.store.commits()).toBe(before)
    expect((await usageOf(council.ctx)).get(key.id)).toBeUndefined()
    await tidy()
    expect(await usageOf(council.ctx)).toEqual(new Map([[key.id, { requests: 5, limited: 2 }]]))
    expect((await getKey(council.ctx, unused.key.id)).lastUsedAt).toBeNull()
    app.clock.advance(60_000)
    await app.send('GET', '/api/cases', { key: plain })
    await tidy()
    expect((await usageOf(council.ctx)).get(key.id)).toEqual({ requests: 6, limited: 2 })
    expect(await hoursKept(key.id)).toEqual(['2026-05-01T10:00:00.000Z'])
  })

  test('is told of the council’s own keys alone', async () => {
    const severn = await createCouncil(app, 'severn')
    await app.send('GET', '/api/me', { key: severn.key })
    await tidy()
    expect((await usageOf(council.ctx)).size).toBe(0)
    expect((await usageOf(severn.ctx)).size).toBe(1)
  })

  test('is told of this hour and the 23 before', async () => {
    const { key } = await makeKey()
    await store(use(key.id, 0), use(key.id, 23), use(key.id, 24), use(key.id, 30))
    expect((await usageOf(council.ctx)).get(key.id)).toEqual({ requests: 2, limited: 0 })
  })

  test('is added to by several copies at the same time', async () => {
    const keys = [(await makeKey()).key.id, (await makeKey()).key.id]
    const uses = keys.flatMap((id) => [use(id, 1), use(id, 0)])
    await Promise.all([store(...uses), store(...uses.toReversed()), store(...uses)])
    expect([...(await usageOf(council.ctx)).values()]).toEqual([
      { requests: 6, limited: 0 },
      { requests: 6, limited: 0 },
    ])
  })

  test('never turns the time of the last use back', async () => {
    const { key } = await makeKey()
    await store(use(key.id, 0))
    await store(use(key.id, 5))
    expect((await getKey(council.ctx, key.id)).lastUsedAt).toEqual(use(key.id, 0).lastUsedAt)
  })

  test('is kept while the store cannot be written to', async () => {
    const { plain, key } = await makeKey()
    await app.send('GET', '/api/me', { key: plain })
    const refusing = { ...app.deps.store, write: () => Promise.reject(unavailable('The disk is full')) }
    await startHousekeeping({ ...app.deps, store: refusing }).stop()
    expect(app.logged.some(({ message }) => message === 'housekeeping failed')).toBe(true)
    expect((await usageOf(council.ctx)).size).toBe(0)
    await tidy()
    expect((await usageOf(council.ctx)).get(key.id)).toEqual({ requests: 1, limited: 0 })
  })

  test('is forgotten after 48 hours, 500 hours of keys at a time, by the leader', async () => {
    const { key } = await makeKey()
    await store(...Array.from({ length: 560 }, (_, hoursAgo) => use(key.id, hoursAgo)))
    const following = { ...app.deps.store, leads: async () => false }
    await startHousekeeping({ ...app.deps, store: following }).stop()
    expect(await hoursKept(key.id)).toHaveLength(560)
    await tidy()
    expect(await hoursKept(key.id)).toHaveLength(60)
    await tidy()
    const kept = await hoursKept(key.id)
    expect([kept[0], kept.length]).toEqual(['2026-04-29T11:00:00.000Z', 48])
  })
})
