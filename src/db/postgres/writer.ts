import type { ReservedSQL, SQL } from 'bun'
import { AppError, unavailable } from '../../lib/errors'
import type { Db } from '../dialect'
import { toAppError } from '../faults'
import type { WriteJob } from '../store'
import { rowsOf, within } from './connection'
import { databaseOn } from './engine'

/** A connection with the queries prepared on it. */
type Slot = { connection: ReservedSQL; db: Db; isProven: boolean }
type Waiting = { resolve: (slot: Slot | null) => void; reject: (error: unknown) => void }

const maxWaiting = 10_000
const rollbackMs = 2_000

/** Runs changes side by side, each in a transaction of its own on a connection that it has for itself. */
export class PostgresWriter {
  readonly #pool: SQL
  readonly #max: number
  readonly #limitMs: number
  readonly #idle: Slot[] = []
  readonly #waiting: Waiting[] = []
  #open = 0
  #isClosed = false
  /** Commits made since the store was opened. */
  commits = 0

  /** `limitMs` is how long a statement is waited for; then its connection is given up. */
  constructor(pool: SQL, max: number, limitMs: number) {
    this.#pool = pool
    this.#max = max
    this.#limitMs = limitMs
  }

  async write<T>(job: WriteJob<T>): Promise<T> {
    const slot = await this.#begin()
    let isLost = false
    try {
      const result = await job(slot.db)
      const { command } = await within(this.#limitMs, slot.connection.unsafe('COMMIT'))
      // A job that went on after a statement of it had failed: the server then keeps nothing, without an error.
      if (command !== 'COMMIT') throw new AppError('internal', 'A change went on after it had failed')
      this.commits++
      return result
    } catch (error) {
      // Never used again: what came after a lost connection would be outside any transaction.
      isLost = !(await within(rollbackMs, slot.connection.unsafe('ROLLBACK')).then(
        () => true,
        () => false,
      ))
      throw toAppError(error)
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

  /** A connection in a transaction. One that was lost while nobody used it is only found out now: another takes its place. */
  async #begin(): Promise<Slot> {
    for (;;) {
      const slot = await this.#take()
      try {
        await within(this.#limitMs, slot.connection.unsafe('BEGIN'))
        slot.isProven = true
        return slot
      } catch (error) {
        this.#drop(slot)
        if (!slot.isProven) throw toAppError(error)
      }
    }
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
      return { connection, db: databaseOn(rowsOf(connection, this.#limitMs)), isProven: false }
    } catch (error) {
      this.#open--
      this.#waiting.shift()?.resolve(null)
      throw toAppError(error)
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
    // Not given back to the pool: nobody knows what state it is in.
    void connection.close({ timeout: 0 })
    this.#waiting.shift()?.resolve(null)
  }
}
