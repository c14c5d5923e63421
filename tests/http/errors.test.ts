import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { Strict } from '../../src/core/schema'
import { setPlan } from '../../src/core/tenants/service'
import { storeFile } from '../../src/db/sqlite/open'
import { guard } from '../../src/http/guard'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type SendOptions,
  type TestApp,
} from '../support/app'
import { processorMs } from '../support/cost'
import { onSqlite } from '../support/engine'
import { ask, bearer, createSmallApp, issuesOf, memoryLog, unlimited } from '../support/http'

const mebibyte = 1_048_576

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
})

afterAll(() => app.close())

const post = (body: unknown, options: SendOptions = {}) =>
  app.send('POST', '/api/cases', { key: council.key, body, ...options })
const list = (query: string) => app.send('GET', `/api/cases?${query}`, { key: council.key })

/** The common form of every refusal. */
function expectRefusal(answer: Answer, status: number): void {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(Object.keys(answer.body)).toEqual(['error', 'details'])
  expect(answer.body.error).toMatch(/\S/)
  expect(answer.body.details).toBeInstanceOf(Object)
  expect(answer.headers.get('x-request-id')).toMatch(/\S/)
}

const countCases = async () => (await list('pageSize=1')).body.pagination.total as number

describe('the host', () => {
  test.each([
    'example.org',
    'a',
    'localhost.example.org',
    'localhost:3000:1',
    'localhost@evil',
    'localhost:99999',
    'localhost:65536',
    '[::1]:99999',
    '127.0.0.2',
    '',
  ])('"%s" is not ours: 421, before anything else', async (host) => {
    for (const path of ['/api/cases', '/nothing', '/swagger', '/ready', '/healthy']) {
      expectRefusal(await app.send('GET', path, { key: council.key, headers: { host } }), 421)
    }
  })

  test('is named in the answer and in the log, with the setting that would allow it', async () => {
    const headers = { host: 'casework.example.org:8443' }
    const { body } = await app.send('GET', '/ready', { headers })
    expect(body).toEqual({
      error:
        'This server does not answer for the host "casework.example.org:8443". If it should, add the host to REEVE_ALLOWED_HOSTS',
      details: { host: 'casework.example.org:8443' },
    })
    const line = app.logged.findLast(({ level }) => level === 'warn')
    expect(line?.message).toContain('REEVE_ALLOWED_HOSTS')
    expect(line?.fields.host).toBe('casework.example.org:8443')
    const long = await app.send('GET', '/ready', { headers: { host: 'a'.repeat(5_000) } })
    expect(long.text.length).toBeLessThan(500)
  })

  test('a request without a host is a 421', async () => {
    const response = await app.handle(new Request('http://localhost/ready'), '127.0.0.1')
    expect(response.status).toBe(421)
    expect(await response.json()).toEqual({ error: expect.any(String), details: { host: '' } })
  })

  test('of a monitor that asks for the health by address may be any', async () => {
    for (const host of ['192.0.2.7:3000', 'nobody.example', 'localhost:99999', '']) {
      expect((await app.send('GET', '/health', { headers: { host } })).body).toEqual({ status: 'ok' })
    }
  })

  test('a host of one letter does not shift the path to another route', async () => {
    const request = new Request('http://a/xready', { headers: { host: 'a' } })
    expect((await app.handle(request, '127.0.0.1')).status).toBe(421)
    const ours = await createTestApp({ REEVE_ALLOWED_HOSTS: 'a,ab' })
    for (const host of ['a', 'ab']) {
      const at = (path: string) =>
        ours.handle(new Request(`http://${host}${path}`, { headers: { host } }), '127.0.0.1')
      expect((await at('/health')).status).toBe(200)
      expect((await at('/api/cases')).status).toBe(401)
      expect((await at('/xhealth')).status).toBe(404)
      expect((await at('/xxapi/cases')).status).toBe(404)
    }
    await ours.close()
  })

  test.each(['localhost', 'LOCALHOST', 'localhost:3000', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:3000'])(
    '"%s" is ours',
    async (host) => {
      expect((await app.send('GET', '/ready', { headers: { host } })).status).toBe(200)
    },
  )

  test('the public URL’s host and those allowed are ours', async () => {
    const public_ = await createTestApp({
      REEVE_PUBLIC_URL: 'https://casework.example.gov.uk:8443',
      REEVE_ALLOWED_HOSTS: 'internal.example, 10.0.0.5',
    })
    const at = async (host: string) => (await public_.send('GET', '/ready', { headers: { host } })).status
    expect(await at('casework.example.gov.uk')).toBe(200)
    expect(await at('casework.example.gov.uk:8443')).toBe(200)
    expect(await at('Internal.Example')).toBe(200)
    expect(await at('10.0.0.5:3000')).toBe(200)
    expect(await at('example.gov.uk')).toBe(421)
    await public_.close()
  })
})

describe('route and method', () => {
  test.each([
    '/nothing',
    '/api',
    '/api/',
    '/api/nothing',
    '/API/cases',
    '/api//cases',
    '//api/cases',
    '/api/cases/x/y',
    '/api/cases/',
    '/xapi/cases',
    '/health/x',
    '/api/me/x',
    '/swagger/nothing',
    '/.env',
  ])('%s is a 404, whoever asks', async (path) => {
    for (const options of [{}, { key: 'nonsense' }]) {
      const answer = await app.send('GET', path, options)
      expectRefusal(answer, 404)
      expect(answer.body.details).toEqual({})
    }
  })

  test.each([
    ['DELETE', '/api/cases', 'GET, HEAD, POST'],
    ['PUT', '/api/cases/x', 'GET, HEAD, PATCH'],
    ['DELETE', '/api/cases/x', 'GET, HEAD, PATCH'],
    ['POST', '/api/me', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['OPTIONS', '/api/wards', 'GET, HEAD'],
    ['POST', '/swagger', 'GET, HEAD'],
  ])('%s %s is a 405 that allows %s, whoever asks', async (method, path, allow) => {
    for (const options of [{}, { key: council.key }]) {
      const answer = await app.send(method, path, options)
      expectRefusal(answer, 405)
      expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(allow.split(', ').sort())
    }
  })

  test.each([
    '/api/cases/%',
    '/api/cases/%ff',
    '/api/cases/%E0%A4%A',
    '/api/cases/%zz',
    '/public/avon/cases/%ff',
    '/public/%ff/news.rss',
    '/%',
  ])('%s, percent garbage in the path, is a 400', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await app.send(method, path, { key: council.key })
      expect([method, answer.status]).toEqual([method, 400])
    }
    expectRefusal(await app.send('GET', path, { key: council.key }), 400)
  })

  test('a NUL in the path names nothing', async () => {
    for (const path of ['/api/cases/%00', '/public/avon/cases/%00'])
      expectRefusal(await app.send('GET', path, { key: council.key }), 404)
  })

  test('HEAD works where GET does and has no body', async () => {
    for (const path of ['/health', '/api/cases', '/api/me', '/swagger/json', '/version']) {
      const [get, head] = [
        await app.send('GET', path, { key: council.key }),
        await app.send('HEAD', path, { key: council.key }),
      ]
      expect([path, head.status, head.text]).toEqual([path, 200, ''])
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type') as string)
    }
    expect((await app.send('HEAD', '/api/cases')).status).toBe(401)
    expect((await app.send('HEAD', '/api/cases/x', { key: council.key })).status).toBe(404)
    expect((await app.send('HEAD', '/api/nothing')).status).toBe(404)
  })
})

