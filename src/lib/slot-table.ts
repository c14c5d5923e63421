const smallest = 1_024
const nothing = -1

const seeds = crypto.getRandomValues(new Uint32Array(2))

/** 53 bits instead of a key's text: among a million keys, the chance that two share one is 1 in 18,000. */
const fingerprint = (key: string) =>
  Bun.hash.xxHash32(key, seeds[0]) * 0x200000 + (Bun.hash.xxHash32(key, seeds[1]) >>> 11)

/**
 * Keys with a start and a count, in order of insertion. Typed arrays take about 30 bytes a key, a growing `Map` of objects 200.
 * A slot number is valid until the next `add`.
 */
export class SlotTable {
  size = 0
  starts = new Float64Array(smallest)
  counts = new Float64Array(smallest)
  #fingerprints = new Float64Array(smallest)
  /** Chains slots whose fingerprints fall into the same bucket. */
  #next = new Int32Array(smallest)
  #buckets = new Int32Array(smallest).fill(nothing)
  /** A ring: `#taken` slots from `#first` on, including removed ones. */
  #first = 0
  #taken = 0

  /** -1 if there is none. */
  find(key: string): number {
    const wanted = fingerprint(key)
    let slot = this.#buckets[wanted % this.#buckets.length] as number
    while (slot !== nothing && this.#fingerprints[slot] !== wanted) slot = this.#next[slot] as number
    return slot
  }

  /** The key must be new; returns its slot. */
  add(key: string, start: number): number {
    if (this.#taken === this.starts.length)
      this.#resize(this.size * 2 > this.#taken ? this.#taken * 2 : this.#taken)
    return this.#append(fingerprint(key), start, 0)
  }

  /** The slot of the oldest key, or -1. */
  oldest(): number {
    while (this.#taken > 0 && this.#fingerprints[this.#first] === nothing) {
      this.#first = (this.#first + 1) % this.starts.length
      this.#taken--
    }
    return this.#taken === 0 ? nothing : this.#first
  }

  remove(slot: number): void {
    const bucket = (this.#fingerprints[slot] as number) % this.#buckets.length
    const after = this.#next[slot] as number
    let link = this.#buckets[bucket] as number
    if (link === slot) this.#buckets[bucket] = after
    else {
      while (this.#next[link] !== slot) link = this.#next[link] as number
      this.#next[link] = after
    }
    this.#fingerprints[slot] = nothing
    this.size--
    if (this.size === 0) this.#resize(smallest)
  }

  #append(print: number, start: number, count: number): number {
    const slot = (this.#first + this.#taken) % this.starts.length
    const bucket = print % this.#buckets.length
    this.starts[slot] = start
    this.counts[slot] = count
    this.#fingerprints[slot] = print
    this.#next[slot] = this.#buckets[bucket] as number
    this.#buckets[bucket] = slot
    this.#taken++
    this.size++
    return slot
  }

  /** Moves all keys, in order and without gaps, into arrays of this length. */
  #resize(length: number): void {
    const { starts, counts } = this
    const [prints, first, taken] = [this.#fingerprints, this.#first, this.#taken]
    this.starts = new Float64Array(length)
    this.counts = new Float64Array(length)
    this.#fingerprints = new Float64Array(length)
    this.#next = new Int32Array(length)
    this.#buckets = new Int32Array(length).fill(nothing)
    this.#first = this.#taken = this.size = 0
    for (let i = 0; i < taken; i++) {
      const slot = (first + i) % starts.length
      const print = prints[slot] as number
      if (print !== nothing) this.#append(print, starts[slot] as number, counts[slot] as number)
    }
  }
}
