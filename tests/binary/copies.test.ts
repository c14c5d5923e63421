import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Binary, buildBinary, type Running } from '../support/binary'
import { freshDatabase } from '../support/databases'
import { onPostgres } from '../support/engine'
import { documented, freePort, nginxAround } from '../support/proxies'

const copies = 3
const leadsWithinMs = 30_000

/** The configuration that the documentation shows, with these ports in place of those it shows. */
async function documentedProxy(ports: readonly number[], listen: number, folder: string): Promise<string> {
  let shown = await documented('postgresql.md', 'nginx')
  for (const [i, port] of ports.entries()) shown = shown.replace(`:${3001 + i} `, `:${port} `)
  shown = shown.replace('127.0.0.1:8080', `127.0.0.1:${listen}`)
  return nginxAround(shown, folder)
}

describe.if(onPostgres && Bun.which('nginx') !== null)('three copies behind a proxy', () => {
  let binary: Binary
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let folder: string
  let running: Running[] = []
  let proxy: Bun.Subprocess
  let url: string
  let key: string
  let env: Record<string, string>

  const startCopy = (i: number) =>
    binary.start(['serve', '--wait', '10'], { ...env, REEVE_DATA: join(folder, `data${i}`) })

  beforeAll(async () => {
    binary = await buildBinary()
    database = await freshDatabase()
    folder = mkdtempSync(join(tmpdir(), 'reeve-copies-'))
    env = {
      DATABASE_URL: database.url,
      REEVE_DATABASE_POOL: '5',
      REEVE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      REEVE_TRUSTED_PROXIES: '127.0.0.1',
      REEVE_RATE_LIMIT: '1000000',
    }
    running = await Promise.all(Array.from({ length: copies }, (_, i) => startCopy(i)))
    const listen = await freePort()
    mkdirSync(join(folder, 'proxy'), { recursive: true })
    const ports = running.map((copy) => Number(new URL(copy.url).port))
    writeFileSync(join(folder, 'nginx.conf'), await documentedProxy(ports, listen, folder))
    proxy = Bun.spawn(['nginx', '-c', join(folder, 'nginx.conf'), '-p', folder], { stderr: 'inherit' })
    url = `http://127.0.0.1:${listen}`
    const made = await binary.run(['tenant', 'create', '--slug', 'avon', '--name', 'Avon'], { env })
    expect([made.code, made.err]).toEqual([0, ''])
    key = await newKey()
    for (let tries = 0; tries < 100 && !(await fetch(`${url}/health`).catch(() => null))?.ok; tries++) {
      await Bun.sleep(50)
    }
  })

  afterAll(async () => {
    proxy?.kill()
    await proxy?.exited
    await Promise.all(running.map((copy) => copy.stop()))
    await database?.drop()
    binary?.remove()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  async function newKey(): Promise<string> {
    const { out } = await binary.run(
      ['key', 'create', '--tenant', 'avon', '--name', 'k', '--scopes', 'all', '--json'],
      {
        env,
      },
    )
    return JSON.parse(out).key
  }

  const ask = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    base = url,
  ) =>
    fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  const references = async (): Promise<number[]> => {
    const text = await (await ask('GET', '/api/cases/export?format=ndjson')).text()
    return text
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).reference.slice('CW-2026-'.length)))
      .sort((a, b) => a - b)
  }
  const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)
  const leaders = () => running.filter((copy) => copy.output().includes('"now job leader"'))

  test('that start at once migrate the database once, and one leads', async () => {
    expect(running.filter((copy) => copy.output().includes('migrations applied'))).toHaveLength(1)
    while (leaders().length === 0) await Bun.sleep(20)
    expect(leaders()).toHaveLength(1)
  })

  test('make 64 cases at once: no gap, no number twice, and each copy has made some', async () => {
    const answers = await Promise.all(
      upTo(64).map((i) => ask('POST', '/api/cases', { summary: `Case ${i}` })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(64).fill(201))
    expect(await references()).toEqual(upTo(64))
    for (const copy of running)
      expect(copy.output()).toContain('"method":"POST","route":"/api/cases","status":201')
  })

  test('tell the same of one list, by the same tag, and refuse a revoked key from the next request on', async () => {
    const tags = []
    for (const copy of running)
      tags.push((await ask('GET', '/api/cases', undefined, {}, copy.url)).headers.get('etag'))
    expect(new Set(tags).size).toBe(1)
    const unchanged = await ask(
      'GET',
      '/api/cases',
      undefined,
      { 'if-none-match': tags[0] as string },
      running[2]?.url,
    )
    expect(unchanged.status).toBe(304)
    const { body } = { body: await (await ask('GET', '/api/me')).json() }
    const { code } = await binary.run(['key', 'revoke', body.key.id], { env })
    expect(code).toBe(0)
    for (const copy of running)
      expect((await ask('GET', '/api/cases', undefined, {}, copy.url)).status).toBe(401)
    key = await newKey()
  })

  test('lose nothing that was acknowledged when one is killed at work, and another leads', async () => {
    const leader = leaders()[0] as Running
    const acknowledged: string[] = []
    const createUntilMade = async (i: number) => {
      for (let tries = 0; tries < 100; tries++) {
        const answer = await ask(
          'POST',
          '/api/cases',
          { summary: `Kept ${i}` },
          { 'idempotency-key': `kept-${i}` },
        ).catch(() => null)
        if (answer?.status === 201) return void acknowledged.push((await answer.json()).reference)
        await answer?.text()
        await Bun.sleep(50)
      }
      throw new Error(`Case ${i} was never made`)
    }
    const work = Promise.all(upTo(200).map(createUntilMade))
    await Bun.sleep(150)
    process.kill(leader.pid, 'SIGKILL')
    await work
    expect(new Set(acknowledged).size).toBe(200)
    expect(await references()).toEqual(upTo(264))
    running = running.filter((copy) => copy !== leader)
    const deadline = Date.now() + leadsWithinMs
    while (leaders().length === 0 && Date.now() < deadline) await Bun.sleep(100)
    expect(leaders()).toHaveLength(1)
    const { code, out } = await binary.run(['check'], { env })
    expect([code, out]).toEqual([0, expect.not.stringContaining('FAILED')])
  })

  test('shut out a copy that has another secret key', async () => {
    const other = {
      ...env,
      REEVE_SECRET_KEY: Buffer.alloc(32, 8).toString('base64'),
      REEVE_DATA: join(folder, 'other'),
    }
    const { code, err } = await binary.run(['serve'], { env: { ...other, REEVE_PORT: '0' } })
    expect([code, err]).toEqual([1, expect.stringContaining('is not the secret key of this database')])
  })
})

describe.if(onPostgres)('a database server that is down', () => {
  let binary: Binary
  beforeAll(async () => {
    binary = await buildBinary()
  })
  afterAll(() => binary.remove())
  const env = () => ({
    DATABASE_URL: 'postgres://reeve:hunter2@127.0.0.1:1/reeve',
    REEVE_DATA: binary.directory,
  })

  test.each(['serve', 'migrate', 'check'])(
    'ends "%s" with 1 and a sentence without the address',
    async (command) => {
      const { code, err } = await binary.run([command], { env: env() })
      expect(code).toBe(1)
      expect(err).toContain('reeve: The database server cannot be reached')
      expect(err).not.toMatch(/hunter2|127\.0\.0\.1/)
    },
  )

  test('is waited for as long as asked', async () => {
    const before = Date.now()
    const { code } = await binary.run(['serve', '--wait', '2'], { env: env() })
    expect([code, Date.now() - before >= 2_000]).toEqual([1, true])
  })
})
