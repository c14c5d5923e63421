import type { ReservedSQL, SQL } from 'bun'
import { AppError, unavailable } from '../../lib/errors'
import { within } from '../../lib/within'
import type { Db } from '../dialect'
import { toAppError } from '../faults'
import type { WriteJob } from '../store'
import { rowsOf } from './connection'
import { databaseOn } from './engine'

type Slot = { connection: ReservedSQL; db: Db; isProven: boolean }
type Waiting = { resolve: (slot: Slot | null) => void; reject: (error: unknown) => void }

const maxWaiting = 10_000
const rollbackMs = 2_000

/** Runs changes in parallel, each in its own transaction on its own connection. */
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

  /** A statement that takes longer than `limitMs` costs its connection. */
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
      // A job that caught a failed statement and went on: the server then rolls back without an error.
      if (command !== 'COMMIT')
        throw new AppError('internal', 'A change continued after a statement had failed')
      this.commits++
      return result
    } catch (error) {
      // Never reused: statements after a lost connection would run outside any transaction.
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

  /** Refuses new work, finishes what is running, closes the connections. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(unavailable('The database is closing'))
    for (const slot of this.#idle.splice(0)) this.#drop(slot)
    await this.#pool.close()
  }

  /** A lost idle connection is noticed only here, and replaced by another. */
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
    if (this.#isClosed) throw unavailable('The database is closing')
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#open < this.#max) return this.#connect()
    if (this.#waiting.length >= maxWaiting) throw unavailable('Too many changes are waiting for the database')
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
    // Not returned to the pool: its state is unknown.
    void connection.close({ timeout: 0 })
    this.#waiting.shift()?.resolve(null)
  }
}
