import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, asc, eq, ne } from 'drizzle-orm'
import { type AuditRow, auditEntries } from '../../src/core/audit/table'
import { outboxEvents } from '../../src/core/outbox/table'
import { seededRandom } from '../../src/lib/random'
import { caseCounters, caseSequences, caseStatuses, cases, priorities } from '../../src/resources/cases/table'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestUser,
  type TestApp,
} from '../support/app'
import { contentOf, withTrigger } from '../support/beside'
import {
  createTestCase,
  createTestCategories,
  createTestWards,
  deactivateUser,
  idsOf,
  moveOf,
} from '../support/casework'
import { onPostgres, onSqlite } from '../support/engine'
import { atInstant, issuesOf, unlimited } from '../support/http'

type Case = Answer['body']
type Status = (typeof caseStatuses)[number]

const unknownId = 'zzzzzzzzzzzzzzzzzzzzzzzz'
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

let app: TestApp
let council: Council
let wards: [string, string]
let categories: [string, string]
let caseworker: { id: string; name: string }
let councillor: { id: string; name: string }

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  wards = (await createTestWards(app, council, ['Ashley', 'Lawrence Hill'])) as [string, string]
  categories = (await createTestCategories(app, council, ['Potholes', 'Litter'])) as [string, string]
  caseworker = await createTestUser(council, { role: 'caseworker' })
  councillor = await createTestUser(council, { role: 'councillor' })
})

afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const create = (input: Record<string, unknown> = {}, of: { key: string } = council) =>
  createTestCase(app, of, input)
const post = (body: unknown, { key } = council) => app.send('POST', '/api/cases', { key, body })
const patch = (id: string, body: unknown, { key } = council) =>
  app.send('PATCH', `/api/cases/${id}`, { key, body })
const get = (id: string, { key } = council) => app.send('GET', `/api/cases/${id}`, { key })
/** The case as a reader finds it, apart from its history. */
const shown = async (id: string): Promise<Case> => {
  const { timeline, ...view } = (await get(id)).body
  expect(timeline).toBeArray()
  return view
}
const list = (query = '', { key } = council) => app.send('GET', `/api/cases?${query}`, { key })

const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await app.deps.store.read
    .select({ event: outboxEvents.event })
    .from(outboxEvents)
    .where(eq(outboxEvents.entityId, id))
    .orderBy(asc(outboxEvents.position))
  return rows.map(({ event }) => event)
}

/** The changes of a case on record; not that somebody saw its resident. */
const auditOf = (id: string): Promise<AuditRow[]> =>
  app.deps.store.read
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.entityId, id), ne(auditEntries.action, 'resident.read')))
    .orderBy(asc(auditEntries.seq))

/** The moves that bring a new case to a status. */
const wayTo: Record<Status, Status[]> = {
  open: [],
  in_progress: ['in_progress'],
  resolved: ['in_progress', 'resolved'],
  closed: ['in_progress', 'resolved', 'closed'],
}

async function createIn(status: Status, of: Council = council): Promise<Case> {
  let made = await create({}, of)
  for (const next of wayTo[status]) made = (await patch(made.id, moveOf(made.status, next), of)).body
  expect(made.status).toBe(status)
  return made
}

const resident = {
  residentName: 'Margaret Hughes',
  residentEmail: 'M.Hughes@example.org',
  residentPhone: '0117 496 0123',
  residentAddress: '12 Mina Road',
  residentPostcode: 'bs29yt',
  residentMessage: 'A hole\n\nas deep as my arm',
}
const nobody = Object.fromEntries(Object.keys(resident).map((field) => [field, null]))

const withoutResident = (view: Case): Case =>
  Object.fromEntries(Object.entries(view).filter(([field]) => !(field in resident)))

const everyField = () => ({
  summary: 'Pothole on Mina Road',
  receivedAt: '2026-03-10T08:15:30.250Z',
  type: 'service_request',
  priority: 'high',
  sourceChannel: 'phone',
  publicThemes: ['roads', 'safety'],
  highlightedForPublic: true,
  internalRef: 'LEG-77',
  description: 'Deep, by the school gate',
  publicSummary: 'Pothole reported on Mina Road',
  wardId: wards[0],
  categoryId: categories[0],
  assigneeId: caseworker.id,
  councillorId: councillor.id,
  followUpAt: '2026-04-01',
  location: {
    latitude: 51.4695,
    longitude: -2.5717,
    address: '1 Mina Road',
    postcode: 'BS2 9TB',
    uprn: '000012345678',
  },
  ...resident,
})

