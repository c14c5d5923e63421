import type { Clock } from '../../src/lib/clock'

export type TestClock = Clock & {
  /** Lets wall and monotonic time pass. */
  advance(ms: number): void
  /** Sets the wall clock alone, as an operator or a time server would. */
  set(now: Date): void
}

/** A clock that shows Friday 13 March 2026, 09:30 UTC, until a test moves it. */
export function testClock(start = new Date('2026-03-13T09:30:00.000Z')): TestClock {
  let wall = start.getTime()
  let monotonic = 1_000_000
  return {
    now: () => new Date(wall),
    monotonic: () => monotonic,
    advance: (ms) => {
      wall += ms
      monotonic += ms
    },
    set: (now) => {
      wall = now.getTime()
    },
  }
}
