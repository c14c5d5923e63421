import { join } from 'node:path'
import { storeFile } from '../../src/db/sqlite/open'
import { ask, requestBytes } from './client'
import { type Fixture, makeFixture } from './fixture'
import {
  type Bounds,
  type Load,
  median,
  percentile,
  ratioOf,
  showRatio,
  tableOf,
  timesOf,
  whileAsked,
} from './measure'
import { assertSame, keyHeader, takeSample } from './samples'
import { type Running, start } from './servers'

const cases = 1_000_000
const word = 'pothole'
const rounds = 5
const searchers = 4
const [page, search] = ['/api/cases', `/api/cases?search=${word}`]

const alone: Bounds = { connections: 1, ms: 1_500, most: 20_000 }
/** Long enough for the slower server to answer a few times. */
const searching: Bounds = { connections: 1, ms: 6_000, most: 100 }
const beside: Bounds = { connections: 1, ms: 8_000, most: 4_000 }

const heading = `How long searches take and keep others waiting with ${cases.toLocaleString('en-GB')} cases, by Reeve and by a server written by hand
that ranks every match on its only thread, as ratios of this run. Medians of ${rounds} rounds in turn (least–most).`

/** In milliseconds, one figure per round; `searches` and `pages` count the requests measured. */
type Times = { search: number[]; quiet: number[]; busy: number[]; searches: number; pages: number }

/** Measures searches, and also how long they keep a client waiting who does not search. */
export async function runSearch(): Promise<void> {
  const fixture = await makeFixture(cases)
  const running: Running[] = []
  try {
    const reeve = await start('Reeve', 'reeve.ts', [fixture.directory])
    running.push(reeve)
    const samplesPath = join(fixture.directory, 'samples.json')
    const samples = [
      await takeSample(reeve.port, fixture.key, 'GET', page),
      await takeSample(reeve.port, fixture.key, 'GET', search),
    ] as const
    await Bun.write(samplesPath, JSON.stringify(samples))
    const byHand = await start('by hand', 'by-hand.ts', [storeFile(fixture.directory), samplesPath])
    running.push(byHand)
    await assertSame('by hand', byHand.port, fixture.key, samples[0])
    await assertFinds([reeve, byHand], fixture)
    console.log(tell(await measure(reeve, fixture.key, byHand)))
  } finally {
    for (const server of running) await server.stop()
    fixture.remove()
  }
}

/** Both must find as many cases, each with the word in it, in an answer of the same form. */
async function assertFinds(servers: Running[], { key }: Fixture): Promise<void> {
  const forms: string[] = []
  for (const { name, port } of servers) {
    const { status, body } = await ask(port, requestBytes('GET', search, [keyHeader(key)]))
    const answer = JSON.parse(body.toString())
    const found: Record<string, unknown>[] = answer.cases ?? []
    const hasWord = (one: object) => JSON.stringify(one).toLowerCase().includes(word)
    if (status !== 200 || found.length === 0 || !found.every(hasWord)) {
      throw new Error(`The ${name} server does not find "${word}": bring it up to date`)
    }
    forms.push(JSON.stringify([Object.keys(answer), found.map((one) => Object.keys(one))]))
  }
  if (forms[0] !== forms[1])
    throw new Error('A search by hand has other fields than Reeve: bring it up to date')
}

async function measure(reeve: Running, key: string, byHand: Running): Promise<[Times, Times]> {
  const loadOf = (target: string): Load => ({
    request: requestBytes('GET', target, [keyHeader(key)]),
    status: 200,
  })
  const [pages, searches] = [loadOf(page), loadOf(search)]
  const none = (): Times => ({ search: [], quiet: [], busy: [], searches: 0, pages: 0 })
  const times: [Times, Times] = [none(), none()]
  const each = async (take: (port: number, own: Times) => Promise<void>) => {
    await take(reeve.port, times[0])
    await take(byHand.port, times[1])
  }
  await each(async (port) => void (await timesOf(port, pages, alone)))
  for (let round = 0; round < rounds; round++) {
    await each(async (port, own) => {
      const taken = await timesOf(port, searches, searching)
      own.search.push(percentile(taken, 95))
      own.searches += taken.length
    })
    await each(async (port, own) => {
      own.quiet.push(percentile(await timesOf(port, pages, alone), 99))
    })
    await each(async (port, own) => {
      const taken = await whileAsked(port, searches, searchers, () => timesOf(port, pages, beside))
      own.busy.push(percentile(taken, 99))
      own.pages += taken.length
    })
  }
  return times
}

function tell([reeve, byHand]: [Times, Times]): string {
  const ratios = tableOf([
    [`p95 of a search, Reeve beside by hand`, showRatio(ratioOf(reeve.search, byHand.search))],
    [
      `p99 of another client's page while ${searchers} connections search, beside without: Reeve`,
      showRatio(ratioOf(reeve.busy, reeve.quiet)),
    ],
    ['the same by hand', showRatio(ratioOf(byHand.busy, byHand.quiet))],
  ])
  const ms = (values: number[]) => {
    const show = (value: number) => value.toFixed(value < 10 ? 1 : 0)
    return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`
  }
  const plain = tableOf([
    ['', 'Reeve', 'by hand'],
    ['p95 of a search', ms(reeve.search), ms(byHand.search)],
    ['p99 of a page, nobody searches', ms(reeve.quiet), ms(byHand.quiet)],
    [`p99 of a page, ${searchers} connections search`, ms(reeve.busy), ms(byHand.busy)],
    ['searches measured, all rounds', `${reeve.searches}`, `${byHand.searches}`],
    ['pages beside searches, all rounds', `${reeve.pages}`, `${byHand.pages}`],
  ])
  return `${heading}\n\n${ratios}\n\nOn this machine, in this run, in milliseconds:\n\n${plain}`
}
