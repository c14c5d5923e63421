import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { createApp } from '../../../src/app'
import { storeFile } from '../../../src/db/sqlite/open'
import { createDeps } from '../../../src/deps'
import { addKey } from '../../../src/lib/key-file'
import { secureRandom } from '../../../src/lib/random'
import { keyFileOf } from '../../../src/lib/secret-keys'
import { type ResidentRow, residents } from '../../../src/resources/cases/residents/table'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type TestApp,
} from '../../support/app'
import { keptTexts, runBeside, withTrigger } from '../../support/beside'
import { createTestWards, idsOf } from '../../support/casework'
import { onSqlite } from '../../support/engine'
import { ask, bearer, issuesOf, unlimited } from '../../support/http'
import { auditOf, type Body, caller, createActing, type Holder } from './support'

const fields = [
  'residentName',
  'residentEmail',
  'residentPhone',
  'residentAddress',
  'residentPostcode',
  'residentMessage',
]

const zinnia = {
  residentName: 'Zinnia Quartermaine',
  residentEmail: 'Zinnia.Q@Example.org',
  residentPhone: '0117 496 0123',
  residentAddress: '12 Snapdragon Terrace',
  residentMessage: 'Dandelions in the gutter',
  residentPostcode: 'bs2 9yt',
}

/** What must be found nowhere: the values, and the forms in which they could be kept for comparison. */
const personal = [
  'zinnia',
  'quartermaine',
  'snapdragon',
  'dandelions',
  '496 0123',
  '4960123',
  'bs2 9yt',
  'bs29yt',
]

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
/** A council, and a key of it that may not read residents. */
async function newCouncil(): Promise<{ council: Council; blind: Holder }> {
  const council = await createCouncil(app, `fresh-${++fresh}`)
  const scopes = ['cases:read', 'cases:write', 'reports:read']
  return { council, blind: { key: await createTestKey(app, council, { scopes }) } }
}

const search = (body: unknown, holder: Holder, query = '') =>
  call.send('POST', `/search-resident${query}`, holder, { body })

const actions = async (council: Council, form = /^resident\./) =>
  (await auditOf(app, council)).filter(({ action }) => form.test(action))
const reads = async (council: Council) =>
  (await actions(council, /^resident\.read$/)).map(({ entityId }) => entityId)

describe('residents are kept from a key without residents:read', () => {
  let council: Council
  let blind: Holder
  let made: Body
  beforeEach(async () => {
    ;({ council, blind } = await newCouncil())
    made = await call.create({ summary: 'Broken lamp', ...zinnia }, council)
  })

  test('in lists, one case, its history, searches, changes and exports', async () => {
    for (const path of [
      '',
      '?cursor=',
      '?search=lamp',
      `/${made.id}`,
      `/${made.reference}`,
      `/${made.id}/timeline`,
      '/changes',
      '/export?format=csv',
      '/export?format=json',
      '/export?format=ndjson',
    ]) {
      const { status, text } = await call.send('GET', path, blind)
      expect([path, status]).toEqual([path, 200])
      expect(text).toMatch(path.endsWith('timeline') ? /timeline/ : /Broken lamp/)
      for (const field of fields) expect([path, text.includes(field)]).toEqual([path, false])
      expect([path, personal.filter((word) => text.toLowerCase().includes(word))]).toEqual([path, []])
    }
    expect(await actions(council)).toEqual([])
  })

  test('in the answers to what it writes itself', async () => {
    const posted = await call.post({ summary: 'Lamp', ...zinnia }, blind)
    expect(posted.status).toBe(201)
    const changed = await call.patch(made.id, { residentName: 'Zinnia Q', priority: 'high' }, blind)
    const same = await call.patch(made.id, { priority: 'high' }, blind)
    const noted = await call.note(made.id, { body: 'Rang back' }, blind)
    for (const { status, text } of [posted, changed, same, noted]) {
      expect(status).toBeLessThan(300)
      for (const field of fields) expect(text).not.toContain(field)
      expect(text.toLowerCase()).not.toContain('zinnia')
    }
    // Written it was.
    expect((await call.get(made.id, council)).body.residentName).toBe('Zinnia Q')
    expect((await call.get(posted.body.id, council)).body).toMatchObject(zinnia)
  })

  test('in refusals, which name the field but not what it held', async () => {
    await call.change(made.id, { publicSummary: 'A lamp', publicState: 'approved' }, council)
    for (const body of [
      { publicSummary: 'Zinnia called' },
      { publicSummary: 'Ask Quartermaine about it' },
      { residentEmail: 'zinnia at home' },
      { residentPhone: '0117 496 01234567' },
      { residentPostcode: 'BS29YTX' },
      { status: 'closed', resolution: 'fixed' },
    ]) {
      const answer = await call.patch(made.id, body, blind)
      expect([body, answer.status]).toEqual([body, 400])
      expect([body, personal.filter((word) => answer.text.toLowerCase().includes(word))]).toEqual([body, []])
    }
    const stale = await call.send('PATCH', `/${made.id}`, blind, {
      body: { priority: 'low' },
      headers: { 'if-match': '"x"' },
    })
    expect(stale.status).toBe(412)
    expect(stale.text.toLowerCase()).not.toContain('zinnia')
  })

  test('and the search for residents with them', async () => {
    const answer = await search({ postcode: 'BS2 9YT' }, blind)
    expect([answer.status, answer.body.details.requiredScope]).toEqual([403, 'residents:read'])
    expect(await actions(council)).toEqual([])
  })
})

