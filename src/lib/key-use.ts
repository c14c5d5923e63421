/** A key's requests in one hour; `limited` of them exceeded the rate limit. `lastUsedAt` is to the minute. */
export type KeyUse = { keyId: string; hour: Date; requests: number; limited: number; lastUsedAt: Date }

const hourMs = 3_600_000
const minuteMs = 60_000

const hourOf = (instant: Date) => new Date(Math.floor(instant.getTime() / hourMs) * hourMs)

/** Counts uses in memory, so that a request costs no write. Beyond `most` entries (key and hour) the oldest are dropped. */
export class KeyUses {
  readonly #most: number
  readonly #pending = new Map<string, KeyUse>()

  constructor(most = 100_000) {
    this.#most = most
  }

  count(keyId: string, now: Date, isLimited: boolean): void {
    const lastUsedAt = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs)
    this.#add({ keyId, hour: hourOf(now), requests: 1, limited: isLimited ? 1 : 0, lastUsedAt })
  }

  /** Returns what is to be stored, and empties the counters. */
  take(): KeyUse[] {
    const taken = [...this.#pending.values()]
    this.#pending.clear()
    return taken
  }

  /** Returns uses that could not be stored to the counters. */
  putBack(uses: readonly KeyUse[]): void {
    for (const use of uses) this.#add(use)
  }

  #add(use: KeyUse): void {
    const place = `${use.keyId} ${use.hour.getTime()}`
    const known = this.#pending.get(place)
    if (!known) {
      this.#pending.set(place, { ...use })
      if (this.#pending.size > this.#most) this.#pending.delete(this.#pending.keys().next().value as string)
      return
    }
    known.requests += use.requests
    known.limited += use.limited
    if (use.lastUsedAt > known.lastUsedAt) known.lastUsedAt = use.lastUsedAt
  }
}
