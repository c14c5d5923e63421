import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import type { Body } from '../resources/cases/support'
import { type Answer, type Council, createTestApp, type TestApp } from '../support/app'
import { bytes } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { jsonFeed } from './json-feed'
import { hardText, newCouncil, publicSide, readXml, textOf } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
})
afterAll(() => app.close())

const ajv = addFormats(new Ajv2020({ allErrors: true }))
const isJsonFeed = ajv.compile(jsonFeed)

const feeds = ['news.json', 'news.rss', 'news.atom'] as const
const rfc822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

const news = (input: object = {}) => ({ title: 'News', body: 'Words', ...input })

function jsonOf({ status, text }: Answer): Body {
  expect(status).toBe(200)
  const feed = JSON.parse(text)
  isJsonFeed(feed)
  expect(isJsonFeed.errors ?? []).toEqual([])
  return feed
}

const titles = async (council: Council, query = ''): Promise<string[]> =>
  jsonOf(await side.read(council, `news.json${query}`)).items.map(({ title }: Body) => title)

/** Ids and titles in each of the three, in order. */
async function entriesOf(council: Council): Promise<[string, string][][]> {
  const json = jsonOf(await side.read(council, 'news.json'))
  const rss = readXml((await side.read(council, 'news.rss')).text).rss.channel
  const atom = readXml((await side.read(council, 'news.atom')).text).feed
  return [
    json.items.map(({ id, title }: Body) => [id, title]),
    (rss.item ?? []).map(({ guid, title }: Body) => [textOf(guid), title]),
    (atom.entry ?? []).map(({ id, title }: Body) => [id, textOf(title)]),
  ]
}

describe('feeds of news refuse', () => {
  test('a council that is not there', async () => {
    for (const feed of feeds) {
      const { status, body } = await app.send('GET', `/public/nowhere/${feed}`)
      expect([feed, status, body.error]).toEqual([feed, 404, 'Council not found'])
    }
  })

  test('a ward that is not there or not in use', async () => {
    const council = await newCouncil(app)
    await importWards(council.ctx, parseWards(bytes('name,enabled\nGone,no\n')))
    for (const feed of feeds) {
      for (const query of ['ward=nowhere', 'ward=gone', 'ward=', 'ward=nowhere&utm_source=x']) {
        const answer = await side.read(council, `${feed}?${query}`)
        const [name] = query.split('=')
        expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
      }
    }
  })
})

describe('news', () => {
  test('of a council without any are empty feeds', async () => {
    const council = await newCouncil(app)
    expect(await entriesOf(council)).toEqual([[], [], []])
  })

  test('belong to the council', async () => {
    const { ctx } = await newCouncil(app)
    const read = async (feed: string) => (await app.send('GET', `/public/${ctx.tenant.slug}/${feed}`)).text
    expect(await read('news.rss')).toContain(`<copyright>${ctx.tenant.name}</copyright>`)
    expect(await read('news.atom')).toContain(`<rights>${ctx.tenant.name}</rights>`)
  })

  test('are what is published and not expired, the newest first', async () => {
    const council = await newCouncil(app)
    const other = await newCouncil(app)
    await side.publish(other, 'news', news({ title: 'Elsewhere' }))
    await side.make(council, 'news', news({ title: 'Draft', status: 'draft' }))
    await side.make(council, 'news', news({ title: 'Pending' }))
    await side.publish(council, 'news', news({ title: 'Scheduled', publishedAt: '2030-01-01' }))
    const withdrawn = await side.publish(council, 'news', news({ title: 'Withdrawn' }))
    await side.change(council, `news/${withdrawn.id}`, { status: 'withdrawn' })
    for (const title of ['First', 'Second', 'Third']) {
      await side.publish(council, 'news', news({ title }))
      app.clock.advance(1_000)
    }
    const expiresAt = new Date(app.clock.now().getTime() + 60_000).toISOString()
    await side.publish(council, 'news', news({ title: 'Short', expiresAt }))
    expect(await titles(council)).toEqual(['Short', 'Third', 'Second', 'First'])
    app.clock.advance(59_999)
    expect(await titles(council)).toHaveLength(4)
    app.clock.advance(1)
    const expected = ['Third', 'Second', 'First']
    expect((await entriesOf(council)).map((one) => one.map(([, title]) => title))).toEqual([
      expected,
      expected,
      expected,
    ])
  })

  test('are fifty at most', async () => {
    const council = await newCouncil(app)
    for (let i = 1; i <= 52; i++) {
      await side.publish(council, 'news', news({ title: `N${i}` }))
      app.clock.advance(1_000)
    }
    const expected = Array.from({ length: 50 }, (_, i) => `N${52 - i}`)
    for (const entries of await entriesOf(council)) {
      expect(entries.map(([, title]) => title)).toEqual(expected)
    }
  })

  test('of a ward, named by slug, GSS code or id, are its own and those for all', async () => {
    const council = await newCouncil(app)
    const file = 'name,gssCode\nAshley,E05010885\nAvonmouth,E05010886\n'
    await importWards(council.ctx, parseWards(bytes(file)))
    const { body } = await app.send('GET', '/api/wards', { key: council.key })
    const [ashley, avonmouth] = body.wards
    await side.publish(council, 'news', news({ title: 'All' }))
    await side.publish(council, 'news', news({ title: 'Ashley', wardIds: [ashley.id] }))
    await side.publish(council, 'news', news({ title: 'Avonmouth', wardIds: [avonmouth.id] }))
    await side.publish(council, 'news', news({ title: 'Both', wardIds: [ashley.id, avonmouth.id] }))
    for (const name of ['ashley', 'E05010885', ashley.id]) {
      expect((await titles(council, `?ward=${name}`)).sort()).toEqual(['All', 'Ashley', 'Both'])
    }
    expect((await titles(council)).length).toBe(4)
  })

  test('keep their ids when they change', async () => {
    const council = await newCouncil(app)
    const { id } = await side.publish(council, 'news', news({ title: 'Before' }))
    const before = await entriesOf(council)
    app.clock.advance(60_000)
    await side.change(council, `news/${id}`, { title: 'After', body: 'Other words' })
    const after = await entriesOf(council)
    expect(after.map((one) => one[0]?.[1])).toEqual(['After', 'After', 'After'])
    expect(after.map((one) => one[0]?.[0])).toEqual(before.map((one) => one[0]?.[0]))
    expect(new Set(after.map((one) => one[0]?.[0])).size).toBe(1)
  })
})

