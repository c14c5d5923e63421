import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { verifyChain } from '../../src/core/audit/store'
import { type AuditRow, auditEntries } from '../../src/core/audit/table'
import { type Ctx, createCtx, type Secrets } from '../../src/core/ctx'
import { setUp } from '../../src/core/set-up.service'
import { createTenant, setTargets } from '../../src/core/tenants/service'
import { getTenantBySlug } from '../../src/core/tenants/store'
import { createDeps, deriveSecrets } from '../../src/deps'
import { demoSlugs, seedDemo } from '../../src/dev/demo'
import { addKey } from '../../src/lib/key-file'
import { seededRandom } from '../../src/lib/random'
import type { NamedKey } from '../../src/lib/seal'
import { keyFileOf, loadSecretKeys } from '../../src/lib/secret-keys'
import { auditOf } from '../resources/cases/support'
import { type Council, createCouncil, createTestApp, type TestApp, testActor } from '../support/app'
import { onSqlite } from '../support/engine'

let app: TestApp
let council: Council
let other: Council

beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  other = await createCouncil(app, 'severn')
  await change(council.ctx, 3)
})
afterEach(() => app.close())

/** Makes this many audit entries. */
async function change(ctx: Ctx, times: number): Promise<void> {
  const { targetDays } = await getTenantBySlug(app.deps.store.read, ctx.tenant.slug)
  for (let i = 1; i <= times; i++) await setTargets(ctx, { targetDays: (targetDays ?? 0) + i })
}

const verify = (secrets: Pick<Secrets, 'audit'> = app.deps.secrets, { tenant } = council) =>
  verifyChain(app.deps.store.read, secrets, tenant.id)

const alter = (seq: number, values: Partial<AuditRow>) =>
  app.deps.store.write((tx) =>
    tx
      .update(auditEntries)
      .set(values)
      .where(and(eq(auditEntries.tenantId, council.tenant.id), eq(auditEntries.seq, seq))),
  )

const remove = (seq: number) =>
  app.deps.store.write((tx) =>
    tx
      .delete(auditEntries)
      .where(and(eq(auditEntries.tenantId, council.tenant.id), eq(auditEntries.seq, seq))),
  )

/** Puts a new key first in the file, as the command does, and reads all keys. */
async function rotate(seed: string): Promise<Secrets> {
  addKey(keyFileOf(app.config) as string, seededRandom(seed))
  return deriveSecrets(loadSecretKeys(app.config))
}

/** Work of the council by a process that knows these secrets. */
async function changeUnder(secrets: Secrets, times: number): Promise<void> {
  const deps = await createDeps(app.config, { clock: app.clock, log: app.deps.log })
  expect(deps.secrets.audit).toEqual(secrets.audit)
  await change(createCtx(deps, { tenant: council.tenant, actor: testActor, requestId: 'rotated' }), times)
  await deps.store.close()
}

describe('a chain is broken', () => {
  test('at the entry that was altered, whatever of it', async () => {
    const second = (await auditOf(app, council))[1] as AuditRow
    const others: Partial<AuditRow> = {
      id: 'another',
      at: new Date(second.at.getTime() + 1),
      actorType: 'system',
      actorId: 'another',
      actorName: 'Another',
      actorIp: '192.0.2.1',
      requestId: 'another',
      action: 'another',
      entity: 'another',
      entityId: 'another',
      changes: {},
    }
    expect(Object.keys({ ...others, tenantId: '', seq: 0, hash: '' }).sort()).toEqual(
      Object.keys(second).sort(),
    )
    for (const [name, value] of Object.entries(others)) {
      await alter(second.seq, { [name]: value })
      expect([name, await verify()]).toEqual([name, { entries: 1, firstBroken: 2 }])
      await alter(second.seq, { [name]: second[name as keyof AuditRow] })
    }
    expect((await verify()).firstBroken).toBeNull()
  })

  test('at the first, one in the middle and the last', async () => {
    const { length } = await auditOf(app, council)
    for (const seq of [length, 3, 1]) {
      await alter(seq, { actorName: 'Another' })
      expect(await verify()).toEqual({ entries: seq - 1, firstBroken: seq })
    }
  })

  test('at an entry whose hash was made for it under another key', async () => {
    const secrets = await deriveSecrets([seededRandom('forger')(32)])
    expect(await verify(secrets)).toEqual({ entries: 0, firstBroken: 1 })
  })

  test('where an entry says again what another said', async () => {
    const [third, fourth] = (await auditOf(app, council)).slice(2) as [AuditRow, AuditRow]
    const { hash, requestId, changes } = fourth
    await alter(third.seq, { hash, requestId, changes })
    expect(await verify()).toEqual({ entries: 2, firstBroken: 3 })
    await alter(third.seq, third)
    expect((await verify()).firstBroken).toBeNull()
  })

  test('where an entry is missing, the first too', async () => {
    await remove(2)
    expect(await verify()).toEqual({ entries: 1, firstBroken: 2 })
    await remove(1)
    expect(await verify()).toEqual({ entries: 0, firstBroken: 1 })
  })

  test('of one council, and the other’s is not', async () => {
    await alter(1, { entity: 'another' })
    expect((await verify()).firstBroken).toBe(1)
    expect((await verify(undefined, other)).firstBroken).toBeNull()
  })
})

