import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { verifyChain } from '../../../src/core/audit/store'
import { idempotencyRecords } from '../../../src/core/idempotency/table'
import { outboxEvents } from '../../../src/core/outbox/table'
import { eraseCases, finishErasure } from '../../../src/resources/cases/erase.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { contentOf, tablesWith, withTrigger } from '../../support/beside'
import { createTestCategories, createTestWards, idsOf } from '../../support/casework'
import { onPostgres } from '../../support/engine'
import { unlimited } from '../../support/http'
import { refusalOf } from '../../support/store'
import { auditOf, type Body, caller, createActing, type Holder, unknownId } from './support'
import { exportFile, failedChecks, importFile } from './transfer-support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const erase = ({ ctx }: Council, ...named: string[]) => eraseCases(ctx, app.deps, named)
const read = async (holder: Holder, since = ''): Promise<Body> =>
  (await call.send('GET', `/changes?since=${since}`, holder)).body
const told = async (holder: Holder, since: string) =>
  (await read(holder, since)).changes.map((change: Body) => [change.type, change.id, change.case?.id])

describe('nothing is erased', () => {
  let council: Council
  let one: Body
  let two: Body
  beforeAll(async () => {
    council = await newCouncil()
    one = await call.create({ residentName: 'Margaret Hughes' }, council)
    two = await call.create({}, council)
  })

  test.each([
    ['an unknown id', unknownId],
    ['an unknown reference', 'CW-2026-0099'],
    ['neither', ''],
    ['a pattern', '%'],
  ])('where %s is among the names', async (_, name) => {
    const before = await contentOf(app)
    for (const names of [[name], [one.id, name], [name, one.id], [one.reference, two.id, name]]) {
      const { kind, message } = await refusalOf(() => erase(council, ...names))
      expect([names, kind, message]).toEqual([
        names,
        'not_found',
        `Nothing was erased: there is no case "${name}"`,
      ])
    }
    expect(await contentOf(app)).toEqual(before)
  })

  test('of another council', async () => {
    const other = await newCouncil()
    const theirs = await call.create({}, other)
    const before = await contentOf(app)
    expect((await refusalOf(() => erase(council, one.id, theirs.id))).kind).toBe('not_found')
    expect((await refusalOf(() => erase(other, one.id))).kind).toBe('not_found')
    expect(await contentOf(app)).toEqual(before)
  })

  test.each([
    'BEFORE DELETE ON residents',
    'BEFORE DELETE ON cases',
    'BEFORE INSERT ON case_changes',
    'BEFORE UPDATE ON case_counters',
    'BEFORE INSERT ON audit_entries',
  ])('where the store refuses a part of it: %s', async (trigger) => {
    const before = await contentOf(app)
    await withTrigger(app, trigger, async () => expect(erase(council, two.id, one.id)).rejects.toThrow())
    expect(await contentOf(app)).toEqual(before)
  })
})

