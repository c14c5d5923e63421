import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parse } from 'csv-parse/sync'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type TestApp,
} from '../../support/app'
import { createTestCategories, createTestWards, idsOf } from '../../support/casework'
import { atInstant, bearer, issuesOf, unlimited } from '../../support/http'
import { auditOf, type Body, caller, createActing, type Holder } from './support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const formats = ['csv', 'json', 'ndjson'] as const

const fetchExport = (holder: Holder, query = '', method = 'GET'): Promise<Answer> =>
  call.send(method, `/export?${query}`, holder)

const linesOf = (text: string): Body[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const rowsOf = (csv: string): string[][] => parse(csv)

/** The references in an export of any format, in order. */
function referencesOf(format: string, { text, body }: Answer): string[] {
  if (format === 'csv')
    return rowsOf(text)
      .slice(1)
      .map(([reference]) => reference as string)
  const shown: Body[] = format === 'json' ? body.cases : linesOf(text)
  return shown.map(({ reference }) => reference)
}

/** The answer as it comes, part by part. */
const open = ({ key }: Holder, query: string, headers: Record<string, string> = {}) =>
  app.handle(
    new Request(`http://localhost/api/cases/export?${query}`, {
      headers: { host: 'localhost', ...bearer(key), ...headers },
    }),
    '127.0.0.1',
  )

describe('an export is refused', () => {
  test('to a key without reports:read, and to one that acts for anybody below manager', async () => {
    const council = await newCouncil()
    const key = await createTestKey(app, council, { scopes: ['cases:read', 'residents:read'] })
    const answer = await fetchExport({ key })
    expect([answer.status, answer.body.details.requiredScope]).toEqual([403, 'reports:read'])
    for (const role of ['caseworker', 'councillor'] as const) {
      const holder = await createActing(app, council, role, { scopes: ['cases:read', 'reports:read'] })
      expect([role, (await fetchExport(holder)).status]).toEqual([role, 403])
    }
    const manager = await createActing(app, council, 'manager', { scopes: ['reports:read'] })
    expect((await fetchExport(manager)).status).toBe(200)
    expect((await app.send('GET', '/api/cases/export')).status).toBe(401)
  })

  test.each([
    ['format=xlsx', ['query format']],
    ['format=', ['query format']],
    ['format=csv&format=json', ['query format']],
    ['times=bst', ['query times']],
    ['page=1', ['query page']],
    ['pageSize=10', ['query pageSize']],
    ['cursor=', ['query cursor']],
    ['status=finished', ['query status']],
    ['createdFrom=2026-02-30&bbox=3,0,1,1', ['query bbox', 'query createdFrom']],
    ['search=', ['query search']],
  ] as [string, string[]][])('for %s: 400 that names %j', async (query, expected) => {
    const answer = await fetchExport(await newCouncil(), query)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
  })

  test('by any other method', async () => {
    const { status, headers } = await fetchExport(await newCouncil(), '', 'POST')
    expect([status, headers.get('allow')]).toEqual([405, expect.stringContaining('GET')])
  })
})

describe('an export of nothing', () => {
  test('is a file that says so', async () => {
    const council = await newCouncil()
    const heading = 'Reference,Status,Summary,Themes,Ward,Category,Source,Created At,Updated At\r\n'
    const mark = '\uFEFF'
    const bytes = await (await open(council, '')).bytes()
    expect(Buffer.from(bytes).toString()).toBe(mark + heading)
    expect((await fetchExport(council, 'format=csv&times=utc')).text).toBe(heading)
    expect((await fetchExport(council, 'format=json')).text).toBe('{"cases":[],"total":0}')
    expect((await fetchExport(council, 'format=ndjson')).text).toBe('')
  })
})

describe('the file', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil()
    await call.create({ summary: 'Lamp' }, council)
  })

  test.each([
    ['', 'csv', /^text\/csv;/],
    ['format=csv', 'csv', /^text\/csv; ?charset=utf-8/],
    ['format=json', 'json', /^application\/json/],
    ['format=ndjson', 'ndjson', /^application\/x-ndjson/],
  ] as [string, string, RegExp][])(
    '%s has its name, its type and is kept by nobody',
    async (query, ending, type) => {
      const { status, headers } = await fetchExport(council, query)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toMatch(type)
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="cases-export-2026-03-13.${ending}"`,
      )
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('etag')).toBeNull()
      expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/)
    },
  )

  test.each([
    ['2026-06-30T22:59:59.000Z', '2026-06-30'],
    ['2026-06-30T23:00:00.000Z', '2026-07-01'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31'],
  ])('at %s is called by the date in London, %s', async (instant, date) => {
    const { headers } = await atInstant(app, instant, () => fetchExport(council))
    expect(headers.get('content-disposition')).toContain(`cases-export-${date}.csv`)
  })

  test.each(formats.map((format) => [format]))('%s has a head alone too', async (format) => {
    const { status, text, headers } = await fetchExport(council, `format=${format}`, 'HEAD')
    const whole = await fetchExport(council, `format=${format}`)
    expect([status, text]).toEqual([200, ''])
    for (const name of ['content-type', 'content-disposition', 'cache-control']) {
      expect(headers.get(name)).toBe(whole.headers.get(name))
    }
  })

  test('is never answered with 304', async () => {
    const { status } = await call.send('GET', '/export', council, { headers: { 'if-none-match': '*' } })
    expect(status).toBe(200)
  })
})

describe('the CSV', () => {
  test('has its nine columns with what the case says', async () => {
    const council = await newCouncil()
    const [ward] = await createTestWards(app, council, ['Ashley'])
    const [category] = await createTestCategories(app, council, ['Potholes'])
    const full = await call.create(
      {
        summary: 'Pothole on Mina Road',
        publicThemes: ['roads', 'safety'],
        wardId: ward,
        categoryId: category,
        sourceChannel: 'phone',
      },
      council,
    )
    app.clock.advance(60_000)
    await call.change(full.id, { status: 'in_progress' }, council)
    await call.create({ summary: 'Lamp' }, council)
    expect(rowsOf((await fetchExport(council)).text)).toEqual([
      ['Reference', 'Status', 'Summary', 'Themes', 'Ward', 'Category', 'Source', 'Created At', 'Updated At'],
      ['CW-2026-0002', 'open', 'Lamp', '', '', '', 'api', '2026-03-13 09:31', '2026-03-13 09:31'],
      [
        'CW-2026-0001',
        'in_progress',
        'Pothole on Mina Road',
        'roads; safety',
        'Ashley',
        'Potholes',
        'phone',
        '2026-03-13 09:30',
        '2026-03-13 09:31',
      ],
    ])
  })

  test.each([
    ['=HYPERLINK("http://example.org","x")', `'=HYPERLINK("http://example.org","x")`],
    ['=1+1', "'=1+1"],
    ['+44 117', "'+44 117"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ["'=1", "''=1"],
    ['＝1', "'＝1"],
    ['a=1', 'a=1'],
    ['1-2', '1-2'],
    ["'quoted'", "'quoted'"],
  ])('%j cannot be taken for a formula: %j', async (text, cell) => {
    const council = await newCouncil()
    await call.create({ summary: text, publicThemes: [text] }, council)
    const [, row] = rowsOf((await fetchExport(council)).text)
    expect([row?.[2], row?.[3]]).toEqual([cell, cell])
    const { body } = await fetchExport(council, 'format=json')
    expect([body.cases[0].summary, body.cases[0].publicThemes]).toEqual([text, [text]])
  })

  test.each([['He said "now"'], ['a,b;c'], [' spaces around '], ['"'], ['Tŷ-du – £5 🛠 “x”']])(
    '%j comes back as it was',
    async (text) => {
      const council = await newCouncil()
      await call.create({ summary: text }, council)
      await call.create({ summary: 'Last' }, council)
      const { text: csv } = await fetchExport(council, 'sort=reference')
      expect(rowsOf(csv).map((row) => row[2])).toEqual(['Summary', text, 'Last'])
      expect(csv).toEndWith('\r\n')
    },
  )

  test('themes that hold the sign between themes can still be told apart', async () => {
    const council = await newCouncil()
    const cells = new Set<string>()
    for (const publicThemes of [['a; b'], ['a', 'b'], ['a;', ' b'], ['a\\', 'b'], ['a\\; b'], ['a;b']]) {
      await call.create({ publicThemes }, council)
    }
    for (const row of rowsOf((await fetchExport(council)).text).slice(1)) cells.add(row[3] as string)
    expect(cells.size).toBe(6)
  })
})

