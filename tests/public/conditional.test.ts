import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { gunzipSync } from 'bun'
import { eraseCases } from '../../src/resources/cases/erase.service'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import type { Body } from '../resources/cases/support'
import { type Answer, type Council, createTestApp, type TestApp } from '../support/app'
import { bytes } from '../support/casework'
import { unlimited } from '../support/http'
import { newCouncil, publicSide, squares } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
})
afterAll(() => app.close())

const feeds = {
  news: ['news.json', 'news.rss', 'news.atom'],
  events: ['events.ics', 'events.rss', 'events.json'],
  cases: ['cases.json', 'cases.rss'],
  wards: ['wards.geojson'],
}
type Part = keyof typeof feeds
const all = Object.values(feeds).flat()

const second = 1_000
const hour = 3_600_000
const soon = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString()

/** A council that has had something in every feed for a while. */
async function newFullCouncil(): Promise<Council> {
  const council = await newCouncil(app)
  await importWards(council.ctx, parseWards(bytes('name\nAshley\n')))
  const body = 'Long words. '.repeat(100)
  await side.publish(council, 'news', { title: 'News', body })
  await side.publish(council, 'events', { title: 'Event', body, startAt: soon(100 * hour) })
  for (let i = 0; i < 3; i++) await side.show(council, { publicSummary: body.slice(0, 500) })
  app.clock.advance(2 * second)
  return council
}

const tagOf = ({ headers }: Answer) => headers.get('etag') as string
const dateOf = ({ headers }: Answer) => headers.get('last-modified') as string

describe.each(all)('%s', (feed) => {
  let council: Council
  let first: Answer
  beforeAll(async () => {
    council = await newFullCouncil()
    first = await side.read(council, feed)
  })
  const ask = (headers: Record<string, string>) => side.read(council, feed, { headers })

  test('has a tag, a date, and may be kept and read by everybody', () => {
    expect(first.status).toBe(200)
    expect(tagOf(first)).toMatch(/^"[^"]+"$/)
    expect(new Date(dateOf(first)).toUTCString()).toBe(dateOf(first))
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/)
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    expect(first.headers.has('set-cookie')).toBe(false)
  })

  test('is a 304 to who has it, by tag or by date', async () => {
    const known: Record<string, string>[] = [
      { 'if-none-match': tagOf(first) },
      { 'if-none-match': `"other", W/${tagOf(first)}` },
      { 'if-none-match': `, ${tagOf(first).replace(/"$/, '-gzip"')},` },
      { 'if-none-match': '*' },
      { 'if-modified-since': dateOf(first) },
      { 'if-modified-since': app.clock.now().toUTCString() },
    ]
    for (const headers of known) {
      const { status, text, headers: sent } = await ask(headers)
      expect([headers, status, text]).toEqual([headers, 304, ''])
      expect(sent.get('etag')).toBe(tagOf(first))
      expect(sent.has('content-type')).toBe(false)
      expect(sent.get('cache-control')).toBe(first.headers.get('cache-control'))
      expect(sent.get('access-control-allow-origin')).toBe('*')
    }
  })

  test('is sent where the tag is another or the date is older or none', async () => {
    const known: Record<string, string>[] = [
      { 'if-none-match': '"other"' },
      { 'if-none-match': '' },
      { 'if-none-match': ',' },
      { 'if-none-match': tagOf(first).replaceAll('"', '') },
      { 'if-modified-since': new Date(Date.parse(dateOf(first)) - second).toUTCString() },
      { 'if-modified-since': 'yesterday' },
    ]
    for (const headers of known) {
      const { status } = await ask(headers)
      expect([headers, status]).toEqual([headers, 200])
    }
  })

  test('goes by the tag where both are sent', async () => {
    const since = { 'if-modified-since': app.clock.now().toUTCString() }
    expect((await ask({ ...since, 'if-none-match': '"other"' })).status).toBe(200)
    const old = { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }
    expect((await ask({ ...old, 'if-none-match': tagOf(first) })).status).toBe(304)
  })

  test('is the same for who adds parameters of their own to its address', async () => {
    for (const more of ['utm_source=x', '_=1', '=', '%ff=%', 'fbclid=a&fbclid=b', 'constructor=1']) {
      const { status, text } = await side.read(council, `${feed}?${more}`)
      expect([more, status, text]).toEqual([more, 200, first.text])
    }
  })

  test('answers HEAD with the same headers and nothing else', async () => {
    const { status, headers, text } = await app.send('HEAD', `/public/${council.tenant.slug}/${feed}`)
    expect([status, text]).toEqual([200, ''])
    for (const name of ['etag', 'last-modified', 'content-type', 'cache-control']) {
      expect([name, headers.get(name)]).toEqual([name, first.headers.get(name)])
    }
  })

  test('is sent compressed to who asks, with a tag of its own that is good too', async () => {
    const path = `http://localhost/public/${council.tenant.slug}/${feed}`
    const headers = { host: 'localhost', 'accept-encoding': 'gzip' }
    const sent = await app.handle(new Request(path, { headers }), '127.0.0.1')
    expect(sent.headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
    const received = await sent.bytes()
    expect(sent.headers.get('content-encoding')).toBe('gzip')
    expect(new TextDecoder().decode(gunzipSync(received))).toBe(first.text)
    const etag = sent.headers.get('etag') as string
    expect(etag).not.toBe(tagOf(first))
    expect((await ask({ 'if-none-match': etag })).status).toBe(304)
  })
})

