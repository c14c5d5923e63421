import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { councillorTerms } from '../../../src/core/users/table'
import { seededRandom } from '../../../src/lib/random'
import { caseChanges } from '../../../src/resources/cases/derived/feed-order.table'
import { caseStatuses, priorities } from '../../../src/resources/cases/table'
import { type Answer, type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestCategories, createTestWards, idsOf } from '../../support/casework'
import { amount } from '../../support/drill'
import { issuesOf, unlimited } from '../../support/http'
import { type Body, caller, createActing, type Holder } from './support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const read = (holder: Holder, query = ''): Promise<Answer> => call.send('GET', `/changes?${query}`, holder)

/** All parts from a place on, each change in order, and the place after the last. */
async function follow(
  holder: Holder,
  since = '',
  pageSize = 100,
): Promise<{ changes: Body[]; cursor: string; parts: number }> {
  const changes: Body[] = []
  for (let [cursor, parts] = [since, 1]; ; parts++) {
    const { status, body } = await read(holder, `since=${cursor}&pageSize=${pageSize}`)
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['changes', 'nextCursor', 'hasMore'])
    expect(body.changes.length).toBeLessThanOrEqual(pageSize)
    expect(new Set(idsOf(body.changes)).size).toBe(body.changes.length)
    changes.push(...body.changes)
    cursor = body.nextCursor
    if (!body.hasMore) return { changes, cursor, parts }
    expect(parts).toBeLessThan(2_000)
  }
}

/** Another system that keeps in step: it holds what the parts have told it. */
class Follower {
  readonly held = new Map<string, Body>()
  #cursor = ''
  readonly #holder: Holder
  readonly pageSize: number

  constructor(holder: Holder, pageSize: number) {
    this.#holder = holder
    this.pageSize = pageSize
  }

  /** Reads one part, and says whether more is there. */
  async step(): Promise<boolean> {
    const { body } = await read(this.#holder, `since=${this.#cursor}&pageSize=${this.pageSize}`)
    for (const { type, id, case: shown } of body.changes) {
      if (type === 'upserted') this.held.set(id, shown)
      else {
        expect([type, shown]).toEqual([expect.stringMatching(/^(removed|erased)$/), null])
        this.held.delete(id)
      }
    }
    this.#cursor = body.nextCursor
    return body.hasMore
  }

  async catchUp(): Promise<void> {
    while (await this.step());
  }
}

/** What the lists show a key, archived cases too, by id. */
async function listed(holder: Holder): Promise<Map<string, Body>> {
  const shown = new Map<string, Body>()
  for (const archived of [false, true]) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call.list(`archived=${archived}&pageSize=100&cursor=${cursor}`, holder)
      for (const one of body.cases) shown.set(one.id, one)
      cursor = body.pagination.nextCursor
    }
  }
  return shown
}

const sorted = (cases: ReadonlyMap<string, Body>) => Object.fromEntries([...cases].sort())

