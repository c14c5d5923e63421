import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { chainHash } from '../../src/core/audit/chain'
import { outboxEvents } from '../../src/core/outbox/table'
import { tenants } from '../../src/core/tenants/table'
import { appendOccurrences, recordFirst, write } from '../../src/core/write'
import { auditOf } from '../resources/cases/support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { withTrigger } from '../support/beside'
import { refusalOf } from '../support/store'

let app: TestApp
let council: Council
beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const releases = async () =>
  (await auditOf(app, council)).filter(({ action }) => action.startsWith('resident.'))
const one = { entity: 'case', id: 'one' }
const two = { entity: 'case', id: 'two' }

const revisionOf = async ({ tenant }: Council) => {
  const [row] = await app.deps.store.read.select().from(tenants).where(eq(tenants.id, tenant.id))
  return row?.revision
}

describe('a release that cannot be put on record', () => {
  test('is refused as unavailable, with its cause kept for the log', async () => {
    const { kind, message, details, cause } = await withTrigger(app, 'BEFORE INSERT ON audit_entries', () =>
      refusalOf(() => recordFirst(council.ctx, 'resident.read', [one])),
    )
    expect(kind).toBe('unavailable')
    expect(`${message} ${JSON.stringify(details)}`).not.toContain('refused')
    expect(cause).toBeInstanceOf(Error)
    expect(await releases()).toEqual([])
  })

  test('takes those recorded with it along', async () => {
    const trigger = `BEFORE INSERT ON audit_entries WHEN NEW.entity_id = 'two'`
    await withTrigger(app, trigger, async () => {
      expect((await refusalOf(() => recordFirst(council.ctx, 'resident.read', [one, two]))).kind).toBe(
        'unavailable',
      )
      await recordFirst(council.ctx, 'resident.read', [one])
    })
    expect((await releases()).map(({ entityId }) => entityId)).toEqual(['one'])
  })

  test('within a change takes the change along', async () => {
    const before = await auditOf(app, council)
    const trigger = `BEFORE INSERT ON audit_entries WHEN NEW.action = 'resident.read'`
    const change = { entity: 'tenant', id: council.tenant.id, before: null, after: { a: 1 }, safe: [] }
    const work = () =>
      write(council.ctx, 'settings.update', async (w) => {
        await appendOccurrences(w, 'resident.read', [one])
        return { changes: [change], result: null }
      })
    await withTrigger(app, trigger, async () => expect(work()).rejects.toThrow())
    expect(await auditOf(app, council)).toEqual(before)
    await work()
    expect((await auditOf(app, council)).slice(before.length).map(({ action }) => action)).toEqual([
      'resident.read',
      'settings.update',
    ])
  })

  test('after the store was closed is refused too', async () => {
    const other = await createTestApp()
    const { ctx } = await createCouncil(other, 'severn')
    await other.close()
    expect((await refusalOf(() => recordFirst(ctx, 'resident.read', [one]))).kind).toBe('unavailable')
  })
})

describe('releases', () => {
  test('of nothing are no entry and no commit', async () => {
    const [commits, entries] = [app.deps.store.commits(), await auditOf(app, council)]
    await recordFirst(council.ctx, 'resident.read', [])
    expect([app.deps.store.commits(), await auditOf(app, council)]).toEqual([commits, entries])
  })

  test('make an entry each, in their order, in one commit: who, when, in which request', async () => {
    const commits = app.deps.store.commits()
    await recordFirst(council.ctx, 'resident.read', [two, one])
    expect(app.deps.store.commits()).toBe(commits + 1)
    expect(await releases()).toMatchObject(
      ['two', 'one'].map((entityId) => ({
        action: 'resident.read',
        entity: 'case',
        entityId,
        changes: {},
        at: app.clock.now(),
        actorType: 'cli',
        actorId: 'test',
        requestId: 'test',
      })),
    )
  })

  test('say with their note what else an auditor needs to know', async () => {
    await recordFirst(council.ctx, 'resident.search', [{ ...one, note: { terms: 'email', cases: 3 } }])
    expect((await releases())[0]?.changes).toEqual({
      terms: { from: null, to: 'email' },
      cases: { from: null, to: 3 },
    })
  })

  test('are no change of the council’s data: no revision, no event', async () => {
    const revision = await revisionOf(council)
    await recordFirst(council.ctx, 'resident.read', [one, two])
    expect(await revisionOf(council)).toBe(revision)
    expect(await app.deps.store.read.select().from(outboxEvents)).toEqual([])
  })

  test('stand in the chain of their council, also many at once', async () => {
    const other = await createCouncil(app, 'severn')
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        recordFirst(i % 2 ? council.ctx : other.ctx, 'resident.read', [one, two]),
      ),
    )
    expect(await releases()).toHaveLength(20)
    for (const owner of [council, other]) {
      let previous = ''
      for (const [place, { hash, ...entry }] of (await auditOf(app, owner)).entries()) {
        expect(entry.seq).toBe(place + 1)
        expect(hash).toBe(chainHash(app.deps.secrets.audit[0].key, previous, entry))
        previous = hash
      }
    }
  })
})
