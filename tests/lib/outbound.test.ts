import { afterEach, describe, expect, test } from 'bun:test'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Attempt, post } from '../../src/lib/outbound'
import type { Outbound } from '../../src/lib/outbound-address'
import { newIdentity, openReceiver, type Receiver, writeForEver } from '../support/raw-receiver'

const identity = newIdentity('DNS:receiver.example,IP:127.0.0.1,IP:::1')
const loopback = ['127.0.0.0/8', '::1']

const receivers: Receiver[] = []
const open = async (...settings: Parameters<typeof openReceiver>) => {
  const receiver = await openReceiver(...settings)
  receivers.push(receiver)
  return receiver
}
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.close()
})

const to = (...addresses: string[]): Outbound => ({
  resolve: async () => addresses,
  allow: loopback,
  ca: identity.certificate,
})
const here = to('127.0.0.1')

const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  headers: { 'Content-Type': 'application/json', 'webhook-id': 'evt_1' },
  body: '{"name":"Zoë"}',
  timeoutMs: 1_500,
  ...more,
})

const head = (status: string, ...headers: string[]) => [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n')
const ok = head('200 OK', 'Content-Length: 2')
const answering = (text: string | Uint8Array) => (socket: Socket) => void socket.write(text)
const withBody = (body: string | Uint8Array, ...headers: string[]) =>
  Buffer.concat([
    Buffer.from(head('200 OK', `Content-Length: ${Buffer.byteLength(body)}`, ...headers)),
    Buffer.from(body),
  ])

/** What a plain receiver with these bytes to say comes to. */
async function outcomeOf(answer: (socket: Socket) => void, timeoutMs = 1_500) {
  const receiver = await open(answer)
  const outcome = await post(here, `http://receiver.example:${receiver.port}/`, attempt({ timeoutMs }))
  return { receiver, outcome }
}

/** All connections of the receiver are closed, soon if not now. */
async function expectClosed(receiver: Receiver) {
  for (let waited = 0; receiver.open() > 0 && waited < 50; waited += 1) await Bun.sleep(5)
  expect(receiver.open()).toBe(0)
}

describe('what is sent', () => {
  test('one POST with its headers, length and bytes, to the path and query', async () => {
    const receiver = await open(answering(`${ok}ok`), { identity })
    const outcome = await post(here, `https://receiver.example:${receiver.port}/hook?a=1%202`, attempt())
    expect(outcome).toEqual({ status: 200, retryAfter: null, reply: 'ok' })
    const [requestHead = '', body = ''] = receiver.requests[0]?.split('\r\n\r\n') ?? []
    const [first, ...headers] = requestHead.split('\r\n')
    expect(first).toBe('POST /hook?a=1%202 HTTP/1.1')
    expect(headers.map((header) => header.toLowerCase()).sort()).toEqual([
      'connection: close',
      'content-length: 15',
      'content-type: application/json',
      `host: receiver.example:${receiver.port}`,
      'webhook-id: evt_1',
    ])
    expect(Buffer.from(body, 'latin1').toString()).toBe('{"name":"Zoë"}')
    await expectClosed(receiver)
  })

  test('goes past the proxy that the environment names', async () => {
    const proxy = await open(answering(head('502 Bad Gateway')))
    const receiver = await open(answering(`${ok}ok`), { identity })
    const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY']
    const before = names.map((name) => process.env[name])
    try {
      for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
      expect(await post(here, `https://receiver.example:${receiver.port}/`, attempt())).toMatchObject({
        status: 200,
      })
      expect(proxy.requests).toEqual([])
    } finally {
      names.forEach((name, at) => {
        if (before[at] === undefined) delete process.env[name]
        else process.env[name] = before[at]
      })
    }
  })

  test('a header that HTTP does not allow is the caller’s fault and throws', async () => {
    const receiver = await open(answering(`${ok}ok`))
    const wrong = attempt({ headers: { 'webhook-id': 'a\r\nb' } })
    await expect(post(here, `http://receiver.example:${receiver.port}/`, wrong)).rejects.toThrow()
  })
})

describe('where it goes', () => {
  test.each([
    ['127.0.0.1', 'receiver.example'],
    ['::1', 'receiver.example'],
    ['127.0.0.1', 'receiver.example.'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ])('to the vetted %s, with the certificate of %s', async (host, name) => {
    const receiver = await open(answering(`${ok}ok`), { identity, host })
    const outcome = await post(to(host), `https://${name}:${receiver.port}/`, attempt())
    expect(outcome).toEqual({ status: 200, retryAfter: null, reply: 'ok' })
    expect(receiver.requests[0]).toContain(`host: ${name}:${receiver.port}\r\n`)
  })

  test('to the next vetted address where the first does not answer', async () => {
    const receiver = await open(answering(`${ok}ok`), { identity })
    const outcome = await post(
      to('::1', '127.0.0.2', '127.0.0.1'),
      `https://receiver.example:${receiver.port}/`,
      attempt(),
    )
    expect(outcome).toMatchObject({ status: 200 })
  })

  test('asks once, so a name that leads elsewhere a moment later changes nothing', async () => {
    const wanted = await open(answering(`${ok}ok`), { identity })
    const answers = [['127.0.0.1'], ['10.0.0.7']]
    const rebinding = { ...here, resolve: async () => answers.shift() ?? [] }
    const address = `https://receiver.example:${wanted.port}/`
    expect(await post(rebinding, address, attempt())).toMatchObject({ status: 200 })
    expect(answers).toHaveLength(1)
    expect(await post(rebinding, address, attempt())).toEqual({
      fault: 'refused_address',
      message: 'receiver.example does not lead to a public address',
    })
    expect(wanted.requests).toHaveLength(1)
  })

  test.each([[['10.0.0.7']], [['127.0.0.1', '10.0.0.7']], [['127.0.0.1', '169.254.169.254']]])(
    'not at all where the name leads to %j',
    async (addresses) => {
      const receiver = await open(answering(`${ok}ok`))
      const outcome = await post(to(...addresses), `http://receiver.example:${receiver.port}/`, attempt())
      expect(outcome).toMatchObject({ fault: 'refused_address' })
      expect(receiver.requests).toEqual([])
    },
  )

  test('nowhere that a redirect says', async () => {
    const other = await open(answering(`${ok}ok`))
    const location = `Location: http://127.0.0.1:${other.port}/`
    for (const status of ['301 Moved', '302 Found', '307 Temporary Redirect', '308 Permanent Redirect']) {
      const { outcome } = await outcomeOf(answering(head(status, location, 'Content-Length: 0')))
      expect(outcome).toEqual({ status: Number(status.slice(0, 3)), retryAfter: null, reply: '' })
    }
    expect(other.requests).toEqual([])
  })
})

describe('the certificate', () => {
  test('for another name is refused, though one for this address was just accepted', async () => {
    const receiver = await open(answering(`${ok}ok`), { identity })
    await post(here, `https://receiver.example:${receiver.port}/`, attempt())
    expect(await post(here, `https://other.example:${receiver.port}/`, attempt())).toEqual({
      fault: 'certificate',
      message: 'other.example has a certificate for another name',
    })
    expect(receiver.requests.filter((request) => request !== '')).toHaveLength(1)
    await expectClosed(receiver)
  })

  test('of nobody known is refused, whatever the environment says', async () => {
    const receiver = await open(answering(`${ok}ok`), { identity })
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      const stranger = { resolve: here.resolve, allow: loopback }
      expect(await post(stranger, `https://receiver.example:${receiver.port}/`, attempt())).toEqual({
        fault: 'certificate',
        message: 'receiver.example has a certificate that is not trusted',
      })
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    }
    expect(receiver.requests.join('')).toBe('')
  })
})

describe('the reply', () => {
  test('has no body', async () => {
    const { outcome } = await outcomeOf(answering(head('204 No Content')))
    expect(outcome).toEqual({ status: 204, retryAfter: null, reply: '' })
  })

  test('ends with the connection', async () => {
    const { outcome } = await outcomeOf((socket) => void socket.end('HTTP/1.0 500 Oh\r\n\r\nbroken'))
    expect(outcome).toEqual({ status: 500, retryAfter: null, reply: 'broken' })
  })

  test('says when to come back, up to 100 characters of it', async () => {
    const { outcome } = await outcomeOf(answering(head('429 Slow', 'Retry-After: 120', 'Content-Length: 0')))
    expect(outcome).toEqual({ status: 429, retryAfter: '120', reply: '' })
    const long = head('503 No', `Retry-After: ${'9'.repeat(500)}`, 'Content-Length: 0')
    expect((await outcomeOf(answering(long))).outcome).toMatchObject({ retryAfter: '9'.repeat(100) })
  })

  test.each([
    ['1,024 bytes', 'a'.repeat(1_024), 'a'.repeat(1_024)],
    ['its first 1,024 bytes', 'a'.repeat(1_025), 'a'.repeat(1_024)],
    ['whole characters', `${'a'.repeat(1_023)}€uro`, 'a'.repeat(1_023)],
    ['a character that just fits', `${'a'.repeat(1_021)}€uro`, `${'a'.repeat(1_021)}€`],
    ['no control characters', 'a\0b\x1B[31mc\rd\ne\tf\x7F\u0085g', 'ab[31mcd\ne\tfg'],
    ['bad UTF-8 replaced', Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]), 'a�b�'],
  ])('is kept as %s', async (_, body, reply) => {
    expect((await outcomeOf(answering(withBody(body)))).outcome).toMatchObject({ status: 200, reply })
  })

  test('that never ends counts once 64 kB of it are read', async () => {
    const { receiver, outcome } = await outcomeOf((socket) => {
      socket.write(head('200 OK'))
      writeForEver(socket, Buffer.alloc(65_536, 'a'))
    })
    expect(outcome).toEqual({ status: 200, retryAfter: null, reply: 'a'.repeat(1_024) })
    await expectClosed(receiver)
  })

  test('that is compressed is left so', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    const receiver = await open(answering(withBody(bomb, 'Content-Encoding: gzip')))
    const address = `http://receiver.example:${receiver.port}/`
    await post(here, address, attempt())
    Bun.gc(true)
    const before = process.memoryUsage().rss
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => post(here, address, attempt())))
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000)
    for (const outcome of outcomes) {
      if (!('reply' in outcome)) throw new Error(outcome.message)
      expect(outcome.status).toBe(200)
      expect(outcome.reply.length).toBeLessThanOrEqual(1_024)
      expect(outcome.reply).not.toBe('')
    }
  })
})