describe('what a feed of news holds', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil(app)
    const imageUrl = 'https://example.org/a.png?a=1&b=2'
    await side.publish(council, 'news', {
      title: hardText,
      summary: hardText,
      body: `${hardText}\n\nbroken\u000bby\u0001hand [no](javascript:alert(1)) *yes*`,
      imageUrl,
    })
  })

  test('is RSS 2.0', async () => {
    const { headers, text } = await side.read(council, 'news.rss')
    expect(headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
    const { rss } = readXml(text)
    expect(rss['@version']).toBe('2.0')
    const { title, link, description, lastBuildDate, 'atom:link': self, item } = rss.channel
    for (const needed of [title, link, description]) expect(needed).toBeTruthy()
    expect(lastBuildDate).toMatch(rfc822)
    const [own] = self
    expect([own['@rel'], own['@type']]).toEqual(['self', 'application/rss+xml'])
    expect(own['@href']).toBe(`http://localhost/public/${council.tenant.slug}/news.rss`)
    const [{ guid, pubDate, enclosure, link: none }] = item
    expect([guid['@isPermaLink'], textOf(guid)]).toEqual(['false', expect.stringMatching(/^urn:/)])
    expect(pubDate).toMatch(rfc822)
    // An enclosure needs the picture’s length, which is not known; one of our own addresses would not be a page.
    expect([enclosure, none]).toEqual([undefined, undefined])
    expect(link).toEqual(['http://localhost/swagger/guide/public'])
    expect((await app.send('GET', '/swagger/guide/public')).headers.get('content-type')).toContain(
      'text/html',
    )
    expect(item[0]['content:encoded']).toStartWith(
      '<p><img src="https://example.org/a.png?a=1&amp;b=2" alt="">',
    )
  })

  test('is Atom', async () => {
    const { headers, text } = await side.read(council, 'news.atom')
    expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    const { feed } = readXml(text)
    expect(feed['@xmlns']).toBe('http://www.w3.org/2005/Atom')
    expect(feed.author.name).toBe(council.tenant.name)
    for (const one of [feed, feed.entry[0]]) {
      expect(one.id).toMatch(/^urn:/)
      expect(textOf(one.title)).toBeTruthy()
      expect(new Date(one.updated).toISOString()).toBe(one.updated)
    }
    const [own] = feed.link.filter((one: Body) => one['@rel'] === 'self')
    expect(own['@href']).toBe(`http://localhost/public/${council.tenant.slug}/news.atom`)
    expect(textOf(feed.entry[0].content)).toContain('<em>yes</em>')
    expect(textOf(feed.entry[0].content)).toContain(
      '<img src="https://example.org/a.png?a=1&amp;b=2" alt="">',
    )
    expect([feed.entry[0].link, feed.link.length]).toEqual([undefined, 1])
  })

  test('is JSON Feed 1.1', async () => {
    const answer = await side.read(council, 'news.json')
    expect(answer.headers.get('content-type')).toBe('application/feed+json; charset=utf-8')
    const { feed_url, items } = jsonOf(answer)
    expect(feed_url).toBe(`http://localhost/public/${council.tenant.slug}/news.json`)
    expect(items).toHaveLength(1)
    expect([items[0].url, items[0].image]).toEqual([undefined, 'https://example.org/a.png?a=1&b=2'])
  })

  test('is well-formed, whole and harmless, whatever stands in it', async () => {
    const whole = 'Tea & <b>cake</b> ]]> 🎂 ŵŷ "quoted" <script>alert(1)</script>'
    const [item] = jsonOf(await side.read(council, 'news.json')).items
    const [rssItem] = readXml((await side.read(council, 'news.rss')).text).rss.channel.item
    const [entry] = readXml((await side.read(council, 'news.atom')).text).feed.entry
    for (const title of [item.title, entry.title]) expect(title).toBe(whole)
    for (const summary of [item.summary, entry.summary]) expect(summary).toBe(whole)
    // What is HTML, or taken for it, shows the same text once it is read as such.
    for (const text of [rssItem.title, rssItem.description]) {
      expect(text).not.toContain('<')
      expect(shownAs(text)).toBe(whole)
    }
    for (const html of [item.content_html, rssItem['content:encoded'], textOf(entry.content)]) {
      expect(html).not.toMatch(/<script|javascript:|alert\(1\)<\/script|onerror/)
      expect(html).toContain('🎂 ŵŷ')
      expect(html).toContain('broken by hand')
    }
  })
})