/** Runs the work and expects every feed of the part, and no other, to be another than before, by tag and by date. */
async function expectChange(council: Council, part: Part, files: string[], work: () => Promise<unknown>) {
  app.clock.advance(2 * second)
  const before = await Promise.all(all.map((feed) => side.read(council, feed)))
  await work()
  app.clock.advance(2 * second)
  for (const [i, feed] of all.entries()) {
    const known = before[i] as Answer
    const byTag = await side.read(council, feed, { headers: { 'if-none-match': tagOf(known) } })
    const byDate = await side.read(council, feed, { headers: { 'if-modified-since': dateOf(known) } })
    const told = [byTag.status, byDate.status]
    if (files.includes(feed)) expect([feed, ...told]).toEqual([feed, 200, 200])
    else if (!feeds[part].includes(feed)) expect([feed, ...told]).toEqual([feed, 304, 304])
    const after = await side.read(council, feed)
    expect(Date.parse(dateOf(after))).toBeGreaterThanOrEqual(Date.parse(dateOf(known)))
  }
}

describe('feeds change', () => {
  let council: Council
  beforeAll(async () => {
    council = await newFullCouncil()
  })
  const each = (part: Part, work: () => Promise<unknown>, files: string[] = feeds[part]) =>
    expectChange(council, part, files, work)
  const change = (path: string, input: object) => side.change(council, path, input)

  test('when news are published, changed, withdrawn and removed', async () => {
    let made: Body
    await each('news', async () => {
      made = await side.publish(council, 'news', { title: 'More', body: 'x' })
    })
    await each('news', () => change(`news/${made.id}`, { title: 'Changed' }))
    await each('news', () => change(`news/${made.id}`, { status: 'withdrawn' }))
    const gone = await side.publish(council, 'news', { title: 'Gone', body: 'x' })
    await each('news', () => side.remove(council, `news/${gone.id}`))
  })

  test('when news expire, by time alone', async () => {
    await side.publish(council, 'news', { title: 'Short', body: 'x', expiresAt: soon(hour) })
    await each('news', async () => app.clock.advance(hour))
  })

  test('when an event is published, changed, postponed, cancelled and removed', async () => {
    let made: Body
    await each('events', async () => {
      made = await side.publish(council, 'events', { title: 'More', startAt: soon(50 * hour) })
    })
    await each('events', () => change(`events/${made.id}`, { title: 'Changed' }))
    await each('events', () => change(`events/${made.id}`, { status: 'postponed' }))
    await each('events', () => change(`events/${made.id}`, { status: 'cancelled' }))
    await each('events', () => side.remove(council, `events/${made.id}`))
  })

  test('when an event is over, by time alone', async () => {
    await side.publish(council, 'events', { title: 'Short', startAt: soon(0), endAt: soon(hour) })
    await each('events', async () => app.clock.advance(hour), ['events.rss'])
  })

  test('when an event was over three months ago, by time alone', async () => {
    await side.publish(council, 'events', { title: 'Old', startAt: soon(0), endAt: soon(hour) })
    app.clock.advance(2 * hour)
    await each('events', async () => app.clock.advance(90 * 24 * hour), ['events.ics', 'events.json'])
  })

  test('when a case is approved, changed, moved, withdrawn and erased', async () => {
    const { id } = await side.make(council, 'cases', { summary: 'x', publicSummary: 'Lamp' })
    const path = `cases/${id}`
    await each('cases', () => change(path, { publicState: 'approved' }))
    await each('cases', () => change(path, { publicSummary: 'Lamps' }))
    await each('cases', () => change(path, { status: 'in_progress' }))
    await each('cases', () => change(path, { publicState: 'withdrawn' }))
    await each('cases', () => change(path, { publicState: 'approved' }))
    await each('cases', () => eraseCases(council.ctx, app.deps, [id]))
  })

  test('when of a ward only its boundary changes', async () => {
    const load = (east: number) => importWards(council.ctx, parseWards(bytes(squares({ Ashley: east }))))
    await each('wards', () => load(-2.5))
    await each('wards', () => load(-2.4))
  })

  test('not with what nobody sees', async () => {
    const before = await Promise.all(all.map((feed) => side.read(council, feed)))
    app.clock.advance(2 * second)
    await side.make(council, 'cases', { summary: 'Inside' })
    await side.make(council, 'news', { title: 'Draft', body: 'x', status: 'draft' })
    await side.make(council, 'events', { title: 'Draft', startAt: soon(hour), status: 'draft' })
    app.clock.advance(2 * second)
    for (const [i, feed] of all.entries()) {
      const known = before[i] as Answer
      const { headers } = await side.read(council, feed)
      expect([feed, headers.get('etag'), headers.get('last-modified')]).toEqual([
        feed,
        tagOf(known),
        dateOf(known),
      ])
    }
  })
})