describe('a case that is erased', () => {
  test('is known no more by id or reference, in lists, searches, counts and files', async () => {
    const council = await newCouncil()
    const [ward] = await createTestWards(app, council, ['Ashley'])
    const [category] = await createTestCategories(app, council, ['Potholes'])
    const input = { wardId: ward, categoryId: category, residentPostcode: 'BS2 9YT' }
    const gone = await call.create({ ...input, summary: 'Zebra crossing' }, council)
    const kept = await call.create({ ...input, summary: 'Zebra kept' }, council)
    await call.note(gone.id, { body: 'A note' }, council)
    expect(await erase(council, gone.reference.toLowerCase())).toEqual([gone.reference])
    for (const name of [gone.id, gone.reference]) {
      const answers = [
        await call.get(name, council),
        await call.send('GET', `/${name}/timeline`, council),
        await call.patch(name, { summary: 'Back' }, council),
        await call.note(name, { body: 'Back' }, council),
      ]
      expect([name, answers.map(({ status }) => status)]).toEqual([name, [404, 404, 404, 404]])
    }
    for (const query of ['', 'search=zebra', `wardId=${ward}`, `categoryId=${category}&status=open`]) {
      const { body } = await call.list(query, council)
      expect([query, idsOf(body.cases), body.pagination.total]).toEqual([query, [kept.id], 1])
    }
    const { body: found } = await call.send('POST', '/search-resident', council, {
      body: { postcode: 'BS2 9YT' },
    })
    expect(idsOf(found.cases)).toEqual([kept.id])
    const file = await exportFile(council)
    expect([file.includes(gone.reference), file.includes(kept.reference)]).toEqual([false, true])
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('leaves its reference to nobody', async () => {
    const council = await newCouncil()
    const { id } = await call.create({}, council)
    await erase(council, id)
    expect((await call.create({}, council)).reference).toBe('CW-2026-0002')
  })

  test('may be named more than once, and goes with others', async () => {
    const council = await newCouncil()
    const [one, two] = [await call.create({}, council), await call.create({}, council)]
    expect(await erase(council, two.id, two.id, one.reference)).toEqual([two.reference, one.reference])
    expect((await call.list('', council)).body.pagination.total).toBe(0)
  })

  test('may be named by id and by reference at once', async () => {
    const council = await newCouncil()
    const { id, reference } = await call.create({}, council)
    expect(await erase(council, id, reference, reference.toLowerCase())).toEqual([reference])
  })

  test('stands in the audit log as erased, by whom, with nothing of what it said', async () => {
    const council = await newCouncil()
    const { id } = await call.create({ summary: 'Zebra', residentName: 'Margaret' }, council)
    await erase(council, id)
    const entries = await auditOf(app, council)
    expect(entries.at(-1)).toMatchObject({
      action: 'case.erase',
      entity: 'case',
      entityId: id,
      actorType: 'cli',
      changes: { erased: { from: false, to: true } },
    })
    expect(JSON.stringify(entries)).not.toMatch(/Zebra|Margaret/)
    expect(await verifyChain(app.deps.store.read, app.deps.secrets, council.tenant.id)).toEqual({
      entries: entries.length,
      firstBroken: null,
    })
  })
})

describe('nothing is left of it', () => {
  const parts = {
    summary: 'qsummary9x7',
    description: 'qdescription9x7',
    publicSummary: 'qpublic9x7',
    publicThemes: ['qtheme9x7'],
    internalRef: 'qinternal9x7',
    location: { address: 'qaddress9x7', postcode: 'BS1 9QQ', uprn: '987654321098' },
    residentName: 'qname9x7',
    residentEmail: 'qemail9x7@example.org',
  }
  const markers = JSON.stringify(parts)
    .match(/\w+9x7/g)
    ?.concat('BS1 9QQ', '987654321098', 'qnote9x7', 'qreason9x7', 'qlater9x7') as string[]

  /** A case with a history, and one that stays. */
  async function makeCase(): Promise<{ council: Council; gone: Body; kept: Body }> {
    const council = await newCouncil()
    const kept = await call.create({ summary: 'Kept' }, council)
    const headers = { 'idempotency-key': 'once' }
    const { body: gone } = await call.send('POST', '', council, { body: parts, headers })
    await call.note(gone.id, { body: 'qnote9x7', visibility: 'public' }, council)
    await call.change(gone.id, { status: 'closed', resolution: 'answered' }, council)
    await call.change(gone.id, { status: 'in_progress', reason: 'qreason9x7' }, council)
    await call.change(gone.id, { description: 'qlater9x7' }, council)
    return { council, gone, kept }
  }

  const stored = async (text: string) =>
    (await tablesWith(app, text)).filter((name) => !name.startsWith('case_words'))

  test('in the rows of any table', async () => {
    const { council, gone } = await makeCase()
    const plain = markers.filter((marker) => !/name|email/.test(marker))
    for (const marker of plain) expect([marker, (await stored(marker)).length > 0]).toEqual([marker, true])
    await erase(council, gone.id)
    for (const marker of markers) expect([marker, await stored(marker)]).toEqual([marker, []])
    expect(await tablesWith(app, gone.id)).toEqual(['audit_entries', 'case_changes'])
  })

  test('in the words of the search index', async () => {
    const { council, gone } = await makeCase()
    // Only the end of a word need be kept where it begins like another.
    const endings = ['summary9x7', 'public9x7', 'later9x7']
    for (const ending of endings)
      expect([ending, await tablesWith(app, ending)]).toEqual([
        ending,
        expect.arrayContaining([onPostgres ? 'case_words' : 'case_words_data']),
      ])
    await erase(council, gone.id)
    for (const ending of endings) expect([ending, await tablesWith(app, ending)]).toEqual([ending, []])
  })

  test('in the answers kept for requests that are sent twice', async () => {
    const { council, gone } = await makeCase()
    const mine = and(eq(idempotencyRecords.tenantId, council.tenant.id), eq(idempotencyRecords.key, 'once'))
    const kept = () => app.deps.store.read.select().from(idempotencyRecords).where(mine)
    expect(await kept()).toHaveLength(1)
    await erase(council, gone.id)
    expect(await kept()).toEqual([])
  })

  test('in the events to be told, where those of others stay', async () => {
    const { council, gone, kept } = await makeCase()
    const eventsOf = async ({ id }: Body) =>
      (await app.deps.store.read.select().from(outboxEvents).where(eq(outboxEvents.entityId, id))).length
    expect(await eventsOf(gone)).toBeGreaterThan(4)
    await erase(council, gone.id)
    expect([await eventsOf(gone), await eventsOf(kept)]).toEqual([0, 1])
  })
})

describe('a long list', () => {
  const makeCases = async (council: Council, count: number): Promise<Body[]> => {
    const made: Body[] = []
    for (let i = 0; i < count; i++) made.push(await call.create({ summary: `qlong${i}x` }, council))
    return made
  }

  test('lets others write between its slices, and forgets the answers that they were given', async () => {
    const council = await newCouncil()
    const made = await makeCases(council, 45)
    const told: string[][] = []
    const written: Promise<unknown>[] = []
    const note = (id: string) =>
      call.send('POST', `/${id}/notes`, council, {
        body: { body: 'Meanwhile', visibility: 'internal' },
        headers: { 'idempotency-key': `note-${id}` },
      })
    const erased = await eraseCases(council.ctx, app.deps, idsOf(made), (references) => {
      told.push(references)
      if (told.length === 1)
        written.push(note(made.at(-1)?.id), call.create({ summary: 'Meanwhile' }, council))
    })
    const [noted] = (await Promise.all(written)) as [Body]
    expect(noted.status).toBe(201)
    expect(told.map((part) => part.length)).toEqual([20, 20, 5])
    expect(erased).toEqual(made.map(({ reference }) => reference))
    expect((await call.list('', council)).body.cases.map(({ summary }: Body) => summary)).toEqual([
      'Meanwhile',
    ])
    const mine = eq(idempotencyRecords.tenantId, council.tenant.id)
    expect(await app.deps.store.read.select().from(idempotencyRecords).where(mine)).toEqual([])
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('that breaks off has erased whole slices, and their words go with the next housekeeping', async () => {
    const council = await newCouncil()
    const made = await makeCases(council, 25)
    const told: string[] = []
    const trigger = `BEFORE DELETE ON cases WHEN OLD.id = '${made[22]?.id}'`
    await withTrigger(app, trigger, async () => {
      const work = eraseCases(council.ctx, app.deps, idsOf(made), (references) => told.push(...references))
      await expect(work).rejects.toThrow()
    })
    const first = made.slice(0, 20).map(({ reference }) => reference)
    expect(told).toEqual(first)
    const left = (await call.list('pageSize=100', council)).body.cases.map(({ reference }: Body) => reference)
    expect(left.sort()).toEqual(made.slice(20).map(({ reference }) => reference))
    await finishErasure(app.deps)
    for (const word of ['qlong3x', 'qlong19x'])
      expect([word, await tablesWith(app, word)]).toEqual([word, []])
    expect(await tablesWith(app, 'search-compaction')).toEqual([])
    expect(await erase(council, ...idsOf(made.slice(20)))).toHaveLength(5)
    expect(await failedChecks(app.deps)).toEqual({})
  })
})

describe('the changes tell of it', () => {
  test('to those who could see it, and to nobody else', async () => {
    const council = await newCouncil()
    const other = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const worker = await createActing(app, council, 'caseworker')
    const colleague = await createActing(app, council, 'caseworker')
    const manager = await createActing(app, council, 'manager')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    const neighbour = await createActing(app, council, 'councillor', { wardIds: [south] })
    const mine = await call.create({ assigneeId: worker.id, wardId: north }, council)
    const nobodys = await call.create({}, council)
    await call.create({}, council)
    const holders = [council, manager, worker, councillor, colleague, neighbour, other]
    const places: string[] = []
    for (const holder of holders) places.push((await read(holder)).nextCursor)
    await erase(council, mine.id, nobodys.id)
    const erased = ({ id }: Body) => ['erased', id, undefined]
    const seen: unknown[] = []
    for (const [i, holder] of holders.entries()) seen.push(await told(holder, places[i] as string))
    const both = [erased(mine), erased(nobodys)]
    expect(seen).toEqual([both, both, [erased(mine)], [erased(mine)], [], [], []])
  })

  test('also from the start, with nothing of what it said', async () => {
    const council = await newCouncil()
    const worker = await createActing(app, council, 'caseworker')
    const kept = await call.create({ assigneeId: worker.id }, council)
    const gone = await call.create({ assigneeId: worker.id, summary: 'Zebra' }, council)
    await erase(council, gone.id)
    for (const holder of [council, worker]) {
      const { changes } = await read(holder)
      expect(JSON.stringify(changes)).not.toContain('Zebra')
      expect(changes).toMatchObject([
        { type: 'upserted', id: kept.id },
        { type: 'erased', id: gone.id, at: app.clock.now().toISOString(), case: null },
      ])
    }
  })

  test('to those from whom it was taken before only as removed', async () => {
    const council = await newCouncil()
    const [before, after] = [
      await createActing(app, council, 'caseworker'),
      await createActing(app, council, 'caseworker'),
    ]
    const { id } = await call.create({ assigneeId: before.id }, council)
    const place = (await read(before)).nextCursor
    await call.change(id, { assigneeId: after.id }, council)
    await erase(council, id)
    expect(await told(before, place)).toEqual([['removed', id, undefined]])
    expect(await told(after, '')).toEqual([['erased', id, undefined]])
  })
})

describe('a duplicate of it', () => {
  async function makeCopy(): Promise<{ council: Council; original: Body; copy: Body }> {
    const council = await newCouncil()
    const [original, copy] = [await call.create({}, council), await call.create({ summary: 'Copy' }, council)]
    await call.change(
      copy.id,
      { status: 'resolved', resolution: 'duplicate', duplicateOfId: original.id },
      council,
    )
    return { council, original, copy }
  }

  test('stays, and points to nothing', async () => {
    const { council, original, copy } = await makeCopy()
    await erase(council, original.id)
    const { status, body } = await call.get(copy.id, council)
    expect([status, body.status, body.duplicateOfId]).toEqual([200, 'resolved', null])
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('may be erased with it, in either order', async () => {
    for (const isFirst of [true, false]) {
      const { council, original, copy } = await makeCopy()
      const names = isFirst ? [original.id, copy.id] : [copy.id, original.id]
      expect(await erase(council, ...names)).toHaveLength(2)
    }
  })

  test('is another version than before: to a client that asks whether it has changed, and in the changes', async () => {
    const { council, original, copy } = await makeCopy()
    const before = (await call.get(copy.id, council)).headers.get('etag') as string
    const place = (await read(council)).nextCursor
    app.clock.advance(1_000)
    await erase(council, original.id)
    const headers = { 'if-none-match': before }
    const answer = await call.send('GET', `/${copy.id}`, council, { headers })
    expect([answer.status, answer.body?.duplicateOfId]).toEqual([200, null])
    expect(await told(council, place)).toEqual(
      expect.arrayContaining([
        ['upserted', copy.id, copy.id],
        ['erased', original.id, undefined],
      ]),
    )
  })

  test('can be taken to another store like the rest', async () => {
    const { council, original } = await makeCopy()
    await erase(council, original.id)
    const file = await exportFile(council)
    const empty = await newCouncil()
    expect(await importFile(empty, file)).toMatchObject({ created: 1 })
    expect(await exportFile(empty)).toBe(file)
  })
})
