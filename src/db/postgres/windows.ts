import type { SQL } from 'bun'
import type { WindowCount, Windows } from '../../lib/fixed-window'
import { toAppError } from '../faults'
import { rowsOf } from './connection'

const limitMs = 5_000

/** The server's clock in milliseconds, which all copies of Reeve share. */
const now = '(extract(epoch from clock_timestamp()) * 1000)::bigint'

const hit = `insert into rate_windows as kept (name, started_at, hits) values ($1, ${now}, 1)
  on conflict (name) do update set
    started_at = case when kept.started_at + $2 > excluded.started_at then kept.started_at else excluded.started_at end,
    hits = case when kept.started_at + $2 > excluded.started_at then least(kept.hits, $3) + 1 else 1 end
  returning hits, greatest(started_at + $2 - ${now}, 1)`

const peek = `select hits, started_at + $2 - ${now} from rate_windows where name = $1 and started_at + $2 > ${now}`

const takeBack = `update rate_windows set hits = greatest(hits - 1, 0) where name = $1 and started_at + $2 > ${now}`

/** Fixed windows shared by copies of Reeve. The table is unlogged, as counts may be lost when the server crashes. */
export function sharedWindows(pool: SQL, name: string, windowMs: number): Windows {
  const rows = async (statement: string, params: unknown[]) => {
    try {
      return await rowsOf(pool, limitMs)(statement, params)
    } catch (error) {
      throw toAppError(error)
    }
  }
  const toCount = ([row]: unknown[][], limit: number): WindowCount => {
    const [count, resetMs] = (row ?? [0, windowMs]).map(Number) as [number, number]
    return { count, remaining: Math.max(0, limit - count), isExceeded: count > limit, resetMs }
  }
  return {
    windowMs,
    hit: async (key, limit) => toCount(await rows(hit, [`${name} ${key}`, windowMs, limit]), limit),
    peek: async (key, limit) => toCount(await rows(peek, [`${name} ${key}`, windowMs]), limit),
    takeBack: (key) => rows(takeBack, [`${name} ${key}`, windowMs]),
    sweep: async () => {
      await rows(`delete from rate_windows where started_at + $1 < ${now}`, [windowMs])
    },
  }
}
