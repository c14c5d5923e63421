import { documentedFile } from '../http/docs/responses'

// What feeds, calendars and maps look like, for the API document.

const council = 'https://reeve.example.gov.uk/public/bristol'
const website = 'https://www.example.gov.uk'
const text = { type: 'string' }

type Entry = { part: string; id: string; title: string; link: string; html: string }

export const sampleRss = ({ part, id, title, link, html }: Entry) => {
  const example = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Bristol City Council: ${part}</title>
    <link>${website}</link>
    <description>Bristol City Council: ${part}</description>
    <atom:link href="${council}/${part}.rss" rel="self" type="application/rss+xml"/>
    <item>
      <title>${title}</title>
      <link>${website}/${link}</link>
      <guid isPermaLink="false">${id}</guid>
      <pubDate>Fri, 13 Mar 2026 10:05:00 GMT</pubDate>
      <content:encoded><![CDATA[${html}]]></content:encoded>
    </item>
  </channel>
</rss>`
  return documentedFile({ 'application/rss+xml': { schema: text, example } })
}

export const sampleAtom = ({ part, id, title, link, html }: Entry) => {
  const example = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:x-reeve:b7n2m5k8j1h4g6f3d9s0a1cc:${part}</id>
  <title>Bristol City Council: ${part}</title>
  <updated>2026-03-13T10:05:00.000Z</updated>
  <author><name>Bristol City Council</name></author>
  <link rel="alternate" href="${website}"/>
  <link rel="self" href="${council}/${part}.atom"/>
  <entry>
    <id>${id}</id>
    <title>${title}</title>
    <updated>2026-03-13T10:05:00.000Z</updated>
    <link href="${website}/${link}"/>
    <content type="html"><![CDATA[${html}]]></content>
  </entry>
</feed>`
  return documentedFile({ 'application/atom+xml': { schema: text, example } })
}

export const sampleJsonFeed = ({ part, id, title, link, html }: Entry) => {
  const example = {
    version: 'https://jsonfeed.org/version/1.1',
    title: `Bristol City Council: ${part}`,
    home_page_url: website,
    feed_url: `${council}/${part}.json`,
    items: [
      {
        id,
        url: `${website}/${link}`,
        title,
        content_html: html,
        date_published: '2026-03-13T10:05:00.000Z',
      },
    ],
  }
  const schema = {
    type: 'object',
    required: ['version', 'title', 'items'],
    properties: {
      version: text,
      title: text,
      home_page_url: text,
      feed_url: text,
      items: { type: 'array', items: { type: 'object' } },
    },
    examples: [example],
  }
  return documentedFile({ 'application/feed+json': { schema } })
}

/** `2026-05-09T09:00:00.000Z` as a calendar writes it: `20260509T090000Z`. */
const calendarTime = (instant: string) => instant.replace(/\.\d+|[-:]/g, '')

type Appointment = { id: string; title: string; startAt: string; endAt: string; updatedAt: string }

export const sampleCalendar = ({ id, title, startAt, endAt, updatedAt }: Appointment) => {
  const example = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Reeve//Reeve//EN
BEGIN:VEVENT
UID:${id}@reeve
SEQUENCE:0
DTSTAMP:${calendarTime(updatedAt)}
DTSTART:${calendarTime(startAt)}
DTEND:${calendarTime(endAt)}
SUMMARY:${title}
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
`
  return documentedFile({ 'text/calendar': { schema: text, example } })
}

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

const mapSchema = {
  type: 'object',
  required: ['type', 'features'],
  properties: { type: text, features: { type: 'array', items: { type: 'object' } } },
  examples: [map],
}

export const sampleMap = documentedFile({ 'application/geo+json': { schema: mapSchema } })
