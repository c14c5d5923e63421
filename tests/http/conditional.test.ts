import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { setPlan } from '../../src/core/tenants/service'
import { importWards } from '../../src/resources/wards/import.service'
import { listAllWards } from '../../src/resources/wards/store'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type TestApp,
} from '../support/app'
import { atInstant } from '../support/http'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '1000000' })
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

const get = (path: string, ifNoneMatch?: string, key = council.key) =>
  app.send('GET', path, { key, headers: ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch } })
const patch = (id: string, body: unknown, ifMatch?: string) =>
  app.send('PATCH', `/api/cases/${id}`, {
    key: council.key,
    body,
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  })
const create = async (summary = 'Pothole') =>
  (await app.send('POST', '/api/cases', { key: council.key, body: { summary } })).body
const tagOf = ({ headers }: Answer) => headers.get('etag') as string

const suffixed = (mark: string) => (tag: string) => tag.replace(/"$/, `${mark}"`)
const weakened = (tag: string) => (tag.startsWith('W/') ? tag : `W/${tag}`)
const forms: [by: string, form: (tag: string) => string][] = [
  ['nginx, Varnish', weakened],
  ['Apache, Caddy', suffixed('-gzip')],
  ['Apache with brotli', suffixed('-br')],
  ['Caddy with zstd', suffixed('-zstd')],
  ['Jetty', suffixed('--gzip')],
  ['older ones', suffixed(';gzip')],
  ['our own compression', suffixed('-gz')],
  ['one after another', (tag) => weakened(suffixed('-gz-gzip')(tag))],
]

describe('a conditional request is refused', () => {
  test('with a malformed If-Match', async () => {
    const { id } = await create()
    for (const value of ['', 'abc', '"abc', 'W/abc', '"a" "b"', '*, "a"', '"a",,"b"', ',"a"', '"a",']) {
      const { status, body } = await patch(id, { priority: 'high' }, value)
      expect([value, status]).toEqual([value, 400])
      expect(body.details.issues[0]).toMatchObject({ in: 'header', path: 'If-Match' })
    }
    expect((await get(`/api/cases/${id}`)).body.version).toBe(1)
  })

  test('with 412 where the state is another, naming the present one, and nothing is changed', async () => {
    const { id } = await create()
    const first = tagOf(await get(`/api/cases/${id}`))
    await patch(id, { priority: 'high' })
    const stale = await patch(id, { priority: 'low' }, first)
    const now = await get(`/api/cases/${id}`)
    expect(stale.status).toBe(412)
    expect(stale.body).toEqual({ error: 'It has changed since it was read', details: { etag: tagOf(now) } })
    expect(now.body).toMatchObject({ priority: 'high', version: 2 })
  })

  test('with 412 in every form that a proxy gives to a tag of an older state', async () => {
    const { id } = await create()
    const tag = tagOf(await get(`/api/cases/${id}`))
    await patch(id, { priority: 'high' })
    for (const [by, form] of forms) {
      const { status } = await patch(id, { priority: 'low' }, form(tag))
      expect([by, status]).toEqual([by, 412])
    }
    const { version } = (await get(`/api/cases/${id}`)).body
    expect(version).toBe(2)
  })

  test('with 412 for what only looks like a tag of ours', async () => {
    const { id } = await create()
    const tag = tagOf(await get(`/api/cases/${id}`))
    for (const other of [
      `${tag.slice(0, -2)}"`,
      tag.replace('"', '"x'),
      tag.replace(/"$/, '-old"'),
      '""',
      '"-gzip"',
    ])
      expect([other, (await patch(id, { priority: 'low' }, other)).status]).toEqual([other, 412])
  })

  test('with 404 for any state of what is not there', async () => {
    expect((await patch('nothing', { priority: 'high' }, '*')).status).toBe(404)
  })
})

