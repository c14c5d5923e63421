type Entry<T> = { version: string; made: Promise<T>; bytes: number }

/**
 * Values that are costly to make, one for each key: made once for a version, however many ask at the same time, and kept until
 * another version is asked for. Beyond `maxBytes` in all, the least recently used are dropped; the newest
 * stays, whatever its size.
 */
export class MadeOnce<T extends { bytes: number }> {
  readonly #maxBytes: number
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<T>>()

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  async get(key: string, version: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key)
    const entry = known?.version === version ? known : { version, made: make(), bytes: 0 }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (entry === known) return entry.made
    try {
      const value = await entry.made
      entry.bytes = value.bytes
      this.#makeRoom()
      return value
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      throw error
    }
  }

  #makeRoom(): void {
    let bytes = 0
    for (const [key, entry] of [...this.#entries].reverse()) {
      bytes += entry.bytes
      if (bytes > this.#maxBytes && bytes > entry.bytes) this.#entries.delete(key)
    }
  }
}
