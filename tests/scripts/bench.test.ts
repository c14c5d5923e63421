import { describe, expect, test } from 'bun:test'
import { ask, headersOf, requestBytes } from '../../scripts/bench/client'
import { median, ratioOf, tableOf, timePerRequest } from '../../scripts/bench/measure'

describe('the figures of the benchmark', () => {
  test('a median is the middle value, or the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('ratios are taken round by round', () => {
    expect(ratioOf([2, 30, 8], [1, 10, 2])).toEqual({ middle: 3, least: 2, most: 4 })
  })

  test('a table is set in columns', () => {
    expect(
      tableOf([
        ['', 'one'],
        ['longer', '1'],
      ]),
    ).toBe('         one\nlonger     1')
  })
})

describe('the client of the benchmark', () => {
  const serve = (fetch: (request: Request) => Response | Promise<Response>) =>
    Bun.serve({ hostname: '127.0.0.1', port: 0, development: false, fetch })

  test('reads an answer that arrives in several parts', async () => {
    const body = 'é'.repeat(200_000)
    const server = serve(() => new Response(body, { headers: { 'x-a': 'b: c' } }))
    const reply = await ask(server.port ?? 0, requestBytes('GET', '/', []))
    expect(reply.status).toBe(200)
    expect(reply.body.toString()).toBe(body)
    expect(headersOf(reply)).toContainEqual(['x-a', 'b: c'])
    await server.stop(true)
  })

  test('sends a body and counts within its bounds; another status is a fault', async () => {
    let answered = 0
    const server = serve(async (request) => {
      answered++
      return new Response(null, { status: (await request.text()) === '{"a":"é"}' ? 304 : 500 })
    })
    const load = { request: requestBytes('POST', '/', [], '{"a":"é"}'), status: 304 }
    const bounds = { connections: 1, ms: 10_000, most: 20 }
    expect(await timePerRequest(server.port ?? 0, load, bounds)).toBeGreaterThan(0)
    expect(answered).toBe(20)
    expect(timePerRequest(server.port ?? 0, { ...load, status: 200 }, bounds)).rejects.toThrow('Answered 304')
    await server.stop(true)
  })
})
