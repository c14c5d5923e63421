import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { outboxEvents } from '../../src/core/outbox/table'
import type { Export, Import } from '../../src/core/transfer'
import { AppError } from '../../src/lib/errors'
import { placeName, type RowFault } from '../../src/lib/import-file'
import { categoryExport, categoryImport } from '../../src/resources/categories/transfer.service'
import { eventExport, eventImport } from '../../src/resources/events/transfer.service'
import { newsExport, newsImport } from '../../src/resources/news/transfer.service'
import { settingsExport, settingsImport } from '../../src/resources/settings/transfer.service'
import { userExport, userImport } from '../../src/resources/users/transfer.service'
import { wardExport, wardImport } from '../../src/resources/wards/transfer.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { bytes } from '../support/casework'
import { unlimited } from '../support/http'
import { auditOf } from './cases/support'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)
beforeEach(async () => {
  council = await newCouncil()
})

const exported = async ({ ctx }: Council, { write, formats }: Export, format = formats[0] as string) => {
  let text = ''
  for await (const part of write(ctx, format)) text += part
  return text
}
const parsed = <Input>({ ctx }: Council, { parse }: Import<Input>, text: string) =>
  parse(bytes(text), ctx, {}).inputs
const load = <Input>(to: Council, kind: Import<Input>, text: string) =>
  kind.save(to.ctx, parsed(to, kind, text), () => {}, {})
const preview = <Input>(to: Council, kind: Import<Input>, text: string) =>
  kind.preview(to.ctx, parsed(to, kind, text), {})

async function faultsOf(work: () => unknown): Promise<string[]> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return (error.details.rows as RowFault[]).map((row) => `${placeName(row)}: ${row.reason}`)
  }
  throw new Error('The file was not refused')
}

const square = {
  type: 'Polygon',
  coordinates: [
    [
      [-2.6, 51.4],
      [-2.59, 51.4],
      [-2.59, 51.41],
      [-2.6, 51.41],
      [-2.6, 51.4],
    ],
  ],
}
const wards = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      properties: {
        name: 'Heath',
        nameCy: 'Y Mynydd Bychan',
        gssCode: 'W05000866',
        electorate: 8_765,
        validFrom: '2012-05-03',
      },
      geometry: square,
    },
    {
      properties: {
        name: '=Signs & "quotes"',
        slug: 'signs',
        enabled: 'no',
        description: ' two\nlines, a comma ',
      },
      geometry: null,
    },
    {
      properties: { name: 'Heath', gssCode: 'W05000867', tier: 'parish' },
      geometry: { type: 'MultiPolygon', coordinates: [square.coordinates] },
    },
  ],
})
const categories = [
  'name,slug,group,description,visibility,active,targetDays,dayType',
  'Potholes,potholes,Roads,"Holes, deep ones",public,yes,5,working',
  'Bins,Bins_1,,,hidden,no,,calendar',
  '\'=sum,\'-sum,,"  spaced \r\n out",staff,yes,9999,working',
]
  .join('\n')
  .replace("'-sum", 'sum')
const users = [
  'email,name,role,active,party,bio,photoUrl,phone,surgeries,contactPublic,ward,startDate,endDate',
  'ada@example.org,Ada Green,councillor,yes,Green,"A, b\nc",https://example.org/a.jpg,+44 117 496 0123,Saturdays,yes,W05000866,2021-05-06,',
  'ada@example.org,,,,,,,,,,signs,,2021-05-05',
  'ben@example.org,Ben,caseworker,no,,,,,,no,,,',
  'cyd@example.org,Cyd O’Neill,manager,yes,,,,,,no,W05000867,2012-05-03,2022-05-04',
].join('\n')
const event = { title: 'Surgery', startAt: '2030-05-11T10:00:00+01:00' }
const events = JSON.stringify({
  events: [
    {
      ...event,
      type: 'surgery',
      endAt: '2030-05-11T11:00:00Z',
      wards: ['W05000866', 'signs'],
      organiser: 'ada@example.org',
      status: 'approved',
      venueName: 'Library',
      latitude: 51.4629,
      longitude: -2.5746,
    },
    { ...event, title: 'Another at the same time', body: '- *one*\n- "two", =three', status: 'draft' },
    {
      title: 'Fête',
      startAt: '2026-06-01',
      allDay: true,
      status: 'cancelled',
      organiser: 'ben@example.org',
      bookingUrl: 'https://example.org/?a=1,2',
    },
  ],
})
const news = JSON.stringify([
  {
    title: 'Mina Road',
    body: 'Is **open**,\n"again".',
    slug: 'mina-road',
    status: 'published',
    publishedAt: '2026-01-05T09:00:00Z',
    expiresAt: '2026-02-01',
    wards: ['signs'],
    author: 'Ada Green',
  },
  { title: 'To come', body: '=x', status: 'scheduled', publishedAt: '2030-01-01T00:00:00Z' },
  {
    title: 'Drafted',
    body: 'x',
    summary: 'A, b',
    status: 'draft',
    source: 'Police',
    imageUrl: 'https://example.org/i.png',
  },
])
const settings = JSON.stringify({
  name: 'Avon',
  referencePrefix: 'AV',
  nation: 'scotland',
  slaDefaults: { targetDays: null, dayType: 'calendar' },
  corsOrigins: ['https://www.example.gov.uk'],
  webhooks: { includePersonalData: true },
  rateLimit: 300,
  daysOff: { added: [{ date: '2026-12-24', name: 'Christmas Eve' }], removed: ['2026-05-04'] },
})

