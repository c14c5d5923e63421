import { afterAll, beforeAll, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { errorResponse } from '../../src/http/errors'
import { exportsAtOnce, fileSender } from '../../src/http/file'
import { type Listening, listen } from '../../src/http/server'
import { streamed } from '../../src/http/stream'
import { silentLog } from '../../src/lib/log'
import { auditOf } from '../resources/cases/support'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { bearer, unlimited } from '../support/http'

let app: TestApp
let council: Council
let server: Listening

beforeAll(async () => {
  app = await createTestApp({ ...unlimited, REEVE_PORT: '0' })
  council = await createCouncil(app, 'avon')
  for (let i = 0; i < 60; i++) await createTestCase(app, council, { summary: `Case ${i}` })
  server = listen(app.deps, async (request, peer) =>
    request.url.endsWith('/endless') ? endless(request) : app.handle(request, peer),
  )
})
afterAll(async () => {
  await server.stop()
  await app.close()
})

/** An export that no buffer holds. */
const send = fileSender(silentLog)
function endless(request: Request): Promise<Response> {
  const actor = { ...council.ctx.actor, id: request.headers.get('x-api-key') ?? '' }
  async function* parts() {
    for (;;) yield Array(1_000).fill('a line of a file without an end')
  }
  return send(
    { ctx: { ...council.ctx, actor }, request },
    'ndjson',
    { list: 'lines', columns: [] },
    async () => parts(),
  ).catch((error) => errorResponse(error, 'endless', silentLog))
}

const newKeys = (count: number) =>
  Promise.all(Array.from({ length: count }, () => createTestKey(app, council, {})))

const begin = (key: string, method = 'GET') =>
  app.handle(
    new Request('http://localhost/api/cases/export?format=json', {
      method,
      headers: { host: 'localhost', ...bearer(key) },
    }),
    '127.0.0.1',
  )

const { total, perKey } = exportsAtOnce

const recordedExports = async () =>
  (await auditOf(app, council)).filter(({ action }) => action === 'case.export').length

test('a ninth export of a key at once is refused, unrecorded; another key and HEAD are served', async () => {
  const [key = '', other = ''] = await newKeys(2)
  const running = await Promise.all(Array.from({ length: perKey }, () => begin(key)))
  expect(running.map(({ status }) => status)).toEqual(Array(perKey).fill(200))
  const recorded = await recordedExports()
  const refused = await begin(key)
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    429,
    '5',
    {
      error: 'Too many exports at once: 8 for a key, 32 in all. Wait until one has ended',
      details: { limit: 8, retryAfter: 5 },
    },
  ])
  expect(await recordedExports()).toBe(recorded)
  expect((await begin(key, 'HEAD')).status).toBe(200)
  const served = await begin(other)
  expect([served.status, (await served.json()).total]).toEqual([200, 60])

  // One that ends, and one whose client leaves, make room.
  const [first, second, ...rest] = running
  await first?.text()
  await second?.body?.cancel()
  rest.push(await begin(key), await begin(key))
  expect(rest.map(({ status }) => status)).toEqual(Array(perKey).fill(200))
  expect((await begin(key)).status).toBe(429)
  for (const { body } of rest) await body?.cancel()
})

test('HEAD of an export tells no length, as GET does not', async () => {
  const [key = ''] = await newKeys(1)
  const ask = async (method: string) => {
    const answer = await fetch(`${server.url}/api/cases/export`, { method, headers: bearer(key) })
    await answer.text()
    const { headers } = answer
    return [answer.status, headers.get('content-length'), headers.get('content-disposition')]
  }
  const get = await ask('GET')
  expect([get, get[1]]).toEqual([await ask('HEAD'), null])
})

test('forty clients that stop reading keep nobody waiting, and leave no place taken', async () => {
  const sockets = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].flatMap((key) => Array.from({ length: 8 }, () => openStuck(key))),
  )
  const statuses = sockets.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(total)
  expect(statuses.filter((status) => status === 429)).toHaveLength(sockets.length - total)
  const list = await fetch(`${server.url}/api/cases`, { headers: bearer(council.key) })
  expect([list.status, (await list.json()).pagination.total]).toEqual([200, 60])
  const create = () => createTestCase(app, council, { summary: 'Meanwhile' })
  expect(await create()).toBeDefined()

  for (const { socket } of sockets) socket.destroy()
  for (let status = 429; status !== 200; ) {
    const { socket, ...again } = await openStuck('a')
    socket.destroy()
    status = again.status
  }
})

function openStuck(key: string): Promise<{ socket: Socket; status: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', (bytes) => {
      socket.pause()
      resolve({ socket, status: Number(bytes.toString('latin1', 9, 12)) })
    })
    socket.write(`GET /endless HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${key}\r\n\r\n`)
  })
}

test('a stream on which nobody reads is cut off, and its end told once', async () => {
  const told: string[] = []
  async function* parts() {
    try {
      for (;;) yield 'part'
    } finally {
      told.push('closed')
    }
  }
  const cutOff = Promise.withResolvers<void>()
  const { body } = streamed(
    new Request('http://localhost/'),
    {},
    {
      parts: parts(),
      onEnd: () => told.push('ended'),
      onFailure: (error) => {
        told.push((error as Error).message)
        cutOff.resolve()
      },
      patienceMs: 5,
    },
  )
  await cutOff.promise
  await expect(new Response(body).text()).rejects.toThrow('The client stopped reading')
  expect(told.sort()).toEqual(['The client stopped reading', 'closed', 'ended'])
})
