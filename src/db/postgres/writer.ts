import type { ReservedSQL, SQL } from 'bun'
import { unavailable } from '../../lib/errors'
import type { Db } from '../dialect'
import { told } from '../faults'
import type { WriteJob } from '../store'
import { rowsOf } from './connection'
import { databaseOn } from './engine'

/** A connection with the queries prepared on it. */
type Slot = { connection: ReservedSQL; db: Db }
type Waiting = { resolve: (slot: Slot | null) => void; reject: (error: unknown) => void }

const maxWaiting = 10_000

/** Runs changes side by side, each in a transaction of its own on a connection that it has for itself. */
export class PostgresWriter {
  readonly #pool: SQL
  readonly #max: number
  readonly #idle: Slot[] = []
  readonly #waiting: Waiting[] = []
  #open = 0
  #isClosed = false
  /** Commits made since the store was opened. */
  commits = 0

  constructor(pool: SQL, max: number) {
    this.#pool = pool
    this.#max = max
  }

  async write<T>(job: WriteJob<T>): Promise<T> {
    const slot = await this.#take()
    let isLost = true
    try {
      const result = await this.#run(slot, job)
      isLost = false
      return result
    } catch (error) {
      // Never used again: what came after a lost connection would be outside any transaction.
      isLost = !(await slot.connection.unsafe('ROLLBACK').then(
        () => true,
        () => false,
      ))
      throw told(error)
    } finally {
      if (isLost) this.#drop(slot)
      else this.#giveBack(slot)
    }
  }

  /** Refuses new work and closes the connections; what runs is finished first. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(unavailable('The store is closing'))
    for (const slot of this.#idle.splice(0)) this.#drop(slot)
    await this.#pool.close()
  }

  async #run<T>({ connection, db }: Slot, job: WriteJob<T>): Promise<T> {
    await connection.unsafe('BEGIN')
    const result = await job(db)
    await connection.unsafe('COMMIT')
    this.commits++
    return result
  }

  async #take(): Promise<Slot> {
    if (this.#isClosed) throw unavailable('The store is closing')
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#open < this.#max) return this.#connect()
    if (this.#waiting.length >= maxWaiting) throw unavailable('Too many changes are waiting for the store')
    const slot = await new Promise<Slot | null>((resolve, reject) => this.#waiting.push({ resolve, reject }))
    return slot ?? this.#take()
  }

  async #connect(): Promise<Slot> {
    this.#open++
    try {
      const connection = await this.#pool.reserve()
      return { connection, db: databaseOn(rowsOf(connection)) }
    } catch (error) {
      this.#open--
      this.#waiting.shift()?.resolve(null)
      throw told(error)
    }
  }

  #giveBack(slot: Slot): void {
    const next = this.#waiting.shift()
    if (next) next.resolve(slot)
    else if (this.#isClosed) this.#drop(slot)
    else this.#idle.push(slot)
  }

  #drop({ connection }: Slot): void {
    this.#open--
    connection.release()
    this.#waiting.shift()?.resolve(null)
  }
}
