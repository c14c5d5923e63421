import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import {
  dashboardPaths,
  isInstalled,
  type ProxyName,
  proxies,
  type RunningProxy,
  startProxy,
} from '../support/proxies'
import { exchange, statusFrom, statusOf } from '../support/raw-client'
import { createSide, type Side } from '../support/sides'

/** Machines of the test: the whole of 127.0.0.0/8 is this one. */
const [ofProxy, outside, inside] = ['127.0.0.1', '127.0.0.2', '127.0.0.3']

let app: TestApp
let side: Side
let server: Listening

beforeAll(async () => {
  app = await createTestApp({
    ...unlimited,
    REEVE_PORT: '0',
    REEVE_TRUSTED_PROXIES: ofProxy,
    REEVE_ADMIN_ALLOW: inside,
  })
  side = await createSide(app, 'calder', 8)
  app.clock.advance(2_000)
  server = listen(app.deps, app.handle)
})
afterAll(async () => {
  await server.stop()
  await app.close()
})

const reevePort = () => Number(new URL(server.url).port)

/** What becomes of a strong tag on the way, where the proxy compresses and Reeve has not. */
const tagForms: Record<ProxyName, RegExp> = {
  nginx: /^W\/"[^"]+"$/,
  HAProxy: /^"[^"]+"$/,
  Apache: /^"[^"]+-gzip"$/,
  Varnish: /^W\/"[^"]+"$/,
}

/** Requests for this path that have reached Reeve, by status. */
const reached = (route: string) =>
  app.logged.flatMap(({ fields }) => (fields.route === route ? [fields.status] : []))

describe.each(Object.keys(proxies) as ProxyName[])('behind %s', (name) => {
  let proxy: RunningProxy
  beforeAll(async () => {
    if (isInstalled(name)) proxy = await startProxy(name, reevePort())
  })
  afterAll(() => proxy?.stop())

  const it = test.if(isInstalled(name))

  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
    fetch(`http://127.0.0.1:${proxy.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${side.council.key}`,
        'content-type': 'application/json',
        'accept-encoding': 'gzip',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  it('the tag that came is good for a change, once, and for asking whether there was one', async () => {
    for (const path of [`/api/news/${side.ids.news}`, `/api/cases/${side.ids.case}`]) {
      const tag = (await ask('GET', path)).headers.get('etag') as string
      if (path.includes('news')) expect(tag).toMatch(tagForms[name])
      expect((await ask('GET', path, { 'if-none-match': tag })).status).toBe(304)
      const patch = path.includes('news') ? { title: `By ${name}` } : { internalRef: `By ${name}` }
      expect((await ask('PATCH', path, { 'if-match': tag }, patch)).status).toBe(200)
      expect((await ask('PATCH', path, { 'if-match': tag }, patch)).status).toBe(412)
      expect((await ask('GET', path, { 'if-none-match': tag })).status).toBe(200)
    }
  })

  it('exports arrive whole, and HEAD does not call them empty', async () => {
    for (const format of ['csv', 'json', 'ndjson']) {
      const path = `/api/cases/export?format=${format}`
      const direct = await app.send('GET', path, { key: side.council.key })
      expect(await (await ask('GET', path)).text()).toBe(direct.text)
      const head = await ask('HEAD', path)
      expect([head.status, head.headers.get('content-length')]).toEqual([200, null])
    }
  })

  it('HEAD of a feed has the length that GET has, and its date', async () => {
    const path = `/public/${side.slug}/news.rss`
    const plain = { 'accept-encoding': 'identity' }
    const [head, get] = [await ask('HEAD', path, plain), await ask('GET', path, plain)]
    const length = String((await get.bytes()).length)
    expect([head.status, head.headers.get('content-length') ?? length]).toEqual([200, length])
    expect(head.headers.get('last-modified')).toBe(get.headers.get('last-modified') as string)
  })

  it('the dashboard is shut to other machines, however its path is written, and open to those named', async () => {
    // HAProxy passes a path on as it was written; others may refuse it themselves, or make it one that is not there.
    const refusals = name === 'HAProxy' ? [403] : [403, 400, 404]
    for (const path of dashboardPaths) {
      const status = await statusFrom(proxy.port, outside, path)
      expect([path, status, refusals.includes(status)]).toEqual([path, status, true])
    }
    expect(await statusFrom(proxy.port, inside, '/admin/sign-in')).toBe(200)
  })

  it('nobody can say that they are another machine', async () => {
    const lie = `X-Forwarded-For: ${inside}\r\n`
    expect(await statusFrom(proxy.port, outside, '/admin/sign-in', lie)).toBe(403)
    expect(await statusFrom(reevePort(), outside, '/admin/sign-in', lie)).toBe(403)
  })
})

describe('a monitor that asks for the health by address', () => {
  test.each([
    ['without a host', 'HTTP/1.0', ''],
    ['with an empty one', 'HTTP/1.1', 'Host: \r\n'],
    ['with that of somebody else', 'HTTP/1.1', 'Host: 192.0.2.7:3000\r\n'],
    ['with one that is none', 'HTTP/1.1', 'Host: localhost:99999\r\n'],
  ])('%s is told, and nothing else', async (_name, version, host) => {
    const told = async (path: string) => {
      const request = `GET ${path} ${version}\r\n${host}Connection: close\r\n\r\n`
      return statusOf(await exchange(reevePort(), outside, request))
    }
    expect(await told('/health')).toBe(200)
    expect(await told('/health?full')).toBe(200)
    for (const path of ['/ready', '/api/cases', '/admin', '/public/calder/news.rss', '/healthy'])
      expect([path, await told(path)]).toEqual([path, 421])
  })
})

describe.if(isInstalled('Varnish'))('a feed that Varnish keeps', () => {
  test('is asked for once, or whether it has changed, and reaches readers as a 304', async () => {
    const proxy = await startProxy('Varnish', reevePort())
    const read = (file: string, headers = {}) =>
      fetch(`http://127.0.0.1:${proxy.port}/public/${side.slug}/${file}`, { headers })
    const news = reached('/public/:tenant/news.rss').length
    const first = await read('news.rss')
    const tag = first.headers.get('etag') as string
    expect(await (await read('news.rss')).text()).toBe(await first.text())
    expect((await read('news.rss', { 'if-none-match': tag })).status).toBe(304)
    expect(reached('/public/:tenant/news.rss').length - news).toBe(1)

    const events = await (await read('events.rss')).text()
    await Bun.sleep(50)
    expect(await (await read('events.rss')).text()).toBe(events)
    expect(reached('/public/:tenant/events.rss').slice(-2)).toEqual([200, 304])
    await proxy.stop()
  })
})
