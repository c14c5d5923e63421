import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { seededRandom } from '../../../src/lib/random'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestCategories, createTestWards, idsOf } from '../../support/casework'
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

const search = (text: string, holder: Holder, query = '') =>
  call.list(`search=${encodeURIComponent(text)}&pageSize=100&${query}`, holder)

/** The summaries found, in order; checks the total, and that cursors give the same. */
async function found(text: string, holder: Holder, query = ''): Promise<string[]> {
  const { status, body } = await search(text, holder, query)
  expect([text, query, status]).toEqual([text, query, 200])
  expect(body.searchActive).toBe(true)
  expect([text, query, body.pagination.total]).toEqual([text, query, body.cases.length])
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const address: string = `search=${encodeURIComponent(text)}&pageSize=3&cursor=${cursor}&${query}`
    const part: Body = (await call.list(address, holder)).body
    expect(part.searchActive).toBe(true)
    seen.push(...idsOf(part.cases))
    cursor = part.pagination.nextCursor
  }
  expect([text, query, seen]).toEqual([text, query, idsOf(body.cases)])
  return body.cases.map(({ summary }: Body) => summary)
}

describe('a search is refused', () => {
  test.each([
    ['of nothing', ''],
    ['of spaces', ' \t\n'],
    ['of marks that nobody sees', '\u200b\u202a'],
    ['of more than 200 characters', 'x'.repeat(201)],
    ['with a null character', 'pot\0hole'],
    ['with half a character', null],
  ])('%s', async (_, text) => {
    const council = await newCouncil()
    const given = text === null ? '%F0%9F' : encodeURIComponent(text)
    const answer = await call.list(`search=${given}`, council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['query search']])
  })
})

describe('whatever is typed', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil()
    await call.create({ summary: 'Pothole AND lamp OR bin NOT near "here"' }, council)
    await call.create({ summary: 'Other' }, council)
  })

  test.each([
    ['"', []],
    ['""', []],
    ['"pothole', ['Pothole']],
    ['pothole"', ['Pothole']],
    ['"pothole" "lamp"', ['Pothole']],
    ["'pothole'", ['Pothole']],
    ['`pothole`', ['Pothole']],
    ['*', []],
    ['pot*', ['Pothole']],
    ['*hole', []],
    ['-', []],
    ['-pothole', ['Pothole']],
    ['pothole -lamp', ['Pothole']],
    ['+pothole', ['Pothole']],
    ['AND', ['Pothole']],
    ['OR', ['Pothole']],
    ['NOT', ['Pothole']],
    ['pothole AND', ['Pothole']],
    ['AND pothole OR', ['Pothole']],
    ['NOT lamp', ['Pothole']],
    ['NEAR(', ['Pothole']],
    ['NEAR(pothole lamp, 5)', []],
    ['pothole NEAR', ['Pothole']],
    ['(', []],
    [')', []],
    ['(pothole', ['Pothole']],
    ['((pothole) lamp)', ['Pothole']],
    ['^', []],
    ['^pothole', ['Pothole']],
    [':', []],
    ['summary:pothole', []],
    ['summary : pothole', []],
    ['{summary} : pothole', []],
    ['{', []],
    ['}', []],
    ['{pothole}', ['Pothole']],
    ['facets:t', []],
    ['[pothole]', ['Pothole']],
    ['\\', []],
    ['\\"pothole', ['Pothole']],
    ['%', []],
    ['_', []],
    ['pot_hole', ['Pothole']],
    [';', []],
    ["'; DROP TABLE cases; --", []],
    ['pothole; --', ['Pothole']],
    ['/* pothole */', ['Pothole']],
    ['?', []],
    ['?1', ['Pothole']],
    ['$pothole', ['Pothole']],
    ['@pothole', ['Pothole']],
    ['#pothole', ['Pothole']],
    ['🛠', []],
    ['🛠 pothole', ['Pothole']],
    ['pothole😀', ['Pothole']],
    ['1️⃣', ['Pothole']],
    ['ŵ', []],
    ['Gàidhlig', []],
    ['…–—“”‘’', []],
    ['\u202epothole', ['Pothole']],
    ['\u0301', []],
    ['\u{1e900}', []],
    ['\u{1e900} pothole', []],
    ['中文', []],
    ['x'.repeat(200), []],
    ['"'.repeat(200), []],
    ['a '.repeat(100), []],
    ['('.repeat(100) + ')'.repeat(100), []],
    ['pothole '.repeat(25), ['Pothole']],
  ] as [string, string[]][])('%j: no error, and finds %j', async (text, expected) => {
    expect((await found(text, council)).map((summary) => summary.split(' ')[0] as string)).toEqual(expected)
  })

  test('what a case is filed under is no word of it', async () => {
    for (const text of [`t${council.tenant.id}`, 'sopen', 'x0', 'wnone', 'cnone', 'anone']) {
      expect([text, await found(text, council)]).toEqual([text, []])
    }
  })
})