describe('JSON and lines of JSON', () => {
  test('hold each case as the list shows it to the same key', async () => {
    const council = await newCouncil()
    const blind = { key: await createTestKey(app, council, { scopes: ['cases:read', 'reports:read'] }) }
    for (let i = 0; i < 5; i++) {
      app.clock.advance(1_000)
      await call.create({ summary: `Case ${i}`, ...(i % 2 ? { residentName: `Zinnia ${i}` } : {}) }, council)
    }
    for (const holder of [council, blind]) {
      const { cases } = (await call.list('pageSize=100', holder)).body
      const json = await fetchExport(holder, 'format=json')
      expect(json.body).toEqual({ cases, total: 5 })
      const lines = await fetchExport(holder, 'format=ndjson')
      expect(linesOf(lines.text)).toEqual(cases)
      expect(lines.text.endsWith('\n')).toBe(true)
      expect(json.text.includes('residentName')).toBe(holder === council)
    }
  })

  test('show residents only with residents:read, and put the whole on record as one release', async () => {
    const council = await newCouncil()
    const blind = { key: await createTestKey(app, council, { scopes: ['reports:read'] }) }
    for (const residentName of ['Zinnia', 'Ash', null]) await call.create({ residentName }, council)
    const releases = async () =>
      (await auditOf(app, council)).filter(({ action }) => action.startsWith('resident.'))
    for (const format of formats) {
      const { text } = await fetchExport(blind, `format=${format}`)
      expect([format, /residentName|Zinnia/.test(text)]).toEqual([format, false])
    }
    await fetchExport(council, 'format=csv')
    expect(await releases()).toEqual([])
    const { text } = await fetchExport(council, 'format=json&status=open')
    expect(text).toContain('Zinnia')
    expect(await releases()).toMatchObject([
      { action: 'resident.export', entity: 'case', actorType: 'key', actorIp: '127.0.0.1' },
    ])
    expect(JSON.stringify((await releases())[0]?.changes)).toContain('open')
    await fetchExport(council, 'format=ndjson')
    expect(await releases()).toHaveLength(2)
  })

  test('put on record what was searched by, but not for whom', async () => {
    const council = await newCouncil()
    await call.create({ summary: 'Zinnia Quartermaine’s lamp', residentName: 'Zinnia Quartermaine' }, council)
    const { body } = await fetchExport(council, 'format=json&search=zinnia%20quartermaine')
    expect(body.total).toBe(1)
    expect(JSON.stringify(await auditOf(app, council))).not.toMatch(/zinnia|quartermaine/i)
  })
})