describe('a place in the changes is refused', () => {
  let council: Council
  let cursor: string
  beforeAll(async () => {
    council = await newCouncil()
    await call.create({}, council)
    await call.create({}, council)
    cursor = (await read(council, 'pageSize=1')).body.nextCursor
  })

  const refused = async (holder: Holder, since: string) => {
    const answer = await read(holder, `since=${since}`)
    expect([since, answer.status]).toEqual([since, 400])
    expect(issuesOf(answer)).toEqual(['query since'])
  }

  test('where it was tampered with, cut or made up', async () => {
    const other = cursor.startsWith('A') ? 'B' : 'A'
    const position = Buffer.from(JSON.stringify([0])).toString('base64url')
    for (const since of [
      other + cursor.slice(1),
      cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A'),
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      position + cursor.slice(-22),
      'x',
      '0',
      'a.b',
      '%20',
      'x'.repeat(501),
    ]) {
      await refused(council, since)
    }
  })

  test('where it is of another council, another view or another list', async () => {
    const [ward] = await createTestWards(app, council, ['Ashley'])
    const worker = await createActing(app, council, 'caseworker')
    const colleague = await createActing(app, council, 'caseworker')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [ward as string] })
    const other = await newCouncil()
    await call.create({}, other)
    await refused(other, cursor)
    for (const holder of [worker, colleague, councillor]) await refused(holder, cursor)
    const theirs = (await read(worker)).body.nextCursor
    for (const holder of [council, colleague, councillor]) await refused(holder, theirs)
    expect((await read(worker, `since=${theirs}`)).status).toBe(200)
    const ofList = (await call.list('cursor=&pageSize=1', council)).body.pagination.nextCursor
    await refused(council, ofList)
    const swapped = await call.list(`cursor=${cursor}`, council)
    expect([swapped.status, issuesOf(swapped)]).toEqual([400, ['query cursor']])
  })

  test('where the councillor has other wards than then', async () => {
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    const before = (await read(councillor)).body.nextCursor
    await app.deps.store.write(async (tx) => {
      await tx.update(councillorTerms).set({ wardId: south }).where(eq(councillorTerms.userId, councillor.id))
    })
    await refused(councillor, before)
    expect((await read(councillor)).status).toBe(200)
  })

  test('and so is a part of no size', async () => {
    for (const pageSize of ['0', '101', '-1', 'x', '1.5']) {
      const answer = await read(council, `pageSize=${pageSize}`)
      expect([pageSize, answer.status, issuesOf(answer)]).toEqual([pageSize, 400, ['query pageSize']])
    }
    expect((await read(council, 'page=1')).status).toBe(400)
  })
})

