import type { SQL } from 'bun'
import { AppError } from '../../lib/errors'
import { toAppError } from '../faults'
import type { Lock, LockMode, StorePlace } from '../store'
import { addressOf, openPool, rowsOf } from './connection'

/** Advisory locks have two numbers: the first is unlikely to be used by other programs. */
const family = 0x72656576
const numbers = { migrating: 1, leading: 2, serving: 3 } as const

/** For use in a statement. */
export const lockOf = (name: keyof typeof numbers) => `${family}, ${numbers[name]}`

const limitMs = 5_000

async function take(pool: SQL, ...locks: string[]): Promise<boolean[]> {
  const [taken] = await rowsOf(pool, limitMs)(
    `select ${locks.map((lock) => `pg_try_${lock}`).join(', ')}`,
    [],
  )
  return taken as boolean[]
}

const servingShared = `advisory_lock_shared(${lockOf('serving')})`
const servingAlone = `advisory_lock(${lockOf('serving')})`
const leading = `advisory_lock(${lockOf('leading')})`

/** Servers share the lock, so that several can serve one database; exclusive work takes it alone. */
export async function lockDatabase(place: StorePlace, mode: LockMode): Promise<Lock> {
  const pool = openPool(addressOf(place), { max: 1, idleSeconds: 0 })
  try {
    const [isTaken] = await take(pool, mode === 'serve' ? servingShared : servingAlone)
    if (!isTaken) {
      throw new AppError(
        'conflict',
        mode === 'serve' ? 'Another command is working on the database' : 'Reeve is running on this database',
      )
    }
    return { leftBehind: null, note: () => {}, release: () => pool.close() }
  } catch (error) {
    await pool.close()
    throw toAppError(error)
  }
}

/** The copy of Reeve whose connection holds the lock leads, until the connection ends. */
export class Leadership {
  readonly #pool: SQL

  constructor(url: string) {
    this.#pool = openPool(url, { max: 1, idleSeconds: 0 })
  }

  /** Takes the lead if no other copy has it. */
  async leads(): Promise<boolean> {
    // Taken each time, because the connection may be a new one.
    const [, isLeading] = await take(this.#pool, servingShared, leading)
    return isLeading === true
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
