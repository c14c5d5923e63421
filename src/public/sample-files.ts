import { documentedFile } from '../http/docs/responses'

const council = 'https://reeve.example.gov.uk/public/bristol'
const news = `${council}/news`
const item = 'urn:x-reeve:news:n2w8s5d1f7g3h9j4k6l0q2gg'

type Entry = { part: string; id: string; title: string; link: string; html: string }

const rssOf = ({ part, id, title, link, html }: Entry) => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Bristol City Council: ${part}</title>
    <link>${council}/${part}.json</link>
    <description>Bristol City Council: ${part}</description>
    <atom:link href="${council}/${part}.rss" rel="self" type="application/rss+xml"/>
    <item>
      <title>${title}</title>
      <link>${council}/${link}</link>
      <guid isPermaLink="false">${id}</guid>
      <pubDate>Fri, 13 Mar 2026 10:05:00 GMT</pubDate>
      <content:encoded><![CDATA[${html}]]></content:encoded>
    </item>
  </channel>
</rss>`

const newsRss = rssOf({
  part: 'news',
  id: item,
  title: 'Mina Road is open again',
  link: 'news.json#mina-road-is-open-again',
  html: '<p>The works are <strong>finished</strong>.</p>',
})

const eventsRss = rssOf({
  part: 'events',
  id: 'urn:x-reeve:event:e6v1h4n9c3k8t2w5m7p0r4ff',
  title: 'Ward surgery at the library',
  link: 'events.json#e6v1h4n9c3k8t2w5m7p0r4ff',
  html: '<p>Saturday, 9 May 2026, 10:00 to 12:00, Junction 3 Library</p>',
})

const casesRss = rssOf({
  part: 'cases',
  id: 'urn:x-reeve:case:tz4a98xxat96iws9zmbrgj3a',
  title: 'Pothole reported on Mina Road',
  link: 'cases/CW-2026-0042',
  html: 'In progress, Potholes, Ashley. Pothole reported on Mina Road',
})

const atom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:x-reeve:b7n2m5k8j1h4g6f3d9s0a1cc:news</id>
  <title>Bristol City Council: news</title>
  <updated>2026-03-13T10:05:00.000Z</updated>
  <author><name>Bristol City Council</name></author>
  <link rel="self" href="${news}.atom"/>
  <entry>
    <id>${item}</id>
    <title type="html">Mina Road is open again</title>
    <updated>2026-03-13T10:05:00.000Z</updated>
    <link href="${news}.json#mina-road-is-open-again"/>
    <content type="html"><![CDATA[<p>The works are <strong>finished</strong>.</p>]]></content>
  </entry>
</feed>`

const jsonFeed = {
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Bristol City Council: news',
  feed_url: `${news}.json`,
  items: [
    {
      id: item,
      url: `${news}.json#mina-road-is-open-again`,
      title: 'Mina Road is open again',
      content_html: '<p>The works are <strong>finished</strong>.</p>',
      date_published: '2026-03-13T10:05:00.000Z',
    },
  ],
}

const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Reeve//Reeve//EN
BEGIN:VEVENT
UID:e6v1h4n9c3k8t2w5m7p0r4ff@reeve
SEQUENCE:0
DTSTAMP:20260313T100500Z
DTSTART:20260509T090000Z
DTEND:20260509T110000Z
SUMMARY:Ward surgery at the library
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
`

const ring = [
  [-2.59, 51.46],
  [-2.56, 51.46],
  [-2.56, 51.48],
  [-2.59, 51.48],
  [-2.59, 51.46],
]

const map = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      id: 'pfh0haxfpzowht3oi213cqos',
      properties: { name: 'Ashley', slug: 'ashley', gssCode: 'E05010885', tier: 'ward' },
      geometry: { type: 'Polygon', coordinates: [ring] },
    },
  ],
}

const text = { type: 'string' }
const list = { type: 'array', items: { type: 'object' } }
const feedSchema = {
  type: 'object',
  required: ['version', 'title', 'items'],
  properties: { version: text, title: text, feed_url: text, items: list },
  examples: [jsonFeed],
}
const mapSchema = {
  type: 'object',
  required: ['type', 'features'],
  properties: { type: text, features: list },
  examples: [map],
}
const rss = (example: string) => documentedFile({ 'application/rss+xml': { schema: text, example } })

/** For the document: what each kind of file looks like. */
export const feedFiles = {
  rss: rss(newsRss),
  eventsRss: rss(eventsRss),
  casesRss: rss(casesRss),
  atom: documentedFile({ 'application/atom+xml': { schema: text, example: atom } }),
  json: documentedFile({ 'application/feed+json': { schema: feedSchema } }),
  calendar: documentedFile({ 'text/calendar': { schema: text, example: calendar } }),
  map: documentedFile({ 'application/geo+json': { schema: mapSchema } }),
}
