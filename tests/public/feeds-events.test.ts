import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import ICAL from 'ical.js'
import type { Body } from '../resources/cases/support'
import { type Council, createTestApp, type TestApp } from '../support/app'
import { createTestWards } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { hardText, newCouncil, publicSide, readXml } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
})
afterAll(() => app.close())

const feeds = ['events.json', 'events.ics', 'events.rss'] as const
const event = (input: object = {}) => ({ title: 'Event', startAt: '2026-05-09T10:00:00+01:00', ...input })

async function calendarOf(council: Council, query = ''): Promise<ICAL.Component[]> {
  const { status, text } = await side.read(council, `events.ics${query}`)
  expect(status).toBe(200)
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
}

const titled = (events: ICAL.Component[], title: string) =>
  events.find((one) => one.getFirstPropertyValue('summary') === title) as ICAL.Component
const propertyOf = (one: ICAL.Component, name: string) => String(one.getFirstPropertyValue(name))
const titlesOf = (events: ICAL.Component[]) => events.map((one) => propertyOf(one, 'summary'))
const rssOf = async (council: Council): Promise<Body[]> =>
  readXml((await side.read(council, 'events.rss')).text).rss.channel.item ?? []
const jsonOf = async (council: Council, query = ''): Promise<Body[]> =>
  (await side.read(council, `events.json${query}`)).body.events

describe('feeds of events refuse', () => {
  test('a council and a ward that are not there', async () => {
    const council = await newCouncil(app)
    for (const feed of feeds) {
      expect((await app.send('GET', `/public/nowhere/${feed}`)).status).toBe(404)
      const answer = await side.read(council, `${feed}?ward=nowhere`)
      expect([feed, answer.status, issuesOf(answer)]).toEqual([feed, 400, ['query ward']])
    }
  })
})

describe('events', () => {
  test('are those that everybody may see, drafts and what waits not', async () => {
    const council = await newCouncil(app)
    await side.make(council, 'events', event({ title: 'Draft', status: 'draft' }))
    await side.make(council, 'events', event({ title: 'Pending' }))
    await side.publish(council, 'events', event({ title: 'Approved' }))
    expect(titlesOf(await calendarOf(council))).toEqual(['Approved'])
    expect((await jsonOf(council)).map(({ title }) => title)).toEqual(['Approved'])
    expect((await rssOf(council)).map(({ title }) => title)).toEqual(['Approved'])
  })

  test('of a ward are its own and those for all', async () => {
    const council = await newCouncil(app)
    const [ashley, avonmouth] = await createTestWards(app, council, ['Ashley', 'Avonmouth'])
    await side.publish(council, 'events', event({ title: 'All' }))
    await side.publish(council, 'events', event({ title: 'Ashley', wardIds: [ashley] }))
    await side.publish(council, 'events', event({ title: 'Avonmouth', wardIds: [avonmouth] }))
    const expected = ['All', 'Ashley']
    expect(titlesOf(await calendarOf(council, '?ward=ashley')).sort()).toEqual(expected)
    const shown = await jsonOf(council, `?ward=${ashley}`)
    expect(shown.map(({ title }) => title).sort()).toEqual(expected)
  })

  test('that are over leave the feed at once and the calendar after three months', async () => {
    const council = await newCouncil(app)
    const day = 86_400_000
    const at = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString()
    await side.publish(council, 'events', event({ title: 'Past', startAt: at(-89 * day) }))
    await side.publish(council, 'events', event({ title: 'Long past', startAt: at(-91 * day) }))
    await side.publish(council, 'events', event({ title: 'Runs', startAt: at(-day), endAt: at(day) }))
    await side.publish(council, 'events', event({ title: 'Later', startAt: at(2 * day) }))
    expect(titlesOf(await calendarOf(council))).toEqual(['Past', 'Runs', 'Later'])
    expect((await rssOf(council)).map(({ title }) => title)).toEqual(['Runs', 'Later'])
  })

  test('that are cancelled or postponed stay and say so', async () => {
    const council = await newCouncil(app)
    for (const status of ['cancelled', 'postponed']) {
      const { id } = await side.publish(council, 'events', event({ title: status }))
      const before = titled(await calendarOf(council), status)
      await side.change(council, `events/${id}`, { status })
      const mark = status === 'cancelled' ? 'Cancelled' : 'Postponed'
      const after = titled(await calendarOf(council), `${mark}: ${status}`)
      expect(propertyOf(before, 'status')).toBe('CONFIRMED')
      expect(propertyOf(after, 'status')).toBe(status === 'cancelled' ? 'CANCELLED' : 'TENTATIVE')
      expect(propertyOf(after, 'uid')).toBe(propertyOf(before, 'uid'))
      expect(Number(propertyOf(after, 'sequence'))).toBeGreaterThan(Number(propertyOf(before, 'sequence')))
    }
    expect((await rssOf(council)).map(({ title }) => title).sort()).toEqual([
      'Cancelled: cancelled',
      'Postponed: postponed',
    ])
    expect((await jsonOf(council)).map(({ status }) => status).sort()).toEqual(['cancelled', 'postponed'])
  })
})

