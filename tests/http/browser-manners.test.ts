import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { setCorsOrigins } from '../../src/core/tenants/service'
import { type Listening, listen } from '../../src/http/server'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { refusalOf } from '../support/store'

const site = 'https://www.avon.example'

let app: TestApp
let avon: Council
let severn: Council
let server: Listening

beforeAll(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '1000000', REEVE_PORT: '0' })
  avon = await createCouncil(app, 'avon')
  severn = await createCouncil(app, 'severn')
  await setCorsOrigins(avon.ctx, [site])
  server = listen(app.deps, app.handle)
})
afterAll(async () => {
  await server.stop()
  await app.close()
})

const preflight = (origin: string, path = '/api/cases', method = 'POST') =>
  app.send('OPTIONS', path, { headers: { origin, 'access-control-request-method': method } })

describe('a page of another site', () => {
  test.each(['https://evil.example', 'http://www.avon.example', `${site}:8443`, 'null', `${site}/`])(
    'at %s is refused, without a word that a browser would take for leave',
    async (origin) => {
      const { status, headers } = await preflight(origin)
      expect(status).toBe(403)
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    },
  )

  test('gets no leave for an unknown route, nor outside the API', async () => {
    expect((await preflight(site, '/api/nothing')).status).toBe(404)
    expect((await preflight(site, '/health')).status).toBe(405)
    expect((await app.send('OPTIONS', '/api/cases', { headers: { origin: site } })).status).toBe(405)
  })

  test('cannot be allowed by what is no origin', async () => {
    for (const origin of ['*', 'www.avon.example', `${site}/path`, '']) {
      expect((await refusalOf(() => setCorsOrigins(severn.ctx, [origin]))).kind).toBe('bad_request')
    }
  })

  test('that is allowed may ask and read, of its own council alone', async () => {
    const asked = await preflight(site)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(site)
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST')
    expect(asked.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect(asked.headers.get('vary')).toContain('Origin')
    const own = await app.send('GET', '/api/cases', { key: avon.key, headers: { origin: site } })
    expect(own.headers.get('access-control-allow-origin')).toBe(site)
    expect(own.headers.get('access-control-expose-headers')).toContain('X-RateLimit-Remaining')
    const foreign = await app.send('GET', '/api/cases', { key: severn.key, headers: { origin: site } })
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([200, null])
  })
})

describe('compression', () => {
  const raw = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`${server.url}${path}`, { headers, decompress: false })
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
  }

  test('is used where the client asks for it and the answer is worth it', async () => {
    for (let i = 0; i < 5; i++) {
      await app.send('POST', '/api/cases', { key: avon.key, body: { summary: `case ${i}` } })
    }
    const auth = { authorization: `Bearer ${avon.key}` }
    const plain = await raw('/api/cases', { ...auth, 'accept-encoding': 'identity' })
    const small = await raw('/api/cases', { ...auth, 'accept-encoding': 'br;q=1, gzip;q=0.5' })
    expect(plain.response.headers.get('content-encoding')).toBeNull()
    expect(small.response.headers.get('content-encoding')).toBe('gzip')
    expect(small.response.headers.get('vary')).toContain('Accept-Encoding')
    expect(gunzipSync(small.bytes).toString()).toBe(new TextDecoder().decode(plain.bytes))
    expect(small.bytes.length).toBeLessThan(plain.bytes.length / 2)
  })

  test('is not used where it is refused or the answer is short', async () => {
    const auth = { authorization: `Bearer ${avon.key}` }
    const refused = await raw('/api/cases', { ...auth, 'accept-encoding': 'gzip;q=0, deflate' })
    const short = await raw('/api/wards', { ...auth, 'accept-encoding': 'gzip' })
    for (const { response } of [refused, short]) expect(response.headers.get('content-encoding')).toBeNull()
  })

  test('gives a strong tag of its own, which is as good for the next question and for a change', async () => {
    const { body } = await app.send('POST', '/api/cases', {
      key: avon.key,
      body: { summary: 'long', description: 'x '.repeat(2_000) },
    })
    const path = `/api/cases/${body.id}`
    const auth = { authorization: `Bearer ${avon.key}`, 'accept-encoding': 'gzip' }
    const { response } = await raw(path, auth)
    const tag = response.headers.get('etag') as string
    expect(tag).toEndWith('-gz"')
    expect((await raw(path, { ...auth, 'if-none-match': tag })).response.status).toBe(304)
    const options = { key: avon.key, headers: { 'if-match': tag }, body: { priority: 'high' } }
    expect((await app.send('PATCH', path, options)).status).toBe(200)
    expect((await app.send('PATCH', path, options)).status).toBe(412)
  })
})

describe('every answer', () => {
  test.each([
    ['GET', '/api/cases', 200],
    ['GET', '/api/cases/nothing', 404],
    ['PUT', '/api/cases', 405],
    ['GET', '/nowhere', 404],
    ['GET', '/health', 200],
    ['GET', '/swagger', 200],
  ])('of %s %s carries the security headers', async (method, path, status) => {
    const answer = await app.send(method, path, { key: avon.key })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-eval')
  })

  test('of the API is kept by nobody but the client, and asked for again', async () => {
    const { headers } = await app.send('GET', '/api/cases', { key: avon.key })
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('vary')).toBe('Authorization, X-API-Key, Origin, Accept-Encoding')
  })

  test('promises HTTPS only where the public address has it', async () => {
    const plain = await app.send('GET', '/health')
    expect(plain.headers.get('strict-transport-security')).toBeNull()
    const secure = await createTestApp({ REEVE_PUBLIC_URL: 'https://casework.avon.example' })
    const { headers } = await secure.send('GET', '/health')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    await secure.close()
  })

  test('to HEAD has the headers of GET and no body', async () => {
    const auth = { 'x-api-key': avon.key, 'accept-encoding': 'identity' }
    const get = await fetch(`${server.url}/api/cases`, { headers: auth })
    const head = await fetch(`${server.url}/api/cases`, { method: 'HEAD', headers: auth })
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const name of ['etag', 'link', 'content-type', 'content-length', 'cache-control']) {
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)])
    }
    await get.text()
  })
})