describe('a change on condition', () => {
  test('goes through with the present tag, one of several, or any state', async () => {
    const { id } = await create()
    for (const [priority, header] of [
      ['high', (tag: string) => tag],
      ['low', (tag: string) => `"other", ${tag}`],
      ['urgent', () => '*'],
    ] as const) {
      const tag = tagOf(await get(`/api/cases/${id}`))
      const changed = await patch(id, { priority }, header(tag))
      expect([changed.status, changed.body.priority]).toEqual([200, priority])
    }
  })

  test('goes through with the present tag in every form that a proxy gives to it', async () => {
    const { id } = await create()
    for (const [by, form] of forms) {
      const { status } = await patch(id, { summary: by }, form(tagOf(await get(`/api/cases/${id}`))))
      expect([by, status]).toEqual([by, 200])
    }
  })

  test('answers with the tag of the new state, good for the next change', async () => {
    const made = await app.send('POST', '/api/cases', { key: council.key, body: { summary: 'x' } })
    const once = await patch(made.body.id, { priority: 'high' }, tagOf(made))
    const twice = await patch(made.body.id, { priority: 'low' }, tagOf(once))
    expect([once.status, twice.status]).toEqual([200, 200])
    expect(tagOf(await get(`/api/cases/${made.body.id}`))).toBe(tagOf(twice))
  })

  test('lets one of many through who read the same state', async () => {
    const { id } = await create()
    const tag = tagOf(await get(`/api/cases/${id}`))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => patch(id, { internalRef: `client ${i}` }, tag)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19)
  })
})

describe('an unchanged answer', () => {
  test('of one thing is 304 with its tag, its limits and no body', async () => {
    const { id } = await create()
    const full = await get(`/api/cases/${id}`)
    const again = await get(`/api/cases/${id}`, tagOf(full))
    expect([again.status, again.text]).toEqual([304, ''])
    expect(tagOf(again)).toBe(tagOf(full))
    expect(again.headers.get('x-ratelimit-limit')).toBe('1000000')
    expect(again.headers.get('cache-control')).toBe('private, no-cache')
  })

  test('is found among several tags, weak or not, and by a star', async () => {
    const { id } = await create()
    const tag = tagOf(await get(`/api/cases/${id}`))
    for (const header of [`"x", ${tag}`, `W/${tag}`, '*']) {
      expect((await get(`/api/cases/${id}`, header)).status).toBe(304)
    }
    expect((await get(`/api/cases/${id}`, '"x"')).status).toBe(200)
  })

  test('is found, of one thing and of a list, in every form that a proxy gives to the tag', async () => {
    const { id } = await create()
    for (const path of [`/api/cases/${id}`, '/api/cases']) {
      const tag = tagOf(await get(path))
      for (const [by, form] of forms) {
        expect([path, by, (await get(path, form(tag))).status]).toEqual([path, by, 304])
      }
    }
  })

  test('is found in a list with empty elements; a malformed list is ignored', async () => {
    const { id } = await create()
    for (const path of [`/api/cases/${id}`, '/api/cases']) {
      const tag = tagOf(await get(path))
      for (const header of [`, ${tag}`, `${tag},`, `"x",, ,${tag} ,`])
        expect([header, (await get(path, header)).status]).toEqual([header, 304])
      const bare = tag.replaceAll('"', '')
      for (const header of ['', ' ', ',', bare, `"x" ${tag}`, `${tag}, ${bare}`, `*, ${tag}`, '"'])
        expect([header, (await get(path, header)).status]).toEqual([header, 200])
    }
  })

  test('of one thing keeps its tag while others change, and loses it with a name that it shows', async () => {
    await importWards(council.ctx, [{ name: 'Ashley', slug: 'ashley', gssCode: 'E05001972' }])
    const [ward] = await listAllWards(council.ctx)
    const made = await app.send('POST', '/api/cases', {
      key: council.key,
      body: { summary: 'x', wardId: ward?.id },
    })
    const tag = tagOf(await get(`/api/cases/${made.body.id}`))
    await create('another')
    expect((await get(`/api/cases/${made.body.id}`, tag)).status).toBe(304)
    await importWards(council.ctx, [{ name: 'Ashley & St Paul’s', slug: 'ashley', gssCode: 'E05001972' }])
    expect((await get(`/api/cases/${made.body.id}`, tag)).status).toBe(200)
  })

  test('of a case loses its tag with a note, which is a change like any other', async () => {
    const { id } = await create()
    const tag = tagOf(await get(`/api/cases/${id}`))
    await app.send('POST', `/api/cases/${id}/notes`, { key: council.key, body: { body: 'Rang the depot' } })
    const { status, body } = await get(`/api/cases/${id}`, tag)
    expect([status, body.timeline.length]).toEqual([200, 1])
    expect((await patch(id, { priority: 'high' }, tag)).status).toBe(412)
  })

  test('of cases ends with the day on which a target comes near, though nobody changes anything', async () => {
    const { dueAt } = await create()
    const path = '/api/cases?slaState=due_soon'
    const states = async (instant: string, tag?: string) =>
      atInstant(app, instant, async () => {
        const answer = await get(path, tag)
        return { status: answer.status, tag: tagOf(answer), cases: answer.body?.cases.length }
      })
    // Due at the end of Friday 27 March, near from two working days before.
    expect(dueAt).toBe('2026-03-27T23:59:59.000Z')
    const before = await states('2026-03-24T23:59:58.000Z')
    expect(before).toMatchObject({ status: 200, cases: 0 })
    expect((await states('2026-03-24T12:00:00.000Z', before.tag)).status).toBe(304)
    const after = await states('2026-03-25T00:00:00.000Z', before.tag)
    expect(after.status).toBe(200)
    expect(after.cases).toBeGreaterThan(0)
    expect((await states('2026-03-27T23:59:58.999Z', after.tag)).status).toBe(200)
  })

  test('of a list lasts until anything of the council changes', async () => {
    const tag = tagOf(await get('/api/cases?status=open'))
    expect(tag).toStartWith('W/"')
    expect((await get('/api/cases?status=open', tag)).status).toBe(304)
    await create()
    expect((await get('/api/cases?status=open', tag)).status).toBe(200)
  })

  test('of a list is nobody else’s: neither for other filters, other scopes nor another council', async () => {
    const other = await createCouncil(app, `severn-${app.deps.newId().slice(0, 6)}`)
    const narrow = await createTestKey(app, council, { scopes: ['cases:read'] })
    const tag = tagOf(await get('/api/cases'))
    expect((await get('/api/cases?page=2', tag)).status).toBe(200)
    expect((await get('/api/cases', tag, other.key)).status).toBe(200)
    expect((await get('/api/cases', tag, narrow)).status).toBe(200)
    expect((await get('/api/cases', tag)).status).toBe(304)
  })

  test('of a list still needs a right question', async () => {
    expect((await get('/api/cases?page=0', '*')).status).toBe(400)
    expect((await get('/api/cases?page=100000', '*')).status).toBe(400)
  })

  test('is no answer to a key that has lost its plan', async () => {
    const tag = tagOf(await get('/api/cases'))
    await setPlan(council.ctx, 'free')
    expect((await get('/api/cases', tag)).status).toBe(403)
    await setPlan(council.ctx, 'council')
  })
})

