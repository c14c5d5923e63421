export type QueueBounds = {
  /** Pieces of work that run at the same time. */
  atOnce: number
  /** How many pieces may wait, in all and from one origin. */
  waiting: number
  waitingOfOne: number
}

type Waiting = { origin: string | undefined; start: () => void }

/** Runs work in the order in which it came, a few pieces at a time, and refuses what would wait too long. */
export class BoundedQueue {
  readonly #bounds: QueueBounds
  readonly #refusal: () => Error
  readonly #waiting: Waiting[] = []
  #running = 0

  /** `refusal` makes what is thrown at those who find the queue full. */
  constructor(bounds: QueueBounds, refusal: () => Error) {
    this.#bounds = bounds
    this.#refusal = refusal
  }

  /** `origin` is who asks, so that nobody fills the queue alone. */
  async run<T>(work: () => Promise<T>, origin?: string): Promise<T> {
    await this.#enter(origin)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next.start()
      else this.#running--
    }
  }

  async #enter(origin: string | undefined): Promise<void> {
    const { atOnce, waiting, waitingOfOne } = this.#bounds
    if (this.#running < atOnce) {
      this.#running++
      return
    }
    const ofOne = this.#waiting.filter((one) => one.origin === origin).length
    const isFull = this.#waiting.length >= waiting || (origin !== undefined && ofOne >= waitingOfOne)
    if (isFull) throw this.#refusal()
    await new Promise<void>((start) => this.#waiting.push({ origin, start }))
  }
}