describe('feeds of a council whose website is known', () => {
  const website = 'https://www.example.gov.uk/'
  const body = '[here](/roads/mina-road) [there](../x) ![map](map.png) [mail](mailto:a@example.org)'

  test('lead to its pages, and take relative addresses from there', async () => {
    const council = await newCouncil(app)
    await side.publish(council, 'news', news({ title: 'Bins & boxes', body }))
    await side.change(council, 'settings', { website, newsPage: `${website}news/{slug}` })
    const json = jsonOf(await side.read(council, 'news.json'))
    const { channel } = readXml((await side.read(council, 'news.rss')).text).rss
    const { feed } = readXml((await side.read(council, 'news.atom')).text)
    const [own] = feed.link.filter((one: Body) => one['@rel'] === 'alternate')
    expect([json.home_page_url, channel.link[0], own['@href']]).toEqual([website, website, website])
    const page = `${website}news/bins-and-boxes`
    const [{ url }, item, entry] = [json.items[0], channel.item[0], feed.entry[0]]
    expect([url, item.link[0], entry.link[0]['@href']]).toEqual([page, page, page])
    expect([json.items[0].title, item.title, entry.title]).toEqual(Array(3).fill('Bins & boxes'))
    for (const html of [json.items[0].content_html, item['content:encoded'], textOf(entry.content)]) {
      expect(html).toContain(`<a href="${website}roads/mina-road">here</a> <a href="${website}x">there</a>`)
      expect(html).toContain(`<img alt="map" src="${website}map.png" />`)
      expect(html).toContain('<a href="mailto:a@example.org">')
    }
  })

  test('are told to those who ask by the date', async () => {
    const council = await newCouncil(app)
    await side.publish(council, 'news', news())
    app.clock.advance(60_000)
    const since = app.clock.now().toUTCString()
    app.clock.advance(60_000)
    const ask = () => side.read(council, 'news.rss', { headers: { 'if-modified-since': since } })
    expect((await ask()).status).toBe(304)
    await side.change(council, 'settings', { website })
    expect((await ask()).status).toBe(200)
  })

  test('have the words alone of relative links where it is not', async () => {
    const council = await newCouncil(app)
    await side.publish(council, 'news', news({ body }))
    const [{ content_html: html }] = jsonOf(await side.read(council, 'news.json')).items
    expect(html).toBe('<p>here there  <a href="mailto:a@example.org">mail</a></p>')
  })

  test('are answered though an address leads nowhere', async () => {
    const council = await newCouncil(app)
    const nowhere = 'https://example.org:99999/'
    await side.publish(council, 'news', news({ imageUrl: nowhere }))
    await side.publish(council, 'events', { title: 'Fair', startAt: '2027-05-09', bookingUrl: nowhere })
    await side.change(council, 'settings', { website: nowhere, newsPage: `${nowhere}{slug}` })
    for (const feed of [...feeds, 'events.rss', 'events.ics', 'cases.rss']) {
      expect([feed, (await side.read(council, feed)).status]).toEqual([feed, 200])
    }
  })
})

const shownAs = (html: string) =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