describe('creating a case is refused', () => {
  test.each([
    [{}, ['body summary']],
    [{ summary: '' }, ['body summary']],
    [{ summary: ' \n\t' }, ['body summary']],
    [{ summary: 'x'.repeat(201) }, ['body summary']],
    [{ summary: null }, ['body summary']],
    [{ summary: 'x', description: 'x'.repeat(20_001) }, ['body description']],
    [{ summary: 'x', priority: 'top' }, ['body priority']],
    [{ summary: 'x', priority: null }, ['body priority']],
    [{ summary: 'x', type: 'policy' }, ['body type']],
    [{ summary: 'x', sourceChannel: 'fax' }, ['body sourceChannel']],
    [{ summary: 'x', publicThemes: Array(21).fill('a') }, ['body publicThemes']],
    [{ summary: 'x', publicThemes: ['a', ' '] }, ['body publicThemes.1']],
    [{ summary: 'x', status: 'closed' }, ['body status']],
    [{ summary: 'x', location: { latitude: 90.1 } }, ['body location.latitude']],
    [{ summary: 'x', location: { longitude: -181 } }, ['body location.longitude']],
    [{ summary: 'x', location: { uprn: '1234567890123' } }, ['body location.uprn']],
    [{ summary: 'x', location: { uprn: 12 } }, ['body location.uprn']],
    [{ summary: 'x', wardId: "' OR 1=1" }, ['body wardId']],
    [{ summary: 'x', wardId: unknownId, categoryId: unknownId }, ['body wardId', 'body categoryId']],
    [{ summary: 'x', followUpAt: '2026-02-30' }, ['body followUpAt']],
    [{ summary: 'x', followUpAt: '2026-04-01T10:00:00' }, ['body followUpAt']],
    [{ summary: 'x', followUpAt: 'tomorrow' }, ['body followUpAt']],
    [{ summary: 'x', receivedAt: '2026-03-13T09:35:00.001Z' }, ['body receivedAt']],
    [{ summary: 'x', receivedAt: '2026-03-14' }, ['body receivedAt']],
    [{ summary: 'x', location: { postcode: 'Bristol' } }, ['body location.postcode']],
    [
      { summary: 'x', residentEmail: 'margaret', residentPhone: '12', residentPostcode: 'Bristol' },
      ['body residentEmail', 'body residentPhone', 'body residentPostcode'],
    ],
    [{ summary: 'x', residentName: '' }, ['body residentName']],
    [{ summary: 'x', resolution: 'fixed' }, ['body resolution']],
    [{ summary: 'x', publicState: 'approved' }, ['body publicState']],
    [
      { summary: 'x', receivedAt: '2026-02-30', followUpAt: '2026-02-31', wardId: unknownId },
      ['body wardId', 'body followUpAt', 'body receivedAt'],
    ],
  ] as [Record<string, unknown>, string[]][])('for %j: 400 that names %j', async (body, expected) => {
    const before = (await list()).body.pagination.total
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(issuesOf(answer).sort()).toEqual([...expected].sort())
    expect((await list()).body.pagination.total).toBe(before)
  })

  test('with an assignee who is inactive or a councillor who is none', async () => {
    const gone = await createTestUser(council, { role: 'caseworker' })
    await deactivateUser(app, gone.id)
    expect(issuesOf(await post({ summary: 'x', assigneeId: gone.id }))).toEqual(['body assigneeId'])
    expect(issuesOf(await post({ summary: 'x', councillorId: caseworker.id }))).toEqual(['body councillorId'])
  })
})

