import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../../support/app'
import { idsOf } from '../../support/casework'
import { issuesOf, unlimited } from '../../support/http'
import { auditOf, type Body, caller, createActing, eventsOf, type Holder, unknownId } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = caller(app)
})
afterAll(() => app.close())

const make = (input: Record<string, unknown> = {}): Promise<Body> => call.create(input, council)
const note = async (id: string, body: unknown, holder: Holder = council): Promise<Body> => {
  const answer = await call.note(id, body, holder)
  expect([answer.status, answer.status === 201 ? null : answer.body]).toEqual([201, null])
  return answer.body
}
const read = (id: string, query = '', holder: Holder = council) =>
  call.send('GET', `/${id}/timeline?${query}`, holder)
const tagOf = async (id: string) => (await call.get(id, council)).headers.get('etag') as string

describe('a note is refused', () => {
  test.each([
    [{}, ['body body']],
    [{ body: '' }, ['body body']],
    [{ body: ' \n\t ' }, ['body body']],
    [{ body: 'x'.repeat(100_001) }, ['body body']],
    [{ body: null }, ['body body']],
    [{ body: 7 }, ['body body']],
    [{ body: 'x', visibility: 'everybody' }, ['body visibility']],
    [{ body: 'x', visibility: null }, ['body visibility']],
    [{ body: 'x', kind: 'status' }, ['body kind']],
    [{ body: 'x', author: 'me' }, ['body author']],
    [{ body: '', visibility: 'x' }, ['body body', 'body visibility']],
  ] as [Record<string, unknown>, string[]][])('case %#: 400 that names the field', async (body, expected) => {
    const { id } = await make()
    const answer = await call.note(id, body, council)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
    expect((await read(id)).body.timeline).toEqual([])
    expect((await call.get(id, council)).body.version).toBe(1)
    expect(await eventsOf(app, id)).toEqual(['case_created'])
  })

  test('on a case that is not there, is another council’s or may not be seen: 404, all alike', async () => {
    const other = await createCouncil(app, 'severn')
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make()
    const answers = [
      await call.note(unknownId, { body: 'x' }, council),
      await call.note(id, { body: 'x' }, other),
      await call.note(id, { body: 'x' }, worker),
      await read(unknownId),
      await read(id, '', other),
      await read(id, '', worker),
    ]
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([404, { error: 'Case not found', details: {} }])
    }
    expect((await read(id)).body.timeline).toEqual([])
  })

  test('by a key that may only read', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:read'] })
    const { id } = await make()
    expect((await call.note(id, { body: 'x' }, { key })).status).toBe(403)
    expect((await read(id, '', { key })).status).toBe(200)
  })

  test('and so is a history by what it does not know', async () => {
    const { id } = await make()
    for (const [query, name] of [
      ['kind=letter', 'kind'],
      ['visibility=staff', 'visibility'],
      ['visibility=internal,public', 'visibility'],
      ['sort=at', 'sort'],
      ['pageSize=101', 'pageSize'],
      ['page=0', 'page'],
    ] as const) {
      const answer = await read(id, query)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
  })
})

