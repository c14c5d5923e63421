export type Clock = {
  /** Wall time. */
  now(): Date
  /** Milliseconds that never go back, even if the wall clock does. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}