describe('creating a case', () => {
  test('needs a summary only; everything else has its default', async () => {
    const now = app.clock.now().toISOString()
    const { status, body, headers } = await post({ summary: 'Pothole' })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/api/cases/${body.id}`)
    expect(body).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      reference: expect.stringMatching(/^CW-2026-\d{4}$/),
      status: 'open',
      publicSummary: null,
      wardId: null,
      categoryId: null,
      createdAt: now,
      updatedAt: now,
      internalRef: null,
      receivedAt: now,
      type: 'enquiry',
      summary: 'Pothole',
      description: null,
      resolution: null,
      duplicateOfId: null,
      pending: null,
      priority: 'normal',
      sourceChannel: 'api',
      ward: null,
      category: null,
      assigneeId: null,
      assignee: null,
      councillorId: null,
      location: null,
      publicThemes: [],
      publicState: 'draft',
      highlightedForPublic: false,
      dueAt: '2026-03-27T23:59:59.000Z',
      slaState: 'on_track',
      followUpAt: null,
      acknowledgedAt: null,
      resolvedAt: null,
      closedAt: null,
      reopenCount: 0,
      archived: false,
      version: 1,
      ...nobody,
    })
  })

  test('keeps every field that it is given, and reads it back the same', async () => {
    const input = everyField()
    const { status, body } = await post(input)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...input,
      followUpAt: '2026-03-31T23:00:00.000Z',
      ward: { id: wards[0], name: 'Ashley' },
      category: { id: categories[0], name: 'Potholes' },
      assignee: { id: caseworker.id, name: caseworker.name, role: 'caseworker' },
    })
    expect((await get(body.id)).body).toEqual({ ...body, timeline: [] })
  })

  test('takes null for what may be absent', async () => {
    const absent = {
      internalRef: null,
      description: null,
      publicSummary: null,
      wardId: null,
      categoryId: null,
      assigneeId: null,
      councillorId: null,
      followUpAt: null,
      location: null,
      ...nobody,
    }
    expect(await create(absent)).toMatchObject(absent)
  })

  test('counts lengths at their bounds', async () => {
    const long = { summary: 's'.repeat(200), description: 'd'.repeat(20_000), publicSummary: 'p'.repeat(500) }
    expect(await create(long)).toMatchObject(long)
  })

  test('forgives a client’s clock five minutes', async () => {
    const ahead = new Date(app.clock.now().getTime() + 300_000).toISOString()
    expect((await create({ receivedAt: ahead })).receivedAt).toBe(ahead)
  })

  test('reads offsets and finer fractions as the instant they are', async () => {
    expect((await create({ receivedAt: '2026-03-10T10:00:00.123456+02:00' })).receivedAt).toBe(
      '2026-03-10T08:00:00.123Z',
    )
  })

  test('makes one row, one audit entry and one event', async () => {
    const { id } = await create(everyField())
    expect(await eventsOf(id)).toEqual(['case_created'])
    expect((await auditOf(id)).map(({ action }) => action)).toEqual(['case.create'])
  })
})

describe('references', () => {
  test('64 at once: 0001 to 0064, no gap, none twice, on SQLite in far fewer commits', async () => {
    const own = await newCouncil()
    const before = app.deps.store.commits()
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => post({ summary: `Number ${i}` }, own)),
    )
    if (onSqlite) expect(app.deps.store.commits() - before).toBeLessThanOrEqual(8)
    expect(answers.map(({ status }) => status)).toEqual(Array(64).fill(201))
    expect(answers.map(({ body }) => body.reference).sort()).toEqual(
      Array.from({ length: 64 }, (_, i) => `CW-2026-${String(i + 1).padStart(4, '0')}`),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(64)
  })

  test('a refused create uses no number, alone or among others', async () => {
    const own = await newCouncil()
    await create({}, own)
    expect((await post({ summary: 'x', wardId: unknownId }, own)).status).toBe(400)
    expect((await create({}, own)).reference).toBe('CW-2026-0002')
    const mixed = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post(i % 2 ? { summary: 'x' } : { summary: 'x', wardId: unknownId }, own),
      ),
    )
    expect(mixed.flatMap(({ body }) => body.reference ?? []).sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => `CW-2026-${String(i + 3).padStart(4, '0')}`),
    )
  })

  test('a create that the store refuses uses no number and leaves no trace', async () => {
    const own = await newCouncil()
    const answers = await withTrigger(
      app,
      "BEFORE INSERT ON outbox_events WHEN NEW.data LIKE '%Refuse me%'",
      () => Promise.all(['First', 'Refuse me', 'Second'].map((summary) => post({ summary }, own))),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 500, 201])
    const references = answers.map(({ body }) => body.reference)
    expect([references[1], ...references.toSorted()].slice(0, 3)).toEqual([
      undefined,
      'CW-2026-0001',
      'CW-2026-0002',
    ])
    expect((await list('', own)).body.pagination.total).toBe(2)
    const entries = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.tenantId, own.tenant.id), eq(auditEntries.action, 'case.create')))
    expect(entries).toHaveLength(2)
  })

  test('begin anew with the year in London, and the old year goes on where it was', async () => {
    const own = await newCouncil()
    const at = async (instant: string) => (await atInstant(app, instant, () => create({}, own))).reference
    expect(await at('2026-12-31T23:59:59.999Z')).toBe('CW-2026-0001')
    expect(await at('2027-01-01T00:00:00.000Z')).toBe('CW-2027-0001')
    expect(await at('2027-06-01T00:00:00.000Z')).toBe('CW-2027-0002')
    expect(await at('2026-12-31T23:59:59.999Z')).toBe('CW-2026-0002')
  })

  test('grow beyond 9999 and still sort by number', async () => {
    const own = await newCouncil()
    await app.deps.store.write(async (tx) => {
      await tx.insert(caseSequences).values({ tenantId: own.tenant.id, year: 2026, last: 9_997 })
    })
    for (let i = 0; i < 4; i++) await create({}, own)
    await atInstant(app, '2027-02-01T00:00:00Z', () => create({}, own))
    const expected = ['CW-2026-9998', 'CW-2026-9999', 'CW-2026-10000', 'CW-2026-10001', 'CW-2027-0001']
    const sorted = async (sort: string) =>
      (await list(`sort=${sort}`, own)).body.cases.map(({ reference }: Case) => reference)
    expect(await sorted('reference')).toEqual(expected)
    expect(await sorted('-reference')).toEqual(expected.toReversed())
    expect((await get('CW-2026-10000', own)).body.reference).toBe('CW-2026-10000')
  })

  test('are each council’s own', async () => {
    expect((await create({}, await newCouncil())).reference).toBe('CW-2026-0001')
    expect((await create({}, await newCouncil())).reference).toBe('CW-2026-0001')
  })
})

describe('one case', () => {
  test('an unknown id, reference or something else is a 404', async () => {
    for (const id of [unknownId, 'CW-2026-9999', 'CW-2026-99', 'x', '0', 'cases', 'undefined', '%20', "'"]) {
      const { status, body } = await get(id)
      expect([id, status, body]).toEqual([id, 404, { error: 'Case not found', details: {} }])
    }
  })

  test('is found by id and by reference in any case, as the bare object with its history', async () => {
    const made = await create()
    for (const id of [
      made.id,
      made.reference,
      made.reference.toLowerCase(),
      made.reference.replace('CW', 'cW'),
    ]) {
      const { status, body } = await get(id)
      expect([status, body]).toEqual([200, { ...made, timeline: [] }])
    }
  })

  test('an archived case is still found', async () => {
    const { id } = await create()
    await patch(id, { archived: true })
    expect((await get(id)).body.archived).toBe(true)
  })
})

describe('the list of cases', () => {
  let own: Council
  let made: Case[]

  beforeAll(async () => {
    own = await newCouncil()
    made = []
    for (let i = 0; i < 25; i++) {
      app.clock.advance(1_000)
      made.push(await create({ summary: `Case ${i}` }, own))
    }
  })

  test('of a council without cases is empty', async () => {
    const { status, body } = await list('', await newCouncil())
    expect([status, body]).toEqual([
      200,
      { cases: [], pagination: { page: 1, pageSize: 20, total: 0, totalPages: 0 } },
    ])
  })

  test('has exactly the documented shape', async () => {
    const { body } = await list('', own)
    expect(Object.keys(body)).toEqual(['cases', 'pagination'])
    expect(body.pagination).toEqual({ page: 1, pageSize: 20, total: 25, totalPages: 2 })
    expect(Object.keys(body.pagination)).toEqual(['page', 'pageSize', 'total', 'totalPages'])
    expect(body.cases).toHaveLength(20)
    expect(body.cases[0]).toEqual(made[24])
    for (const row of body.cases) {
      for (const name of ['createdAt', 'updatedAt', 'receivedAt']) expect(row[name]).toMatch(instantForm)
    }
  })

  test('is newest first, page by page, every case once', async () => {
    const seen: string[] = []
    for (let page = 1; page <= 4; page++) {
      const { body } = await list(`page=${page}&pageSize=7`, own)
      expect(body.pagination).toEqual({ page, pageSize: 7, total: 25, totalPages: 4 })
      seen.push(...idsOf(body.cases))
    }
    expect(seen).toEqual(idsOf(made).toReversed())
  })

  test('beyond the last page is empty, 200', async () => {
    for (const page of [3, 5_000]) {
      const { status, body } = await list(`page=${page}`, own)
      expect([status, body]).toEqual([
        200,
        { cases: [], pagination: { page, pageSize: 20, total: 25, totalPages: 2 } },
      ])
    }
  })

  test.each([
    ['page=1000&pageSize=100', 200],
    ['page=5000', 200],
    ['page=1001&pageSize=100', 400],
    ['page=5001', 400],
    ['page=100001&pageSize=1', 400],
    ['page=9007199254740991&pageSize=100', 400],
  ])('%s, at the hundred thousandth row: %i', async (query, status) => {
    const answer = await list(query, own)
    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.body.error).toMatch(/100,?000/)
  })
})

describe('filters', () => {
  let own: Council
  let named: Record<string, Case>
  let ids: { wards: [string, string]; categories: [string, string]; worker: string; councillor: string }

  beforeAll(async () => {
    own = await newCouncil()
    ids = {
      wards: (await createTestWards(app, own, ['North', 'South'])) as [string, string],
      categories: (await createTestCategories(app, own, ['Roads', 'Trees'])) as [string, string],
      worker: (await createTestUser(own, { role: 'caseworker' })).id,
      councillor: (await createTestUser(own, { role: 'councillor' })).id,
    }
    const [north, south] = ids.wards
    const [roads, trees] = ids.categories
    named = {
      a: await create({ wardId: north, categoryId: roads, priority: 'urgent', sourceChannel: 'web' }, own),
      b: await create({ wardId: north, categoryId: trees, priority: 'low', type: 'complaint' }, own),
      c: await create(
        { wardId: south, assigneeId: ids.worker, priority: 'high', sourceChannel: 'email' },
        own,
      ),
      d: await create({ councillorId: ids.councillor, type: 'service_request' }, own),
      e: await create({ wardId: south, categoryId: roads, assigneeId: ids.worker }, own),
    }
    await patch(named.b.id, { status: 'in_progress' }, own)
    await patch(named.c.id, { status: 'resolved', resolution: 'answered' }, own)
    await patch(named.e.id, { archived: true }, own)
  })

  const matching = async (query: string) => {
    const { status, body } = await list(`sort=reference&${query}`, own)
    expect(status).toBe(200)
    const found = body.cases.map(({ id }: Case) => Object.keys(named).find((name) => named[name].id === id))
    expect([query, body.pagination.total]).toEqual([query, found.length])
    return found.join('')
  }

  test.each([
    ['', 'abcd'],
    ['archived=false', 'abcd'],
    ['archived=true', 'e'],
    ['status=open', 'ad'],
    ['status=open,resolved', 'acd'],
    ['status=open&status=resolved', 'acd'],
    ['status=closed', ''],
    ['resolution=answered,fixed', 'c'],
    ['resolution=fixed', ''],
    ['slaState=on_track', 'abd'],
    ['slaState=met,breached', 'c'],
    ['type=complaint', 'b'],
    ['type=enquiry,service_request', 'acd'],
    ['wardId=NORTH', 'ab'],
    ['wardId=NORTH,SOUTH', 'abc'],
    ['wardId=unknown', ''],
    ['archived=true&wardId=SOUTH', 'e'],
    ['archived=true&wardId=NORTH', ''],
    ['categoryId=ROADS', 'a'],
    ['categoryId=TREES&categoryId=ROADS', 'ab'],
    ['assigneeId=WORKER', 'c'],
    ['assigneeId=none', 'abd'],
    ['assigneeId=none,WORKER', 'abcd'],
    ['assigneeId=unknown', ''],
    ['councillorId=COUNCILLOR', 'd'],
    ['sourceChannel=web,email', 'ac'],
    ['sourceChannel=api', 'bd'],
    ['priority=urgent', 'a'],
    ['priority=low,high', 'bc'],
    ['status=open&wardId=NORTH', 'a'],
    ['status=open&wardId=NORTH&categoryId=TREES', ''],
    ['priority=urgent&sourceChannel=web&type=enquiry&assigneeId=none', 'a'],
    ['status=open,open', 'ad'],
  ])('%s → "%s", and the total is the same', async (query, expected) => {
    const [north, south] = ids.wards
    const [roads, trees] = ids.categories
    const filled = query
      .replace('NORTH', north)
      .replace('SOUTH', south)
      .replace('ROADS', roads)
      .replace('TREES', trees)
      .replace('WORKER', ids.worker)
      .replace('COUNCILLOR', ids.councillor)
    expect(await matching(filled)).toBe(expected)
  })

  test('a list of more than 100 values is refused', async () => {
    const answer = await list(`wardId=${Array(101).fill('x').join()}`, own)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['query wardId']])
  })
})

describe('filters by time', () => {
  let own: Council
  const bounds: [name: string, instant: string][] = [
    ['winter', '2026-03-28T23:59:59.999Z'],
    ['spring', '2026-03-29T00:00:00.000Z'],
    ['lastOfJune', '2026-06-30T22:59:59.999Z'],
    ['firstOfJuly', '2026-06-30T23:00:00.000Z'],
    ['lateOnFirst', '2026-07-01T22:59:59.999Z'],
    ['secondOfJuly', '2026-07-01T23:00:00.000Z'],
  ]
  const names = new Map<string, string>()

  beforeAll(async () => {
    own = await newCouncil()
    for (const [name, instant] of bounds) {
      const { id } = await atInstant(app, instant, () => create({ summary: name }, own))
      names.set(id, name)
    }
  })

  test.each([
    ['createdFrom=2026-07-01', ['firstOfJuly', 'lateOnFirst', 'secondOfJuly']],
    ['createdTo=2026-07-01', ['winter', 'spring', 'lastOfJune']],
    ['createdFrom=2026-07-01&createdTo=2026-07-02', ['firstOfJuly', 'lateOnFirst']],
    ['createdFrom=2026-03-29&createdTo=2026-03-30', ['spring']],
    ['createdTo=2026-03-29', ['winter']],
    ['createdFrom=2026-06-30T23:00:00Z', ['firstOfJuly', 'lateOnFirst', 'secondOfJuly']],
    ['createdFrom=2026-06-30T23:00:00.001Z', ['lateOnFirst', 'secondOfJuly']],
    ['createdTo=2026-06-30T23:00:00.001Z&createdFrom=2026-06-30T23:00Z', ['firstOfJuly']],
    ['createdFrom=2026-07-01T00:00:00%2B01:00&createdTo=2026-07-02', ['firstOfJuly', 'lateOnFirst']],
    ['updatedFrom=2026-07-02', ['secondOfJuly']],
    ['updatedTo=2026-03-29', ['winter']],
    ['createdFrom=2026-07-02&createdTo=2026-07-01', []],
    ['createdFrom=2026-07-01&createdTo=2026-07-01', []],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    const { status, body } = await list(`sort=createdAt&${query}`, own)
    expect([status, body.cases.map(({ id }: Case) => names.get(id))]).toEqual([200, expected])
    expect(body.pagination.total).toBe(expected.length)
  })

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-06-31',
    '2026-6-1',
    '01/06/2026',
    '2026-06-01T10:00',
    '2026-06-01T24:01:00Z',
    '2026-02-30T10:00:00Z',
    '2026-06-01T10:00:00+01:00',
    '1751324400',
    'today',
    '',
  ])('"%s" is no instant and no date: 400', async (text) => {
    for (const name of ['createdFrom', 'createdTo', 'updatedFrom', 'updatedTo']) {
      const answer = await list(`${name}=${text}`, own)
      expect([answer.status, issuesOf(answer)]).toEqual([400, [`query ${name}`]])
    }
  })

  test('all bad ones are named at once', async () => {
    const answer = await list('createdFrom=2026-02-30&updatedTo=2026-02-30&bbox=3,0,1,1', own)
    expect(issuesOf(answer).sort()).toEqual(['query bbox', 'query createdFrom', 'query updatedTo'])
  })

  test('updated follows the last change', async () => {
    const { id } = await create({}, own)
    await atInstant(app, '2026-08-01T12:00:00.000Z', () => patch(id, { priority: 'low' }, own))
    const { body } = await list('updatedFrom=2026-08-01', own)
    expect(idsOf(body.cases)).toEqual([id])
    expect(body.cases[0].updatedAt).toBe('2026-08-01T12:00:00.000Z')
  })
})

describe('the box filter', () => {
  let own: Council
  beforeAll(async () => {
    own = await newCouncil()
    const places: [string, number, number][] = [
      ['Bristol', 51.45, -2.58],
      ['Cardiff', 51.48, -3.18],
      ['Greenwich', 51.48, 0],
    ]
    for (const [summary, latitude, longitude] of places) {
      await create({ summary, location: { latitude, longitude } }, own)
    }
    await create({ summary: 'Nowhere' }, own)
    await create({ summary: 'Address only', location: { address: '1 Mina Road' } }, own)
  })

  test.each([
    ['-2.60,51.44,-2.57,51.47', ['Bristol']],
    ['-4,51,-2,52', ['Bristol', 'Cardiff']],
    ['-180,-90,180,90', ['Bristol', 'Cardiff', 'Greenwich']],
    ['0,51.48,0,51.48', ['Greenwich']],
    ['-2.58,51.45,-2.58,51.45', ['Bristol']],
    ['10,10,11,11', []],
  ] as [string, string[]][])('%s → %j', async (bbox, expected) => {
    const { body } = await list(`sort=reference&bbox=${bbox}`, own)
    expect(body.cases.map(({ summary }: Case) => summary)).toEqual(expected)
    expect(body.pagination.total).toBe(expected.length)
  })

  test.each([
    '1,2,3',
    '1,2,3,4,5',
    'a,b,c,d',
    '1e0,2,3,4',
    '-181,0,1,1',
    '0,-91,1,1',
    '0,0,1,91',
    '2,0,1,1',
    '0,2,1,1',
    '',
    '1, 2,3,4',
  ])('"%s" is no box: 400', async (bbox) => {
    const answer = await list(`bbox=${encodeURIComponent(bbox)}`, own)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['query bbox']])
  })
})

describe('sorting', () => {
  let own: Council
  beforeAll(async () => {
    own = await newCouncil()
    const made: Case[] = []
    for (const priority of ['high', 'low', 'urgent', 'normal', 'high']) {
      app.clock.advance(1_000)
      made.push(await create({ priority, summary: priority }, own))
    }
    app.clock.advance(1_000)
    await patch(made[1].id, { summary: 'low, changed' }, own)
  })

  const sorted = async (sort: string, field: string) =>
    (await list(sort === '' ? '' : `sort=${sort}`, own)).body.cases.map((row: Case) => row[field])

  test('by priority goes by rank, not by alphabet', async () => {
    expect(await sorted('priority', 'priority')).toEqual(['low', 'normal', 'high', 'high', 'urgent'])
    expect(await sorted('-priority', 'priority')).toEqual(['urgent', 'high', 'high', 'normal', 'low'])
  })

  test('by createdAt, and by it from the newest unless asked otherwise', async () => {
    const expected = ['0001', '0002', '0003', '0004', '0005'].map((number) => `CW-2026-${number}`)
    expect(await sorted('createdAt', 'reference')).toEqual(expected)
    expect(await sorted('-createdAt', 'reference')).toEqual(expected.toReversed())
    expect(await sorted('', 'reference')).toEqual(expected.toReversed())
    expect(await sorted('reference', 'reference')).toEqual(expected)
  })

  test('by updatedAt', async () => {
    expect((await sorted('-updatedAt', 'reference'))[0]).toBe('CW-2026-0002')
    expect((await sorted('updatedAt', 'reference')).at(-1)).toBe('CW-2026-0002')
  })

  test('equals are told apart by id, so that pages neither repeat nor skip', async () => {
    const tied = await newCouncil()
    const made = await Promise.all(Array.from({ length: 12 }, () => create({}, tied)))
    for (const sort of ['priority', '-priority', 'createdAt', '-updatedAt']) {
      const seen: string[] = []
      for (const page of [1, 2, 3]) {
        seen.push(...idsOf((await list(`sort=${sort}&page=${page}&pageSize=5`, tied)).body.cases))
      }
      const ids = idsOf(made).sort()
      expect(seen).toEqual(sort.startsWith('-') ? ids.toReversed() : ids)
    }
  })
})

describe('changing a case is refused', () => {
  test.each([
    [{ summary: null }, ['body summary']],
    [{ summary: '' }, ['body summary']],
    [{ status: null }, ['body status']],
    [{ status: 'reopened' }, ['body status']],
    [{ priority: null }, ['body priority']],
    [{ publicThemes: null }, ['body publicThemes']],
    [{ highlightedForPublic: null }, ['body highlightedForPublic']],
    [{ archived: 'yes' }, ['body archived']],
    [{ id: 'mine' }, ['body id']],
    [{ reference: 'CW-2026-0000' }, ['body reference']],
    [{ version: 7 }, ['body version']],
    [{ createdAt: '2020-01-01' }, ['body createdAt']],
    [{ wardId: unknownId, assigneeId: unknownId }, ['body wardId', 'body assigneeId']],
    [{ location: 'here' }, ['body location']],
    [{ location: { latitude: '51' } }, ['body location.latitude']],
    [{ receivedAt: '2026-03-01' }, ['body receivedAt']],
    [{ resolution: 'solved' }, ['body resolution']],
    [{ resolution: 'answered' }, ['body resolution']],
    [{ reason: 'No move' }, ['body reason']],
    [{ pending: { reason: 'lunch' } }, ['body pending.reason']],
    [{ pending: { reason: 'scheduled' } }, ['body pending']],
    [{ publicState: 'approved' }, ['body publicSummary']],
    [{ residentEmail: 'margaret', wardId: unknownId }, ['body wardId', 'body residentEmail']],
    [{ status: 'resolved', priority: 'top' }, ['body priority']],
    [{ status: 'resolved', wardId: unknownId }, ['body wardId', 'body resolution']],
  ] as [Record<string, unknown>, string[]][])('for %j: 400 that names %j', async (body, expected) => {
    const made = await create()
    const answer = await patch(made.id, body)
    expect(answer.status).toBe(400)
    expect(issuesOf(answer).sort()).toEqual([...expected].sort())
    expect(await shown(made.id)).toEqual(made)
    expect(await eventsOf(made.id)).toEqual(['case_created'])
  })

  test('where there is no such case: 404', async () => {
    expect((await patch(unknownId, { priority: 'high' })).status).toBe(404)
  })
})

describe('changing a case', () => {
  test('keeps what is absent and clears what is null', async () => {
    const made = await create(everyField())
    app.clock.advance(5_000)
    const now = app.clock.now().toISOString()
    const { status, body } = await patch(made.id, { summary: 'Filled?', wardId: null, followUpAt: null })
    expect(status).toBe(200)
    expect(body).toEqual({
      ...made,
      summary: 'Filled?',
      wardId: null,
      ward: null,
      followUpAt: null,
      updatedAt: now,
      version: 2,
    })
    expect(await shown(made.id)).toEqual(body)
  })

  test('clears everything that may be cleared', async () => {
    const made = await create(everyField())
    const cleared = {
      internalRef: null,
      description: null,
      publicSummary: null,
      wardId: null,
      categoryId: null,
      assigneeId: null,
      councillorId: null,
      followUpAt: null,
      location: null,
      ...nobody,
    }
    const { body } = await patch(made.id, cleared)
    expect(body).toMatchObject({ ...cleared, ward: null, category: null, assignee: null, version: 2 })
    expect(body.summary).toBe(made.summary)
  })

  test('sets every field from nothing', async () => {
    const { id } = await create()
    const { receivedAt: _receivedAt, ...fields } = everyField()
    const { body } = await patch(id, fields)
    expect(body).toMatchObject({ ...fields, followUpAt: '2026-03-31T23:00:00.000Z', version: 2 })
  })

  test('merges into a location field by field', async () => {
    const { id, location } = await create(everyField())
    const after = async (change: unknown) => (await patch(id, { location: change })).body.location
    expect(await after({ address: '2 Mina Road' })).toEqual({ ...location, address: '2 Mina Road' })
    expect(await after({ uprn: null, postcode: null })).toEqual({
      ...location,
      address: '2 Mina Road',
      uprn: null,
      postcode: null,
    })
    expect(await after({})).toMatchObject({ latitude: 51.4695, address: '2 Mina Road' })
    expect(await after({ latitude: null, longitude: null, address: null })).toBeNull()
    expect(await after({ latitude: 0, longitude: 0 })).toEqual({
      latitude: 0,
      longitude: 0,
      address: null,
      postcode: null,
      uprn: null,
    })
    expect(await after(null)).toBeNull()
  })

  test('replaces a list as a whole', async () => {
    const { id } = await create({ publicThemes: ['roads', 'safety'] })
    expect((await patch(id, { publicThemes: ['trees'] })).body.publicThemes).toEqual(['trees'])
    expect((await patch(id, { publicThemes: [] })).body.publicThemes).toEqual([])
  })

  test('by reference, and as merge-patch+json', async () => {
    const { reference } = await create()
    const { status, body } = await app.send('PATCH', `/api/cases/${reference.toLowerCase()}`, {
      key: council.key,
      body: { priority: 'high' },
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect([status, body.priority]).toEqual([200, 'high'])
  })

  test('to what it is already changes no version and no time, and makes no entry and no event', async () => {
    const made = await create(everyField())
    app.clock.advance(60_000)
    const same = { ...everyField(), status: 'open', archived: false, receivedAt: undefined }
    for (const body of [same, { status: 'open' }, { summary: made.summary }, { location: {} }]) {
      const answer = await patch(made.id, body)
      expect([answer.status, answer.body]).toEqual([200, made])
    }
    expect(await eventsOf(made.id)).toEqual(['case_created'])
    expect(await auditOf(made.id)).toHaveLength(1)
  })

  test('archives a case out of the lists and back', async () => {
    const own = await newCouncil()
    const { id } = await create({}, own)
    const totals = async () =>
      Promise.all(
        ['', 'archived=true'].map(async (query) => (await list(query, own)).body.pagination.total as number),
      )
    await patch(id, { archived: true }, own)
    expect(await totals()).toEqual([0, 1])
    await patch(id, { archived: false }, own)
    expect(await totals()).toEqual([1, 0])
  })

  test('32 changes at once each take effect, one version each', async () => {
    const { id } = await create()
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, i) => patch(id, { summary: `Change ${i}` })),
    )
    expect(answers.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 32 }, (_, i) => i + 2),
    )
    expect(await auditOf(id)).toHaveLength(33)
  })
})

describe('moving a case', () => {
  const allowed: Record<Status, Status[]> = {
    open: ['in_progress', 'resolved', 'closed'],
    in_progress: ['open', 'resolved', 'closed'],
    resolved: ['in_progress', 'closed'],
    closed: ['in_progress'],
  }
  const pairs = caseStatuses.flatMap((from) => caseStatuses.map((to) => [from, to] as [Status, Status]))
  const isMove = ([from, to]: [Status, Status]) => allowed[from].includes(to)
  const isEnd = (status: Status) => status === 'resolved' || status === 'closed'
  /** What a move needs besides the status; from resolved to closed nothing. */
  const needOf = ([from, to]: [Status, Status]) =>
    isEnd(to) ? (isEnd(from) ? null : 'resolution') : from === 'open' ? null : 'reason'
  const isReopening = ([from, to]: [Status, Status]) =>
    to === 'in_progress' && (from === 'resolved' || from === 'closed')

  test.each(pairs.filter((pair) => pair[0] !== pair[1] && !isMove(pair)))(
    'from %s to %s is a 409 that says what is allowed',
    async (from, to) => {
      const made = await createIn(from)
      const events = await eventsOf(made.id)
      const answer = await patch(made.id, { status: to, priority: 'urgent' })
      expect(answer.status).toBe(409)
      expect(answer.body).toEqual({
        error: expect.any(String),
        details: { from, to, allowed: expect.any(Array) },
      })
      expect(answer.body.details.allowed.sort()).toEqual([...allowed[from]].sort())
      expect(await shown(made.id)).toEqual(made)
      expect(await eventsOf(made.id)).toEqual(events)
    },
  )

  test.each(
    pairs
      .filter((pair) => isMove(pair) && needOf(pair) !== null)
      .map(([from, to]) => [from, to, needOf([from, to])] as const),
  )('from %s to %s without its %s is a 400 that names it', async (from, to, need) => {
    const made = await createIn(from)
    const events = await eventsOf(made.id)
    const answer = await patch(made.id, { status: to, priority: 'urgent' })
    expect([answer.status, issuesOf(answer)]).toEqual([400, [`body ${need}`]])
    expect(await shown(made.id)).toEqual(made)
    expect(await eventsOf(made.id)).toEqual(events)
  })

  test.each(pairs.filter(isMove))('from %s to %s is done and told', async (from, to) => {
    const made = await createIn(from)
    const before = await eventsOf(made.id)
    app.clock.advance(60_000)
    const now = app.clock.now().toISOString()
    const { status, body } = await patch(made.id, moveOf(from, to))
    expect([status, body.status, body.version]).toEqual([200, to, made.version + 1])
    const isReopened = isReopening([from, to])
    expect(body).toMatchObject({
      acknowledgedAt: made.acknowledgedAt ?? (to === 'in_progress' ? now : null),
      resolvedAt: to === 'resolved' ? now : isReopened ? null : made.resolvedAt,
      closedAt: to === 'closed' ? now : null,
      reopenCount: isReopened ? 1 : 0,
      resolution: isEnd(to) ? 'answered' : null,
    })
    const expected = {
      open: ['case_status_changed'],
      in_progress: ['case_status_changed', ...(isReopened ? ['case_reopened'] : [])],
      resolved: ['case_status_changed', 'case_resolved'],
      closed: ['case_status_changed', 'case_closed'],
    }
    expect((await eventsOf(made.id)).slice(before.length)).toEqual(expected[to])
    expect((await auditOf(made.id)).at(-1)?.changes.status).toEqual({ from, to })
  })

  test.each(caseStatuses.map((status) => [status]))('from %s to itself is no move', async (status) => {
    const made = await createIn(status)
    const events = await eventsOf(made.id)
    app.clock.advance(60_000)
    const answer = await patch(made.id, { status })
    expect([answer.status, answer.body]).toEqual([200, made])
    expect(await eventsOf(made.id)).toEqual(events)
  })

  test('is acknowledged once, at the first work on it, and counts each reopening', async () => {
    const { id } = await create()
    app.clock.advance(60_000)
    const acknowledgedAt = app.clock.now().toISOString()
    const way: Status[] = [
      'in_progress',
      'resolved',
      'in_progress',
      'closed',
      'in_progress',
      'resolved',
      'closed',
    ]
    let last: Case
    let from: Status = 'open'
    for (const status of way) {
      last = (await patch(id, moveOf(from, status))).body
      from = status
      app.clock.advance(60_000)
    }
    expect(last).toMatchObject({ status: 'closed', acknowledgedAt, reopenCount: 2, version: way.length + 1 })
    expect(Date.parse(last.closedAt) - Date.parse(last.resolvedAt)).toBe(60_000)
  })
})

test('a case that goes back to open is nobody’s any more', async () => {
  const { id } = await create({ assigneeId: caseworker.id })
  await patch(id, { status: 'in_progress' })
  const refused = await patch(id, { ...moveOf('in_progress', 'open'), assigneeId: caseworker.id })
  expect([refused.status, issuesOf(refused)]).toEqual([400, ['body assigneeId']])
  const { body } = await patch(id, moveOf('in_progress', 'open'))
  expect([body.status, body.assigneeId, body.assignee]).toEqual(['open', null, null])
  expect((await eventsOf(id)).slice(-2)).toEqual(['case_status_changed', 'case_assigned'])
})

describe('events', () => {
  const after = async (made: Case, change: Record<string, unknown>) => {
    const before = await eventsOf(made.id)
    expect((await patch(made.id, change)).status).toBe(200)
    return (await eventsOf(made.id)).slice(before.length)
  }

  test.each([
    ['a field', { priority: 'high' }, ['case_updated']],
    [
      'several fields',
      { priority: 'high', summary: 'New', location: { latitude: 1, longitude: 1 } },
      ['case_updated'],
    ],
    ['archiving', { archived: true }, ['case_updated']],
    ['an assignee', { assigneeId: 'WORKER' }, ['case_assigned']],
    ['an assignee and a field', { assigneeId: 'WORKER', priority: 'low' }, ['case_assigned', 'case_updated']],
    [
      'a move and a field',
      { status: 'in_progress', priority: 'low' },
      ['case_status_changed', 'case_updated'],
    ],
    [
      'a move, an assignee and a field',
      { status: 'resolved', resolution: 'fixed', assigneeId: 'WORKER', summary: 'New' },
      ['case_status_changed', 'case_resolved', 'case_assigned', 'case_updated'],
    ],
  ] as [string, Record<string, unknown>, string[]][])('for %s: exactly %j', async (_, change, expected) => {
    const made = await create()
    const body = 'assigneeId' in change ? { ...change, assigneeId: caseworker.id } : change
    expect(await after(made, body)).toEqual(expected)
  })

  test('hold the case as its answer shows it but for the resident, and the status before', async () => {
    const made = await create(everyField())
    const { body } = await patch(made.id, { status: 'in_progress' })
    const rows = await app.deps.store.read
      .select()
      .from(outboxEvents)
      .where(eq(outboxEvents.entityId, made.id))
      .orderBy(asc(outboxEvents.position))
    expect(rows.map(({ event, entity, tenantId, data }) => ({ event, entity, tenantId, data }))).toEqual([
      {
        event: 'case_created',
        entity: 'case',
        tenantId: council.tenant.id,
        data: { case: withoutResident(made) },
      },
      {
        event: 'case_status_changed',
        entity: 'case',
        tenantId: council.tenant.id,
        data: { case: withoutResident(body), previousStatus: 'open' },
      },
    ])
  })
})

describe('the audit log of cases', () => {
  const personal = {
    summary: 'Zinnia complains',
    description: 'Zinnia of number 12',
    publicSummary: 'Zinnia in public',
    internalRef: 'Zinnia-1',
    publicThemes: ['Zinnia'],
    location: {
      address: '12 Zinnia Way',
      postcode: 'ZN1 1AA',
      latitude: 51.123456,
      longitude: -2.654321,
      uprn: '909090909',
    },
  }

  test('names who changed what, with values of harmless fields only', async () => {
    const made = await create({ ...personal, wardId: wards[0], priority: 'high' })
    await patch(made.id, { ...personal, summary: 'Zinnia again', priority: 'low', wardId: wards[1] })
    const [created, updated] = (await auditOf(made.id)) as [AuditRow, AuditRow]
    expect(created).toMatchObject({
      action: 'case.create',
      entity: 'case',
      actorType: 'key',
      actorIp: '127.0.0.1',
    })
    expect(created.changes).toMatchObject({
      reference: { from: null, to: made.reference },
      status: { from: null, to: 'open' },
      priority: { from: null, to: 'high' },
      wardId: { from: null, to: wards[0] },
      summary: { changed: true },
      description: { changed: true },
      address: { changed: true },
      latitude: { changed: true },
      longitude: { changed: true },
    })
    expect(updated).toMatchObject({ action: 'case.update', seq: created.seq + 1 })
    expect(updated.changes).toEqual({
      summary: { changed: true },
      priority: { from: 'high', to: 'low' },
      wardId: { from: wards[0], to: wards[1] },
    })
  })

  test('holds no text of a case; only the case and the outbox do, and none of its resident’s', async () => {
    const own = await createTestApp(unlimited)
    const of = await createCouncil(own, 'private')
    const about = { residentName: 'Q. Quillfeather', residentEmail: 'quillfeather@example.org' }
    const { id } = await createTestCase(own, of, { ...personal, ...about })
    await own.send('PATCH', `/api/cases/${id}`, { key: of.key, body: { description: 'Zinnia moved' } })
    const content = Object.entries(await contentOf(own))
    const holding = (texts: RegExp) =>
      content.filter(([, rows]) => texts.test(JSON.stringify(rows))).map(([name]) => name)
    const index = onPostgres ? 'case_words' : 'case_words_data'
    expect(holding(/zinnia|ZN1 1AA|51\.123|909090909/i)).toEqual([index, 'cases', 'outbox_events'])
    expect(holding(/quillfeather/i)).toEqual([])
    expect(holding(new RegExp(id))).toContain('residents')
    expect(JSON.stringify(own.logged)).not.toMatch(/zinnia|quillfeather/i)
    const files = readdirSync(own.config.data).filter((name) => !name.startsWith('reeve.db'))
    for (const name of files) expect(readFileSync(join(own.config.data, name), 'utf8')).not.toMatch(/zinnia/i)
    await own.close()
  })
})

describe('the counters', () => {
  const recount = async ({ tenant }: Council) => {
    const counts = new Map<string, number>()
    for (const row of await app.deps.store.read.select().from(cases).where(eq(cases.tenantId, tenant.id))) {
      const key = [row.archived, row.status, row.wardId ?? '', row.categoryId ?? ''].join('|')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    return Object.fromEntries([...counts].sort())
  }
  const kept = async ({ tenant }: Council) => {
    const rows = await app.deps.store.read
      .select()
      .from(caseCounters)
      .where(and(eq(caseCounters.tenantId, tenant.id), ne(caseCounters.cases, 0)))
    return Object.fromEntries(
      rows.map((row) => [[row.archived, row.status, row.wardId, row.categoryId].join('|'), row.cases]).sort(),
    )
  }

  test('equal a recount after 200 random creates and changes, and give the same totals as counting', async () => {
    const own = await newCouncil()
    const places = [null, ...(await createTestWards(app, own, ['North', 'South']))]
    const kinds = [null, ...(await createTestCategories(app, own, ['Roads', 'Trees']))]
    const random = seededRandom('counters')
    const pick = <T>(values: readonly T[]): T => values[(random(1)[0] as number) % values.length] as T
    const statuses = new Map<string, Status>()
    for (let round = 0; round < 20; round++) {
      const idle = [...statuses.keys()]
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => {
          const fields = { wardId: pick(places), categoryId: pick(kinds), priority: pick(priorities) }
          if (idle.length === 0 || pick([true, false, false]))
            return post({ summary: 'Random', ...fields }, own)
          // Each case once a round, so that it is known from where it moves.
          const id = pick(idle)
          idle.splice(idle.indexOf(id), 1)
          const move = moveOf(statuses.get(id) as Status, pick(caseStatuses))
          const { wardId, categoryId, priority } = fields
          const change = pick([
            { wardId },
            { categoryId, priority },
            { archived: pick([true, false]) },
            move,
            { ...move, wardId, archived: pick([true, false]) },
          ])
          return patch(id, change, own)
        }),
      )
      for (const { status, body } of answers) if (status < 300) statuses.set(body.id, body.status)
      expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([])
    }
    const counted = await recount(own)
    expect(Object.keys(counted).length).toBeGreaterThan(10)
    expect(await kept(own)).toEqual(counted)

    // A filter that holds for every case makes the same list be counted row by row.
    for (const archived of [true, false]) {
      for (const status of ['', ...caseStatuses]) {
        for (const wardId of places) {
          const query = `archived=${archived}${status && `&status=${status}`}${wardId ? `&wardId=${wardId}` : ''}`
          const byCounters = (await list(`${query}&pageSize=1`, own)).body.pagination.total
          const byCounting = (await list(`${query}&pageSize=1&createdFrom=2000-01-01`, own)).body.pagination
            .total
          expect([query, byCounters]).toEqual([query, byCounting])
        }
      }
    }
  })
})
