import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { type Binary, buildBinary, type Running } from '../support/binary'
import { amount, isDrill } from '../support/drill'

setDefaultTimeout(900_000)

const writers = 16
const rounds = amount(100, 3)
const longestWaitMs = 20_000

let binary: Binary
let key: string

beforeAll(async () => {
  binary = await buildBinary()
  await binary.run(['tenant', 'create', '--slug', 'avon', '--name', 'Avon'])
  const made = await binary.run([
    'key',
    'create',
    '--tenant',
    'avon',
    '--name',
    'k',
    '--scopes',
    'all',
    '--json',
  ])
  key = JSON.parse(made.out).key
})
afterAll(() => binary?.remove())

const headers = () => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })

/** Makes a case; null if nobody answered. */
async function create({ url }: Running, name: string): Promise<{ status: number; reference: string } | null> {
  try {
    const answer = await fetch(`${url}/api/cases`, {
      method: 'POST',
      headers: { ...headers(), 'idempotency-key': name },
      body: JSON.stringify({ summary: name }),
    })
    return { status: answer.status, reference: ((await answer.json()) as { reference: string }).reference }
  } catch {
    return null
  }
}

async function everyCase({ url }: Running): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await fetch(`${url}/api/cases?pageSize=100&cursor=${cursor}`, { headers: headers() })
    const { cases, pagination } = (await answer.json()) as {
      cases: { summary: string; reference: string }[]
      pagination: { nextCursor: string | null }
    }
    for (const { summary, reference } of cases) found.set(summary, [...(found.get(summary) ?? []), reference])
    cursor = pagination.nextCursor
  }
  return found
}

test(`${rounds} kills under ${writers} writers lose nothing that was acknowledged, and double nothing that is sent again`, async () => {
  const acknowledged = new Map<string, string>()
  let unanswered: string[] = []
  const start = () => binary.start(['serve'], { REEVE_RATE_LIMIT: '1000000000' })
  for (let round = 0; round < rounds; round++) {
    const server = await start()
    const again = unanswered
    unanswered = []
    const keep = async (name: string) => {
      const answer = await create(server, name)
      if (answer === null) unanswered.push(name)
      else {
        expect([name, answer.status]).toEqual([name, 201])
        acknowledged.set(name, answer.reference)
      }
      return answer !== null
    }
    for (const name of again) await keep(name)
    const work = Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; await keep(`${round}-${writer}-${i}`); i++);
    })
    const enough = acknowledged.size + writers
    for (let waited = 0; acknowledged.size < enough && waited < longestWaitMs; waited += 5) await Bun.sleep(5)
    // At another moment of their work each time.
    await Bun.sleep((round * 37) % 140)
    await server.stop('SIGKILL')
    await Promise.all(work)
  }
  const server = await start()
  for (const name of unanswered) await create(server, name)
  const kept = await everyCase(server)
  const lost = [...acknowledged].filter(([name, reference]) => !kept.get(name)?.includes(reference))
  const doubled = [...kept].filter(([, references]) => references.length > 1)
  expect([lost, doubled]).toEqual([[], []])
  expect(acknowledged.size).toBeGreaterThanOrEqual(rounds * writers)
  const figures = {
    kills: rounds,
    acknowledged: acknowledged.size,
    lost: lost.length,
    doubled: doubled.length,
  }
  if (isDrill)
    process.stderr.write(`${JSON.stringify(figures)}
`)
  const { code, out } = await binary.run(['check'])
  expect([code, out]).toEqual([0, expect.not.stringContaining('FAILED')])
  await server.stop()
})