describe('a resident’s field is refused', () => {
  test.each([
    [{ residentEmail: 'nobody' }, ['body residentEmail']],
    [{ residentEmail: 'a@b' }, ['body residentEmail']],
    [{ residentEmail: 'a b@example.org' }, ['body residentEmail']],
    [{ residentEmail: `${'a'.repeat(250)}@b.org` }, ['body residentEmail']],
    [{ residentPhone: '12345' }, ['body residentPhone']],
    [{ residentPhone: 'the number' }, ['body residentPhone']],
    [{ residentPhone: 'ring my mum' }, ['body residentPhone']],
    [{ residentPostcode: 'BS2' }, ['body residentPostcode']],
    [{ residentPostcode: '90210' }, ['body residentPostcode']],
    [{ residentName: '' }, ['body residentName']],
    [{ residentName: 'x'.repeat(201) }, ['body residentName']],
    [{ residentAddress: ' ' }, ['body residentAddress']],
    [
      { residentEmail: 'x', residentPhone: 'y', residentPostcode: 'z' },
      ['body residentEmail', 'body residentPhone', 'body residentPostcode'],
    ],
  ] as [Record<string, string>, string[]][])('for %j: 400 that names %j', async (given, expected) => {
    const { council } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    const posted = await call.post({ summary: 'x', ...given }, council)
    expect([posted.status, issuesOf(posted).sort()]).toEqual([400, expected])
    const patched = await call.patch(id, given, council)
    expect([patched.status, issuesOf(patched).sort()]).toEqual([400, expected])
    expect((await call.get(id, council)).body).toMatchObject(zinnia)
  })

  test('of a search, under its own name', async () => {
    const { council } = await newCouncil()
    for (const [given, expected] of [
      [{ email: 'x' }, ['body email']],
      [{ phone: 'x' }, ['body phone']],
      [{ postcode: 'x' }, ['body postcode']],
      [{ phone: '1', postcode: '2' }, ['body phone', 'body postcode']],
      [{}, ['body ']],
      [{ name: 'Zinnia' }, ['body name']],
    ] as const) {
      const answer = await search(given, council)
      expect([answer.status, issuesOf(answer).sort()]).toEqual([400, [...expected]])
    }
    expect(await actions(council)).toEqual([])
  })
})

