import type { Database } from 'bun:sqlite'
import type { Clock } from '../../lib/clock'
import { unavailable } from '../../lib/errors'
import type { Db } from '../dialect'
import { toAppError } from '../faults'
import type { WriteJob } from '../store'
import { isBusy } from './connection'
import { databaseOn } from './engine'

type Waiting = { run: (tx: Db) => Promise<void>; fail: (error: unknown) => void; answer: () => void }

const maxBatch = 256
const maxWaiting = 10_000
const lockWaitMs = 2_000
const lockRetryMs = 10
/** 40 MB: statistics of a smaller store would mislead the planner as it grows. */
const leastPages = 10_000

/**
 * Jobs waiting at the same time share one commit, and so one fsync. Each runs in its own savepoint, and all are answered once
 * the commit is on disk.
 */
export class SqliteWriter {
  readonly #connection: Database
  readonly #db: Db
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #draining: Promise<void> | undefined
  #isClosed = false
  /** Commits made since the store was opened. */
  commits = 0

  constructor(connection: Database, clock: Clock) {
    this.#connection = connection
    this.#db = databaseOn(connection)
    this.#clock = clock
  }

  write<T>(job: WriteJob<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(unavailable('The database is closing'))
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(unavailable('Too many changes are waiting for the database'))
    }
    return new Promise<T>((resolve, reject) => {
      let result: T
      this.#waiting.push({
        run: async (tx) => {
          result = await job(tx)
        },
        fail: reject,
        answer: () => resolve(result),
      })
      // With setImmediate, not a microtask, so that every request being read now gets into the same commit.
      this.#draining ??= new Promise((drained) => setImmediate(() => void this.#drain().then(drained)))
    })
  }

  /** Refuses new work, finishes what is waiting, closes the connection. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#draining
    try {
      this.#optimize()
    } catch (error) {
      // While another process writes, newer statistics are not worth failing for.
      if (!isBusy(error)) throw error
    } finally {
      this.#connection.close()
    }
  }

  #optimize(): void {
    const { page_count } = this.#connection.query('PRAGMA page_count').get() as { page_count: number }
    if (page_count >= leastPages) this.#connection.run('PRAGMA optimize')
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch)
      try {
        await this.#commit(batch)
      } catch (error) {
        for (const job of batch) job.fail(toAppError(error))
        if (this.#connection.inTransaction) this.#connection.run('ROLLBACK')
      }
    }
    this.#draining = undefined
  }

  async #commit(batch: Waiting[]): Promise<void> {
    await this.#begin()
    const done: Waiting[] = []
    for (const job of batch) {
      this.#connection.run('SAVEPOINT job')
      try {
        await job.run(this.#db)
        this.#connection.run('RELEASE job')
        done.push(job)
      } catch (error) {
        // A full disk or an I/O error rolls the whole transaction back, not only this job.
        if (!this.#connection.inTransaction) throw error
        this.#connection.run('ROLLBACK TO job')
        this.#connection.run('RELEASE job')
        job.fail(toAppError(error))
      }
    }
    this.#connection.run('COMMIT')
    this.commits++
    for (const job of done) job.answer()
  }

  /** Another process may hold the lock: retried with a timer, so that reads go on meanwhile. */
  async #begin(): Promise<void> {
    const giveUpAt = this.#clock.monotonic() + lockWaitMs
    for (;;) {
      try {
        this.#connection.run('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error) || this.#clock.monotonic() >= giveUpAt) throw error
        await Bun.sleep(lockRetryMs)
      }
    }
  }
}
