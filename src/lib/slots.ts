/** Bounds how many may do something at once, in total and for each key. */
export class Slots {
  readonly total: number
  readonly perKey: number
  readonly #taken = new Map<string, number>()
  #all = 0

  constructor(total: number, perKey: number) {
    this.total = total
    this.perKey = perKey
  }

  /** Returns what gives the slot back, once however often it is called; null if none is free. */
  take(key: string): (() => void) | null {
    const taken = this.#taken.get(key) ?? 0
    if (this.#all >= this.total || taken >= this.perKey) return null
    this.#count(key, 1)
    let isTaken = true
    return () => {
      if (isTaken) this.#count(key, -1)
      isTaken = false
    }
  }

  #count(key: string, change: 1 | -1): void {
    const taken = (this.#taken.get(key) ?? 0) + change
    if (taken === 0) this.#taken.delete(key)
    else this.#taken.set(key, taken)
    this.#all += change
  }
}
