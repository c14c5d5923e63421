import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import fc from 'fast-check'
import { FixedWindow } from '../../src/lib/fixed-window'

const windowMs = 60_000
const megabyte = 1_000_000

describe('a fixed window', () => {
  test('refuses the first hit beyond the limit, and all that follow in the window', () => {
    const windows = new FixedWindow(windowMs)
    const exceeded = Array.from({ length: 6 }, () => windows.hit('a', 3, 0).isExceeded)
    expect(exceeded).toEqual([false, false, false, true, true, true])
  })

  test('never counts further than one beyond the limit', () => {
    const windows = new FixedWindow(windowMs)
    const counts = Array.from({ length: 6 }, () => windows.hit('a', 3, 0).count)
    expect(counts).toEqual([1, 2, 3, 4, 4, 4])
  })

  test('refuses everything under a limit of nought', () => {
    expect(new FixedWindow(windowMs).hit('a', 0, 0)).toEqual({
      count: 1,
      remaining: 0,
      isExceeded: true,
      resetMs: windowMs,
    })
  })

  test('takes back a hit, never more than there were, and none of a window that has ended', () => {
    const windows = new FixedWindow(windowMs)
    for (let i = 0; i < 3; i++) windows.hit('a', 3, 0)
    windows.takeBack('a', 10)
    expect(windows.peek('a', 3, 20).count).toBe(2)
    for (let i = 0; i < 5; i++) windows.takeBack('a', 30)
    expect(windows.hit('a', 3, 40).count).toBe(1)
    windows.takeBack('a', windowMs)
    windows.takeBack('b', 0)
    expect([windows.peek('a', 3, windowMs - 1).count, windows.peek('b', 3, 0).count]).toEqual([1, 0])
  })

  type Step = [at: number, count: number, remaining: number, resetMs: number]
  test.each<[string, Step[]]>([
    ['starts at the first hit, not on the minute', [[59_999, 1, 1, 60_000]]],
    [
      'counts down to the end of the window',
      [
        [0, 1, 1, 60_000],
        [20_000, 2, 0, 40_000],
      ],
    ],
    [
      'is still closed in its last millisecond',
      [
        [0, 1, 1, 60_000],
        [1, 2, 0, 59_999],
        [59_999, 3, 0, 1],
      ],
    ],
    [
      'opens anew when the window ends',
      [
        [0, 1, 1, 60_000],
        [60_000, 1, 1, 60_000],
      ],
    ],
    [
      'is not prolonged by hits',
      [
        [0, 1, 1, 60_000],
        [59_000, 2, 0, 1_000],
        [59_500, 3, 0, 500],
        [60_000, 1, 1, 60_000],
      ],
    ],
    [
      'starts the next window at its own first hit',
      [
        [0, 1, 1, 60_000],
        [90_000, 1, 1, 60_000],
        [149_999, 2, 0, 1],
      ],
    ],
  ])('%s', (_, steps) => {
    const windows = new FixedWindow(windowMs)
    const seen = steps.map(([at]) => {
      const { count, remaining, resetMs } = windows.hit('a', 2, at)
      return [at, count, remaining, resetMs]
    })
    expect(seen).toEqual(steps)
  })

  test('counts each key for itself', () => {
    const windows = new FixedWindow(windowMs)
    windows.hit('a', 1, 0)
    expect(windows.hit('a', 1, 0).isExceeded).toBe(true)
    expect(windows.hit('b', 1, 0).isExceeded).toBe(false)
  })

  test('can be looked at without a hit', () => {
    const windows = new FixedWindow(windowMs)
    expect(windows.peek('a', 2, 5)).toEqual({ count: 0, remaining: 2, isExceeded: false, resetMs: windowMs })
    expect(windows.size).toBe(0)
    windows.hit('a', 2, 10)
    expect(windows.peek('a', 2, 20)).toEqual({ count: 1, remaining: 1, isExceeded: false, resetMs: 59_990 })
    expect(windows.peek('a', 2, 20)).toEqual(windows.peek('a', 2, 20))
    expect(windows.peek('a', 2, 60_010).count).toBe(0)
  })
})