describe('the size of a body', () => {
  const padded = (length: number) => '{"summary":"Padded"}'.padEnd(length)
  const stream = (length: number, chunk = 65_536) => {
    const text = new TextEncoder().encode(padded(length))
    let at = 0
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= text.length) return controller.close()
        controller.enqueue(text.subarray(at, at + chunk))
        at += chunk
      },
    })
  }
  const tooLarge = { error: 'The body is larger than 1 MiB', details: { maxBytes: mebibyte } }

  test('one byte above 1 MiB, declared, is a 413 even without a key', async () => {
    const headers = { 'content-length': String(mebibyte + 1) }
    for (const options of [{ headers }, { headers, key: council.key }]) {
      const answer = await app.send('POST', '/api/cases', { body: padded(mebibyte + 1), ...options })
      expectRefusal(answer, 413)
      expect(answer.body).toEqual(tooLarge)
    }
  })

  test('one byte above 1 MiB, chunked, is a 413', async () => {
    const before = await countCases()
    const answer = await post(stream(mebibyte + 1))
    expectRefusal(answer, 413)
    expect(answer.body).toEqual(tooLarge)
    expect(await countCases()).toBe(before)
  })

  test('an endless body is read on for a while, and then cut', async () => {
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536).fill(0x20))
      },
    })
    expectRefusal(await post(endless), 413)
    expect(sent).toBeLessThan(20 * mebibyte)
  })

  test('a declared length that lies does not let more in', async () => {
    const headers = { 'content-length': '20' }
    expectRefusal(await post(stream(mebibyte + 1), { headers }), 413)
  })

  test('1 MiB exactly is read, declared or chunked', async () => {
    const headers = { 'content-length': String(mebibyte) }
    expect((await post(padded(mebibyte), { headers })).status).toBe(201)
    expect((await post(stream(mebibyte))).status).toBe(201)
  })

  test('a body that comes in single bytes is read', async () => {
    expect((await post(stream(200, 1))).status).toBe(201)
  })
})