type Kind = { whole: Export; back: Import<unknown>; file: string; count: number; without?: RegExp }
const kind = <Input>(whole: Export, back: Import<Input>, file: string, count: number, without?: RegExp) =>
  ({ whole, back: back as Import<unknown>, file, count, ...(without && { without }) }) as Kind

/** Each kind after the kinds that it needs. */
const kinds: Record<string, Kind> = {
  wards: kind(wardExport, wardImport as Import<unknown>, wards, 3),
  categories: kind(categoryExport, categoryImport, categories, 3),
  users: kind(userExport, userImport, users, 3),
  events: kind(eventExport, eventImport, events, 3, /"id":"\w+",|^[a-z]\w{23},/gm),
  news: kind(newsExport, newsImport, news, 3),
  settings: kind(settingsExport, settingsImport, settings, 1),
}
const names = Object.keys(kinds)
const of = (name: string) => kinds[name] as Kind

/** Everything that a kind may refer to, and the kind itself. */
async function fill(to: Council, upTo: string): Promise<void> {
  for (const name of names.slice(0, names.indexOf(upTo) + 1)) await load(to, of(name).back, of(name).file)
}

const everyFormat = names.flatMap((name) => of(name).whole.formats.map((format) => [name, format] as const))

describe('what one council has of', () => {
  test.each(everyFormat)('%s as %s comes in again as it was, here and elsewhere', async (name, format) => {
    const { whole, back, count, without = /$^/g } = of(name)
    await fill(council, name)
    const text = await exported(council, whole, format)
    const unchanged = { created: 0, updated: 0, unchanged: count }
    expect(await preview(council, back, text)).toEqual(unchanged)
    expect(await load(council, back, text)).toEqual(unchanged)
    expect(await exported(council, whole, format)).toBe(text)

    const other = await newCouncil()
    const before = names[names.indexOf(name) - 1]
    if (before) await fill(other, before)
    const first = await preview(other, back, text)
    expect(first.unchanged).toBe(0)
    expect(await load(other, back, text)).toEqual(first)
    const again = await exported(other, whole, format)
    expect(again.replace(without, '')).toBe(text.replace(without, ''))
    expect(await load(other, back, text)).toEqual(unchanged)
    expect(await exported(other, whole, format)).toBe(again)
  })

  test.each(names)('%s is on record once it has gone out', async (name) => {
    await exported(council, of(name).whole)
    const actions = (await auditOf(app, council)).map(({ action }) => action)
    expect(actions.filter((action) => action.endsWith('.export'))).toHaveLength(1)
  })

  test('several hundred events and news goes out whole and in order', async () => {
    const many = Array.from({ length: 450 }, (_, i) => i)
    const titled = (i: number) => `No. ${String((i * 7) % 450).padStart(3, '0')}`
    const eventFile = many.map((i) => ({ title: titled(i), startAt: `2030-01-0${1 + Math.floor(i / 150)}` }))
    await load(council, eventImport, JSON.stringify({ events: eventFile }))
    await load(council, newsImport, JSON.stringify(many.map((i) => ({ title: titled(i), body: 'x' }))))
    const { events: out } = JSON.parse(await exported(council, eventExport, 'json'))
    const keys = out.map(({ startAt, title }: Record<string, string>) => `${startAt} ${title}`)
    expect([keys.length, keys]).toEqual([450, [...keys].sort()])
    const { news: slugs } = JSON.parse(await exported(council, newsExport, 'json'))
    const sorted = slugs.map(({ slug }: { slug: string }) => slug)
    expect([sorted.length, sorted]).toEqual([450, [...sorted].sort()])
  })
})

