import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type Binary, buildBinary, type Running } from '../support/binary'
import { amount } from '../support/drill'
import { startMailServer } from '../support/mail-server'

const square = (west: number) => [
  [
    [west, 51.4],
    [west + 0.1, 51.4],
    [west + 0.1, 51.5],
    [west, 51.5],
    [west, 51.4],
  ],
]

const feature = (code: string, name: string, west: number) => ({
  type: 'Feature',
  properties: { WD24CD: code, WD24NM: name, WD24NMW: null },
  geometry: { type: 'Polygon', coordinates: square(west) },
})

const wardsFile = JSON.stringify(
  {
    type: 'FeatureCollection',
    features: [feature('E05001972', 'Ashley', -2.6), feature('E05001973', 'Avonmouth', -2.7)],
  },
  null,
  1,
)

let binary: Binary
const inside = (name: string) => join(binary.directory, name)

beforeAll(async () => {
  binary = await buildBinary()
  // Neither may have any effect on a binary that is started beside them.
  writeFileSync(inside('.env'), 'REEVE_LOG_LEVEL=loud\nREEVE_DATA=./elsewhere\n')
  writeFileSync(inside('bunfig.toml'), 'preload = ["./missing.ts"]\n')
  writeFileSync(inside('wards.geojson'), wardsFile)
})

afterAll(() => binary.remove())