describe('where a release cannot be put on record', () => {
  test('503, and nothing of it is shown or done', async () => {
    const { council, blind } = await newCouncil()
    const { id } = await call.create({ summary: 'Lamp', ...zinnia }, council)
    const { version } = (await call.get(id, council)).body
    const before = (await auditOf(app, council)).length
    await withTrigger(app, 'BEFORE INSERT ON audit_entries', async () => {
      const answers: [string, Answer][] = []
      for (const path of ['', '?cursor=', '?search=lamp', `/${id}`, '/changes']) {
        answers.push([path, await call.send('GET', path, council)])
      }
      answers.push(['search', await search({ postcode: 'BS2 9YT' }, council)])
      for (const [path, { status, text, headers }] of answers) {
        expect([path, status]).toEqual([path, 503])
        expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
        expect(personal.filter((word) => text.toLowerCase().includes(word))).toEqual([])
      }
      expect((await call.patch(id, { priority: 'high' }, council)).status).toBeGreaterThanOrEqual(500)
      // Who is shown no resident is none of the audit log's concern.
      for (const path of ['', `/${id}`, '/changes']) {
        expect((await call.send('GET', path, blind)).status).toBe(200)
      }
    })
    expect((await auditOf(app, council)).length).toBe(before)
    expect((await call.get(id, council)).body).toMatchObject({ version, priority: 'normal' })
  })

  test('an export is 503 too, before anything of it is sent', async () => {
    const { council, blind } = await newCouncil()
    await call.create({ summary: 'Lamp', ...zinnia }, council)
    await withTrigger(app, 'BEFORE INSERT ON audit_entries', async () => {
      for (const format of ['json', 'ndjson']) {
        const outcome = await call.send('GET', `/export?format=${format}`, council).then(
          ({ status, text }) => ({ status, text }),
          (error) => ({ status: 'broken off', text: String(error) }),
        )
        expect([format, personal.filter((word) => outcome.text.toLowerCase().includes(word))]).toEqual([
          format,
          [],
        ])
        expect([format, outcome.status]).toEqual([format, 503])
        // Every export is recorded, whoever asks.
        expect((await call.send('GET', `/export?format=${format}`, blind)).status).toBe(503)
      }
    })
  })
})

describe('with residents:read', () => {
  test('all fields are shown as they were written, everywhere but in the CSV', async () => {
    const { council } = await newCouncil()
    const made = await call.create({ summary: 'Lamp', ...zinnia }, council)
    expect(made).toMatchObject(zinnia)
    expect((await call.get(made.id, council)).body).toMatchObject(zinnia)
    expect((await call.list('', council)).body.cases[0]).toMatchObject(zinnia)
    expect((await call.list('search=lamp', council)).body.cases[0]).toMatchObject(zinnia)
    expect((await call.send('GET', '/changes', council)).body.changes[0].case).toMatchObject(zinnia)
    expect((await call.send('GET', '/export?format=json', council)).body.cases[0]).toMatchObject(zinnia)
    expect((await call.send('GET', '/export', council)).text.toLowerCase()).not.toContain('zinnia')
    const changed = await call.change(made.id, { residentPhone: null }, council)
    expect(changed).toMatchObject({ ...zinnia, residentPhone: null })
  })

  test('a case of nobody has them too, as null', async () => {
    const { council } = await newCouncil()
    const { id } = await call.create({}, council)
    const { body } = await call.get(id, council)
    for (const field of fields) expect(body[field]).toBeNull()
    expect(await actions(council)).toEqual([])
  })

  test('fields are changed and cleared one by one; what is already so is no change', async () => {
    const { council } = await newCouncil()
    const { id, version } = await call.create(zinnia, council)
    expect((await call.change(id, { residentName: zinnia.residentName }, council)).version).toBe(version)
    const moved = await call.change(
      id,
      { residentAddress: '9 New Road', residentPostcode: 'BS1 5TR' },
      council,
    )
    expect(moved).toMatchObject({ ...zinnia, residentAddress: '9 New Road', residentPostcode: 'BS1 5TR' })
    expect(moved.version).toBe(version + 1)
    const cleared = Object.fromEntries(fields.map((field) => [field, null]))
    expect(await call.change(id, cleared, council)).toMatchObject(cleared)
    expect((await call.get(id, council)).body).toMatchObject(cleared)
    expect((await search({ email: zinnia.residentEmail }, council)).body.cases).toEqual([])
  })

  test('the tag of a case is another than without, and each is good for a change by its own key', async () => {
    const { council, blind } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    const tagOf = async (holder: Holder) => (await call.get(id, holder)).headers.get('etag') as string
    const patchWith = (tag: string, holder: Holder, priority: string) =>
      call.send('PATCH', `/${id}`, holder, { body: { priority }, headers: { 'if-match': tag } })
    expect(await tagOf(council)).not.toBe(await tagOf(blind))
    expect((await patchWith(await tagOf(blind), blind, 'high')).status).toBe(200)
    expect((await patchWith(await tagOf(council), council, 'low')).status).toBe(200)
    expect((await patchWith(await tagOf(blind), council, 'high')).status).toBe(412)
  })
})

