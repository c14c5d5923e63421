import { ask, requestBytes } from './client'
import { type Fixture, makeFixture } from './fixture'
import { type Bounds, inTurn, ratioOf, showRatio, tableOf } from './measure'
import { keyHeader } from './samples'
import { type Running, start } from './servers'

const [few, many] = [1_000, 1_000_000] as const
const limit = 1.5
const rounds = 9
const bounds: Bounds = { connections: 1, ms: 500, most: 20_000 }

const heading = `How many times as long Reeve takes with ${many.toLocaleString('en-GB')} cases as with ${few.toLocaleString('en-GB')}, in this run; at most ${limit.toFixed(1)} is allowed.
Medians of ${rounds} rounds in turn (least–most).`

type Council = Fixture & Running

/** False if any page takes too much longer with a large store than with a small one. */
export async function runScale(): Promise<boolean> {
  const fixtures: Fixture[] = []
  const councils: Council[] = []
  try {
    for (const cases of [many, few]) {
      const fixture = await makeFixture(cases)
      fixtures.push(fixture)
      councils.push({ ...fixture, ...(await start('Reeve', 'reeve.ts', [fixture.directory])) })
    }
    return await compare(councils)
  } finally {
    for (const council of councils) await council.stop()
    for (const fixture of fixtures) fixture.remove()
  }
}

async function compare(councils: Council[]): Promise<boolean> {
  const pages: [name: string, targetOf: (council: Council) => Promise<string | null>][] = [
    ['page 1', async () => '/api/cases'],
    ['a middle page by cursor', middlePage],
    ['a page by status and ward', async ({ wardId }) => `/api/cases?status=open&wardId=${wardId}`],
  ]
  const rows: string[][] = []
  let isWithin = true
  for (const [name, targetOf] of pages) {
    const targets = await Promise.all(councils.map(targetOf))
    if (targets.includes(null)) {
      rows.push([name, 'skipped: this Reeve has no cursor'])
      continue
    }
    const subjects = councils.map(({ port, key }, i) => ({
      name,
      port,
      load: { request: requestBytes('GET', targets[i] ?? '', [keyHeader(key)]), status: 200 },
    }))
    const [large = [], small = []] = await inTurn(subjects, rounds, bounds)
    const ratio = ratioOf(large, small)
    if (!(ratio.middle <= limit)) isWithin = false
    rows.push([name, showRatio(ratio)])
  }
  console.log(`${heading}\n\n${tableOf(rows)}`)
  return isWithin
}

/** Reached by date, then by cursor; null if this Reeve has no cursors. */
async function middlePage({ port, key }: Council): Promise<string | null> {
  const get = async (target: string) => {
    const { status, body } = await ask(port, requestBytes('GET', target, [keyHeader(key)]))
    return status === 200 ? JSON.parse(body.toString()) : null
  }
  const middle = '/api/cases?createdTo=2024-01-01'
  const next: unknown = (await get(`${middle}&cursor=`))?.pagination?.nextCursor
  return typeof next === 'string' ? `${middle}&cursor=${encodeURIComponent(next)}` : null
}
