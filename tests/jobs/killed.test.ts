import { afterEach, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { assertSigned, deliveryRows, environment, teller } from '../resources/webhooks/delivering'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { type Receiver, startReceiver } from '../support/receiver'

let app: TestApp
let council: Council
let receiver: Receiver
let server: Awaited<ReturnType<typeof serve>> | undefined

beforeEach(async () => {
  app = await createTestApp(environment)
  council = await createCouncil(app, 'avon')
  receiver = startReceiver()
})
afterEach(async () => {
  server?.child.kill('SIGKILL')
  await server?.child.exited
  await receiver.stop()
  await app.close()
})

/** How much faster than time the server's clock runs: waits of 5 and leases of 30 seconds are over sooner. */
const times = 30
const start = Date.now()

async function serve() {
  const { data, databaseUrl } = app.config
  const env = {
    ...environment,
    REEVE_DATA: data,
    REEVE_PORT: '0',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl, REEVE_DATABASE_POOL: '4' }),
  }
  const script = join(import.meta.dir, 'killed-server.ts')
  const child = Bun.spawn([process.execPath, script, String(start), String(times)], {
    env: { PATH: process.env.PATH, ...env },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const { value } = await child.stdout.getReader().read()
  return { child, url: new TextDecoder().decode(value).trim() }
}

const [cases, changes] = [8, 5]

test('a server killed twice while it delivers loses no event, and keeps those of a case in order', async () => {
  const hook = await teller(app).hook(council, receiver)
  const seen = new Set<string>()
  const refused = new Set<string>()
  const killAt = [6, 20]
  const kills: number[] = []
  receiver.answerNext(
    ...Array.from({ length: 1_000 }, () => () => {
      const id = receiver.received.at(-1)?.body.id as string
      const isFirst = !seen.has(id)
      seen.add(id)
      // Killed while it waits for an answer: it never learns what came of it.
      if (receiver.received.length >= (killAt[0] ?? Number.POSITIVE_INFINITY) && server) {
        killAt.shift()
        server.child.kill('SIGKILL')
        return new Response(null, { status: 204 })
      }
      if (!isFirst || seen.size % 2 === 1) return new Response(null, { status: 204 })
      refused.add(id)
      return new Response(null, { status: 503 })
    }),
  )

  let isOver = false
  const served = (async () => {
    while (!isOver) {
      server = await serve()
      kills.push(await server.child.exited)
      server = undefined
    }
  })()

  const ask = async (method: string, path: string, body: object, once: string) => {
    for (let tries = 0; tries < 200; tries++) {
      const init = {
        method,
        headers: {
          authorization: `Bearer ${council.key}`,
          'content-type': 'application/json',
          'idempotency-key': once,
        },
        body: JSON.stringify(body),
      }
      const answer = server && (await fetch(`${server.url}${path}`, init).catch(() => null))
      const text = await answer?.text().catch(() => null)
      if (answer && answer.status < 300 && text) return JSON.parse(text)
      await Bun.sleep(50)
    }
    throw new Error(`It was never made: ${method} ${path} ${once}`)
  }
  await Promise.all(
    Array.from({ length: cases }, async (_, i) => {
      const { id } = await ask('POST', '/api/cases', { summary: `${i}-0` }, `${i}-0`)
      for (let j = 1; j < changes; j++) {
        await ask('PATCH', `/api/cases/${id}`, { summary: `${i}-${j}` }, `${i}-${j}`)
        await Bun.sleep(20)
      }
    }),
  )
  const areDelivered = async () => {
    const rows = await deliveryRows(app.deps)
    return rows.length === cases * changes && rows.every(({ state }) => state === 'delivered')
  }
  const deadline = Date.now() + 45_000
  while (!(await areDelivered()) && Date.now() < deadline) await Bun.sleep(100)
  expect(await areDelivered()).toBe(true)
  isOver = true
  server?.child.kill('SIGKILL')
  await served

  // 128 and the number of SIGKILL: twice by the receiver, and once by the end of the test.
  expect(kills).toEqual([137, 137, 137])
  expect(seen.size).toBe(cases * changes)
  expect(refused.size).toBeGreaterThan(10)
  for (const one of receiver.received) assertSigned(one, hook.secret)
  // In the order in which each arrived first.
  const arrived = [...new Set(receiver.received.map(({ body }) => body.data.case.summary as string))]
  for (let i = 0; i < cases; i++) {
    expect(arrived.filter((text) => text.startsWith(`${i}-`))).toEqual(
      Array.from({ length: changes }, (_, j) => `${i}-${j}`),
    )
  }
})