describe('changes', () => {
  test('of a council without cases are none, and the same place is good later', async () => {
    const council = await newCouncil()
    const { body } = await read(council)
    expect(body).toEqual({ changes: [], nextCursor: expect.any(String), hasMore: false })
    const { id } = await call.create({}, council)
    expect(idsOf((await read(council, `since=${body.nextCursor}`)).body.changes)).toEqual([id])
  })

  test('come in the order in which they were made, each with the case as its own answer shows it', async () => {
    const council = await newCouncil()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      app.clock.advance(1_000)
      ids.push((await call.create({ summary: `Case ${i}` }, council)).id)
    }
    const [first, second, third, fourth, fifth] = ids as [string, string, string, string, string]
    app.clock.advance(1_000)
    const changed = await call.change(second, { priority: 'high' }, council)
    const { changes } = await follow(council)
    expect(idsOf(changes)).toEqual([first, third, fourth, fifth, second])
    expect(changes.at(-1)).toEqual({ type: 'upserted', id: second, at: changed.updatedAt, case: changed })
    for (const { id, at, case: shown } of changes) {
      const { timeline: _timeline, ...one } = (await call.get(id, council)).body
      expect([shown, at]).toEqual([one, one.updatedAt])
    }
  })

  test('of one case come once, as it is now, however many there were', async () => {
    const council = await newCouncil()
    const [one, two] = [await call.create({}, council), await call.create({}, council)]
    const start = (await follow(council)).cursor
    for (let i = 0; i < 30; i++) {
      await call.change(one.id, { summary: `Change ${i}` }, council)
      if (i === 10) await call.change(two.id, { priority: 'high' }, council)
    }
    for (const since of ['', start]) {
      const { changes } = await follow(council, since)
      expect(idsOf(changes)).toEqual([two.id, one.id])
      expect(changes[1].case.summary).toBe('Change 29')
    }
    const kept = await app.deps.store.read
      .select()
      .from(caseChanges)
      .where(eq(caseChanges.tenantId, council.tenant.id))
    expect(kept).toHaveLength(2)
  })

  test('of a case that was handed on stand where it changed last, and count once in a part', async () => {
    const council = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const [one, two] = [await call.create({}, council), await call.create({}, council)]
    const start = (await follow(council)).cursor
    for (const wardId of [north, south, north]) await call.change(one.id, { wardId }, council)
    await call.change(two.id, { priority: 'high' }, council)
    const alone = await read(council, `since=${start}&pageSize=1`)
    expect([idsOf(alone.body.changes), alone.body.hasMore]).toEqual([[one.id], true])
    await call.change(one.id, { wardId: south }, council)
    const { changes, parts } = await follow(council, start)
    expect([idsOf(changes), parts]).toEqual([[two.id, one.id], 1])
    expect((await follow(council, alone.body.nextCursor)).changes).toEqual(changes)
    const single = await follow(council, start, 1)
    expect([idsOf(single.changes), single.parts]).toEqual([[one.id, two.id, one.id], 3])
  })

  test('that have been read are not read again; where nothing is new the place stays', async () => {
    const council = await newCouncil()
    const { id } = await call.create({}, council)
    const { cursor } = await follow(council)
    for (let i = 0; i < 2; i++) {
      expect((await read(council, `since=${cursor}`)).body).toEqual({
        changes: [],
        nextCursor: cursor,
        hasMore: false,
      })
    }
    await call.change(id, { priority: 'normal' }, council)
    expect((await read(council, `since=${cursor}`)).body.changes).toEqual([])
    await call.note(id, { body: 'Rang back' }, council)
    expect(idsOf((await read(council, `since=${cursor}`)).body.changes)).toEqual([id])
  })

  test('are cut into parts, of which each but the last says that there is more', async () => {
    const council = await newCouncil()
    const ids: string[] = []
    for (let i = 0; i < 7; i++) ids.push((await call.create({}, council)).id)
    for (const [pageSize, parts] of [
      [1, 7],
      [3, 3],
      [6, 2],
      [7, 1],
      [100, 1],
    ] as const) {
      const followed = await follow(council, '', pageSize)
      expect([pageSize, followed.parts, idsOf(followed.changes)]).toEqual([pageSize, parts, ids])
    }
  })

  test('of another council are never among them', async () => {
    const [one, two] = [await newCouncil(), await newCouncil()]
    const mine = await call.create({}, one)
    await call.create({}, two)
    await call.change(mine.id, { priority: 'high' }, one)
    expect(idsOf((await follow(one)).changes)).toEqual([mine.id])
  })

  test('tell of archived cases, moves and notes', async () => {
    const council = await newCouncil()
    const { id } = await call.create({}, council)
    let { cursor } = await follow(council)
    for (const change of [{ archived: true }, { status: 'in_progress' }, { archived: false }]) {
      await call.change(id, change, council)
      const part = await follow(council, cursor)
      expect(part.changes).toMatchObject([{ type: 'upserted', id, case: change }])
      cursor = part.cursor
    }
  })

  test('a person sees a case come, change and go', async () => {
    const council = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const worker = await createActing(app, council, 'caseworker')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    for (const [holder, mine, others] of [
      [worker, { assigneeId: worker.id }, { assigneeId: null }],
      [councillor, { wardId: north }, { wardId: south }],
    ] as [Holder, Body, Body][]) {
      const { id } = await call.create(others, council)
      let { cursor, changes } = await follow(holder)
      expect(idsOf(changes)).not.toContain(id)
      const next = async () => {
        ;({ cursor, changes } = await follow(holder, cursor))
        return changes.map((change: Body) => [change.type, change.id, change.case?.id ?? null])
      }
      await call.change(id, { priority: 'high' }, council)
      expect(await next()).toEqual([])
      await call.change(id, mine, council)
      expect(await next()).toEqual([['upserted', id, id]])
      await call.change(id, { summary: 'Secret after' }, council)
      expect(await next()).toEqual([['upserted', id, id]])
      await call.change(id, { ...others, summary: 'Out of sight' }, council)
      expect(await next()).toEqual([['removed', id, null]])
      await call.change(id, { summary: 'Still out of sight' }, council)
      expect(await next()).toEqual([])
      // Away and back between two readings is a change like any other.
      await call.change(id, mine, council)
      await next()
      await call.change(id, others, council)
      await call.change(id, mine, council)
      expect(await next()).toEqual([['upserted', id, id]])
      // Away and changed there: it went, once.
      await call.change(id, others, council)
      for (let i = 0; i < 3; i++) await call.change(id, { summary: `Elsewhere ${i}` }, council)
      expect(await next()).toEqual([['removed', id, null]])
    }
  })
})

