import { describe, expect, test } from 'bun:test'
import { ask, headersOf, requestBytes } from '../../scripts/bench/client'
import {
  median,
  percentile,
  ratioOf,
  tableOf,
  timePerRequest,
  timesOf,
  whileAsked,
} from '../../scripts/bench/measure'

describe('the figures of the benchmark', () => {
  test('a median is the middle value, or the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('a percentile is the value that so many do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect([percentile(hundred, 95), percentile(hundred, 99)]).toEqual([95, 99])
    expect(percentile([3, 1, 2], 99)).toBe(3)
    expect(percentile([], 99)).toBeNaN()
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

  test('measures while others ask, and ends with their last answers', async () => {
    const asked = { own: 0, others: 0, open: 0 }
    const server = serve(async (request) => {
      asked.open++
      await Bun.sleep(2)
      asked.open--
      asked[request.url.endsWith('/others') ? 'others' : 'own']++
      return new Response('')
    })
    const port = server.port ?? 0
    const loadOf = (target: string) => ({ request: requestBytes('GET', target, []), status: 200 })
    const bounds = { connections: 1, ms: 10_000, most: 5 }
    const times = await whileAsked(port, loadOf('/others'), 3, () => timesOf(port, loadOf('/own'), bounds))
    expect([times.length, asked.own, asked.open]).toEqual([5, 5, 0])
    expect(asked.others).toBeGreaterThan(3)
    const failing = { ...loadOf('/others'), status: 204 }
    const measured = whileAsked(port, failing, 1, () =>
      timesOf(port, loadOf('/own'), { ...bounds, most: 1e6 }),
    )
    expect(measured).rejects.toThrow('Answered 200')
    await measured.catch(() => {})
    await server.stop(true)
  })
})
