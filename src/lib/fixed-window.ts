export type WindowCount = {
  /** Hits in the present window, this one included; never above `limit` + 1. */
  count: number
  remaining: number
  isExceeded: boolean
  /** Milliseconds until the window ends, above 0. */
  resetMs: number
}

type Window = { startedAt: number; count: number }

/**
 * Counts hits a key in fixed windows that start at a key's first hit. Times are monotonic milliseconds.
 * Windows all last equally long and a key's next window is inserted anew, so the map stays ordered by start:
 * what has expired is always at its front, and beyond `maxKeys` the oldest go first.
 */
export class FixedWindow {
  readonly windowMs: number
  readonly #maxKeys: number
  readonly #windows = new Map<string, Window>()

  constructor(windowMs: number, maxKeys = 1_000_000) {
    this.windowMs = windowMs
    this.#maxKeys = maxKeys
  }

  get size(): number {
    return this.#windows.size
  }

  hit(key: string, limit: number, now: number): WindowCount {
    let window = this.#windows.get(key)
    if (window && now - window.startedAt >= this.windowMs) {
      this.#windows.delete(key)
      window = undefined
    }
    if (!window) {
      this.sweep(now, 10)
      if (this.#windows.size >= this.#maxKeys) this.#dropOldest()
      window = { startedAt: now, count: 0 }
      this.#windows.set(key, window)
    }
    if (window.count <= limit) window.count++
    return describe(window, limit, now, this.windowMs)
  }

  /** The present state without a hit. */
  peek(key: string, limit: number, now: number): WindowCount {
    const window = this.#windows.get(key)
    const isOpen = window !== undefined && now - window.startedAt < this.windowMs
    return describe(isOpen ? window : { startedAt: now, count: 0 }, limit, now, this.windowMs)
  }

  /** Forgets at most `most` windows that have ended; returns how many. */
  sweep(now: number, most = Number.POSITIVE_INFINITY): number {
    let swept = 0
    for (const [key, window] of this.#windows) {
      if (swept >= most || now - window.startedAt < this.windowMs) break
      this.#windows.delete(key)
      swept++
    }
    return swept
  }

  #dropOldest(): void {
    const oldest = this.#windows.keys().next()
    if (!oldest.done) this.#windows.delete(oldest.value)
  }
}

function describe(window: Window, limit: number, now: number, windowMs: number): WindowCount {
  return {
    count: window.count,
    remaining: Math.max(0, limit - window.count),
    isExceeded: window.count > limit,
    resetMs: window.startedAt + windowMs - now,
  }
}
