/**
 * Lets only one piece of work run in each turn of the event loop, in the order in which they were asked for, so that many long
 * tasks together delay everything else no more than one of them.
 */
export class Turns {
  readonly #waiting: (() => Promise<void>)[] = []
  #isWorking = false

  /** Runs a piece of work, of a few milliseconds, when its turn comes. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => work().then(resolve, reject))
      if (!this.#isWorking) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    for (;;) {
      // Awaiting what is there already would not let the loop turn.
      await new Promise((turned) => setImmediate(turned))
      const next = this.#waiting.shift()
      if (!next) break
      await next()
    }
    this.#isWorking = false
  }
}

/** Of this process, which has one event loop. */
export const turns = new Turns()
