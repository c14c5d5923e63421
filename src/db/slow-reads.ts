import type { SQL } from 'drizzle-orm'
import type { Digest } from '../lib/digest'
import { AppError, unavailable } from '../lib/errors'
import type { Db } from './dialect'
import { engineOf } from './engine'
import type { SlowReadReply, SlowReadRequest, SlowReadSource } from './slow-reads-worker'
import type { SlowRead, SlowReadLane } from './store'

const longestMs = 10_000
const longestAloneMs = 3_600_000
const closeMs = 10_000
const maxWaiting = 100

/** The compiled binary keeps the worker's code in a file of its own. */
const workerFile = import.meta.url.endsWith('.ts') ? './slow-reads-worker.ts' : './db/slow-reads-worker.js'

type Waiting = { resolve: (rows: unknown[][]) => void; reject: (error: unknown) => void }

/** Worker threads for long reads: one for each lane, started by its first read. */
export class SlowReads {
  readonly #lanes: Record<SlowReadLane, LaneReader>
  readonly #alone: LaneReader

  /** `db` decides the dialect that queries are written in; they run on the thread's own connection to `source`. */
  constructor(db: Db, source: SlowReadSource) {
    this.#lanes = {
      searches: new LaneReader(db, source, longestMs),
      reports: new LaneReader(db, source, longestMs),
    }
    this.#alone = new LaneReader(db, source, longestAloneMs)
  }

  readonly read: SlowRead = (query, digest = null, lane = 'searches') => this.#lanes[lane].read(query, digest)

  /** For a read that may take an hour; its thread ends with it. */
  async readAlone(query: SQL): Promise<unknown[][]> {
    try {
      return await this.#alone.read(query, null)
    } finally {
      void this.#alone.close()
    }
  }

  /**
   * Refuses reads that are waiting, at once, and resolves when the threads have let go of the store; a thread still busy after
   * ten seconds is left to end by itself.
   */
  async close(): Promise<void> {
    await Promise.all([...Object.values(this.#lanes), this.#alone].map((lane) => lane.close()))
  }
}

/** One thread. Reads queue there, and both the queue and the waiting time are limited. */
class LaneReader {
  readonly #db: Db
  readonly #source: SlowReadSource
  readonly #longestMs: number
  readonly #waiting = new Map<number, Waiting & { timer: Timer }>()
  #worker: Worker | undefined
  #number = 0

  constructor(db: Db, source: SlowReadSource, longestMs: number) {
    this.#db = db
    this.#source = source
    this.#longestMs = longestMs
  }

  read(query: SQL, digest: Digest | null): Promise<unknown[][]> {
    if (this.#waiting.size >= maxWaiting)
      return Promise.reject(unavailable('Too many long reads are waiting'))
    const { sql, params } = engineOf(this.#db).queryOf(query)
    const number = ++this.#number
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUpOn(number), this.#longestMs)
      this.#waiting.set(number, { resolve, reject, timer })
      const request = { number, source: this.#source, sql, params, digest }
      this.#thread().postMessage(request satisfies SlowReadRequest)
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    const ended = worker && new Promise((resolve) => worker.addEventListener('close', resolve))
    this.#abandon(unavailable('The database is closing'))
    if (!ended) return
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, closeMs)
    await Promise.race([ended, limit.promise])
    clearTimeout(timer)
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL(workerFile, import.meta.url).href)
    worker.onmessage = ({ data }: MessageEvent<SlowReadReply>) => this.#settle(data)
    worker.onerror = ({ message }) =>
      this.#abandon(new AppError('internal', 'A long read failed', {}, message))
    this.#worker = worker
    return worker
  }

  #settle(reply: SlowReadReply): void {
    const waiting = this.#waiting.get(reply.number)
    if (!waiting) return
    this.#waiting.delete(reply.number)
    clearTimeout(waiting.timer)
    if ('rows' in reply) waiting.resolve(reply.rows)
    else if (reply.outage) waiting.reject(unavailable(reply.outage, reply.fault))
    else waiting.reject(new AppError('internal', 'A long read failed', {}, reply.fault))
  }

  /** The thread still finishes the read, so the next ones wait for it. */
  #giveUpOn(number: number): void {
    this.#waiting.get(number)?.reject(unavailable('The read took too long'))
    this.#waiting.delete(number)
  }

  /** The thread ends after the query it is running; nobody waits for the answer. */
  #abandon(reason: AppError): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(reason)
    }
    this.#waiting.clear()
  }
}
