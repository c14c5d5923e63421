import { type SQL, sql } from 'drizzle-orm'
import type { Council, TestApp } from '../../support/app'
import { onSqlite } from '../../support/engine'

/** Plain questions to the tables of cases and their history alone, one for each figure and as its definition reads. */
export class Recount {
  constructor(
    readonly app: TestApp,
    readonly council: Council,
  ) {}

  async values(query: SQL): Promise<unknown[][]> {
    return this.app.deps.store.read.values(query)
  }

  async number(query: SQL): Promise<number> {
    const [row] = await this.values(query)
    return Number(row?.[0] ?? 0)
  }

  /** The cases that count: this council's, without duplicates. */
  get mine(): SQL {
    return sql`c.tenant_id = ${this.council.tenant.id} and c.resolution is distinct from 'duplicate'`
  }

  status(side: 'from_state' | 'to_state', table = 't'): SQL {
    const column = sql.raw(`${table}.${side}`)
    return onSqlite ? sql`json_extract(${column}, '$.status')` : sql`(${column}::json ->> 'status')`
  }

  /** An entry that tells of a case taken up again. */
  reopening(table: string): SQL {
    const [before, after] = [this.status('from_state', table), this.status('to_state', table)]
    return sql`${sql.raw(table)}.kind = 'status' and ${before} in ('resolved', 'closed') and ${after} = 'in_progress'`
  }

  /** Moves of cases that count: into an end from outside it, or out of one. */
  moves(kind: 'ended' | 'reopened', from: Date, to: Date, where: SQL = sql`true`): Promise<number> {
    const [before, after] = [this.status('from_state'), this.status('to_state')]
    const isMove =
      kind === 'ended'
        ? sql`${before} in ('open', 'in_progress') and ${after} in ('resolved', 'closed')`
        : sql`${before} in ('resolved', 'closed') and ${after} = 'in_progress'`
    return this.number(sql`select count(*) from timeline_entries t join cases c on c.id = t.case_id
      where ${this.mine} and ${where} and t.kind = 'status' and ${isMove}
      and t.at >= ${from.getTime()} and t.at < ${to.getTime()}`)
  }

  /** Cases received before a moment whose last move before it left them open. */
  backlog(at: Date, where: SQL = sql`true`): Promise<number> {
    return this.number(sql`select count(*) from cases c where ${this.mine} and ${where}
      and c.received_at < ${at.getTime()} and coalesce((select ${this.status('to_state')} from timeline_entries t
        where t.case_id = c.id and t.kind = 'status' and t.at < ${at.getTime()} order by t.position desc limit 1), 'open')
      in ('open', 'in_progress')`)
  }

  received(from: Date, to: Date, where: SQL = sql`true`): Promise<number> {
    return this.count(sql`${between('received_at', from, to)} and ${where}`)
  }

  /** Finished now, by its last move into an end in the time. */
  resolved(from: Date, to: Date, where: SQL = sql`true`): Promise<number> {
    return this.count(sql`${this.isFinished} and ${where}
      and coalesce(c.resolved_at, c.closed_at) >= ${from.getTime()} and coalesce(c.resolved_at, c.closed_at) < ${to.getTime()}`)
  }

  get isFinished(): SQL {
    return sql`c.status in ('resolved', 'closed')`
  }

  count(where: SQL): Promise<number> {
    return this.number(sql`select count(*) from cases c where ${this.mine} and ${where}`)
  }
}

export const between = (column: string, from: Date, to: Date): SQL =>
  sql`${sql.raw(`c.${column}`)} >= ${from.getTime()} and ${sql.raw(`c.${column}`)} < ${to.getTime()}`

/** The value of so many below which a share lies, by linear interpolation; to two decimals. */
export function percentileOf(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] as number
  const high = sorted[Math.ceil(place)] as number
  return Math.round((low + (high - low) * (place - Math.floor(place))) * 100) / 100
}