describe('no complete reply in time', () => {
  const dripping = (first: string, drop: string) => (socket: Socket) => {
    socket.write(first)
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(drop)), 10)
  }

  test.each([
    ['nothing comes', () => {}],
    ['the headers never end', dripping('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')],
    ['the body never comes', answering(head('200 OK', 'Content-Length: 5'))],
    ['the body drips', dripping(head('200 OK'), 'x')],
    ['it comes later', (socket: Socket) => void setTimeout(() => socket.write(`${ok}ok`), 120)],
  ])('%s', async (_, answer) => {
    const { receiver, outcome } = await outcomeOf(answer, 60)
    expect(outcome).toEqual({ fault: 'timeout', message: 'No complete reply came within 0.06 s' })
    await expectClosed(receiver)
  })

  test('the secure connection is never made', async () => {
    const receiver = await open(() => {})
    const address = `https://receiver.example:${receiver.port}/`
    expect(await post(here, address, attempt({ timeoutMs: 60 }))).toMatchObject({ fault: 'timeout' })
    await expectClosed(receiver)
  })

  test('the name is never resolved', async () => {
    const silent = { ...here, resolve: () => new Promise<string[]>(() => {}) }
    expect(await post(silent, 'https://receiver.example/', attempt({ timeoutMs: 30 }))).toMatchObject({
      fault: 'timeout',
    })
  })
})

