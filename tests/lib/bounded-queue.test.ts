import { describe, expect, test } from 'bun:test'
import { BoundedQueue } from '../../src/lib/bounded-queue'

const settled = async (work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))

describe('a bounded queue', () => {
  const full = () => new Error('full')
  const open = () => Promise.withResolvers<string>()

  test('runs a few at a time, in order, and refuses whom it could not serve soon', async () => {
    const queue = new BoundedQueue({ atOnce: 2, waiting: 1, waitingOfOne: 1 }, full)
    const [gate, started] = [open(), [] as number[]]
    const work = [1, 2, 3, 4].map((number) =>
      queue.run(() => {
        started.push(number)
        return gate.promise
      }),
    )
    const all = settled(work)
    await new Promise((turned) => setImmediate(turned))
    expect(started).toEqual([1, 2])
    gate.resolve('done')
    expect(await all).toEqual(['done', 'done', 'done', 'full'])
    expect(started).toEqual([1, 2, 3])
    expect(await queue.run(async () => 'later')).toBe('later')
  })

  test('is not filled by one alone, and goes on after work that fails', async () => {
    const queue = new BoundedQueue({ atOnce: 1, waiting: 3, waitingOfOne: 1 }, full)
    const gate = open()
    const first = queue.run(() => gate.promise, 'loud')
    const others = ['loud', 'loud', 'quiet'].map((origin) => queue.run(async () => origin, origin))
    gate.reject(new Error('broken'))
    expect(await settled([first, ...others])).toEqual(['broken', 'loud', 'full', 'quiet'])
  })
})
