import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { RouteEntry } from '../../src/http/route-table'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { createSide, place, type Side } from '../support/sides'
import { signedInAs, withoutSecondFactor } from '../support/visitor'

let app: TestApp
let side: Side
let server: Listening
let cookie: string

beforeAll(async () => {
  app = await createTestApp({ ...unlimited, REEVE_PORT: '0' })
  side = await createSide(app, 'calder', 8)
  await withoutSecondFactor(side.council)
  cookie = (await signedInAs(app, side.council, { role: 'admin' })).cookie
  server = listen(app.deps, app.handle)
})
afterAll(async () => {
  await server.stop()
  await app.close()
})

const idsOf = ({ ids }: Side): [under: string, id: string][] => [
  ['/wards/', ids.ward],
  ['/categories/', ids.category],
  ['/users/', ids.assignee],
  ['/events/', ids.event],
  ['/news/', ids.news],
  ['/webhooks/', ids.webhook],
  ['/keys/', ids.key],
  ['/', ids.case],
]

/** The addresses of a route, with something of the council's in each: a file in every format. */
function addressesOf({ path, query }: RouteEntry): string[] {
  const id = idsOf(side).find(([under]) => path.includes(under))?.[1] as string
  const address = path
    .replace(':tenant', side.slug)
    .replace(':reference', side.references[0] as string)
    .replace(':file', 'start.js')
    .replace(':topic', 'keys')
    .replace(/:\w+/, id)
  if (path.endsWith('/lookup')) return [`${address}?latitude=${place.latitude}&longitude=${place.longitude}`]
  const formats = query?.properties?.format?.anyOf as { const: string }[] | undefined
  return formats ? formats.map((format) => `${address}?format=${format.const}`) : [address]
}

const ask = (method: string, address: string, encoding: string, more: Record<string, string> = {}) =>
  fetch(server.url + address, {
    method,
    redirect: 'manual',
    decompress: false,
    headers: {
      'accept-encoding': encoding,
      ...(address.startsWith('/admin') ? { cookie } : { authorization: `Bearer ${side.council.key}` }),
      ...more,
    },
  })

/** What may differ: what names this very request, and how a body of unknown length is sent. */
const passing =
  /^(x-request-id|x-ratelimit-|ratelimit|date$|content-length|transfer-encoding|connection|keep-alive)/
/** The limits in the body of `/api/me` change with every request, and so does its tag. */
const lasting = ({ headers, url }: Response) =>
  [...headers].filter(([name]) => !passing.test(name) && !(name === 'etag' && url.endsWith('/api/me'))).sort()

/** All that HEAD tells otherwise than GET. */
async function differences(address: string, encoding: string): Promise<unknown[]> {
  const [head, get] = [await ask('HEAD', address, encoding), await ask('GET', address, encoding)]
  const body = await get.bytes()
  const length = head.headers.get('content-length')
  const told = [head.status, ...lasting(head)]
  const kept = [get.status, ...lasting(get)]
  return [
    ...(Bun.deepEquals(told, kept) ? [] : [[address, encoding, told, kept]]),
    ...(length === null || Number(length) === body.length ? [] : [[address, encoding, length, body.length]]),
    ...(Number.isNaN(Date.parse(head.headers.get('date') ?? '')) ? [[address, 'no date']] : []),
    ...((await head.text()) === '' ? [] : [[address, 'a body']]),
  ]
}

describe('HEAD', () => {
  test('tells of every address what GET does: status, headers, a date, and the length or none', async () => {
    const reading = app.routes.entries.filter(({ method }) => method === 'GET')
    expect(reading.length).toBeGreaterThan(80)
    const wrong: unknown[] = []
    for (const address of reading.flatMap(addressesOf)) {
      for (const encoding of ['identity', 'gzip']) wrong.push(...(await differences(address, encoding)))
    }
    expect(wrong).toEqual([])
  })

  test('of an export names no length, and makes no file', async () => {
    for (const format of ['csv', 'json', 'ndjson']) {
      const before = (await app.send('GET', '/api/audit?action=case.export', { key: side.council.key })).body
      const head = await ask('HEAD', `/api/cases/export?format=${format}`, 'identity')
      expect([head.status, head.headers.get('content-length')]).toEqual([200, null])
      const after = (await app.send('GET', '/api/audit?action=case.export', { key: side.council.key })).body
      expect(after.pagination.total).toBe(before.pagination.total)
    }
  })

  test('of a refusal and of what is unchanged tells what GET does', async () => {
    for (const address of ['/nothing', '/api/cases/nothing', '/api/cases?colour=red', '/admin/nothing'])
      expect([address, await differences(address, 'identity')]).toEqual([address, []])
    for (const address of ['/api/cases', `/public/${side.slug}/cases.rss`]) {
      const tag = (await ask('GET', address, 'identity')).headers.get('etag') as string
      const head = await ask('HEAD', address, 'identity', { 'if-none-match': tag })
      expect([head.status, head.headers.get('content-length')]).toEqual([304, null])
    }
  })
})
