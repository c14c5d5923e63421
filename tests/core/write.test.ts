import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { chainHash } from '../../src/core/audit/chain'
import { type AuditRow, auditEntries } from '../../src/core/audit/table'
import type { Change } from '../../src/core/change'
import { type EventName, outboxEvents } from '../../src/core/outbox/table'
import { updateTenant } from '../../src/core/tenants/store'
import { tenants } from '../../src/core/tenants/table'
import { maintain, write } from '../../src/core/write'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'

let app: TestApp
let council: Council
beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const entries = ({ tenant }: Council = council): Promise<AuditRow[]> =>
  Promise.resolve(
    app.deps.store.read
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.tenantId, tenant.id))
      .orderBy(asc(auditEntries.seq)),
  )

const events = async () => app.deps.store.read.select().from(outboxEvents).orderBy(asc(outboxEvents.position))

const tenantRow = async ({ tenant }: Council = council) => {
  const [row] = await app.deps.store.read.select().from(tenants).where(eq(tenants.id, tenant.id))
  if (!row) throw new Error('The tenant has no row')
  return row
}

const renamed = (name: string, names: EventName[] = []): Change => ({
  entity: 'tenant',
  id: council.tenant.id,
  before: { name: council.tenant.name, note: null },
  after: { name, note: 'private' },
  safe: ['name'],
  events: names.map((event) => ({ name: event, data: { name } })),
})

const rename = (name: string, names?: EventName[]) =>
  write(council.ctx, 'settings.update', async (w) => {
    await updateTenant(w, { name })
    return { changes: [renamed(name, names)], result: name }
  })

describe('a write that fails', () => {
  test('leaves nothing: no change, no revision, no entry, no event', async () => {
    const before = { row: await tenantRow(), entries: await entries(), events: await events() }
    const failing = write(council.ctx, 'settings.update', async (w) => {
      await updateTenant(w, { name: 'Half done' })
      throw new RangeError('too late')
    })
    await expect(failing).rejects.toThrow('too late')
    expect({ row: await tenantRow(), entries: await entries(), events: await events() }).toEqual(before)
  })

  test('at its event leaves nothing either', async () => {
    const before = { row: await tenantRow(), entries: await entries() }
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const failing = write(council.ctx, 'settings.update', async (w) => {
      await updateTenant(w, { name: 'Half done' })
      return {
        changes: [{ ...renamed('Half done'), events: [{ name: 'case_updated', data: circular }] }],
        result: null,
      }
    })
    await expect(failing).rejects.toThrow()
    expect({ row: await tenantRow(), entries: await entries() }).toEqual(before)
    expect(await events()).toEqual([])
  })

  test('leaves no gap in the chain', async () => {
    const failing = write(council.ctx, 'settings.update', () => Promise.reject(new Error('no')))
    const outcomes = await Promise.allSettled([rename('One'), failing, rename('Two')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const seqs = (await entries()).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
  })
})

describe('a write', () => {
  test('puts change, revision, entry and events in together', async () => {
    const { revision } = await tenantRow()
    const commits = app.deps.store.commits()
    expect(await rename('New name', ['case_updated', 'case_closed'])).toBe('New name')
    expect(app.deps.store.commits()).toBe(commits + 1)
    expect(await tenantRow()).toMatchObject({ name: 'New name', revision: revision + 1 })
    expect((await entries()).at(-1)).toMatchObject({
      action: 'settings.update',
      entity: 'tenant',
      entityId: council.tenant.id,
      actorType: 'cli',
      actorId: 'test',
      actorName: 'test',
      actorIp: null,
      requestId: 'test',
      at: app.clock.now(),
      changes: { name: { from: 'avon council', to: 'New name' }, note: { changed: true } },
    })
    expect(await events()).toMatchObject([
      { event: 'case_updated', entity: 'tenant', tenantId: council.tenant.id, data: { name: 'New name' } },
      { event: 'case_closed', entity: 'tenant', tenantId: council.tenant.id, data: { name: 'New name' } },
    ])
  })

  test('that names no change adds no entry and no event', async () => {
    const before = await entries()
    await write(council.ctx, 'settings.update', () => Promise.resolve({ changes: [], result: null }))
    expect(await entries()).toEqual(before)
    expect(await events()).toEqual([])
  })

  test('of several things adds an entry for each', async () => {
    const before = (await entries()).length
    await write(council.ctx, 'settings.update', () =>
      Promise.resolve({
        changes: [renamed('One', ['news_published']), renamed('Two', ['event_published'])],
        result: null,
      }),
    )
    expect((await entries()).length).toBe(before + 2)
    expect((await events()).map(({ event }) => event)).toEqual(['news_published', 'event_published'])
  })

  test('moves the revision of its own tenant alone', async () => {
    const other = await createCouncil(app, 'severn')
    const { revision } = await tenantRow(other)
    await rename('New name')
    expect((await tenantRow(other)).revision).toBe(revision)
  })
})

describe('housekeeping', () => {
  test('changes rows without revision, entry or event', async () => {
    const before = { row: await tenantRow(), entries: await entries() }
    expect(await maintain(app.deps, () => Promise.resolve('done'))).toBe('done')
    expect({ row: await tenantRow(), entries: await entries() }).toEqual(before)
    expect(await events()).toEqual([])
  })
})

describe('the audit chain', () => {
  /** The numbers of the entries whose hash is not what it should be. */
  const broken = async (owner: Council = council) => {
    let previous = ''
    return (await entries(owner)).flatMap(({ hash, ...entry }) => {
      const isRight = chainHash(app.deps.secrets.audit[0].key, previous, entry) === hash
      previous = hash
      return isRight ? [] : [entry.seq]
    })
  }

  const alter = (values: Partial<AuditRow>, seq: number) =>
    maintain(app.deps, async ({ db }) => {
      await db.update(auditEntries).set(values).where(eq(auditEntries.seq, seq))
    })

  beforeEach(async () => {
    await createTestKey(app, council, { expiresAt: new Date('2027-01-01T00:00:00.000Z'), ipAllow: ['::1'] })
    for (const name of ['One', 'Ŵy', '😀']) await rename(name)
  })

  test('finds an entry of which one character was changed', async () => {
    const [, , entry] = await entries()
    const changes = JSON.parse(JSON.stringify(entry?.changes).replace('test key', 'text key'))
    expect(changes).not.toEqual(entry?.changes)
    await alter({ changes }, 3)
    expect(await broken()).toEqual([3])
  })

  test('finds an entry whose hash was changed, and the one that stands on it', async () => {
    await alter({ hash: 'f'.repeat(64) }, 3)
    expect(await broken()).toEqual([3, 4])
  })

  test('finds that an entry is gone', async () => {
    await maintain(app.deps, async ({ db }) => {
      await db.delete(auditEntries).where(eq(auditEntries.seq, 3))
    })
    expect(await broken()).toEqual([4])
  })

  test('verifies as it was written, for each tenant by itself', async () => {
    const other = await createCouncil(app, 'severn')
    await rename('Last')
    expect((await entries()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect((await entries(other)).map(({ seq }) => seq)).toEqual([1, 2])
    expect(await broken()).toEqual([])
    expect(await broken(other)).toEqual([])
  })

  test('verifies after many writes at the same time', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => rename(`Name ${i}`)))
    expect((await entries()).length).toBe(46)
    expect(await broken()).toEqual([])
  })
})