describe('an export by filters', () => {
  let council: Council
  let ward: string
  beforeAll(async () => {
    council = await newCouncil()
    ;[ward] = (await createTestWards(app, council, ['Ashley'])) as [string]
    for (let i = 0; i < 12; i++) {
      app.clock.advance(1_000)
      const made = await call.create(
        {
          summary: i % 3 ? `Lamp ${i}` : `Bin ${i}`,
          wardId: i % 2 ? ward : null,
          priority: i % 4 ? 'normal' : 'urgent',
        },
        council,
      )
      const change = [
        null,
        { archived: true },
        { status: 'closed', resolution: 'withdrawn' },
        { status: 'in_progress', pending: { reason: 'scheduled' } },
      ][i % 4]
      if (change) await call.change(made.id, change, council)
    }
  })

  test.each([
    [''],
    ['archived=true'],
    ['status=open'],
    ['status=open,closed'],
    ['resolution=withdrawn'],
    ['wardId=WARD'],
    ['priority=urgent'],
    ['slaState=paused'],
    ['search=lamp'],
    ['search=lamp&wardId=WARD'],
    ['search=lamp&sort=createdAt'],
    ['search=nothing'],
    ['sort=createdAt'],
    ['sort=-priority'],
    ['createdTo=2020-01-01'],
  ])('%s: the list’s cases in the list’s order, in every format', async (query) => {
    const filled = query.replace('WARD', ward)
    const { body } = await call.list(`pageSize=100&${filled}`, council)
    const expected = body.cases.map(({ reference }: Body) => reference)
    for (const format of formats) {
      const answer = await fetchExport(council, `format=${format}&${filled}`)
      expect([format, referencesOf(format, answer)]).toEqual([format, expected])
    }
  })

  test('is the newest first where nothing is said', async () => {
    const { body } = await fetchExport(council, 'format=json')
    const made = body.cases.map(({ createdAt }: Body) => createdAt)
    expect(made).toEqual([...made].sort().toReversed())
    expect(made).toHaveLength(9)
  })
})

