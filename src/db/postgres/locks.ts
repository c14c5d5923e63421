import type { SQL } from 'bun'
import { AppError } from '../../lib/errors'
import { toAppError } from '../faults'
import type { Lock, LockMode, StorePlace } from '../store'
import { addressOf, openPool, rowsOf } from './connection'

/** Advisory locks that copies of Reeve agree on: a first number that is unlikely to be anybody else's, then one each. */
const family = 0x72656576
const numbers = { migrating: 1, leading: 2, serving: 3 } as const

/** The numbers of an advisory lock, to be put into a statement. */
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

/** Servers share the lock, so that many serve one database; work that must be alone has it for itself. */
export async function lockDatabase(place: StorePlace, mode: LockMode): Promise<Lock> {
  const pool = openPool(addressOf(place), { max: 1, idleSeconds: 0 })
  try {
    const [isTaken] = await take(pool, mode === 'serve' ? servingShared : servingAlone)
    if (!isTaken) {
      throw new AppError(
        'conflict',
        mode === 'serve' ? 'The database is being worked on' : 'Reeve is being served from this database',
      )
    }
    return { release: () => pool.close() }
  } catch (error) {
    await pool.close()
    throw toAppError(error)
  }
}

/** One copy of Reeve leads: the one whose connection holds the lock. With the connection goes the lead. */
export class Leadership {
  readonly #pool: SQL

  constructor(url: string) {
    this.#pool = openPool(url, { max: 1, idleSeconds: 0 })
  }

  /** Whether this copy leads; takes the lead where nobody has it. */
  async leads(): Promise<boolean> {
    // Taken again each time: the connection may be another one than it was.
    const [, isLeading] = await take(this.#pool, servingShared, leading)
    return isLeading === true
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