describe('every release is on record', () => {
  test('an entry for each case with a resident that a list shows', async () => {
    const { council } = await newCouncil()
    const make = (input: Record<string, unknown>) => {
      app.clock.advance(1_000)
      return call.create({ summary: 'Lamp', ...input }, council)
    }
    const [one, , three] = [await make(zinnia), await make({}), await make({ residentName: 'Ash' })]
    const both = [one.id, three.id].sort()
    for (const path of ['', '?cursor=', '?search=lamp', '/changes']) {
      const before = (await reads(council)).length
      expect((await call.send('GET', path, council)).status).toBe(200)
      expect([path, (await reads(council)).slice(before).sort()]).toEqual([path, both])
    }
    const before = (await reads(council)).length
    await call.list('pageSize=1', council)
    await call.list('pageSize=1&page=2', council)
    expect((await reads(council)).slice(before)).toEqual([three.id])
  })

  test('one for a case that is read or changed, none for one that is made or read without its resident', async () => {
    const { council, blind } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    expect(await reads(council)).toEqual([])
    await call.get(id, council)
    expect(await reads(council)).toEqual([id])
    await call.get(id, blind)
    await call.list('', blind)
    expect(await reads(council)).toEqual([id])
    await call.change(id, { priority: 'high' }, council)
    expect(await reads(council)).toEqual([id, id])
    await call.change(id, { priority: 'high' }, council)
    expect(await reads(council)).toEqual([id, id, id])
    await call.timeline(id, council)
    await call.note(id, { body: 'Rang back' }, council)
    expect(await reads(council)).toHaveLength(3)
  })

  test('none for an answer that the client has already', async () => {
    const { council } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    const tag = (await call.send('GET', '', council)).headers.get('etag') as string
    const before = (await reads(council)).length
    const again = await call.send('GET', '', council, { headers: { 'if-none-match': tag } })
    expect([again.status, (await reads(council)).length]).toEqual([304, before])
    expect(await reads(council)).toEqual([id])
  })

  test('who read it, when and in which request, and a change by its field only', async () => {
    const { council } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    await call.send('GET', `/${id}`, council, { headers: { 'x-request-id': 'look-1' } })
    await call.change(id, { residentName: 'Zinnia Q' }, council)
    const [read] = await actions(council)
    expect(read).toMatchObject({
      action: 'resident.read',
      entity: 'case',
      entityId: id,
      requestId: 'look-1',
      actorType: 'key',
      actorIp: '127.0.0.1',
      at: app.clock.now(),
      changes: {},
    })
    const updates = (await auditOf(app, council)).filter(({ action }) => action === 'case.update')
    expect(updates.map(({ changes }) => changes)).toEqual([{ residentName: { changed: true } }])
  })

  test('the search with what it was by, not for what', async () => {
    const { council } = await newCouncil()
    const { id } = await call.create(zinnia, council)
    await search({ email: zinnia.residentEmail, postcode: zinnia.residentPostcode }, council)
    await search({ phone: '0117 496 0999' }, council)
    const entries = await actions(council)
    expect(entries.map(({ action, changes }) => [action, changes])).toEqual([
      ['resident.search', { terms: { from: null, to: 'email,postcode' } }],
      ['resident.read', {}],
      ['resident.search', { terms: { from: null, to: 'phone' } }],
    ])
    expect(entries[1]?.entityId).toBe(id)
  })
})