describe('a follower ends with exactly what the lists show', () => {
  const rounds = amount(100, 40)

  test(`under ${3 * rounds} random changes, whatever the key, the size of the parts and when they are read`, async () => {
    const council = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const [roads] = await createTestCategories(app, council, ['Roads'])
    const workers = [
      await createActing(app, council, 'caseworker'),
      await createActing(app, council, 'caseworker'),
    ] as const
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    const manager = await createActing(app, council, 'manager')
    const holders: Holder[] = [council, manager, workers[0], councillor]
    const followers = holders.map((holder) => [1, 7, 100].map((size) => new Follower(holder, size)))

    const random = seededRandom('changes')
    const pick = <T>(values: readonly T[]): T => {
      const [high, low] = random(2) as Uint8Array & [number, number]
      return values[((high as number) * 256 + (low as number)) % values.length] as T
    }
    const wards = [null, north, south]
    const people = [null, workers[0].id, workers[1].id]
    const made: string[] = []
    const outcomes = new Map<number, number>()
    const act = async () => {
      const wardId = pick(wards)
      const assigneeId = pick(people)
      if (made.length < 5 || pick([true, false, false, false, false])) {
        const answer = await call.post({ summary: 'Random', wardId, assigneeId }, council)
        made.push(answer.body.id)
        return answer
      }
      const id = pick(made)
      const change = pick([
        { wardId },
        { assigneeId },
        { wardId, assigneeId, priority: pick(priorities) },
        { archived: pick([true, false]) },
        { summary: `Changed ${made.length}`, categoryId: roads },
        { status: pick(caseStatuses), resolution: 'answered' },
        { status: pick(caseStatuses), reason: 'Back' },
        null,
      ])
      return change === null ? call.note(id, { body: 'A note' }, council) : call.patch(id, change, council)
    }

    for (let round = 0; round < rounds; round++) {
      // Of the three at once one may be a reading, so that changes fall between its parts.
      const answers = await Promise.all([
        act(),
        act(),
        act(),
        pick([true, false]) ? pick(pick(followers)).step() : null,
      ])
      for (const answer of answers) {
        if (answer === null || typeof answer === 'boolean') continue
        outcomes.set(answer.status, (outcomes.get(answer.status) ?? 0) + 1)
      }
      if (round % 10 === 9) await pick(pick(followers)).catchUp()
    }
    expect([...outcomes.keys()].every((status) => [200, 201, 400, 409].includes(status))).toBe(true)
    expect((outcomes.get(200) ?? 0) + (outcomes.get(201) ?? 0)).toBeGreaterThan(2 * rounds)

    for (const [i, holder] of holders.entries()) {
      const shown = await listed(holder)
      expect(shown.size).toBeGreaterThan(5)
      for (const follower of followers[i] as Follower[]) {
        await follower.catchUp()
        expect([i, follower.pageSize, sorted(follower.held)]).toEqual([i, follower.pageSize, sorted(shown)])
        const late = new Follower(holder, follower.pageSize)
        await late.catchUp()
        expect(sorted(late.held)).toEqual(sorted(shown))
      }
    }
    expect((await listed(workers[0])).size).toBeLessThan((await listed(council)).size)
  })
})

describe('many changes that are none of the caller’s', () => {
  test('are passed over in parts that may be empty and still say that there is more', async () => {
    const council = await newCouncil()
    const worker = await createActing(app, council, 'caseworker')
    await Promise.all(Array.from({ length: 520 }, () => call.create({}, council)))
    const mine = await call.create({ assigneeId: worker.id }, council)
    const { changes, parts } = await follow(worker, '', 7)
    expect([idsOf(changes), parts]).toEqual([[mine.id], 2])
  })
})