describe('a note', () => {
  test('is added as it was written, at the front, internal unless said otherwise', async () => {
    const { id } = await make()
    app.clock.advance(60_000)
    const answer = await call.note(id, { body: '  Rang the depot:\n"Thursday" – ŵ 🛠 <b>  ' }, council)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/api/cases/${id}/timeline`)
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      at: app.clock.now().toISOString(),
      kind: 'note',
      visibility: 'internal',
      body: '  Rang the depot:\n"Thursday" – ŵ 🛠 <b>  ',
      from: null,
      to: null,
      author: { type: 'key', id: expect.any(String), name: 'all' },
    })
    const shown = await note(id, { body: 'We have asked the depot', visibility: 'public' })
    expect(shown.visibility).toBe('public')
    expect((await read(id)).body.timeline).toEqual([shown, answer.body])
    expect((await call.get(id, council)).body.timeline).toEqual([shown, answer.body])
  })

  test('may have 100,000 characters', async () => {
    const { id } = await make()
    const body = 'ŵ'.repeat(100_000)
    expect((await note(id, { body })).body).toBe(body)
    expect((await read(id)).body.timeline[0].body).toBe(body)
  })

  test('is a change of the case: a version, an event, an audit entry without its text', async () => {
    const made = await make()
    app.clock.advance(60_000)
    const added = await note(made.id, { body: 'Zinnia rang' })
    const now = app.clock.now().toISOString()
    expect((await call.get(made.id, council)).body).toMatchObject({ version: 2, updatedAt: now })
    expect(await eventsOf(app, made.id)).toEqual(['case_created', 'case_note_added'])
    const entry = (await auditOf(app, council)).findLast(({ entityId }) => entityId === made.id)
    expect(entry).toMatchObject({ action: 'case.note', entity: 'case' })
    expect(entry?.changes).toEqual({
      note: { from: null, to: added.id },
      visibility: { from: null, to: 'internal' },
    })
  })

  test('is added by reference too, and once under an idempotency key', async () => {
    const { id, reference } = await make()
    const send = () =>
      call.send('POST', `/${reference.toLowerCase()}/notes`, council, {
        body: { body: 'Rang back' },
        headers: { 'idempotency-key': `note ${id}`.replace(' ', '-') },
      })
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect((await read(id)).body.pagination.total).toBe(1)
  })

  test('20 at once are all kept, each with a version of its own', async () => {
    const { id } = await make()
    await Promise.all(Array.from({ length: 20 }, (_, i) => note(id, { body: `Note ${i}` })))
    const { timeline } = (await call.get(id, council)).body
    expect(timeline.map(({ body }: Body) => body).sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `Note ${i}`).sort(),
    )
    expect((await call.get(id, council)).body.version).toBe(21)
  })

  test('makes the tag of the case stale', async () => {
    const { id } = await make()
    const patchWith = (tag: string, priority: string) =>
      call.send('PATCH', `/${id}`, council, { body: { priority }, headers: { 'if-match': tag } })
    const first = await tagOf(id)
    expect((await patchWith(first, 'high')).status).toBe(200)
    expect((await patchWith(first, 'low')).status).toBe(412)
    const second = await tagOf(id)
    await note(id, { body: 'Rang back' })
    expect((await patchWith(second, 'low')).status).toBe(412)
    expect(await tagOf(id)).not.toBe(second)
    const changed = await patchWith(await tagOf(id), 'low')
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toBe(await tagOf(id))
    const again = await call.send('GET', `/${id}`, council, {
      headers: { 'if-none-match': changed.headers.get('etag') as string },
    })
    expect(again.status).toBe(304)
  })
})

describe('whose an entry is', () => {
  test('that of the key, or of the person the key acts for, under the name of then', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make({ assigneeId: worker.id })
    const key = await createTestKey(app, council, { name: 'Website', scopes: ['cases:write'] })
    expect((await note(id, { body: 'From the form' }, { key })).author).toMatchObject({
      type: 'key',
      name: 'Website',
    })
    expect((await note(id, { body: 'I am on it' }, worker)).author).toEqual({
      type: 'user',
      id: worker.id,
      name: worker.name,
    })
    await call.change(id, { status: 'in_progress' }, worker)
    const [moved] = (await read(id, 'kind=status')).body.timeline
    expect(moved.author).toEqual({ type: 'user', id: worker.id, name: worker.name })
  })
})

describe('the history of a case', () => {
  /** A case with an entry of each kind, told from the first to the last. */
  async function makeTold() {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make({ publicSummary: 'A deep pothole' })
    await note(id, { body: 'First' })
    await call.change(id, { assigneeId: worker.id }, council)
    await call.change(id, { status: 'in_progress' }, council)
    await call.change(id, { pending: { reason: 'scheduled' } }, council)
    await call.change(id, { publicState: 'approved' }, council)
    await note(id, { body: 'Second', visibility: 'public' })
    return { id, worker }
  }

  test('tells every kind of change, the newest first, though all at one moment', async () => {
    const { id, worker } = await makeTold()
    const { timeline } = (await read(id)).body
    expect(timeline.map(({ kind }: Body) => kind)).toEqual([
      'note',
      'public_update',
      'target',
      'status',
      'assignment',
      'note',
    ])
    expect(timeline[4]).toMatchObject({
      from: { assigneeId: null, assignee: null },
      to: { assigneeId: worker.id, assignee: worker.name },
    })
    expect((await call.get(id, council)).body.timeline).toEqual(timeline)
  })

  test('one change tells all that it did, the move first', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make()
    await call.change(id, { status: 'in_progress', assigneeId: worker.id, priority: 'high' }, council)
    const { timeline } = (await read(id)).body
    expect(timeline.toReversed().map(({ kind }: Body) => kind)).toEqual(['status', 'assignment'])
    await call.change(id, { priority: 'low', summary: 'Other' }, council)
    expect((await read(id)).body.timeline).toEqual(timeline)
  })

  test.each([
    ['kind=note', ['note', 'note']],
    ['kind=status', ['status']],
    ['kind=note,status', ['note', 'status', 'note']],
    ['kind=target&kind=assignment', ['target', 'assignment']],
    ['visibility=public', ['note', 'public_update']],
    ['visibility=internal', ['target', 'status', 'assignment', 'note']],
    ['kind=note&visibility=internal', ['note']],
    ['kind=status&visibility=public', []],
  ] as [string, string[]][])('by %s: %j, and the total is the same', async (query, expected) => {
    const { id } = await makeTold()
    const { status, body } = await read(id, query)
    expect([status, body.timeline.map(({ kind }: Body) => kind)]).toEqual([200, expected])
    expect(body.pagination.total).toBe(expected.length)
    const byCursor = await read(id, `cursor=&${query}`)
    expect(byCursor.body.timeline).toEqual(body.timeline)
  })

  test('of another case is another', async () => {
    const [one, two] = [await make(), await make()]
    await note(one.id, { body: 'One' })
    await note(two.id, { body: 'Two' })
    expect((await read(one.id)).body.timeline.map(({ body }: Body) => body)).toEqual(['One'])
  })

  test('comes with the case up to 100 entries; pages and cursors give all of it, each once', async () => {
    const { id } = await make()
    await Promise.all(Array.from({ length: 105 }, (_, i) => note(id, { body: `Note ${i}` })))
    const whole = [
      ...(await read(id, 'pageSize=100')).body.timeline,
      ...(await read(id, 'pageSize=100&page=2')).body.timeline,
    ]
    expect(new Set(idsOf(whole)).size).toBe(105)
    const { timeline } = (await call.get(id, council)).body
    expect(timeline).toEqual(whole.slice(0, 100))

    const { body, headers } = await read(id, 'page=2&pageSize=25')
    expect(body.timeline).toEqual(whole.slice(25, 50))
    expect(body.pagination).toEqual({ page: 2, pageSize: 25, total: 105, totalPages: 5 })
    expect(headers.get('link')).toMatch(/rel="?next/)
    expect((await read(id, 'page=6&pageSize=25')).body.timeline).toEqual([])

    const seen: Body[] = []
    let cursor: string | null = ''
    for (let part = 0; cursor !== null; part++) {
      const answer = await read(id, `cursor=${cursor}&pageSize=25`)
      seen.push(...answer.body.timeline)
      cursor = answer.body.pagination.nextCursor
      // What comes meanwhile is in front of what is being read.
      if (part === 0) await note(id, { body: 'Meanwhile' })
    }
    expect(seen).toEqual(whole)
  })

  test('has cursors that are good for this case and these filters alone', async () => {
    const [one, two] = [await make(), await make()]
    for (const { id } of [one, two]) {
      await note(id, { body: 'First' })
      await note(id, { body: 'Second' })
    }
    const { nextCursor } = (await read(one.id, 'cursor=&pageSize=1')).body.pagination
    expect((await read(one.id, `cursor=${nextCursor}&pageSize=1`)).status).toBe(200)
    for (const [id, query] of [
      [two.id, ''],
      [one.id, '&kind=note'],
      [one.id, '&visibility=internal'],
    ]) {
      const answer = await read(id, `cursor=${nextCursor}${query}`)
      expect([answer.status, issuesOf(answer)]).toEqual([400, ['query cursor']])
    }
  })

  test('is a list with a weak tag, good until the council’s data change', async () => {
    const { id } = await make()
    await note(id, { body: 'First' })
    const { headers } = await read(id)
    const tag = headers.get('etag') as string
    expect(tag).toStartWith('W/"')
    const again = () => call.send('GET', `/${id}/timeline?`, council, { headers: { 'if-none-match': tag } })
    expect((await again()).status).toBe(304)
    await note(id, { body: 'Second' })
    expect((await again()).status).toBe(200)
  })
})