describe('the search for a resident', () => {
  let council: Council
  let own: Body
  let worker: Holder & { id: string }
  let councillor: Holder
  beforeAll(async () => {
    ;({ council } = await newCouncil())
    const { council: other } = await newCouncil()
    const scopes = ['cases:read', 'cases:write', 'residents:read']
    const [ward] = await createTestWards(app, council, ['Ashley'])
    worker = await createActing(app, council, 'caseworker', { scopes })
    councillor = await createActing(app, council, 'councillor', { scopes, wardIds: [ward as string] })
    await call.create(zinnia, other)
    await call.create({ residentEmail: 'other@example.org', residentPostcode: 'BS1 5TR' }, council)
    await call.create({}, council)
    own = await call.create(zinnia, council)
  })

  const found = async (body: unknown, holder: Holder = council) => {
    const answer = await search(body, holder)
    expect([body, answer.status]).toEqual([body, 200])
    return idsOf(answer.body.cases)
  }

  test.each([
    [{ email: 'Zinnia.Q@Example.org' }],
    [{ email: 'zinnia.q@example.org' }],
    [{ email: '  ZINNIA.Q@EXAMPLE.ORG ' }],
    [{ email: 'ｚinnia.q@example.org' }],
    [{ phone: '0117 496 0123' }],
    [{ phone: '01174960123' }],
    [{ phone: '+44 117 496 0123' }],
    [{ phone: '+441174960123' }],
    [{ phone: '0044 117 496 0123' }],
    [{ phone: '(0117) 496-0123' }],
    [{ phone: ' 0117.496.0123 ' }],
    [{ postcode: 'BS2 9YT' }],
    [{ postcode: 'bs29yt' }],
    [{ postcode: ' Bs2  9yT ' }],
    [{ email: 'zinnia.q@example.org', phone: '+441174960123', postcode: 'bs29yt' }],
  ])('by %j finds the case', async (body) => {
    expect(await found(body)).toEqual([own.id])
  })

  test.each([
    [{ email: 'zinnia.q@example.com' }],
    [{ email: 'zinniaq@example.org' }],
    [{ email: 'q@example.org' }],
    [{ phone: '0117 496 0124' }],
    [{ postcode: 'BS2 9YU' }],
    [{ email: 'zinnia.q@example.org', postcode: 'BS1 5TR' }],
  ])('by %j finds nothing', async (body) => {
    expect(await found(body)).toEqual([])
  })

  test('finds what the case says now', async () => {
    const { id } = await call.create({ residentEmail: 'first@example.org' }, council)
    await call.change(id, { residentEmail: 'second@example.org' }, council)
    expect(await found({ email: 'first@example.org' })).toEqual([])
    expect(await found({ email: 'second@example.org' })).toEqual([id])
  })

  test('shows a person only the cases that they may see', async () => {
    expect(await found({ postcode: 'BS2 9YT' }, worker)).toEqual([])
    expect(await found({ postcode: 'BS2 9YT' }, councillor)).toEqual([])
    const theirs = await call.create({ ...zinnia, assigneeId: worker.id }, council)
    expect(await found({ postcode: 'BS2 9YT' }, worker)).toEqual([theirs.id])
    await call.change(theirs.id, { residentPostcode: null }, council)
    expect(await found({ email: 'zinnia.q@example.org' }, worker)).toEqual([theirs.id])
    await call.change(theirs.id, Object.fromEntries(fields.map((field) => [field, null])), council)
  })

  test('is paged by number and by cursor, the newest first, archived cases too', async () => {
    const { council: many } = await newCouncil()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      app.clock.advance(1_000)
      ids.unshift((await call.create({ residentPostcode: 'BS1 5TR' }, many)).id)
    }
    await call.change(ids[1] as string, { archived: true }, many)
    const body = { postcode: 'bs15tr' }
    const paged = await search(body, many, '?page=2&pageSize=2')
    expect(idsOf(paged.body.cases)).toEqual(ids.slice(2, 4))
    expect(paged.body.pagination).toEqual({ page: 2, pageSize: 2, total: 5, totalPages: 3 })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer: Answer = await search(body, many, `?pageSize=2&cursor=${cursor}`)
      seen.push(...idsOf(answer.body.cases))
      cursor = answer.body.pagination.nextCursor
    }
    expect(seen).toEqual(ids)
  })
})

