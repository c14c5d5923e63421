import { SlotTable } from './slot-table'

export type WindowCount = {
  /** Hits in the current window, including this one; never above `limit` + 1. */
  count: number
  remaining: number
  isExceeded: boolean
  /** Milliseconds until the window ends, above 0. */
  resetMs: number
}

/** Counts hits by key, in this process or shared with other copies. */
export type Windows = {
  readonly windowMs: number
  /** `now` in monotonic milliseconds. */
  hit(key: string, limit: number, now: number): WindowCount | Promise<WindowCount>
  peek(key: string, limit: number, now: number): WindowCount | Promise<WindowCount>
  /** Undoes a hit that was within its limit, unless its window has ended. */
  takeBack(key: string, now: number): unknown
  /** Deletes ended windows. */
  sweep(now: number): unknown
}

/**
 * Counts hits by key, in fixed windows that start with the key's first hit. Times are monotonic milliseconds. All windows last
 * equally long and a key's next window is appended, so the table stays ordered by start: expired windows are at its front,
 * and beyond `maxKeys` the oldest are dropped first.
 */
export class FixedWindow implements Windows {
  readonly windowMs: number
  readonly #maxKeys: number
  readonly #windows = new SlotTable()

  constructor(windowMs: number, maxKeys = 1_000_000) {
    this.windowMs = windowMs
    this.#maxKeys = maxKeys
  }

  get size(): number {
    return this.#windows.size
  }

  hit(key: string, limit: number, now: number): WindowCount {
    const windows = this.#windows
    let slot = windows.find(key)
    if (slot >= 0 && !this.#isOpen(slot, now)) {
      windows.remove(slot)
      slot = -1
    }
    if (slot < 0) {
      this.sweep(now, 10)
      if (windows.size >= this.#maxKeys) windows.remove(windows.oldest())
      slot = windows.add(key, now)
    }
    const count = windows.counts[slot] as number
    if (count <= limit) windows.counts[slot] = count + 1
    return this.#describe(windows.counts[slot] as number, windows.starts[slot] as number, limit, now)
  }

  peek(key: string, limit: number, now: number): WindowCount {
    const slot = this.#windows.find(key)
    if (slot < 0 || !this.#isOpen(slot, now)) return this.#describe(0, now, limit, now)
    return this.#describe(
      this.#windows.counts[slot] as number,
      this.#windows.starts[slot] as number,
      limit,
      now,
    )
  }

  takeBack(key: string, now: number): void {
    const slot = this.#windows.find(key)
    if (slot < 0 || !this.#isOpen(slot, now)) return
    this.#windows.counts[slot] = Math.max(0, (this.#windows.counts[slot] as number) - 1)
  }

  /** Deletes at most `most` ended windows; returns how many. */
  sweep(now: number, most = Number.POSITIVE_INFINITY): number {
    for (let swept = 0; swept < most; swept++) {
      const slot = this.#windows.oldest()
      if (slot < 0 || this.#isOpen(slot, now)) return swept
      this.#windows.remove(slot)
    }
    return most
  }

  #isOpen(slot: number, now: number): boolean {
    return now - (this.#windows.starts[slot] as number) < this.windowMs
  }

  #describe(count: number, startedAt: number, limit: number, now: number): WindowCount {
    return {
      count: Math.min(count, limit + 1),
      remaining: Math.max(0, limit - count),
      isExceeded: count > limit,
      resetMs: startedAt + this.windowMs - now,
    }
  }
}
