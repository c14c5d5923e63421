import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createTestApp, type TestApp } from '../support/app'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

describe('the docs page', () => {
  test('needs no key and refers to this server alone', async () => {
    const { status, headers, text } = await app.send('GET', '/swagger')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).not.toMatch(/https?:|["'(]\/\//)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*/)
  })

  test('every part it names is served, of the right type', async () => {
    const { text } = await app.send('GET', '/swagger')
    const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string)
    const types: Record<string, RegExp> = {
      js: /^(text|application)\/javascript/,
      css: /^text\/css/,
      png: /^image\/png/,
    }
    expect(named).toHaveLength(4)
    for (const path of named) {
      const { status, headers, text: part } = await app.send('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect(headers.get('content-type')).toMatch(types[path.split('.').at(-1) as string] as RegExp)
      expect(part.length).toBeGreaterThan(100)
    }
  })

  test('its own script asks this server for the document', async () => {
    const { text } = await app.send('GET', '/swagger/assets/start.js')
    expect(text).toContain("url: '/swagger/json'")
    expect(text).not.toMatch(/https?:|["'(]\/\//)
  })

  test('the root leads to it', async () => {
    const { status, headers } = await app.send('GET', '/')
    expect([status, headers.get('location')]).toEqual([302, '/swagger'])
  })

  test('serves no file besides its own', async () => {
    for (const path of [
      '/swagger/assets/package.json',
      '/swagger/assets/',
      '/swagger/assets/..%2f..%2fpackage.json',
    ]) {
      expect([path, (await app.send('GET', path)).status]).toEqual([path, 404])
    }
  })
})

describe('the API document', () => {
  type Operation = { 'x-scope'?: string; security?: Record<string, string[]>[]; summary?: string }
  let document: {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: { securitySchemes: Record<string, Record<string, string>> }
  }

  beforeAll(async () => {
    document = (await app.send('GET', '/swagger/json')).body
  })

  test('lists every route under /api with its scope, a summary and both ways to send a key', () => {
    expect(document.openapi).toMatch(/^3\./)
    const routes = app.routes.entries.filter(({ path }) => path.startsWith('/api/'))
    expect(routes.length).toBeGreaterThanOrEqual(9)
    for (const { method, path, scope } of routes) {
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      expect([method, path, operation?.['x-scope']]).toEqual([method, path, scope as string])
      expect(operation?.summary).toMatch(/\S/)
      expect(operation?.security).toEqual([{ bearer: [] }, { apiKey: [] }])
    }
  })

  test('lists nothing under /api that is no route', () => {
    const routes = new Set(
      app.routes.entries.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
    )
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/(.)\/$/, '$1')}`),
    )
    expect(listed.length).toBeGreaterThan(9)
    expect(listed.filter((route) => !routes.has(route))).toEqual([])
  })

  test('describes both security schemes', () => {
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    })
  })

  test('names the parameters of a list and the fields of a body', () => {
    const list = document.paths['/api/cases']?.get as { parameters?: { name: string }[] }
    const names = list.parameters?.map(({ name }) => name) ?? []
    expect(names).toEqual(expect.arrayContaining(['page', 'pageSize', 'sort', 'status', 'wardId', 'bbox']))
    expect(JSON.stringify(document.paths['/api/cases']?.post)).toContain('"summary"')
  })
})

describe('the system’s own routes', () => {
  test('/health says that the process lives', async () => {
    const { status, body } = await app.send('GET', '/health')
    expect([status, body]).toEqual([200, { status: 'ok' }])
  })

  test('/ready says that requests can be served', async () => {
    const { status, body } = await app.send('GET', '/ready')
    expect([status, body]).toEqual([200, { status: 'ready' }])
  })

  test('/ready is 503 with Retry-After where the store does not answer, while /health stays', async () => {
    const own = await createTestApp()
    await own.close()
    const { status, headers, body } = await own.send('GET', '/ready')
    expect([status, Object.keys(body)]).toEqual([503, ['error', 'details']])
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await own.send('GET', '/health')).status).toBe(200)
  })

  test('/version names product and version', async () => {
    const { status, body } = await app.send('GET', '/version')
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'reeve', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })
})