describe('nothing of a resident lies open', () => {
  /** The bytes of every file of the data directory, as text that keeps each byte. */
  test('after a case was made under an idempotency key, changed, noted, read, searched and exported', async () => {
    const own = await createTestApp(unlimited)
    const council = await createCouncil(own, 'private')
    const ours = caller(own)
    const post = () =>
      ours.send('POST', '', council, {
        body: { summary: 'Lamp', ...zinnia },
        headers: { 'idempotency-key': 'once' },
      })
    const first = await post()
    expect(first.body).toMatchObject(zinnia)
    const { id } = first.body
    await ours.change(id, { residentName: 'Zinnia Quartermaine-Hall', status: 'in_progress' }, council)
    await ours.change(id, { residentPhone: '0117 496 0999' }, council)
    await ours.change(id, { ...zinnia, status: 'resolved', resolution: 'answered' }, council)
    expect((await ours.note(id, { body: 'Rang back' }, council)).status).toBe(201)
    expect((await ours.note(id, { body: 'And again', visibility: 'public' }, council)).status).toBe(201)
    for (const path of [`/${id}`, '', '?search=lamp', '/changes', '/export?format=json']) {
      expect((await ours.send('GET', path, council)).text).toContain('Quartermaine')
    }
    await ours.send('POST', '/search-resident', council, { body: { email: zinnia.residentEmail } })
    await ours.patch(id, { residentEmail: 'zinnia at home' }, council)

    const kept = (await keptTexts(own)).map(([name, text]) => [name, text.toLowerCase()] as const)
    if (onSqlite) {
      expect(kept.map(([path]) => path)).toContain(storeFile(own.config.data))
      expect(kept.map(([path]) => path)).toContain(`${storeFile(own.config.data)}-wal`)
    }
    expect(kept.some(([, text]) => text.includes('rang back'))).toBe(true)
    for (const [path, text] of kept) {
      expect([path, personal.filter((word) => text.includes(word))]).toEqual([path, []])
    }
    const logged = JSON.stringify(own.logged).toLowerCase()
    expect(logged).toContain('request')
    expect(personal.filter((word) => logged.includes(word))).toEqual([])
    const audited = JSON.stringify(await auditOf(own, council)).toLowerCase()
    expect(personal.filter((word) => audited.includes(word))).toEqual([])

    const replayed = await post()
    expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(replayed.text).toBe(first.text)
    await own.close()
  })

  test('and what is sealed for one case does not open as another’s', async () => {
    const { council } = await newCouncil()
    const [one, two] = [
      await call.create(zinnia, council),
      await call.create({ residentName: 'Ash' }, council),
    ]
    await runBeside(
      app,
      `UPDATE residents SET sealed = (SELECT sealed FROM residents WHERE case_id = '${one.id}') WHERE case_id = '${two.id}'`,
    )
    const answer = await call.get(two.id, council)
    expect(answer.body).toMatchObject({ residentName: null, residentUnreadable: true })
    expect(answer.text.toLowerCase()).not.toContain('zinnia')
    expect((await call.get(one.id, council)).body).toMatchObject(zinnia)
  })
})

describe('a new key before the old', () => {
  test('opens and finds the residents of before, seals new ones, and replays what was kept', async () => {
    const first = await createTestApp(unlimited)
    const council = await createCouncil(first, 'rotated')
    const ours = caller(first)
    const post = (send: typeof first.send) =>
      send('POST', '/api/cases', {
        key: council.key,
        body: { summary: 'Lamp', ...zinnia },
        headers: { 'idempotency-key': 'once' },
      })
    const before = await post(first.send)
    const keyFile = keyFileOf(first.config) as string
    addKey(keyFile, secureRandom)
    expect(readFileSync(keyFile, 'utf8').trim().split('\n')).toHaveLength(2)

    const deps = await createDeps(first.config, { wanted: 'live', clock: first.clock, log: first.deps.log })
    const { handle } = createApp(deps)
    const asked = async (method: string, path: string, body?: unknown) => {
      const headers = {
        ...bearer(council.key),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const { status, text } = await ask(
        handle,
        method,
        `/api/cases${path}`,
        headers,
        body === undefined ? undefined : JSON.stringify(body),
      )
      return { status, body: JSON.parse(text) }
    }
    const { id } = before.body
    expect((await asked('GET', `/${id}`)).body).toMatchObject(zinnia)
    const newer = (await asked('POST', '', { summary: 'Newer', ...zinnia })).body
    const find = async (terms: unknown) =>
      idsOf((await asked('POST', '/search-resident', terms)).body.cases).sort()
    const both = [id, newer.id].sort()
    expect(await find({ email: 'zinnia.q@example.org' })).toEqual(both)
    expect(await find({ phone: '+441174960123' })).toEqual(both)
    expect(await find({ postcode: 'bs29yt' })).toEqual(both)

    const keyIds = async (caseId: string) => {
      const [row] = await deps.store.read.select().from(residents).where(eq(residents.caseId, caseId))
      const { sealed, emailHash, phoneHash, postcodeHash } = row as ResidentRow
      return [...new Set([sealed, emailHash, phoneHash, postcodeHash].map((value) => value?.split('.')[0]))]
    }
    const [old, young] = [await keyIds(id), await keyIds(newer.id)]
    expect([old.length, young.length, old[0] === young[0]]).toEqual([1, 1, false])
    await asked('PATCH', `/${id}`, { residentName: 'Zinnia Hall' })
    expect(await keyIds(id)).toEqual(young)
    expect(await find({ postcode: 'bs29yt' })).toEqual(both)
    await deps.store.close()

    // The old key alone cannot open what the new one sealed.
    const unopened = { residentName: null, residentUnreadable: true }
    expect((await ours.get(newer.id, council)).body).toMatchObject(unopened)
    await first.close()
  })
})