describe('no reply at all', () => {
  test('the address is ill-formed', async () => {
    expect(await post(here, 'https://user@receiver.example/', attempt())).toMatchObject({
      fault: 'refused_address',
    })
  })

  test('the name is unknown', async () => {
    const unknown = { ...here, resolve: async () => Promise.reject(new Error('ENOTFOUND')) }
    expect(await post(unknown, 'https://nobody.example/', attempt())).toEqual({
      fault: 'name',
      message: 'nobody.example cannot be found',
    })
  })

  test('nobody listens', async () => {
    const receiver = await openReceiver(() => {})
    receiver.close()
    for (const addresses of [['127.0.0.1'], ['127.0.0.1', '127.0.0.2']]) {
      expect(await post(to(...addresses), `http://receiver.example:${receiver.port}/`, attempt())).toEqual({
        fault: 'connection',
        message: 'receiver.example refused the connection',
      })
    }
  })

  test('it speaks no TLS', async () => {
    const receiver = await open(answering(`${ok}ok`))
    expect(await post(here, `https://receiver.example:${receiver.port}/`, attempt())).toEqual({
      fault: 'connection',
      message: 'receiver.example does not accept a secure connection',
    })
  })

  test.each([
    [
      'closes at once',
      (socket: Socket) => void socket.destroy(),
      'closed the connection before its reply was complete',
    ],
    [
      'closes in the middle',
      (socket: Socket) => void socket.end(head('200 OK', 'Content-Length: 9')),
      'closed the connection before its reply was complete',
    ],
    [
      'changes the protocol',
      answering(head('101 Switching Protocols', 'Upgrade: x', 'Connection: upgrade')),
      'closed the connection before its reply was complete',
    ],
    ['is no HTTP', answering('hello\r\n\r\n'), 'sent a reply that is not HTTP'],
    [
      'has two lengths',
      answering(head('200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked')),
      'sent a reply that is not HTTP',
    ],
    [
      'has a huge header',
      answering(head('200 OK', `X-A: ${'a'.repeat(500_000)}`)),
      'sent headers that are too long',
    ],
    [
      'has headers without end',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        writeForEver(socket, 'X-A: b\r\n'.repeat(1_000))
      },
      'sent headers that are too long',
    ],
    [
      'has interim replies without end',
      (socket: Socket) => writeForEver(socket, head('103 Early Hints', 'Link: x').repeat(100)),
      'sent headers that are too long',
    ],
  ])('it %s', async (_, answer, what) => {
    const { receiver, outcome } = await outcomeOf(answer)
    expect(outcome).toEqual({ fault: 'connection', message: `receiver.example ${what}` })
    await expectClosed(receiver)
  })
})

test('what is reused is nothing: connections, timers', async () => {
  const receiver = await open(answering(`${ok}ok`), { identity })
  const address = `https://receiver.example:${receiver.port}/`
  for (let times = 0; times < 5; times += 1) await post(here, address, attempt({ timeoutMs: 60_000 }))
  expect(receiver.requests).toHaveLength(5)
  await expectClosed(receiver)
})