describe('words', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil()
    for (const input of [
      { summary: 'Deep pothole on Mina Road' },
      { summary: 'Pothole', description: 'Very deep, by the school gate' },
      { summary: 'Deep puddle', publicSummary: 'Road under water' },
      { summary: 'Tŷ-du: golau wedi torri yn Nŵr' },
      { summary: 'Comhairle nan Eilean: làmpa briste' },
      { summary: 'Street-light 42B out' },
      { summary: 'Straße gesperrt', description: 'O’Connell’s café' },
    ]) {
      app.clock.advance(1_000)
      await call.create(input, council)
    }
  })

  const Deep = 'Deep pothole on Mina Road'
  test.each([
    ['pothole', [Deep, 'Pothole']],
    ['POTHOLE', [Deep, 'Pothole']],
    ['deep pothole', [Deep, 'Pothole']],
    ['pothole deep', [Deep, 'Pothole']],
    ['deep pothole school', ['Pothole']],
    ['deep pothole mina', [Deep]],
    ['deep pothole water', []],
    // Only the last word may be a beginning.
    ['poth', [Deep, 'Pothole']],
    ['poth deep', []],
    ['deep poth', [Deep, 'Pothole']],
    ['othole', []],
    ['road', [Deep, 'Deep puddle']],
    ['water', ['Deep puddle']],
    // Words joined by a sign are neighbours.
    ['mina-road', [Deep]],
    ['road-mina', []],
    ['street light', ['Street-light 42B out']],
    ['street-light', ['Street-light 42B out']],
    ['streetlight', ['Street-light 42B out']],
    ['42b', ['Street-light 42B out']],
    // With accents or without.
    ['ty', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['tŷ', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['TŶ', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['nwr', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['nŵr', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['nw\u0302r', ['Tŷ-du: golau wedi torri yn Nŵr']],
    ['lampa', ['Comhairle nan Eilean: làmpa briste']],
    ['làmpa', ['Comhairle nan Eilean: làmpa briste']],
    ['café', ['Straße gesperrt']],
    ['cafe', ['Straße gesperrt']],
    ['o’connell', ['Straße gesperrt']],
    ["o'connell's", ['Straße gesperrt']],
    ['straße', ['Straße gesperrt']],
  ] as [string, string[]][])('"%s" finds %j', async (text, expected) => {
    expect((await found(text, council)).sort()).toEqual([...expected].sort())
  })

  test('a reference, whole or its beginning', async () => {
    expect(await found('CW-2026-0003', council)).toEqual(['Deep puddle'])
    expect(await found('cw-2026-0003', council)).toEqual(['Deep puddle'])
    expect(await found('0003', council)).toEqual(['Deep puddle'])
    expect(await found('CW-2026', council)).toHaveLength(7)
    expect(await found('CW-2026-0099', council)).toEqual([])
  })
})

describe('the most relevant come first', () => {
  test('reference, then summary, then public summary, then description; not by age', async () => {
    const council = await newCouncil()
    for (const input of [
      { summary: 'In the description', description: 'As CW-2026-0004 said' },
      { summary: 'In the public summary', publicSummary: 'As CW-2026-0004 said' },
      { summary: 'As CW-2026-0004 said' },
      { summary: 'The case of this reference' },
      { summary: 'Another one' },
      { summary: 'And another' },
      { summary: 'One more of them' },
      { summary: 'The last one of all' },
    ]) {
      app.clock.advance(1_000)
      await call.create(input, council)
    }
    expect(await found('CW-2026-0004', council)).toEqual([
      'The case of this reference',
      'As CW-2026-0004 said',
      'In the public summary',
      'In the description',
    ])
  })

  test.each([
    ['LAMP', 'lamp'],
    ['lamp', 'LAMP'],
    ['nwr', 'Nŵr'],
    ['NŴR', 'nŵr'],
    ['lampa', 'làmpa'],
    ['làmpa', 'lampa'],
    ['mina road', 'Mina-Road'],
    ['mina-road', 'Mina Road'],
    ['"lamp"', 'lamp'],
    ['lam', 'lamp'],
  ])('whichever way it is written: %j is found as %j', async (typed, written) => {
    const council = await newCouncil()
    await call.create({ summary: `In the summary: ${written}` }, council)
    await call.create({ summary: 'In the description', description: `It says ${written} here` }, council)
    for (let i = 0; i < 6; i++) await call.create({ summary: `Other ${i}`, description: 'Bin' }, council)
    expect(await found(typed, council)).toEqual([`In the summary: ${written}`, 'In the description'])
  })

  test('equals: the newest first', async () => {
    const council = await newCouncil()
    for (const name of ['one', 'two', 'six']) await call.create({ summary: `Lamp ${name}` }, council)
    expect(await found('lamp', council)).toEqual(['Lamp six', 'Lamp two', 'Lamp one'])
  })

  test('unless another order is asked for', async () => {
    const council = await newCouncil()
    for (const input of [
      { summary: 'Lamp', priority: 'low' },
      { summary: 'Bridge', description: 'by the lamp', priority: 'urgent' },
      { summary: 'Lamp again', priority: 'high' },
    ]) {
      app.clock.advance(1_000)
      await call.create(input, council)
    }
    expect(await found('lamp', council, 'sort=createdAt')).toEqual(['Lamp', 'Bridge', 'Lamp again'])
    expect(await found('lamp', council, 'sort=-createdAt')).toEqual(['Lamp again', 'Bridge', 'Lamp'])
    expect(await found('lamp', council, 'sort=priority')).toEqual(['Lamp', 'Lamp again', 'Bridge'])
    expect(await found('lamp', council, 'sort=-reference')).toEqual(['Lamp again', 'Bridge', 'Lamp'])
    expect((await found('lamp', council)).at(-1)).toBe('Bridge')
  })
})

describe('other filters', () => {
  let council: Council
  let ids: Record<string, string>
  beforeAll(async () => {
    council = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const [roads, lamps] = (await createTestCategories(app, council, ['Roads', 'Lights'])) as [string, string]
    const worker = await createActing(app, council, 'caseworker')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    ids = {
      NORTH: north,
      SOUTH: south,
      ROADS: roads,
      LAMPS: lamps,
      WORKER: worker.id,
      COUNCILLOR: councillor.id,
    }
    const random = seededRandom('filters')
    const pick = <T>(values: readonly T[]): T => values[(random(1)[0] as number) % values.length] as T
    for (let i = 0; i < 40; i++) {
      app.clock.advance(3_600_000)
      const made = await call.create(
        {
          summary: `${pick(['Lamp', 'Bin'])} ${i}`,
          wardId: pick([null, north, south]),
          categoryId: pick([null, roads, lamps]),
          assigneeId: pick([null, worker.id]),
          councillorId: pick([null, councillor.id]),
          priority: pick(['low', 'high']),
          type: pick(['enquiry', 'complaint']),
          sourceChannel: pick(['web', 'phone']),
          location: pick([null, { latitude: 51.45, longitude: -2.58 }]),
        },
        council,
      )
      const change = pick([
        null,
        { status: 'in_progress' },
        { status: 'resolved', resolution: 'fixed' },
        { status: 'closed', resolution: 'withdrawn' },
        { archived: true },
        { status: 'in_progress', pending: { reason: 'scheduled' } },
      ])
      if (change) await call.change(made.id, change, council)
    }
  })

  test.each([
    [''],
    ['archived=false'],
    ['archived=true'],
    ['status=open'],
    ['status=open,in_progress'],
    ['status=resolved&status=closed'],
    ['resolution=fixed'],
    ['wardId=NORTH'],
    ['wardId=NORTH,SOUTH'],
    ['wardId=none'],
    ['wardId=unknown'],
    ['categoryId=ROADS'],
    ['categoryId=none'],
    ['assigneeId=none'],
    ['assigneeId=WORKER'],
    ['assigneeId=none,WORKER'],
    ['assigneeId=unknown'],
    ['councillorId=COUNCILLOR'],
    ['councillorId=none'],
    ['priority=high'],
    ['type=complaint'],
    ['sourceChannel=web'],
    ['slaState=paused'],
    ['slaState=on_track,met'],
    ['bbox=-3,51,-2,52'],
    ['createdFrom=2026-03-14'],
    ['createdTo=2026-03-14'],
    ['updatedFrom=2026-03-14'],
    ['dueBefore=2030-01-01'],
    ['status=open&wardId=NORTH&priority=high'],
    ['archived=true&wardId=SOUTH'],
  ])(
    '%s: of the list’s cases those that hold the word, and in the list’s order where one is asked for',
    async (query) => {
      const filled = Object.entries(ids).reduce((text, [name, id]) => text.replaceAll(name, id), query)
      for (const sort of ['sort=createdAt', 'sort=-priority']) {
        const { body } = await call.list(`pageSize=100&${sort}&${filled}`, council)
        const expected = body.cases
          .map(({ summary }: Body) => summary)
          .filter((summary: string) => summary.startsWith('Lamp'))
        expect([query, await found('lamp', council, `${sort}&${filled}`)]).toEqual([query, expected])
        expect([query, (await found('lamp', council, filled)).sort()]).toEqual([query, expected.sort()])
      }
    },
  )

  test('an unknown one is refused, and the list says that it was searched only where it was', async () => {
    expect((await search('lamp', council, 'colour=red')).status).toBe(400)
    const plain = await call.list('', council)
    expect(plain.body).not.toHaveProperty('searchActive')
    const none = await search('nothing of the kind', council)
    expect(none.body).toEqual({
      cases: [],
      pagination: { page: 1, pageSize: 100, total: 0, totalPages: 0 },
      searchActive: true,
    })
  })

  test('pages, and what lies beyond them', async () => {
    const whole = await found('lamp', council)
    const seen: string[] = []
    for (let page = 1; page <= Math.ceil(whole.length / 4) + 1; page++) {
      const { body } = await call.list(`search=lamp&page=${page}&pageSize=4`, council)
      const totalPages = Math.ceil(whole.length / 4)
      expect(body.pagination).toEqual({ page, pageSize: 4, total: whole.length, totalPages })
      seen.push(...body.cases.map(({ summary }: Body) => summary))
    }
    expect(seen).toEqual(whole)
    const { nextCursor } = (await call.list('search=lamp&cursor=&pageSize=2', council)).body.pagination
    expect(issuesOf(await call.list(`search=bin&cursor=${nextCursor}`, council))).toEqual(['query cursor'])
  })
})

describe('what a case says now', () => {
  test('is what it is found by, and not what it said before', async () => {
    const council = await newCouncil()
    const { id } = await call.create({ summary: 'Pothole', description: 'Deep' }, council)
    const finds = async (text: string, query = '') => (await found(text, council, query)).length
    expect([await finds('pothole'), await finds('deep'), await finds('lamp')]).toEqual([1, 1, 0])
    await call.change(id, { summary: 'Lamp', description: null, publicSummary: 'Dark' }, council)
    expect([await finds('pothole'), await finds('deep')]).toEqual([0, 0])
    expect([await finds('lamp'), await finds('dark')]).toEqual([1, 1])
    await call.change(id, { archived: true }, council)
    expect([await finds('lamp'), await finds('lamp', 'archived=true')]).toEqual([0, 1])
    await call.change(id, { archived: false, status: 'in_progress' }, council)
    expect([await finds('lamp'), await finds('lamp', 'archived=true')]).toEqual([1, 0])
    expect([await finds('lamp', 'status=open'), await finds('lamp', 'status=in_progress')]).toEqual([0, 1])
  })

  test('does not include the resident nor the themes', async () => {
    const council = await newCouncil()
    const resident = { residentName: 'Zinnia', residentMessage: 'Sealed', residentAddress: '9 Quiet Way' }
    await call.create({ summary: 'Lamp', publicThemes: ['theme'], ...resident }, council)
    for (const text of ['zinnia', 'sealed', 'quiet', 'theme']) {
      expect([text, await found(text, council)]).toEqual([text, []])
    }
  })

  test('is not there for a create that was refused', async () => {
    const council = await newCouncil()
    await call.post({ summary: 'Lamp', wardId: 'unknown' }, council)
    const { id } = await call.create({ summary: 'Bin' }, council)
    await call.patch(id, { summary: 'Lamp', status: 'resolved' }, council)
    expect(await found('lamp', council)).toEqual([])
    expect(await found('bin', council)).toEqual(['Bin'])
  })
})

describe('who searches', () => {
  test('finds nothing of another council', async () => {
    const [one, two] = [await newCouncil(), await newCouncil()]
    await call.create({ summary: 'Lamp of one' }, one)
    await call.create({ summary: 'Lamp of two' }, two)
    expect(await found('lamp', one)).toEqual(['Lamp of one'])
    expect(await found('two', one)).toEqual([])
    expect(await found('CW-2026-0001', one)).toEqual(['Lamp of one'])
  })

  test('finds of a council’s cases those that they may see', async () => {
    const council = await newCouncil()
    const [north, south] = (await createTestWards(app, council, ['North', 'South'])) as [string, string]
    const worker = await createActing(app, council, 'caseworker')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [north] })
    const nobody = await createActing(app, council, 'councillor')
    const manager = await createActing(app, council, 'manager')
    const made: Record<string, Body> = {}
    for (const [name, place] of [
      ['north', { wardId: north }],
      ['south', { wardId: south }],
      ['mine', { assigneeId: worker.id }],
      ['both', { wardId: north, assigneeId: worker.id }],
      ['none', {}],
    ] as const) {
      app.clock.advance(1_000)
      made[name] = await call.create({ summary: `Lamp ${name}`, ...place }, council)
    }
    const seen = async (holder: Holder, query = '') =>
      (await found('lamp', holder, `sort=createdAt&${query}`)).map((summary) => summary.slice(5)).join()
    expect(await seen(worker)).toBe('mine,both')
    expect(await seen(councillor)).toBe('north,both')
    expect(await seen(nobody)).toBe('')
    expect(await seen(manager)).toBe('north,south,mine,both,none')
    // Filters only ever take away.
    expect(await seen(worker, 'assigneeId=none')).toBe('')
    expect(await seen(councillor, `wardId=${south}`)).toBe('')
    expect(await seen(councillor, `wardId=${north},${south}`)).toBe('north,both')
    expect(await seen(nobody, `wardId=${north}`)).toBe('')
    expect(await seen(worker, 'priority=normal')).toBe('mine,both')
    expect(await seen(councillor, 'priority=normal')).toBe('north,both')
    // And what moves is found by whom it moved to.
    await call.change(made.both?.id, { wardId: south, assigneeId: null }, council)
    expect([await seen(worker), await seen(councillor)]).toEqual(['mine', 'north'])
    await call.change(made.none?.id, { wardId: north, assigneeId: worker.id }, council)
    expect([await seen(worker), await seen(councillor)]).toEqual(['mine,none', 'north,none'])
  })
})

describe('random texts and searches', () => {
  const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const plain = (word: string) => word.replace(/^0+/, '').replace(/s$/, '')
  const wordsOf = (text: string) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

  test('find what a plain reading of the texts finds', async () => {
    const council = await newCouncil()
    const random = seededRandom('search')
    const pick = <T>(values: readonly T[]): T => values[(random(1)[0] as number) % values.length] as T
    const vocabulary = [
      'lamp',
      'Lamps',
      'tŷ',
      'ty',
      'road',
      'Roads',
      'bin',
      'binman',
      '42',
      'AND',
      'not',
      'gàrd',
    ]
    const text = (longest: number) =>
      Array.from({ length: (pick([1, 2, 3, 4, 5]) % longest) + 1 }, () => pick(vocabulary)).join(
        pick([' ', ', ', ' / ']),
      )
    const made: Body[] = []
    for (let i = 0; i < 60; i++) {
      const input = {
        summary: text(3),
        description: pick([null, text(5)]),
        publicSummary: pick([null, text(3)]),
      }
      made.push(await call.create(input, council))
    }
    for (let i = 0; i < 60; i++) {
      const typed = Array.from({ length: pick([1, 2, 3]) }, () =>
        pick([...vocabulary, 'la', 'b', 'ro']),
      ).join(' ')
      const words = wordsOf(typed)
      const expected = made.filter(({ summary, description, publicSummary, reference }) => {
        const held = [summary, description, publicSummary, reference].flatMap((part) => wordsOf(part ?? ''))
        return words.every(
          (word, place) =>
            held.map(plain).includes(plain(word)) ||
            (place === words.length - 1 && word.length > 1 && held.some((one) => one.startsWith(word))),
        )
      })
      const { body } = await search(typed, council)
      expect([typed, idsOf(body.cases).sort()]).toEqual([typed, idsOf(expected).sort()])
    }
  })
})