test('tags follow what can be seen: whatever changes, a 304 is only ever given for the same bytes', async () => {
  const paths = [
    '/api/cases',
    '/api/cases?status=open',
    '/api/cases?cursor=&sort=reference',
    '/api/wards',
    '/api/categories',
  ]
  const step = fc.oneof(
    fc.record({ kind: fc.constant('create' as const) }),
    fc.record({
      kind: fc.constant('patch' as const),
      which: fc.nat(3),
      priority: fc.constantFrom('low', 'high'),
    }),
    fc.record({ kind: fc.constant('ward' as const), name: fc.constantFrom('North', 'South', 'East') }),
    fc.record({ kind: fc.constant('read' as const), path: fc.nat(paths.length) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { key, ctx } = await createCouncil(app, `c${app.deps.newId().slice(0, 12)}`)
      const post = (summary: string) => app.send('POST', '/api/cases', { key, body: { summary } })
      const ids = [(await post('first')).body.id]
      /** The bytes last seen under each address and tag. */
      const seen = new Map<string, string>()
      for (const action of steps) {
        if (action.kind === 'create') ids.push((await post('more')).body.id)
        else if (action.kind === 'patch') {
          const { which, priority } = action
          await app.send('PATCH', `/api/cases/${ids[which % ids.length]}`, { key, body: { priority } })
        } else if (action.kind === 'ward') {
          await importWards(ctx, [{ name: action.name, slug: 'one', gssCode: 'E05000001' }])
        } else {
          const path = paths[action.path] ?? `/api/cases/${ids[0]}`
          const full = await app.send('GET', path, { key })
          const previous = [...seen].filter(([id]) => id.startsWith(`${path} `))
          for (const [id, bytes] of previous) {
            const tag = id.slice(path.length + 1)
            const { status } = await app.send('GET', path, { key, headers: { 'if-none-match': tag } })
            if (status === 304) expect(bytes).toBe(full.text)
            else expect(tag).not.toBe(tagOf(full))
          }
          seen.set(`${path} ${tagOf(full)}`, full.text)
        }
      }
    }),
    { numRuns: 15 },
  )
})
