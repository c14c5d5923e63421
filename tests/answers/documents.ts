import { eventNames } from '../../src/core/outbox/table'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import { isClosed, objectSchemasOf, operationsOf, readDocument, successOf } from '../docs/document'
import { publicSide, squares, turnOf } from '../public/support'
import { bytes } from '../support/casework'
import { canSendWhole, sendWhole } from '../support/whole-bodies'
import { group } from './on-the-way'
import { counted, notTriedHere, office, type Row, serve, served, side } from './place'

const feeds = ['news.json', 'news.rss', 'news.atom', 'events.ics', 'events.rss', 'cases.rss', 'wards.geojson']

/** The calendar of a council with a cancelled event whose text is a list. */
async function calendar(): Promise<string> {
  const { app, council, ask } = await office()
  const { publish, read } = publicSide(app)
  const startAt = new Date(app.clock.now().getTime() + 86_400_000).toISOString()
  const { id } = await publish(council, 'events', { title: 'Fair', body: 'Bring:\n\n- tea\n- cake', startAt })
  await ask('PATCH', `/api/events/${id}`, { status: 'cancelled' })
  return (await read(council, 'events.ics')).text
}

/** What the API document does not tell, or tells wrongly. */
async function faultsOfDocument(): Promise<string> {
  const { app } = await served()
  const document = await readDocument(app)
  const operations = operationsOf(document)
  const withBody = operations.filter(
    ({ method, operation }) => method !== 'GET' && !('413' in operation.responses),
  )
  const closed = operations.filter((one) =>
    [...objectSchemasOf(document, successOf(one).answer.content)].some(isClosed),
  )
  const told = Object.keys(document.webhooks ?? {}).length
  const lines = operations
    .flatMap((one) => successOf(one).answer.content?.['application/x-ndjson'] ?? [])
    .filter(({ schema }) => schema?.type !== 'string')
  return [
    `413 is missing on ${withBody.length} operations`,
    `${closed.length} answers are closed`,
    `${told} of ${eventNames.length} webhooks are told`,
    `${document.security ? 'a' : 'no'} key is asked for at the top`,
    `${lines.length} JSON lines are told as one object`,
  ].join(', ')
}

export const documents: readonly Row[] = [
  {
    group,
    does: 'asks again with the tag for each kind of feed',
    answer: async () => {
      const { app } = await served()
      const { slug } = await side()
      const again = feeds.map(async (feed) => {
        const path = `/public/${slug}/${feed}`
        const tag = (await app.send('GET', path)).headers.get('etag') ?? ''
        const { status, headers } = await app.send('GET', path, { headers: { 'if-none-match': tag } })
        return `${status} ${headers.has('content-type') ? 'with' : 'without'} a Content-Type`
      })
      return counted(await Promise.all(again))
    },
    isRight: (answer) => answer === `304 without a Content-Type (${feeds.length} times)`,
  },
  {
    group,
    does: 'imports a ward whose ring goes clockwise and reads the map',
    answer: async () => {
      const { app, council } = await office()
      const file = JSON.parse(squares({ Ashley: -2.5 }))
      file.features[0].geometry.coordinates[0].reverse()
      await importWards(council.ctx, parseWards(bytes(JSON.stringify(file))))
      const { body, text } = await publicSide(app).read(council, 'wards.geojson')
      const { geometry } = (body ?? JSON.parse(text)).features[0]
      const ring = geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0][0]
      return turnOf(ring) > 0 ? 'counter-clockwise, as RFC 7946 asks' : 'clockwise'
    },
    isRight: (answer) => answer.startsWith('counter-clockwise'),
  },
  {
    group,
    does: 'subscribes to a calendar with a cancelled event whose text is a list',
    answer: async () => {
      const text = await calendar()
      const [, summary] = /\r\nSUMMARY:(.*)\r\n/.exec(text) ?? []
      const items = text.includes('Bring:\\n- tea\\n- cake') ? 'a line an item' : 'items run together'
      return `“${summary}”, ${items}, the last line ends ${text.endsWith('\r\n') ? 'with CRLF' : 'without CRLF'}`
    },
    isRight: (answer) => answer === '“Cancelled: Fair”, a line an item, the last line ends with CRLF',
  },
  {
    group,
    does: 'reads the API document with a generator of clients',
    answer: faultsOfDocument,
    isRight: (answer) =>
      answer ===
      [
        '413 is missing on 0 operations, 0 answers are closed',
        `${eventNames.length} of ${eventNames.length} webhooks are told`,
        'a key is asked for at the top, 0 JSON lines are told as one object',
      ].join(', '),
  },
  {
    group,
    does: 'reads the API document of a server with a public address',
    answer: async () => {
      const { app } = await serve({ REEVE_PUBLIC_URL: 'https://casework.example.gov.uk' })
      return (await readDocument(app)).servers[0]?.url ?? 'no server'
    },
    isRight: (answer) => answer === 'https://casework.example.gov.uk',
  },
  {
    group,
    does: 'sends 6 MiB with Python, which reads only when it has sent everything, three times',
    answer: async () => {
      if (!canSendWhole) return notTriedHere('Python is not installed')
      const { server, council } = await office()
      const told = await sendWhole(`${server.url}/api/cases`, council.key, 3, 6 * 1_048_576, 'whole')
      return counted(told.map(([status, message]) => `${status} ${message}`))
    },
    isRight: (answer) => answer === '413 The body is larger than 1 MiB (3 times)',
  },
]