describe('the content type', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'summary=Pothole'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="summary"\r\n\r\ny\r\n--x--\r\n',
    ],
    ['text/plain', '{"summary":"Pothole"}'],
    ['text/json', '{"summary":"Pothole"}'],
    ['application/jsonp', '{"summary":"Pothole"}'],
    ['application/json; charset=iso-8859-1', '{"summary":"Pothole"}'],
    ['application/json; charset=utf-16', '{"summary":"Pothole"}'],
    ['application/json, text/plain', '{"summary":"Pothole"}'],
    ['application/octet-stream', '{"summary":"Pothole"}'],
    ['', '{"summary":"Pothole"}'],
  ])('"%s" is a 415', async (type, body) => {
    expectRefusal(await post(body, { headers: { 'content-type': type } }), 415)
  })

  test('a compressed one is a 415 that says so', async () => {
    const encoded = (encoding: string) =>
      post({ summary: 'Pothole' }, { headers: { 'content-encoding': encoding } })
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      const answer = await encoded(encoding)
      expectRefusal(answer, 415)
      expect(answer.body).toEqual({
        error: 'The body must not be compressed: send it without Content-Encoding',
        details: { contentEncoding: encoding },
      })
    }
    for (const encoding of ['identity', '']) expect((await encoded(encoding)).status).toBe(201)
  })

  test('none at all is a 415, with a body or without', async () => {
    const headers = bearer(council.key)
    const bytes = new TextEncoder().encode('{"summary":"Pothole"}')
    const withBody = new Request('http://localhost/api/cases', {
      method: 'POST',
      headers: { host: 'localhost', ...headers },
      body: bytes,
    })
    expect(withBody.headers.get('content-type')).toBeNull()
    expect((await app.handle(withBody, '127.0.0.1')).status).toBe(415)
    expect((await ask(app.handle, 'POST', '/api/cases', headers)).status).toBe(415)
  })

  test.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; charset=utf8',
    'application/json; charset="UTF8";',
  ])('"%s" is read', async (type) => {
    expect((await post({ summary: 'Pothole' }, { headers: { 'content-type': type } })).status).toBe(201)
  })
})

