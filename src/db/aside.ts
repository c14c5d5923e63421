import type { SQL } from 'drizzle-orm'
import type { Digest } from '../lib/digest'
import { AppError, unavailable } from '../lib/errors'
import type { AsideAnswer, AsideQuery, AsideSource } from './aside-worker'
import type { Db } from './dialect'
import { engineOf } from './engine'

/** Which long reads wait for each other: people wait for what they search, and not until a report is done. */
export type Lane = 'searches' | 'reports'

/**
 * Runs a query that may be long beside everything else; rows as lists of values. With a digest something is made of them
 * there.
 */
export type Aside = (query: SQL, digest?: Digest | null, lane?: Lane) => Promise<unknown[][]>

const longestMs = 10_000
const maxWaiting = 100

/** In the compiled binary the thread's code is a file of its own, beside that of everything else. */
const workerFile = import.meta.url.endsWith('.ts') ? './aside-worker.ts' : './db/aside-worker.js'

type Waiting = { resolve: (rows: unknown[][]) => void; reject: (error: unknown) => void }

/** Threads for long reads: one a lane, started with its first read. */
export class AsideReader {
  readonly #lanes: Record<Lane, LaneReader>

  /** Queries are written as for this `db`, and run where the source says. */
  constructor(db: Db, source: AsideSource) {
    this.#lanes = { searches: new LaneReader(db, source), reports: new LaneReader(db, source) }
  }

  readonly read: Aside = (query, digest = null, lane = 'searches') => this.#lanes[lane].read(query, digest)

  close(): void {
    for (const lane of Object.values(this.#lanes)) lane.close()
  }
}

/** One thread. Reads wait for each other there, bounded in number and time. */
class LaneReader {
  readonly #db: Db
  readonly #source: AsideSource
  readonly #waiting = new Map<number, Waiting & { timer: Timer }>()
  #worker: Worker | undefined
  #number = 0

  constructor(db: Db, source: AsideSource) {
    this.#db = db
    this.#source = source
  }

  read(query: SQL, digest: Digest | null): Promise<unknown[][]> {
    if (this.#waiting.size >= maxWaiting)
      return Promise.reject(unavailable('Too many long reads are waiting'))
    const { sql, params } = engineOf(this.#db).queryOf(query)
    const number = ++this.#number
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#forget(number), longestMs)
      this.#waiting.set(number, { resolve, reject, timer })
      const asked = { number, source: this.#source, sql, params, digest }
      this.#thread().postMessage(asked satisfies AsideQuery)
    })
  }

  close(): void {
    this.#giveUp(unavailable('The store is closing'))
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL(workerFile, import.meta.url).href)
    worker.onmessage = ({ data }: MessageEvent<AsideAnswer>) => this.#answer(data)
    worker.onerror = ({ message }) =>
      this.#giveUp(new AppError('internal', 'A long read failed', {}, message))
    this.#worker = worker
    return worker
  }

  #answer(answer: AsideAnswer): void {
    const waiting = this.#waiting.get(answer.number)
    if (!waiting) return
    this.#waiting.delete(answer.number)
    clearTimeout(waiting.timer)
    if ('rows' in answer) waiting.resolve(answer.rows)
    else if (answer.outage) waiting.reject(unavailable(answer.outage, answer.fault))
    else waiting.reject(new AppError('internal', 'A long read failed', {}, answer.fault))
  }

  /** Waits for a read no longer. The thread finishes it all the same, and others wait for that. */
  #forget(number: number): void {
    this.#waiting.get(number)?.reject(unavailable('Reading it took too long'))
    this.#waiting.delete(number)
  }

  /** Lets the thread end when it is done with what it is at, and everybody who waits go. */
  #giveUp(reason: AppError): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(reason)
    }
    this.#waiting.clear()
  }
}