describe('what is kept', () => {
  test('drops the oldest window first when there are too many keys', () => {
    const windows = new FixedWindow(windowMs, 3)
    for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) windows.hit(key, 9, at)
    expect(windows.size).toBe(3)
    expect(['a', 'b', 'c', 'd'].map((key) => windows.peek(key, 9, 4).count)).toEqual([0, 1, 1, 1])
  })

  test('counts a window that began again as a young one', () => {
    const windows = new FixedWindow(100, 2)
    windows.hit('a', 9, 0)
    windows.hit('b', 9, 50)
    windows.hit('a', 9, 120)
    windows.hit('c', 9, 130)
    expect(['a', 'b', 'c'].map((key) => windows.peek(key, 9, 131).count)).toEqual([1, 0, 1])
  })

  test('keeps a window that is only hit again in its place', () => {
    const windows = new FixedWindow(windowMs, 2)
    for (const key of ['a', 'b', 'a', 'c']) windows.hit(key, 9, 0)
    expect(['a', 'b', 'c'].map((key) => windows.peek(key, 9, 0).count)).toEqual([0, 1, 1])
  })

  test('sweeps only windows that have ended, and no more than asked', () => {
    const windows = new FixedWindow(100)
    for (let at = 0; at < 50; at++) windows.hit(`key ${at}`, 9, at)
    expect(windows.sweep(99)).toBe(0)
    expect(windows.sweep(119, 5)).toBe(5)
    expect(windows.sweep(119)).toBe(15)
    expect(windows.size).toBe(30)
    expect(windows.sweep(1_000)).toBe(30)
    expect(windows.size).toBe(0)
  })

  test('never lets a window that began again stand before ended ones', () => {
    const windows = new FixedWindow(100)
    for (let i = 0; i < 50; i++) windows.hit(`key ${i}`, 9, 0)
    windows.hit('key 30', 9, 100)
    windows.sweep(100)
    expect(windows.size).toBe(1)
    expect(windows.peek('key 30', 9, 100).count).toBe(1)
  })

  test('forgets ended windows by itself as new keys come', () => {
    const windows = new FixedWindow(100)
    for (let i = 0; i < 50; i++) windows.hit(`old ${i}`, 9, 0)
    for (let i = 0; i < 5; i++) windows.hit(`new ${i}`, 9, 100)
    expect(windows.size).toBe(5)
  })
})

describe('against a plain model', () => {
  /** Every hit that was allowed to be remembered, with nothing clever about it. */
  class Model {
    readonly #limit: number
    readonly #maxKeys: number
    #windows: { key: string; startedAt: number; hits: number }[] = []

    constructor(limit: number, maxKeys: number) {
      this.#limit = limit
      this.#maxKeys = maxKeys
    }

    forgetEnded(now: number): number {
      this.#windows = this.#windows.filter(({ startedAt }) => now < startedAt + 100)
      return this.#windows.length
    }

    state(key: string, now: number) {
      const window = this.#windows.find((candidate) => candidate.key === key)
      const hits = window?.hits ?? 0
      return {
        count: Math.min(hits, this.#limit + 1),
        remaining: Math.max(0, this.#limit - hits),
        isExceeded: hits > this.#limit,
        resetMs: (window?.startedAt ?? now) + 100 - now,
      }
    }

    hit(key: string, now: number) {
      const window = this.#windows.find((candidate) => candidate.key === key)
      if (window) window.hits++
      else {
        if (this.#windows.length === this.#maxKeys) this.#windows.shift()
        this.#windows.push({ key, startedAt: now, hits: 1 })
      }
      return this.state(key, now)
    }
  }

  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    passes: fc.oneof({ weight: 4, arbitrary: fc.nat(15) }, { weight: 1, arbitrary: fc.nat(250) }),
    does: fc.constantFrom('hit', 'hit', 'hit', 'hit', 'peek', 'sweep'),
  })

  test('answers the same whatever is hit and however time passes', () => {
    const history = fc.array(step, { maxLength: 120 })
    fc.assert(
      fc.property(history, fc.nat(4), fc.integer({ min: 1, max: 7 }), (steps, limit, maxKeys) => {
        const windows = new FixedWindow(100, maxKeys)
        const model = new Model(limit, maxKeys)
        let now = 1_000
        for (const { key, passes, does } of steps) {
          now += passes
          const open = model.forgetEnded(now)
          if (does === 'sweep') {
            windows.sweep(now)
            expect(windows.size).toBe(open)
          } else if (does === 'peek') expect(windows.peek(key, limit, now)).toEqual(model.state(key, now))
          else {
            const answer = windows.hit(key, limit, now)
            expect(answer).toEqual(model.hit(key, now))
            expect(answer.resetMs).toBeGreaterThan(0)
            expect(answer.count).toBeLessThanOrEqual(limit + 1)
          }
          expect(windows.size).toBeLessThanOrEqual(maxKeys)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('memory', () => {
  test('a million keys in one window stay below 200 MB and are gone after it', async () => {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, 'fixed-window-memory.ts')], {
      stdout: 'pipe',
      stderr: 'inherit',
    })
    const used = await new Response(child.stdout).json()
    expect(await child.exited).toBe(0)
    expect(used.sizeFull).toBe(1_000_000)
    // That the keys are measured at all: a million of them cannot cost less than this.
    expect(used.heapFull).toBeGreaterThan(20 * megabyte)
    expect(used.rssPeak).toBeLessThan(200 * megabyte)
    expect(used.heapFull).toBeLessThan(200 * megabyte)
    expect(used.sizeSwept).toBe(0)
    expect(used.heapSwept).toBeLessThan(20 * megabyte)
  })
})