describe('a body that is no JSON object', () => {
  test.each([
    ['nothing', ''],
    ['spaces', '   \n'],
    ['half an object', '{"summary":"Poth'],
    ['a trailing comma', '{"summary":"Pothole",}'],
    ['single quotes', "{'summary':'Pothole'}"],
    ['a comment', '{"summary":"Pothole"} // here'],
    ['two values', '{"summary":"a"}{"summary":"b"}'],
    ['NaN', '{"summary":NaN}'],
    ['null', 'null'],
    ['false', 'false'],
    ['a number', '0'],
    ['an empty text', '""'],
    ['a text', '"summary"'],
    ['a list', '[{"summary":"Pothole"}]'],
  ])('%s: 400, and nothing is made', async (_, body) => {
    const before = await countCases()
    for (const [method, path] of [
      ['POST', '/api/cases'],
      ['PATCH', '/api/cases/CW-2026-0001'],
    ] as const) {
      expectRefusal(await app.send(method, path, { key: council.key, body }), 400)
    }
    expect(await countCases()).toBe(before)
  })

  test('does not come back in the answer', async () => {
    const answer = await post('{"summary":"Neighbour of 12 Acacia Avenue", oops')
    expect(answer.text).toBe('{"error":"The body is not valid JSON","details":{}}')
  })

  test.each([
    ['20,000 brackets', '['.repeat(20_000)],
    ['20,000 closed brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['20,000 nested objects', '{"a":'.repeat(20_000)],
    ['33 levels', `{"summary":"x","publicThemes":${'['.repeat(33)}${']'.repeat(33)}}`],
    ['half a million brackets', '['.repeat(500_000)],
  ])('%s: 400, quickly', async (_, body) => {
    expect(await processorMs(async () => expectRefusal(await post(body), 400))).toBeLessThan(1_000)
  })

  test('brackets inside a text are no levels', async () => {
    expect((await post({ summary: '[{"'.repeat(50) })).status).toBe(201)
  })

  test('broken UTF-8 is a 400, not a replaced character', async () => {
    const [start, end] = ['{"summary":"', '"}'].map((part) => [...new TextEncoder().encode(part)])
    for (const broken of [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      const bytes = Uint8Array.from([...(start as number[]), ...broken, ...(end as number[])])
      expectRefusal(await post(bytes), 400)
    }
  })

  test.each([
    ['a NUL', '{"summary":"a\\u0000b"}', 'summary'],
    ['a lone high surrogate', '{"summary":"a\\ud800b"}', 'summary'],
    ['a lone low surrogate', '{"summary":"\\udc00"}', 'summary'],
    ['a nested NUL', '{"summary":"x","location":{"address":"\\u0000"}}', 'location.address'],
    ['a NUL in a list', '{"summary":"x","publicThemes":["a","\\u0000"]}', 'publicThemes.1'],
  ])('%s is named', async (_, body, path) => {
    const answer = await post(body)
    expectRefusal(answer, 400)
    expect(issuesOf(answer)).toEqual([`body ${path}`])
  })

  test('a surrogate pair, accents and Welsh letters come back as they went', async () => {
    const summary = 'Tŷ Ŵyl 🦊 naïve'
    const { status, body } = await post({ summary })
    expect([status, body.summary]).toEqual([201, summary])
  })
})

describe('unknown fields', () => {
  test.each([
    'residentAge',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'id',
    'tenantId',
    'reference',
    'version',
  ])('%s is refused and named', async (name) => {
    const answer = await post(`{"summary":"Pothole","${name}":{"polluted":true}}`)
    expectRefusal(answer, 400)
    expect(answer.body.details.issues).toEqual([{ in: 'body', path: name, message: 'Unknown field' }])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('nested ones too', async () => {
    const answer = await post('{"summary":"x","location":{"__proto__":1,"planet":"Mars"}}')
    expect(issuesOf(answer).sort()).toEqual(['body location.__proto__', 'body location.planet'])
  })

  test('10,000 of them get a bounded answer', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`unknown${i}`, i]))
    const answer = await post({ summary: 'Pothole', ...many })
    expectRefusal(answer, 400)
    expect(answer.body.details.issues.length).toBeGreaterThan(0)
    expect(answer.body.details.issues.length).toBeLessThanOrEqual(100)
  })

  test('10,000 texts with a NUL get a bounded answer', async () => {
    const answer = await post(`{"summary":"x","publicThemes":[${Array(10_000).fill('"\\u0000"').join()}]}`)
    expectRefusal(answer, 400)
    expect(answer.body.details.issues.length).toBeGreaterThan(0)
    expect(answer.body.details.issues.length).toBeLessThanOrEqual(100)
  })

  test('10,000 unknown query parameters get a bounded answer', async () => {
    const answer = await list(Array.from({ length: 10_000 }, (_, i) => `unknown${i}=1`).join('&'))
    expectRefusal(answer, 400)
    expect(answer.body.details.issues.length).toBeGreaterThan(0)
    expect(answer.body.details.issues.length).toBeLessThanOrEqual(100)
  })

  test('a long name is not repeated until the answer outgrows the request', async () => {
    const name = 'n'.repeat(500_000)
    const unknown = await post({ summary: 'x', [name]: 1 })
    expectRefusal(unknown, 400)
    expect(unknown.text.length).toBeLessThan(2 * mebibyte)
    const badText = await post(`{"summary":"x","${name}":[${Array(40).fill('"\\u0000"').join()}]}`)
    expectRefusal(badText, 400)
    expect(badText.text.length).toBeLessThan(2 * mebibyte)
  })
})

describe('query parameters', () => {
  test('unknown and repeated ones are named, all at once', async () => {
    const answer = await list('nope=1&page=1&page=2&__proto__=x&constructor=y&pageSize=0')
    expectRefusal(answer, 400)
    expect(issuesOf(answer).sort()).toEqual([
      'query __proto__',
      'query constructor',
      'query nope',
      'query page',
      'query pageSize',
    ])
  })

  test('a route without parameters refuses any', async () => {
    for (const path of ['/api/me?x=1', '/api/cases/x?include=timeline2', '/api/categories/x?page=1']) {
      expectRefusal(await app.send('GET', path, { key: council.key }), 400)
    }
    const answer = await app.send('POST', '/api/cases?dryRun=true', { key: council.key, body: {} })
    expect(issuesOf(answer).sort()).toEqual(['body summary', 'query dryRun'])
  })

  test('names are read exactly', async () => {
    for (const name of ['Page', 'PAGE', 'page[]', 'page[0]', '%20page', 'page%20', '']) {
      expect([name, issuesOf(await list(`${name}=1`))]).toEqual([name, [`query ${decodeURIComponent(name)}`]])
    }
  })

  test.each([
    '1e3',
    '0x10',
    '%201',
    '1%20',
    '+1',
    '%2B1',
    '',
    '1.5',
    '1.0',
    '-1',
    '0',
    '１',
    'NaN',
    'Infinity',
    '1_0',
    '99999999999999999999',
    'null',
    '1,2',
  ])('page=%s is no page', async (text) => {
    const answer = await list(`page=${text}`)
    expectRefusal(answer, 400)
    expect(issuesOf(answer)).toEqual(['query page'])
  })

  test.each(['0', '101', '-5', '1e1', ''])('pageSize=%s is no page size', async (text) => {
    expect(issuesOf(await list(`pageSize=${text}`))).toEqual(['query pageSize'])
  })

  test.each(['TRUE', '1', 'yes', '', 'on', 'true,false'])(
    'archived=%s is neither true nor false',
    async (text) => {
      expect(issuesOf(await list(`archived=${text}`))).toEqual(['query archived'])
    },
  )

  test('a word that is none of the list is named under the parameter', async () => {
    const answer = await list('status=open,done')
    expect(issuesOf(answer)).toEqual(['query status'])
    expect(answer.body.details.issues[0].message).toEndWith('resolved, closed, not "done"')
    expect(issuesOf(await list('sort=summary'))).toEqual(['query sort'])
    expect(issuesOf(await list('priority='))).toEqual(['query priority'])
  })

  test('lists are taken as clients write them', async () => {
    for (const query of [
      'status[]=open',
      'status%5B%5D=open&status[]=closed',
      'status[0]=open&status[1]=closed',
    ]) {
      expect([query, (await list(query)).status]).toEqual([query, 200])
    }
    expect(issuesOf(await list('status[]=done'))).toEqual(['query status'])
    expect(issuesOf(await list('page[]=1&status.0=open'))).toEqual(['query page[]', 'query status.0'])
  })

  test('percent garbage, NUL and broken UTF-8 are named', async () => {
    for (const text of ['%', '%zz', '%ff', '%C3', '%00', '%ED%A0%80']) {
      expect([text, issuesOf(await list(`createdFrom=${text}`))]).toEqual([text, ['query createdFrom']])
    }
    for (const name of ['%', '%ff']) expectRefusal(await list(`${name}=1`), 400)
  })

  test('every fault of query and body comes at once', async () => {
    const answer = await app.send('POST', '/api/cases?nope=1', {
      key: council.key,
      body: { priority: 'top', type: 7, publicThemes: 'x', location: { latitude: 91, uprn: 'x' }, extra: 1 },
    })
    expectRefusal(answer, 400)
    expect(issuesOf(answer).sort()).toEqual([
      'body extra',
      'body location.latitude',
      'body location.uprn',
      'body priority',
      'body publicThemes',
      'body summary',
      'body type',
      'query nope',
    ])
    for (const issue of answer.body.details.issues) {
      expect(Object.keys(issue)).toEqual(['in', 'path', 'message'])
      expect(issue.message).toMatch(/^[A-Z]/)
    }
  })

  test('a refused value does not come back', async () => {
    const answer = await post({
      summary: 'x',
      priority: 'Acacia',
      description: ['Acacia'],
      type: { Acacia: 1 },
    })
    expectRefusal(answer, 400)
    expect(answer.text).not.toContain('Acacia')
  })
})

describe('the request id', () => {
  const idFor = async (given: string) =>
    (await app.send('GET', '/health', { headers: { 'x-request-id': given } })).headers.get('x-request-id')

  test.each(['a', '7f0c', 'A.b_c-9', 'x'.repeat(64), '00000000-0000-4000-8000-000000000000'])(
    '"%s" from the client is kept',
    async (given) => {
      expect(await idFor(given)).toBe(given)
    },
  )

  test.each(['', ' ', '-a', 'a b', 'x'.repeat(65), 'a/b', 'é', '<script>', 'a"b', 'a,b'])(
    '"%s" is replaced',
    async (given) => {
      const id = await idFor(given)
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      expect(id).not.toBe(given)
    },
  )

  test('is on answers of every kind and new for each request', async () => {
    const answers = [
      await app.send('GET', '/nothing'),
      await app.send('GET', '/api/me'),
      await app.send('GET', '/health', { headers: { host: 'x' } }),
      await list('page=0'),
      await post({ summary: 'x' }),
      await app.send('GET', '/swagger/json'),
    ]
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(6)
  })
})

describe('the order of checks', () => {
  type Fault = 'host' | 'route' | 'method' | 'size' | 'key' | 'rate' | 'address' | 'scope' | 'type' | 'input'
  const order: [Fault, number][] = [
    ['host', 421],
    ['route', 404],
    ['method', 405],
    ['size', 413],
    ['key', 401],
    ['rate', 429],
    ['address', 403],
    ['scope', 403],
    ['type', 415],
    ['input', 400],
  ]
  /** One request shows one of these at most. */
  const exclusive: Fault[][] = [
    ['route', 'method'],
    ['key', 'rate'],
    ['key', 'address'],
    ['key', 'scope'],
  ]
  const pairs = order.flatMap(([first, status], i) =>
    order
      .slice(i + 1)
      .filter(([second]) => !exclusive.some((both) => both.includes(first) && both.includes(second)))
      .map(([second]) => [first, second, status] as [Fault, Fault, number]),
  )

  let ordered: TestApp
  let of: Council
  beforeAll(async () => {
    ordered = await createTestApp({ REEVE_RATE_LIMIT: '1', REEVE_AUTH_FAIL_LIMIT: '1000000' })
    of = await createCouncil(ordered, 'ordered')
  })
  afterAll(() => ordered.close())

  async function sendWith(faults: readonly Fault[]): Promise<Answer> {
    const has = (fault: Fault) => faults.includes(fault)
    const key = await createTestKey(ordered, of, {
      scopes: has('scope') ? ['wards:read'] : ['cases:write'],
      ipAllow: has('address') ? ['10.0.0.0/8'] : [],
    })
    if (has('rate')) await ordered.send('GET', '/api/me', { key })
    return ordered.send(has('method') ? 'DELETE' : 'POST', has('route') ? '/api/nothing' : '/api/cases', {
      ...(has('key') ? {} : { key }),
      body: has('input') ? '{"summary":' : '{"summary":"Pothole"}',
      headers: {
        host: has('host') ? 'example.org' : 'localhost',
        'content-type': has('type') ? 'text/plain' : 'application/json',
        ...(has('size') ? { 'content-length': String(mebibyte + 1) } : {}),
      },
    })
  }

  test('a request without fault passes them all', async () => {
    expect((await sendWith([])).status).toBe(201)
  })

  test.each(order)('%s alone: %i', async (fault, status) => {
    expectRefusal(await sendWith([fault]), status)
  })

  test.each(pairs)('%s comes before %s: %i', async (first, second, status) => {
    expect((await sendWith([first, second])).status).toBe(status)
  })

  test('the address comes before the scope, the plan before both', async () => {
    expect((await sendWith(['address', 'scope'])).body.details.requiredScope).toBeUndefined()
    const free = await createCouncil(ordered, 'free-of-charge')
    const key = await createTestKey(ordered, free, { scopes: ['wards:read'], ipAllow: ['10.0.0.0/8'] })
    await setPlan(free.ctx, 'free')
    const answer = await ordered.send('POST', '/api/cases', { key, body: { summary: 'Pothole' } })
    expect([answer.status, answer.body.details]).toEqual([403, { plan: 'free' }])
  })

  test('the content of a body comes before the object it is for', async () => {
    const key = await createTestKey(ordered, of, {})
    const answer = await ordered.send('PATCH', '/api/cases/unknown', { key, body: { nope: 1 } })
    expect(answer.status).toBe(400)
  })

  test('nobody without a valid key sees a validation message', async () => {
    for (const key of [undefined, 'nonsense']) {
      for (const [method, path, body] of [
        ['GET', '/api/cases?page=0&nope=1', undefined],
        ['POST', '/api/cases?nope=1', { nope: 1 }],
        ['POST', '/api/cases', '{'],
        ['PATCH', '/api/cases/x', '['.repeat(20_000)],
        ['GET', '/api/wards?page=x', undefined],
      ] as const) {
        const answer = await app.send(method, path, {
          ...(key === undefined ? {} : { key }),
          ...(body === undefined ? {} : { body }),
        })
        expectRefusal(answer, 401)
        expect(answer.body.details).toEqual({})
      }
    }
  })
})

describe('an unexpected error', () => {
  const routes = new Elysia()
    .use(guard)
    .get(
      '/api/throws',
      () => {
        throw new Error('Acacia Avenue leaked')
      },
      { scope: 'any-key' },
    )
    .get(
      '/api/throws-text',
      () => {
        throw 'Acacia Avenue leaked'
      },
      { scope: 'any-key' },
    )
    .get(
      '/api/throws-status',
      () => {
        throw Object.assign(new Error('Acacia Avenue leaked'), { status: 201, code: 'ACACIA' })
      },
      { scope: 'any-key' },
    )
    .get('/api/rejects', () => Promise.reject(new TypeError('Acacia Avenue leaked')), { scope: 'any-key' })
    .get('/api/misfits', () => ({ name: 7, secret: 'Acacia Avenue' }) as never, {
      scope: 'any-key',
      response: Strict({ name: Type.String() }),
    })
    .get('/api/too-much', () => ({ name: 'x', secret: 'Acacia Avenue' }) as never, {
      scope: 'any-key',
      response: Strict({ name: Type.String() }),
    })
    .get('/throws-outside', () => {
      throw new Error('Acacia Avenue leaked')
    })

  test.each([
    '/api/throws',
    '/api/throws-text',
    '/api/throws-status',
    '/api/rejects',
    '/api/misfits',
    '/api/too-much',
    '/throws-outside',
  ])('at %s is a 500 that holds the request id and nothing else', async (path) => {
    const { log, lines } = memoryLog()
    const { handle } = createSmallApp({ ...app.deps, log }, routes)
    const { status, text, headers } = await ask(handle, 'GET', path, {
      ...bearer(council.key),
      'x-request-id': 'my-request',
    })
    expect(status).toBe(500)
    expect(text).toBe('{"error":"Internal server error","details":{"requestId":"my-request"}}')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect([...headers].join()).not.toContain('Acacia')
    const errors = lines.filter((line) => line.includes('"level":"error"'))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain('my-request')
  })

  test('is logged with its cause; an answer that misfits its schema is logged without its values', async () => {
    const { log, lines } = memoryLog()
    const { handle } = createSmallApp({ ...app.deps, log }, routes)
    await ask(handle, 'GET', '/api/throws', bearer(council.key))
    expect(lines.join('')).toContain('Acacia Avenue leaked')
    lines.length = 0
    for (const path of ['/api/misfits', '/api/too-much']) await ask(handle, 'GET', path, bearer(council.key))
    expect(lines.join('')).toContain('/name')
    expect(lines.join('')).not.toContain('Acacia')
  })
})

describe('a route under /api that names no scope', () => {
  test('is not reached', async () => {
    let ran = 0
    const open = new Elysia().get('/api/forgotten', () => `ran ${++ran}`)
    const { handle } = createSmallApp(app.deps, open)
    expect((await ask(handle, 'GET', '/api/forgotten')).status).toBe(401)
    expect((await ask(handle, 'GET', '/api/forgotten', bearer(council.key))).status).toBe(500)
    expect(ran).toBe(0)
  })
})

describe('a store that cannot answer', () => {
  test('closed: 5xx in the common form, without its message', async () => {
    const own = await createTestApp(unlimited)
    const { key } = await createCouncil(own, 'closed')
    await own.close()
    for (const [method, path] of [
      ['GET', '/api/cases'],
      ['POST', '/api/cases'],
      ['GET', '/api/me'],
    ] as const) {
      const answer = await own.send(method, path, {
        key,
        body: method === 'POST' ? { summary: 'x' } : undefined,
      })
      expect([500, 503]).toContain(answer.status)
      expect(Object.keys(answer.body)).toEqual(['error', 'details'])
      expect(answer.text).not.toMatch(/sqlite|postgres|select|api_keys/i)
    }
  })

  test.if(onSqlite)(
    'locked by another process for more than 2 s: 503 with Retry-After, while reads go on',
    async () => {
      const before = await countCases()
      const other = new Database(storeFile(app.config.data))
      other.run('BEGIN IMMEDIATE')
      const waiting = post({ summary: 'Locked out' })
      const read = await list('page=1')
      expect(read.status).toBe(200)
      await Bun.sleep(20)
      app.clock.advance(2_001)
      const answer = await waiting
      expectRefusal(answer, 503)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      other.run('ROLLBACK')
      other.close()
      expect((await post({ summary: 'Let in' })).status).toBe(201)
      expect(await countCases()).toBe(before + 1)
    },
  )

  test.if(onSqlite)('locked for less: the change waits and is made', async () => {
    const other = new Database(storeFile(app.config.data))
    other.run('BEGIN IMMEDIATE')
    const waiting = post({ summary: 'Patient' })
    await Bun.sleep(20)
    app.clock.advance(1_900)
    other.run('ROLLBACK')
    other.close()
    expect((await waiting).status).toBe(201)
  })
})

describe('answers under /api', () => {
  test('are never kept by caches unasked, errors included', async () => {
    for (const answer of [
      await list('page=1'),
      await list('page=0'),
      await app.send('GET', '/api/me'),
      await app.send('GET', '/api/nothing'),
    ]) {
      expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    }
  })
})

describe('a client that goes away', () => {
  test('in the middle of its body is no fault of ours: 400, and no error in the log', async () => {
    const before = await countCases()
    const logged = app.logged.length
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"summary"')),
      pull: (controller) => controller.error(new Error('gone')),
    })
    const answer = await post(body)
    expectRefusal(answer, 400)
    expect(answer.body.error).toBe('The body broke off before its end')
    expect(app.logged.slice(logged).filter(({ level }) => level === 'error')).toEqual([])
    expect(await countCases()).toBe(before)
  })
})