describe('a chain holds', () => {
  test('where nobody touched it, however it came about', async () => {
    await Promise.all([change(council.ctx, 5), change(other.ctx, 5), change(council.ctx, 5)])
    for (const owner of [council, other]) {
      const { length } = await auditOf(app, owner)
      expect(await verify(undefined, owner)).toEqual({ entries: length, firstBroken: null })
    }
  })
})

describe('a council that begins', () => {
  const ways: [string, () => Promise<string>][] = [
    [
      'by the set-up link',
      async () => {
        const input = {
          council: 'Wye Council',
          nation: 'england_wales',
          name: 'Ada Green',
          email: 'ada@example.org',
          password: 'three quiet badgers',
        }
        await setUp(app.deps, input, { address: '127.0.0.1', requestId: 'set-up' })
        return 'wye'
      },
    ],
    [
      'by a command',
      async () => (await createTenant(app.deps, testActor, { slug: 'usk', name: 'Usk' })).slug,
    ],
  ]

  // The demo is for the embedded store alone.
  if (onSqlite) ways.push(['with demo data', () => seedDemo(app.deps, 1, 0).then(() => demoSlugs.council)])

  test.each(ways)(
    '%s has a sound chain from its first entry, and one byte of it is missed nowhere',
    async (_, begin) => {
      const tenant = await getTenantBySlug(app.deps.store.read, await begin())
      const begun = { ...council, tenant }
      expect((await verify(undefined, begun)).firstBroken).toBeNull()
      const [first] = await auditOf(app, begun)
      const { tenantId, seq, actorName } = first as AuditRow
      const rename = (name: string) =>
        app.deps.store.write((tx) =>
          tx
            .update(auditEntries)
            .set({ actorName: name })
            .where(and(eq(auditEntries.tenantId, tenantId), eq(auditEntries.seq, seq))),
        )
      await rename(`${actorName}.`)
      expect(await verify(undefined, begun)).toEqual({ entries: 0, firstBroken: 1 })
      await rename(actorName)
      expect((await verify(undefined, begun)).firstBroken).toBeNull()
    },
  )
})

test('a chain of nothing is broken: every council begins with an entry', async () => {
  expect(await verifyChain(app.deps.store.read, app.deps.secrets, 'nobody')).toEqual({
    entries: 0,
    firstBroken: 1,
  })
})

describe('after the key was changed', () => {
  test('the entries under each of the keys hold, and need each of them', async () => {
    const before = (await auditOf(app, council)).length
    const second = await rotate('second')
    expect(await verify(second)).toEqual({ entries: before, firstBroken: null })
    await changeUnder(second, 2)
    const third = await rotate('third')
    await changeUnder(third, 2)
    expect(third.audit).toHaveLength(3)
    expect(await verify(third)).toEqual({ entries: before + 4, firstBroken: null })
    const [newest, middle, oldest] = third.audit as readonly [NamedKey, NamedKey, NamedKey]
    expect(await verify({ audit: [newest, oldest] })).toEqual({ entries: before, firstBroken: before + 1 })
    expect(await verify({ audit: [middle, oldest] })).toEqual({
      entries: before + 2,
      firstBroken: before + 3,
    })
    expect(await verify({ audit: [newest, middle] })).toEqual({ entries: 0, firstBroken: 1 })
  })

  test('an entry under an older key that was altered is found all the same', async () => {
    const secrets = await rotate('second')
    await changeUnder(secrets, 2)
    await alter(2, { actorName: 'Another' })
    expect(await verify(secrets)).toEqual({ entries: 1, firstBroken: 2 })
  })
})