describe('a file of events or news is refused', () => {
  test('with every bad record named, and nothing imported', async () => {
    const bad = JSON.stringify({
      events: [
        event,
        { title: 'No start' },
        { ...event, title: 'Bad', type: 'party', latitude: 'x', colour: 1 },
        {
          ...event,
          title: 'Late',
          endAt: '2030-05-11T08:00:00Z',
          wards: ['Nowhere'],
          organiser: 'x@example.org',
        },
        event,
      ],
    })
    expect(await faultsOf(() => load(council, eventImport, bad))).toEqual([
      'event 2 (No start): startAt: Required',
      expect.stringMatching(/^event 3 \(Bad\): colour: /),
      expect.stringMatching(/^event 3 \(Bad\): type: /),
      expect.stringMatching(/^event 3 \(Bad\): latitude: /),
    ])
    const sound = JSON.stringify({ events: JSON.parse(bad).events.toSpliced(1, 2) })
    for (const work of [
      () => load(council, eventImport, sound),
      () => preview(council, eventImport, sound),
    ]) {
      expect(await faultsOf(work)).toEqual([
        `event 3 (Surgery): Surgery, ${event.startAt} is already used by event 1 (Surgery)`,
        'event 2 (Late): There is no ward "Nowhere"',
        'event 2 (Late): There is no user "x@example.org"',
        'event 2 (Late): endAt: Must come after startAt',
      ])
    }
    expect(JSON.parse(await exported(council, eventExport, 'json')).events).toEqual([])
  })

  test('as CSV with the line, and unknown headings once', async () => {
    expect(
      await faultsOf(() => load(council, eventImport, 'title,start at,all day\nA,2030-01-01,maybe\n')),
    ).toEqual(['line 2: allDay: Must be true or false'])
    const [fault] = await faultsOf(() => load(council, newsImport, 'title,body,colour\nA,b,red\nB,b,red\n'))
    expect(fault).toContain('line 1: has an unknown heading: colour; say what')
  })

  test('where it is something else, or nothing', async () => {
    for (const [text, expected] of [
      [wards, 'the file: is GeoJSON without a list of events'],
      ['{"news":[]}', 'the file: is JSON without a list of events'],
      ['{"events":[]}', 'the file: contains no events'],
      ['title,startAt\n', 'line 1: contains no events'],
    ] as const) {
      expect(await faultsOf(() => load(council, eventImport, text))).toEqual([expected])
    }
  })

  test('for a way that it cannot go from where it is here', async () => {
    await fill(council, 'news')
    const eventFile = await exported(council, eventExport)
    const back = eventFile.replace(',cancelled', ',approved')
    expect(await faultsOf(() => load(council, eventImport, back))).toEqual([
      expect.stringContaining('status: An event cannot go from cancelled to approved'),
    ])
    const newsFile = (await exported(council, newsExport)).replace(',published,', ',draft,')
    expect(await faultsOf(() => load(council, newsImport, newsFile))).toEqual([
      expect.stringContaining('status: News cannot go from published to draft'),
    ])
  })
})

/** The names of the webhook events, in order. */
const toldIn = async ({ tenantId }: Council['ctx']): Promise<string[]> => {
  const rows = await app.deps.store.read
    .select({ event: outboxEvents.event })
    .from(outboxEvents)
    .where(eq(outboxEvents.tenantId, tenantId))
    .orderBy(asc(outboxEvents.position))
  return rows.map(({ event }) => event)
}

describe('what a file of events and news makes public', () => {
  test('is told to webhooks, and nothing else is', async () => {
    await fill(council, 'users')
    const told = await toldIn(council.ctx)
    await load(council, eventImport, events)
    await load(council, newsImport, news)
    expect((await toldIn(council.ctx)).slice(told.length)).toEqual(['event_published', 'news_published'])
    const later = (await exported(council, eventExport)).replace(',Library,', ',Town hall,')
    expect(await load(council, eventImport, later)).toEqual({ created: 0, updated: 1, unchanged: 2 })
    expect((await toldIn(council.ctx)).at(-1)).toBe('event_updated')
  })

  test('scheduled for a time that is past by now is published', async () => {
    const item = { title: 'Late', body: 'x', status: 'scheduled', publishedAt: '2026-01-01T00:00:00Z' }
    await load(council, newsImport, JSON.stringify([item]))
    expect(JSON.parse(await exported(council, newsExport, 'json')).news).toMatchObject([
      { status: 'published' },
    ])
  })
})

describe('a file of settings', () => {
  test('is refused with every bad one named', async () => {
    const bad = {
      name: '',
      nation: 'mars',
      corsOrigins: ['x'],
      colour: 'red',
      slaDefaults: { targetDays: 0 },
    }
    const faults = await faultsOf(() => load(council, settingsImport, JSON.stringify(bad)))
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'colour',
      'corsOrigins.0',
      'name',
      'nation',
      'slaDefaults.targetDays',
    ])
    const daysOff = { added: [{ date: '2026-02-30', name: 'x' }], removed: [] }
    expect(await faultsOf(() => load(council, settingsImport, JSON.stringify({ daysOff })))).toEqual([
      'daysOff: "2026-02-30" is not a date, such as 2026-12-24',
    ])
  })

  test('changes what it says alone', async () => {
    await load(council, settingsImport, settings)
    const before = JSON.parse(await exported(council, settingsExport))
    expect(await load(council, settingsImport, '{"publicMinCell":9}')).toEqual({
      created: 0,
      updated: 1,
      unchanged: 0,
    })
    expect(JSON.parse(await exported(council, settingsExport))).toEqual({ ...before, publicMinCell: 9 })
  })
})
