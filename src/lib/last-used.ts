/** Remembers to the minute when keys were used, so that a request costs no write. */
export class LastUsed {
  readonly #pending = new Map<string, Date>()
  readonly #kept = new Map<string, number>()

  touch(keyId: string, now: Date): void {
    const minute = Math.floor(now.getTime() / 60_000)
    if (this.#kept.get(keyId) === minute) return
    this.#kept.set(keyId, minute)
    this.#pending.set(keyId, new Date(minute * 60_000))
  }

  /** Hands over what is to be stored and forgets it. */
  take(): ReadonlyMap<string, Date> {
    const taken = new Map(this.#pending)
    this.#pending.clear()
    return taken
  }
}
