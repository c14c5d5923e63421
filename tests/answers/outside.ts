import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { loadConfig } from '../../src/config'
import { changeCalendar } from '../../src/core/tenants/service'
import { bankHolidays, nations } from '../../src/lib/bank-holidays'
import { countTargetsToMove, moveTargets } from '../../src/resources/cases/move-targets.service'
import { publicSide } from '../public/support'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'
import { counted, type Office, office, type Row } from './place'

const clients = 'What clients send'
const feeds = 'Feeds for their readers'
const days = 'Dates and days off'
const pages = 'Pages of the dashboard'
const settings = 'Settings of the server'

type Got = Awaited<ReturnType<Office['ask']>>

const messageOf = ({ status, body }: Got): string => {
  const [issue] = body?.details?.issues ?? []
  return `${status}${issue ? ` ${issue.path}: ${issue.message}` : ''}`
}

/** The API’s answers to these requests, in one line. */
const asked = async (paths: readonly string[], headers: Record<string, string> = {}) => {
  const { ask } = await office()
  const got = []
  for (const path of paths) got.push(messageOf(await ask('GET', path, undefined, headers)))
  return counted(got)
}

const patchedWith = async (headers: Record<string, string>): Promise<string> => {
  const { ask } = await office()
  const { status, body } = await ask('PATCH', '/api/settings', {}, headers)
  return status === 200 ? '200' : `${status} ${body.error}`
}

const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => ['item', 'entry'].includes(name) })

/** What a real feed parser reads from the only entry of each feed. */
async function entriesFor(known: object): Promise<string> {
  const { app, council, ask } = await office()
  const side = publicSide(app)
  await ask('PATCH', '/api/settings', known)
  const body = 'See [the map](/map) of *all* bins'
  const imageUrl = 'https://example.org/picture.php'
  await side.publish(council, 'news', { title: 'Bins & boxes', body, imageUrl })
  const read = async (file: string) => {
    const { text } = await side.read(council, file)
    return XMLValidator.validate(text) === true ? parser.parse(text) : null
  }
  const [rss, atom] = [await read('news.rss'), await read('news.atom')]
  const [item, entry] = [rss.rss.channel.item[0], atom.feed.entry[0]]
  const link = item.link ?? 'no link'
  const told = [
    `the channel leads to ${new URL(rss.rss.channel.link).pathname}`,
    `RSS to ${link}, Atom to ${entry.link?.['@_href'] ?? 'no link'}`,
    `${item.enclosure ? 'an' : 'no'} enclosure`,
    `titles ${item.title} and ${entry.title}`,
    /href="[^"]*"/.exec(item['content:encoded'])?.[0] ?? 'no relative address',
  ]
  return told.join('; ')
}

async function movedByADayOff(): Promise<string> {
  const { app, council, ask } = await office()
  const { id } = (await ask('POST', '/api/cases', { summary: 'Pothole' })).body
  app.clock.advance(1_000)
  await changeCalendar(council.ctx, { off: [{ date: '2026-03-24', name: 'Closed' }] })
  app.clock.advance(1_000)
  const would = await countTargetsToMove(council.ctx)
  const moved = await moveTargets(council.ctx)
  const { dueAt, timeline } = (await ask('GET', `/api/cases/${id}`)).body
  return `${would} would move, ${moved} moved, to ${dueAt.slice(0, 10)}; the timeline says: ${timeline[0].body}`
}

type Dashboard = Office & { manager: Visitor & { id: string } }

async function dashboard(): Promise<Dashboard> {
  const at = await office()
  await withoutSecondFactor(at.council)
  return { ...at, manager: await signedInAs(at.app, at.council, { role: 'manager', name: 'Max Hall' }) }
}

async function typedIntoTheList(): Promise<string> {
  const { manager } = await dashboard()
  const typed = ['10 March 2026', '10/3/2026', '10.3.26', 'Tue 10th Mar 2026', '2026-03-10']
  const shown = await Promise.all(
    typed.map(async (text) => {
      const { html } = await manager.see(`/admin/cases?dueBefore=${encodeURIComponent(text)}`)
      return /type="date" value="([^"]*)"/.exec(html)?.[1] ?? 'refused'
    }),
  )
  const wrong = await manager.see('/admin/cases?dueBefore=soon')
  return `${counted(shown)}; “soon” ${wrong.html.includes('value="soon"') ? 'stays' : 'is lost'}`
}

async function whoLooked(): Promise<string> {
  const { ask, manager } = await dashboard()
  const { id, reference } = (await ask('POST', '/api/cases', { summary: 'x', residentName: 'Ada' })).body
  await ask('PATCH', `/api/cases/${id}`, { status: 'in_progress' })
  await manager.see(`/admin/cases/${reference}/resident`)
  const { html } = await manager.see(`/admin/cases/${reference}`)
  const path = /href="(\/admin\/audit[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const log = await manager.see(path)
  const told = ['Max Hall', `Case ${reference}`, 'Open → to In progress'].filter((text) =>
    log.text.includes(text),
  )
  const isLinked = log.html.includes(`href="/admin/cases/${reference}"`)
  return `${told.join(', ')}, ${isLinked ? 'linked' : 'not linked'}, ${log.text.includes(id) ? 'an id' : 'no id'}`
}

