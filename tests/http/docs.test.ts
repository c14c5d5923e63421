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
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*|unsafe/)
  })

  test('every part it names is served, of the right type', async () => {
    const { text } = await app.send('GET', '/swagger')
    const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string)
    const types: Record<string, RegExp> = {
      '': /^text\/html/,
      js: /^(text|application)\/javascript/,
      css: /^text\/css/,
      png: /^image\/png/,
    }
    expect(named).toHaveLength(7)
    for (const path of named) {
      const { status, headers, text: part } = await app.send('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect(headers.get('content-type')).toMatch(types[path.split('.')[1] ?? ''] as RegExp)
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

  test('the plugin’s own page and list are shut off', async () => {
    for (const path of ['/.openapi', '/.openapi/json', '/swagger/openapi']) {
      expect([path, (await app.send('GET', path)).status]).toEqual([path, 404])
    }
    expect(app.routes.entries.filter(({ path }) => path.includes('openapi'))).toEqual([])
  })

  test('points to the plain reference and to the guides', async () => {
    const { text } = await app.send('GET', '/swagger')
    expect(text).toContain('href="/swagger/reference"')
    expect(text).toContain('href="/swagger/guide"')
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
  test('is of OpenAPI 3.1 and describes both ways to send a key', async () => {
    const { status, body } = await app.send('GET', '/swagger/json')
    expect([status, body.openapi]).toEqual([200, '3.1.0'])
    expect(body.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    })
  })

  test('gives names to what it lists and takes JSON alone', async () => {
    const { body } = await app.send('GET', '/swagger/json')
    const names = [
      'Case',
      'CaseList',
      'CaseCreate',
      'CasePatch',
      'Ward',
      'WardList',
      'Category',
      'User',
      'Event',
      'EventList',
      'EventCreate',
      'EventPatch',
      'News',
      'NewsList',
      'AuditEntry',
      'AuditVerification',
      'Approval',
      'Approved',
      'Settings',
      'SettingsPatch',
      'Me',
      'Error',
      'Pagination',
    ]
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(names))
    const { requestBody } = body.paths['/api/cases'].post
    expect(Object.keys(requestBody.content)).toEqual(['application/json'])
    expect(requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/CaseCreate',
    })
  })

  test('is of its own application, however many there are', async () => {
    const other = await createTestApp()
    const documents = await Promise.all([app, other].map((one) => one.send('GET', '/swagger/json')))
    expect(documents[0]?.text).toBe(documents[1]?.text)
    await other.close()
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
