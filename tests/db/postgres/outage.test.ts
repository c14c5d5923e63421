import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createCouncil, createTestApp, type TestApp } from '../../support/app'
import { runBeside } from '../../support/beside'
import { onPostgres } from '../../support/engine'
import { type PostgresServer, startPostgres, whileFrozen } from '../../support/postgres-server'

describe.if(onPostgres)('where the database server', () => {
  let server: PostgresServer
  let app: TestApp
  let key: string
  beforeAll(async () => {
    server = await startPostgres()
    app = await createTestApp({
      DATABASE_URL: server.url,
      REEVE_DATABASE_POOL: '3',
      REEVE_RATE_LIMIT: '1000000',
    })
    key = (await createCouncil(app, 'avon')).key
  })
  afterAll(async () => {
    await app?.close()
    await server?.stop()
  })

  const list = () => app.send('GET', '/api/cases?pageSize=100', { key })
  const create = (summary: string) => app.send('POST', '/api/cases', { key, body: { summary } })
  const everyCase = async (): Promise<{ summary: string; reference: string }[]> => {
    const { text } = await app.send('GET', '/api/cases/export?format=ndjson', { key })
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  /** Creates cases until told to stop; whose creation was acknowledged. */
  function createOnAndOn(name: string) {
    const [acknowledged, refused]: [string[], number[]] = [[], []]
    let isStopped = false
    const done = (async () => {
      for (let i = 0; !isStopped && i < 10_000; i++) {
        const answer = await create(`${name} ${i}`)
        if (answer.status === 201) acknowledged.push(`${name} ${i}`)
        else {
          refused.push(answer.status)
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
        }
      }
    })()
    return {
      acknowledged,
      refused,
      stop: () => {
        isStopped = true
        return done
      },
    }
  }

  test('ends every connection: each is made again, and no change is half made', async () => {
    const writers = [createOnAndOn('a'), createOnAndOn('b'), createOnAndOn('c')]
    for (let i = 0; i < 5; i++) {
      await Bun.sleep(60)
      await runBeside(
        app,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
    }
    await Bun.sleep(60)
    for (const writer of writers) await writer.stop()
    expect(new Set(writers.flatMap(({ refused }) => refused))).toEqual(new Set([503]))
    expect((await create('after')).status).toBe(201)
    const kept = await everyCase()
    const names = kept.map(({ summary }) => summary)
    for (const { acknowledged } of writers) {
      expect(acknowledged.length).toBeGreaterThan(0)
      expect(acknowledged.filter((name) => !names.includes(name))).toEqual([])
    }
    const references = kept.map(({ reference }) => Number(reference.slice('CW-2026-'.length)))
    expect(references.sort((a, b) => a - b)).toEqual(
      Array.from({ length: references.length }, (_, i) => i + 1),
    )
  })

  test('is down, reads and changes are 503 with Retry-After, and go on by themselves when it is back', async () => {
    await create('before')
    await server.crash()
    for (const ask of [list, () => create('lost')]) {
      const answer = await ask()
      expect([answer.status, answer.body.error]).toEqual([503, 'The database server cannot be reached'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(answer.text).not.toMatch(/postgres|127\.0\.0\.1/)
    }
    expect((await app.send('GET', '/ready', {})).status).toBe(503)
    expect((await app.send('GET', '/health', {})).status).toBe(200)
    await server.resume()
    expect((await create('after')).status).toBe(201)
    const kept = (await everyCase()).map(({ summary }) => summary)
    expect(kept).toContain('before')
    expect(kept).not.toContain('lost')
    expect((await app.send('GET', '/ready', {})).status).toBe(200)
  })

  test('is frozen, /ready says so soon, and is well again when the server is', async () => {
    expect((await app.send('GET', '/ready', {})).status).toBe(200)
    await Bun.sleep(1_100)
    const answers = await whileFrozen(server, () =>
      Promise.all([app.send('GET', '/ready', {}), app.send('GET', '/ready', {})]),
    )
    for (const { status, body } of answers) {
      expect([status, body.error]).toEqual([503, 'The database took too long to answer'])
    }
    await Bun.sleep(200)
    expect((await app.send('GET', '/ready', {})).status).toBe(200)
  })

  test('is restarted under load, what was acknowledged is there', async () => {
    const writers = [createOnAndOn('d'), createOnAndOn('e')]
    await Bun.sleep(100)
    await server.restart()
    await Bun.sleep(300)
    for (const writer of writers) await writer.stop()
    const names = (await everyCase()).map(({ summary }) => summary)
    for (const { acknowledged, refused } of writers) {
      expect(acknowledged.filter((name) => !names.includes(name))).toEqual([])
      expect(refused.filter((status) => status !== 503)).toEqual([])
    }
    expect(JSON.stringify(app.logged)).not.toContain(new URL(server.url).password)
  })
})