const json = async (url: string, key?: string, init: RequestInit = {}) => {
  const headers = { ...(key ? { 'x-api-key': key } : {}), 'content-type': 'application/json' }
  const response = await fetch(url, { ...init, headers })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const makeKey = async (tenant: string, scopes: string): Promise<{ id: string; key: string }> => {
  const { out } = await binary.run([
    'key',
    'create',
    '--tenant',
    tenant,
    '--name',
    'k',
    '--scopes',
    scopes,
    '--json',
  ])
  return JSON.parse(out)
}

describe('the command line refuses', () => {
  test.each([
    [['bogus'], "unknown command 'bogus'"],
    [['tenant', 'create', '--slug', 'x'], "required option '--name <name>' not specified"],
  ])('wrong use with exit code 2: %p', async (args, sentence) => {
    const { code, err, out } = await binary.run(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })

  test('a bad configuration, naming every fault, with exit code 2', async () => {
    const env = { REEVE_PORT: 'abc', REEVE_RATE_LIMIT: '0', REEVE_TRUSTED_PROXIES: 'nowhere' }
    const { code, err } = await binary.run(['serve'], { env })
    expect(code).toBe(2)
    for (const name of Object.keys(env)) expect(err).toContain(name)
    expect(existsSync(inside('data'))).toBe(false)
  })

  test('a scope outside the plan, a second council of the same name and a bad slug', async () => {
    await binary.run(['tenant', 'create', '--slug', 'small', '--name', 'Small', '--plan', 'pro'])
    const reports = await binary.run([
      'key',
      'create',
      '--tenant',
      'small',
      '--name',
      'k',
      '--scopes',
      'reports:read',
    ])
    expect([reports.code, reports.err]).toEqual([
      1,
      'reeve: Invalid request\n  scopes: The scope reports:read is not in the plan pro\n',
    ])
    const again = await binary.run(['tenant', 'create', '--slug', 'small', '--name', 'Other'])
    expect([again.code, again.err]).toEqual([1, 'reeve: There is already a council "small"\n'])
    expect((await binary.run(['tenant', 'create', '--slug', 'No Good', '--name', 'X'])).code).toBe(2)
  })

  test('a damaged file: the line is named and nothing is imported', async () => {
    writeFileSync(inside('cut.geojson'), wardsFile.slice(0, wardsFile.length / 2))
    const cut = await binary.run(['import', 'wards', '--tenant', 'small', 'cut.geojson'])
    expect(cut.code).toBe(1)
    expect(cut.err).toMatch(/1 bad line; nothing was imported\n {2}line \d+: is not valid JSON here/)
    writeFileSync(inside('bad.csv'), 'gssCode,name\nE05001972,Ashley\nE0500,Avonmouth\n')
    const bad = await binary.run(['import', 'wards', '--tenant', 'small', 'bad.csv'])
    expect(bad.err).toContain('line 3: gssCode "E0500" is not a GSS code')
    const dry = await binary.run([
      'import',
      'wards',
      '--tenant',
      'small',
      'wards.geojson',
      '--dry-run',
      '--json',
    ])
    expect(JSON.parse(dry.out)).toEqual({ created: 2, updated: 0, unchanged: 0, dryRun: true })
  })

  test('a health check where nothing listens', async () => {
    const { code, err } = await binary.run(['health', '--url', 'http://127.0.0.1:9'])
    expect(code).toBe(1)
    expect(err).toContain('http://127.0.0.1:9/ready does not answer')
  })
})

describe('the command line', () => {
  test('prints help alone, and for each command', async () => {
    const alone = await binary.run([])
    expect(alone.code).toBe(0)
    const names = [
      'serve',
      'dev',
      'tenant',
      'user',
      'key',
      'import',
      'export',
      'erase',
      'check',
      'rotate-key',
      'copy',
      'migrate',
      'config',
      'openapi',
      'health',
      'version',
    ]
    for (const name of names) expect(alone.out).toContain(`\n  ${name}`)
    for (const name of names.slice(0, amount(names.length, 3))) {
      const help = await binary.run([name, '--help'])
      expect([name, help.code, help.out.startsWith(`Usage: reeve ${name}`)]).toEqual([name, 0, true])
    }
  })

  test('shows settings with secrets masked, from reeve.env too', async () => {
    const secret = Buffer.alloc(32, 7).toString('base64')
    writeFileSync(inside('data/reeve.env'), '# ours\nREEVE_RATE_LIMIT=250\n')
    const { out } = await binary.run(['config', '--json'], { env: { REEVE_SECRET_KEY: secret } })
    expect(JSON.parse(out)).toMatchObject({
      REEVE_RATE_LIMIT: '250',
      REEVE_SECRET_KEY: '********',
      REEVE_LOG_LEVEL: 'info',
    })
    expect(out).not.toContain(secret)
    writeFileSync(inside('data/reeve.env'), '')
  })

  test('makes users with a one-time password or one from standard input', async () => {
    await binary.run(['import', 'wards', '--tenant', 'small', 'wards.geojson'])
    const who = ['--tenant', 'small', '--name', 'Ada', '--role', 'councillor']
    const made = await binary.run([
      'user',
      'create',
      ...who,
      '--email',
      'a@x.example',
      '--ward',
      'E05001972',
      '--json',
    ])
    expect(JSON.parse(made.out).oneTimePassword).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    const short = await binary.run(['user', 'create', ...who, '--email', 'b@x.example', '--password-stdin'], {
      stdin: 'short\n',
    })
    expect([short.code, short.err]).toEqual([
      1,
      'reeve: Invalid request\n  password: Must have 12 to 200 characters, such as three random words\n',
    ])
    const given = await binary.run(
      ['user', 'create', ...who, '--email', 'b@x.example', '--password-stdin', '--json'],
      {
        stdin: 'a password of my own\n',
      },
    )
    expect(JSON.parse(given.out).oneTimePassword).toBeNull()
    const unknown = await binary.run([
      'user',
      'create',
      ...who,
      '--email',
      'c@x.example',
      '--ward',
      'E05999999',
    ])
    expect(unknown.err).toContain('There is no ward with the GSS code "E05999999"')
    const reset = await binary.run(['user', 'reset-password', '--tenant', 'small', '--email', 'a@x.example'])
    expect(reset.out).toContain('One-time password, shown only once: ')
    expect((await binary.run(['user', 'list', '--tenant', 'small'])).out).toContain(
      'a@x.example  Ada   councillor',
    )
  })
})

describe('the server, from an empty directory', () => {
  let server: Running
  let key: { id: string; key: string }

  beforeAll(async () => {
    await binary.run(['tenant', 'create', '--slug', 'bristol', '--name', 'Bristol City Council'])
    await binary.run(['import', 'wards', '--tenant', 'bristol', 'wards.geojson'])
    key = await makeKey('bristol', 'all')
    server = await binary.start(['serve'])
  })

  afterAll(() => server.stop())

  test('keeps everything in the data directory, for its owner alone', () => {
    expect(existsSync(inside('elsewhere'))).toBe(false)
    const made = readdirSync(inside('data'))
    expect(made).toContain('reeve.db')
    for (const name of ['reeve.db', 'secret.key'])
      expect(statSync(inside(`data/${name}`)).mode & 0o777).toBe(0o600)
    expect(statSync(inside('data')).mode & 0o777).toBe(0o700)
  })

  test('is the only one on its data directory', async () => {
    const { code, err } = await binary.run(['serve'], { env: { REEVE_PORT: '0' } })
    expect(code).toBe(1)
    expect(err).toContain('Another copy of Reeve is using the data directory')
  })

  test('never takes a port that is taken', async () => {
    const { code, err } = await binary.run(['dev', '--cases', '0'], {
      env: { REEVE_PORT: new URL(server.url).port },
    })
    expect(code).toBe(1)
    expect(err).toContain('is another program using the port?')
  })

  test('is not a demo server', async () => {
    const { code, err } = await binary.run(['dev', '--data', './data'], { env: { REEVE_PORT: '0' } })
    expect(code).toBe(1)
    expect(err).toContain('Another copy of Reeve is using the data directory')
  })

  test('lists a case made in an imported ward as the product’s page shows', async () => {
    const wards = await json(`${server.url}/api/wards?search=ashley`, key.key)
    const [ashley] = wards.body.wards
    expect(ashley).toMatchObject({ name: 'Ashley', gssCode: 'E05001972', tier: 'ward' })
    const made = await json(`${server.url}/api/cases`, key.key, {
      method: 'POST',
      body: JSON.stringify({ summary: 'Pothole', publicSummary: 'A pothole', wardId: ashley.id }),
    })
    expect(made.status).toBe(201)
    const { body } = await json(`${server.url}/api/cases`, key.key)
    expect(body.pagination).toEqual({ page: 1, pageSize: 20, total: 1, totalPages: 1 })
    expect(body.cases[0]).toMatchObject({
      id: made.body.id,
      reference: `CW-${new Date().getUTCFullYear()}-0001`,
      status: 'open',
      publicSummary: 'A pothole',
      wardId: ashley.id,
      categoryId: null,
      ward: { id: ashley.id, name: 'Ashley' },
    })
    expect(made.headers.get('location')).toBe(`/api/cases/${made.body.id}`)
  })

  test('gives 64 parallel creates references without a gap', async () => {
    const many = await makeKey('bristol', 'cases:write')
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        json(`${server.url}/api/cases`, many.key, {
          method: 'POST',
          body: JSON.stringify({ summary: `case ${i}` }),
        }),
      ),
    )
    const numbers = answers.map(({ body }) => Number(body.reference.slice(-4))).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 64 }, (_, i) => i + 2))
  })

  test('answers 429 to the 101st request', async () => {
    const limited = await makeKey('bristol', 'wards:read')
    for (let i = 1; i <= 100; i++) {
      const { status, headers } = await json(`${server.url}/api/wards?pageSize=1`, limited.key)
      expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, String(100 - i)])
    }
    const { status, headers, body } = await json(`${server.url}/api/wards?pageSize=1`, limited.key)
    expect(status).toBe(429)
    expect(body).toEqual({
      error: 'Rate limit exceeded',
      details: { limit: 100, retryAfter: Number(headers.get('retry-after')) },
    })
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
  })

  test('sees at once what a command changes beside it', async () => {
    const doomed = await makeKey('bristol', 'all')
    expect((await json(`${server.url}/api/me`, doomed.key)).status).toBe(200)
    await binary.run(['key', 'revoke', doomed.id])
    expect((await json(`${server.url}/api/me`, doomed.key)).status).toBe(401)
    await binary.run(['tenant', 'set-plan', 'bristol', 'free'])
    const { status, body } = await json(`${server.url}/api/me`, key.key)
    expect([status, body]).toEqual([
      403,
      { error: 'API access requires a Pro or Council plan', details: { plan: 'free' } },
    ])
    await binary.run(['tenant', 'set-plan', 'bristol', 'council'])
    expect((await json(`${server.url}/api/me`, key.key)).status).toBe(200)
  })

  test('is ready by its own health command', async () => {
    const { code, out } = await binary.run(['health', '--url', server.url])
    expect([code, out]).toEqual([0, `${server.url}/ready is ready\n`])
  })

  test('logs one line a request and never a key, a query or a body', async () => {
    await json(`${server.url}/api/cases?internalRefx=secret-query`, key.key)
    const refused = () =>
      server
        .output()
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line))
        .findLast(({ message, status }) => message === 'request' && status === 400)
    while (!refused()) await Bun.sleep(10)
    const last = refused()
    expect(last).toMatchObject({
      method: 'GET',
      route: '/api/cases',
      status: 400,
      tenant: 'bristol',
      key: key.key.slice(0, 12),
    })
    expect(Object.keys(last)).toEqual([
      'time',
      'level',
      'message',
      'id',
      'method',
      'route',
      'status',
      'ms',
      'tenant',
      'key',
    ])
    for (const secret of [key.key, 'secret-query', 'Pothole']) expect(server.output()).not.toContain(secret)
  })

  test('answers a body over 1 MiB with JSON, with and without a length', async () => {
    const over = 'x'.repeat(1_048_577)
    expect((await json(`${server.url}/api/cases`, key.key, { method: 'POST', body: over })).status).toBe(413)
    const stream = new Blob([over]).stream()
    const chunked = await json(`${server.url}/api/cases`, key.key, { method: 'POST', body: stream })
    expect([chunked.status, chunked.body.error]).toEqual([413, 'The body is larger than 1 MiB'])
  })
})