describe('a large export', () => {
  let council: Council
  const many = 1_200
  beforeAll(async () => {
    council = await newCouncil()
    for (let i = 0; i < many; i += 200) {
      await Promise.all(
        Array.from({ length: 200 }, (_, j) => call.create({ summary: `Case ${i + j}` }, council)),
      )
    }
  })

  test.each(formats.map((format) => [format]))('as %s holds every case once', async (format) => {
    const references = referencesOf(format, await fetchExport(council, `format=${format}`))
    expect(references).toHaveLength(many)
    expect(new Set(references).size).toBe(many)
  })

  test('is sent in parts, each made when the one before was taken', async () => {
    const response = await open(council, 'format=ndjson&sort=reference')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const first = linesOf(new TextDecoder().decode((await reader.read()).value))
    expect(first.length).toBeLessThanOrEqual(500)
    // A case that changes before its part is made is exported as changed.
    const last = (await call.get('CW-2026-1200', council)).body
    await call.change(last.id, { summary: 'Changed meanwhile' }, council)
    let parts = 1
    const rest: Body[] = []
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts++
      rest.push(...linesOf(new TextDecoder().decode(part.value)))
    }
    expect(parts).toBeGreaterThanOrEqual(3)
    expect(idsOf([...first, ...rest])).toHaveLength(many)
    expect(rest.at(-1)).toMatchObject({ id: last.id, summary: 'Changed meanwhile' })
  })

  test('goes on in order while cases are made and changed', async () => {
    const response = await open(council, 'format=ndjson&sort=createdAt')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const seen: Body[] = []
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      seen.push(...linesOf(new TextDecoder().decode(part.value)))
      await call.change(seen[0]?.id, { priority: seen.length % 2 ? 'high' : 'low' }, council)
    }
    expect(new Set(idsOf(seen)).size).toBe(seen.length)
    expect(seen).toHaveLength(many)
  })

  test('may be left in the middle without an error', async () => {
    const before = app.logged.filter(({ level }) => level === 'error').length
    const response = await open(council, 'format=csv')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.cancel()
    expect((await call.list('', council)).status).toBe(200)
    expect(app.logged.filter(({ level }) => level === 'error')).toHaveLength(before)
  })

  test.each(formats.map((format) => [format]))(
    'as %s is compressed where that is asked for',
    async (format) => {
      const plain = await fetchExport(council, `format=${format}`)
      expect(plain.headers.get('content-encoding')).toBeNull()
      const response = await open(council, `format=${format}`, { 'accept-encoding': 'gzip' })
      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
      const bytes = await response.bytes()
      expect(bytes.length).toBeLessThan(plain.text.length / 3)
      expect(new TextDecoder().decode(Bun.gunzipSync(bytes))).toBe(plain.text)
    },
  )
})