describe('the calendar', () => {
  test('has what RFC 5545 asks for, in lines of its form', async () => {
    const council = await newCouncil(app)
    for (let i = 0; i < 12; i++) {
      const title = `${'x'.repeat(i)}${'ŵ🎂ŷ'.repeat(25)}`
      await side.publish(council, 'events', event({ title, summary: `${'🎂'.repeat(60)}${i}` }))
    }
    const { headers, text } = await side.read(council, 'events.ics')
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(text).toEndWith('\r\nEND:VCALENDAR\r\n')
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for (const line of Buffer.from(text).toString('latin1').split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(75)
      decoder.decode(Buffer.from(line, 'latin1'))
    }
    const calendar = new ICAL.Component(ICAL.parse(text))
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0')
    expect(calendar.getFirstPropertyValue('prodid')).toBeTruthy()
    const events = calendar.getAllSubcomponents('vevent')
    expect(events).toHaveLength(12)
    for (const one of events) {
      for (const name of ['uid', 'dtstamp', 'dtstart']) expect(one.hasProperty(name)).toBe(true)
    }
    expect(new Set(events.map((one) => propertyOf(one, 'uid'))).size).toBe(12)
    expect(titlesOf(events)).toContain('ŵ🎂ŷ'.repeat(25))
  })

  test('brings texts through whole, without the signs that it has no place for', async () => {
    const council = await newCouncil(app)
    const venue = {
      name: 'Hall, a; b\\c',
      address: 'Back\\n lane; 1, Bristol',
      latitude: 51.4,
      longitude: -2.5,
    }
    await side.publish(
      council,
      'events',
      event({
        title: `${hardText}, a; b\\n`,
        summary: 'One',
        body: 'Two\n\n- *a*\u000bb\u0001c\n- d',
        venue,
      }),
    )
    const { text } = await side.read(council, 'events.ics')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
    const [one] = (await calendarOf(council)) as [ICAL.Component]
    const plain = 'Tea & <b>cake</b> ]]> 🎂 ŵŷ "quoted" <script>alert(1)</script>'
    expect(propertyOf(one, 'summary')).toBe(`${plain}, a; b\\n`)
    expect(propertyOf(one, 'description')).toBe('One\n\nTwo\n- a b c\n- d')
    expect(propertyOf(one, 'location')).toBe(`${venue.name}\n${venue.address}`)
    expect(one.getFirstPropertyValue('geo') as unknown).toEqual([51.4, -2.5])
  })

  test('cannot be given lines of another’s', async () => {
    const council = await newCouncil(app)
    const bookingUrl = 'https://example.org/?a=1,2;b'
    const title = 'A\r\nEND:VEVENT\r\nBEGIN:VEVENT\rX:Y'
    await side.publish(council, 'events', event({ title, bookingUrl }))
    const events = await calendarOf(council)
    expect(events).toHaveLength(1)
    expect(propertyOf(events[0] as ICAL.Component, 'url')).toBe('https://example.org/?a=1%2C2%3Bb')
    expect((await side.read(council, 'events.ics')).text).not.toContain('\r\nX:Y')
  })

  test.each([
    ['2026-03-28', '2026-03-31', '20260328', '20260331'],
    ['2026-03-29', '2026-03-30', '20260329', '20260330'],
    ['2026-10-24', '2026-10-27', '20261024', '20261027'],
    ['2026-10-25', '2026-10-26', '20261025', '20261026'],
    ['2026-06-01', '2026-06-02', '20260601', '20260602'],
  ])('shows whole days from %s to before %s as dates', async (startAt, endAt, start, end) => {
    const council = await newCouncil(app)
    await side.publish(council, 'events', event({ startAt, endAt, allDay: true }))
    const { text } = await side.read(council, 'events.ics')
    expect(text).toContain(`\r\nDTSTART;VALUE=DATE:${start}\r\n`)
    expect(text).toContain(`\r\nDTEND;VALUE=DATE:${end}\r\n`)
    const [one] = (await calendarOf(council)) as [ICAL.Component]
    expect((one.getFirstPropertyValue('dtstart') as ICAL.Time).isDate).toBe(true)
  })

  test('shows times in UTC, in summer as in winter', async () => {
    const council = await newCouncil(app)
    const startAt = '2026-10-24T10:00:00+01:00'
    await side.publish(council, 'events', event({ startAt, endAt: '2026-10-25T10:00:00Z' }))
    const { text } = await side.read(council, 'events.ics')
    expect(text).toContain('\r\nDTSTART:20261024T090000Z\r\nDTEND:20261025T100000Z\r\n')
  })
})

test('events.json holds what is documented and nothing else', async () => {
  const council = await newCouncil(app)
  const { id } = await side.publish(council, 'events', event({ body: '*Hello*' }))
  expect((await side.read(council, 'events.json')).body).toEqual({
    events: [
      {
        id,
        title: 'Event',
        summary: null,
        body: '*Hello*',
        bodyHtml: '<p><em>Hello</em></p>',
        type: 'community',
        startAt: '2026-05-09T09:00:00.000Z',
        endAt: null,
        allDay: false,
        timezone: 'Europe/London',
        venue: null,
        onlineUrl: null,
        wardIds: [],
        bookingUrl: null,
        status: 'approved',
        sequence: 0,
        updatedAt: app.clock.now().toISOString(),
      },
    ],
  })
})

test('events.rss says in words when and where', async () => {
  const council = await newCouncil(app)
  const end = { endAt: '2026-05-09T12:00:00+01:00', bookingUrl: 'https://example.org/book' }
  await side.publish(council, 'events', event({ ...end, venue: { name: 'Library' }, summary: 'Come' }))
  const [item] = await rssOf(council)
  expect(item.description).toMatch(/^Saturday,? 9 May 2026, 10:00 to 12:00, Library\. Come$/)
  expect(item.link).toEqual(['https://example.org/book'])
  expect(item.guid['@isPermaLink']).toBe('false')
})