const faultOf = (env: Record<string, string>): string => {
  try {
    loadConfig({ REEVE_DATA: '/nowhere', ...env })
    return 'taken'
  } catch (error) {
    return (error as Error).message.replace(/\s+/g, ' ')
  }
}

export const outside: readonly Row[] = [
  {
    group: clients,
    does: 'sends If-None-Match empty, without quotes, or with an empty element',
    answer: async () => {
      const { app, council } = await office()
      const ask = async (tag: string, path: string) =>
        (await app.send('GET', path, { key: council.key, headers: { 'if-none-match': tag } })).status
      const tags = ['', 'abc', '"a",,"b"']
      const paths = ['/api/cases', `/public/${council.tenant.slug}/news.rss`]
      return counted(await Promise.all(tags.flatMap((tag) => paths.map((path) => ask(tag, path)))))
    },
    isRight: (answer) => answer === '200 (6 times)',
  },
  {
    group: clients,
    does: 'adds parameters to the addresses of feeds',
    answer: async () => {
      const { council } = await office()
      const place = `/public/${council.tenant.slug}`
      return asked([
        `${place}/news.rss?utm_source=x`,
        `${place}/events.ics?_=1`,
        `${place}/cases.json?fbclid=1`,
      ])
    },
    isRight: (answer) => answer === '200 (3 times)',
  },
  {
    group: clients,
    does: 'writes a list as axios and others do',
    answer: () =>
      asked(['status[]=open', 'status[0]=open&status[1]=closed'].map((query) => `/api/cases?${query}`)),
    isRight: (answer) => answer === '200 (2 times)',
  },
  {
    group: clients,
    does: 'asks for a ward and a status that cannot be',
    answer: () => asked(['/api/cases?wardId=!', '/api/cases?status=open,done']),
    isRight: (answer) =>
      answer.includes('400 wardId: Must be an id') && answer.includes('status: Must be one of'),
  },
  {
    group: clients,
    does: 'labels JSON as charset=utf8',
    answer: () => patchedWith({ 'content-type': 'application/json; charset=utf8' }),
    isRight: (answer) => answer === '200',
  },
  {
    group: clients,
    does: 'compresses what it sends',
    answer: () => patchedWith({ 'content-encoding': 'gzip' }),
    isRight: (answer) => /^415 .*compressed/.test(answer),
  },
  {
    group: clients,
    does: 'asks for a report up to an instant',
    answer: () => asked(['/api/reports/summary?to=2026-03-13T10:00:00Z']),
    isRight: (answer) => answer.startsWith('400 to: Must be a date'),
  },
  {
    group: clients,
    does: 'gives an event a latitude without a longitude',
    answer: async () => {
      const event = { title: 'Fair', startAt: '2026-05-09', venue: { latitude: 51.4 } }
      return messageOf(await (await office()).ask('POST', '/api/events', event))
    },
    isRight: (answer) => answer.startsWith('400 venue.longitude'),
  },
  {
    group: feeds,
    does: 'follows the news of a council whose website is known',
    answer: () =>
      entriesFor({ website: 'https://www.example.gov.uk/', newsPage: 'https://www.example.gov.uk/n/{slug}' }),
    isRight: (answer) =>
      answer ===
      'the channel leads to /; RSS to https://www.example.gov.uk/n/bins-and-boxes, Atom to https://www.example.gov.uk/n/bins-and-boxes; ' +
        'no enclosure; titles Bins & boxes and Bins & boxes; href="https://www.example.gov.uk/map"',
  },
  {
    group: feeds,
    does: 'follows the news of a council whose website is not',
    answer: () => entriesFor({}),
    isRight: (answer) =>
      answer ===
      'the channel leads to /swagger/guide/public; RSS to no link, Atom to no link; no enclosure; titles Bins & boxes and Bins & boxes; no relative address',
  },
  {
    group: days,
    does: 'adds a day off when a case is open already, and moves its due date',
    answer: movedByADayOff,
    isRight: (answer) =>
      answer.startsWith('1 would move, 1 moved, to 2026-03-30; the timeline says: The council’s'),
  },
  {
    group: days,
    does: 'counts working days over the wedding of 2011 and the jubilee of 2012',
    answer: async () => {
      const special = ['2011-04-29', '2012-06-04', '2012-06-05', '2012-05-28']
      const kept = nations.map((nation) => {
        const dates = [2011, 2012].flatMap((year) => bankHolidays(nation, year).map(({ date }) => date))
        return special.filter((date) => dates.includes(date)).join(' ')
      })
      return counted(kept)
    },
    isRight: (answer) => answer === '2011-04-29 2012-06-04 2012-06-05 (3 times)',
  },
  {
    group: pages,
    does: 'types dates into a filter as people write them, and one that is none',
    answer: typedIntoTheList,
    isRight: (answer) => answer === '2026-03-10 (5 times); “soon” stays',
  },
  {
    group: pages,
    does: 'asks who looked at a resident, from the page of the case',
    answer: whoLooked,
    isRight: (answer) => /^Max Hall, Case \S+, Open → to In progress, linked, no id$/.test(answer),
  },
  {
    group: settings,
    does: 'misspells a setting, or gives the public address a path',
    answer: async () =>
      `${faultOf({ REEVE_PROT: '80' })}; ${faultOf({ REEVE_PUBLIC_URL: 'https://x.example/reeve' })}`,
    isRight: (answer) => /REEVE_PORT\?; .*REEVE_PUBLIC_URL must be an address without a path/.test(answer),
  },
]
