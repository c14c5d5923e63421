/** Time as the rest of the code may see it. */
export type Clock = {
  /** Wall time. */
  now(): Date
  /** Milliseconds that only ever grow, whatever happens to the wall clock. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}