describe('stopping', () => {
  test('finishes a request whose body is still arriving, refuses new ones and exits with 0', async () => {
    const { key } = await makeKey('bristol', 'all')
    const server = await binary.start(['serve'])
    const port = Number(new URL(server.url).port)
    const body = JSON.stringify({ summary: 'in flight' })
    const head = `POST /api/cases HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const client = connect(port, '127.0.0.1')
    const answer = new Promise<string>((resolve) => client.once('data', (data) => resolve(data.toString())))
    client.write(head + body.slice(0, 5))
    // Its answer shows that the connection before it has been accepted.
    await fetch(`${server.url}/health`)
    const exited = server.stop()
    const isRefused = () =>
      fetch(`${server.url}/health`).then(
        () => false,
        () => true,
      )
    while (!(await isRefused())) await Bun.sleep(10)
    client.write(body.slice(5))
    expect(await answer).toStartWith('HTTP/1.1 201')
    client.destroy()
    expect(await exited).toBe(0)
    const again = await binary.start(['serve'])
    const { body: page } = await json(`${again.url}/api/cases?pageSize=1`, key)
    expect(page.cases[0].summary).toBe('in flight')
    expect(await again.stop('SIGINT')).toBe(0)
  })

  test('by kill -9 loses nothing that was acknowledged and leaves the directory free', async () => {
    const { key } = await makeKey('bristol', 'all')
    const server = await binary.start(['serve'])
    const made = await json(`${server.url}/api/cases`, key, {
      method: 'POST',
      body: JSON.stringify({ summary: 'kept' }),
    })
    await server.stop('SIGKILL')
    const again = await binary.start(['serve'])
    expect((await json(`${again.url}/api/cases/${made.body.id}`, key)).status).toBe(200)
    await again.stop()
  })
})

describe('the demo', () => {
  test('repeats itself for the same seed, differs for another, and leaves nothing behind', async () => {
    const runs = []
    for (const seed of ['7', '7', '8']) {
      const server = await binary.start(['dev', '--seed', seed, '--cases', '20', '--json'])
      const { keys, data } = JSON.parse(server.output().slice(0, server.output().indexOf('\n}') + 2))
      const { body } = await json(`${server.url}/api/cases?sort=reference`, keys.council)
      const free = await json(`${server.url}/api/me`, keys.free)
      const lists = ['/api/events', '/api/news', '/api/users', '/public/demo/cases.json']
      const shown = await Promise.all(
        lists.map(async (path) => (await json(`${server.url}${path}?pageSize=50`, keys.council)).body),
      )
      expect(await server.stop()).toBe(0)
      expect(existsSync(data)).toBe(false)
      runs.push({ keys, cases: body.cases, total: body.pagination.total, free: free.status, shown })
    }
    const totals = runs[0]?.shown.map(({ pagination }) => pagination.total)
    expect(totals).toEqual([12, 11, 6, 7])
    expect(runs[0]).toMatchObject({ total: 20, free: 403 })
    expect(JSON.stringify(runs[1])).toBe(JSON.stringify(runs[0]))
    expect(runs[2]?.keys.council).not.toBe(runs[0]?.keys.council)
    expect(runs[2]?.cases[0].id).not.toBe(runs[0]?.cases[0].id)
  })

  test('keeps its data where told, and is never served as a council’s', async () => {
    const server = await binary.start(['dev', '--cases', '3', '--data', './demo', '--json'])
    await server.stop()
    const again = await binary.start(['dev', '--cases', '9', '--data', './demo', '--json'])
    const { keys } = JSON.parse(again.output().slice(0, again.output().indexOf('\n}') + 2))
    expect((await json(`${again.url}/api/cases`, keys.council)).body.pagination.total).toBe(3)
    await again.stop()
    const { code, err } = await binary.run(['serve'], { env: { REEVE_DATA: './demo', REEVE_PORT: '0' } })
    expect([code, err]).toEqual([
      1,
      'reeve: The data directory holds a demo database: use "reeve dev --data"\n',
    ])
  })
})

test('the store holds no plain key', async () => {
  const { key } = await makeKey('bristol', 'all')
  const bytes = readdirSync(inside('data')).map((name) => {
    const path = inside(`data/${name}`)
    return statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0)
  })
  expect(bytes.some((content) => content.includes(key))).toBe(false)
})

describe('a mail server', () => {
  test('gets the letter of who has forgotten their password', async () => {
    const mail = await startMailServer()
    await binary.run(['tenant', 'create', '--slug', 'letters', '--name', 'Council of Letters'])
    const who = ['--tenant', 'letters', '--name', 'Ann', '--email', 'ann@x.example', '--role', 'admin']
    await binary.run(['user', 'create', ...who])
    const server = await binary.start(['serve'], {
      REEVE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      REEVE_MAIL_FROM: 'casework@avon.example',
      REEVE_PUBLIC_URL: 'https://casework.avon.example',
    })
    try {
      await fetch(`${server.url}/admin/forgotten`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ council: 'letters', email: 'ann@x.example' }),
      })
      for (let i = 0; i < 200 && mail.letters.length === 0; i++) await Bun.sleep(20)
      expect(mail.letters).toEqual([expect.stringContaining('Council of Letters')])
      expect(server.output()).not.toContain('ann@x.example')
    } finally {
      await server.stop()
      mail.close()
    }
  })
})
