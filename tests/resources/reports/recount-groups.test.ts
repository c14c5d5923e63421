import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { localDate } from '../../../src/lib/time'
import { daysWithin, workCalendar } from '../../../src/lib/workdays'
import { flatten } from '../../../src/resources/reports/csv'
import { caseCount, createMany, from, type Many, period, share, start, to } from './many'
import { percentileOf } from './recount'

let many: Many

beforeAll(async () => {
  many = await createMany()
}, 300_000)

afterAll(() => many.app.close())

const columns = {
  ward: 'ward_id',
  category: 'category_id',
  assignee: 'assignee_id',
  channel: 'source_channel',
  type: 'type',
  resolution: 'resolution',
} as const

const is = (column: string, key: string | null) =>
  key === null ? sql`${sql.raw(`c.${column}`)} is null` : sql`${sql.raw(`c.${column}`)} = ${key}`

const end = sql`coalesce(c.resolved_at, c.closed_at)`
const inTime = sql`${end} >= ${from.getTime()} and ${end} < ${to.getTime()}`

/** The values of a column among the cases that count. */
async function keysOf(column: string): Promise<(string | null)[]> {
  const name = sql.raw(`c.${column}`)
  const rows = await many.recount.values(sql`select distinct ${name} from cases c where ${many.recount.mine}`)
  return rows.map(([key]) => key as string | null)
}

describe(`of ${caseCount} random cases`, () => {
  test.each(Object.entries(columns))('the breakdown by %s', async (groupBy, column) => {
    const { rows } = await many.report('breakdown', `groupBy=${groupBy}`)
    const before = start('2025-04-01')
    const keys = await keysOf(column)
    expect(rows.map(({ key }: { key: string | null }) => key).sort()).toEqual([...keys].sort())
    const total = await many.recount.received(from, to)
    for (const row of rows) {
      const where = is(column, row.key)
      const received = await many.recount.received(from, to, where)
      const previousReceived = await many.recount.received(before, from, where)
      expect(row).toMatchObject({
        received,
        share: share(received, total),
        resolved: await many.recount.resolved(from, to, where),
        open: await many.recount.backlog(to, where),
        previousReceived,
        change: received - previousReceived,
      })
    }
  })

  test('how targets were kept, by category', async () => {
    const { met, breached, rows } = await many.report('sla', 'groupBy=category')
    const now = many.app.clock.now().getTime()
    const ratesOf = async (where = sql`true`) => {
      const due = sql`${many.recount.isFinished} and c.due_at is not null and ${inTime} and ${where}`
      const fell = sql`c.due_at >= ${from.getTime()} and c.due_at < ${to.getTime()} and c.due_at < ${now}
        and c.target_state <> 'paused' and ${where}`
      return {
        met: share(
          await many.recount.count(sql`${due} and ${end} <= c.due_at`),
          await many.recount.count(due),
        ),
        breached: share(
          await many.recount.count(
            sql`${fell} and (c.status in ('open', 'in_progress') or ${end} > c.due_at)`,
          ),
          await many.recount.count(fell),
        ),
      }
    }
    expect({ met, breached }).toEqual(await ratesOf())
    expect(rows).toHaveLength(5)
    for (const { key, met: metHere, breached: late } of rows) {
      expect({ met: metHere, breached: late }).toEqual(await ratesOf(is('category_id', key)))
    }
  })

  test('how old the backlog is', async () => {
    const answer = await many.report('backlog-age')
    const now = many.app.clock.now()
    const rows = await many.recount.values(sql`select c.received_at from cases c
      where ${many.recount.mine} and c.status in ('open', 'in_progress')`)
    const calendar = workCalendar('england_wales', { added: [], removed: [] })
    const today = localDate(now, 'Europe/London')
    const ages = rows.map(([at]) =>
      daysWithin(localDate(new Date(Number(at)), 'Europe/London'), today, 'working', calendar),
    )
    const within = (least: number, most: number) => ages.filter((age) => age >= least && age <= most).length
    expect(answer.open).toBe(ages.length)
    expect(answer.rows).toEqual(
      (
        [
          ['0–5', 0, 5],
          ['6–10', 6, 10],
          ['11–20', 11, 20],
          ['21–40', 21, 40],
          ['41+', 41, Number.MAX_SAFE_INTEGER],
        ] as const
      ).map(([band, least, most]) => ({
        band,
        cases: within(least, most),
        share: share(within(least, most), ages.length),
      })),
    )
    expect(answer.ageWorkingDays).toMatchObject({
      n: ages.length,
      median: percentileOf(ages, 0.5),
      p90: percentileOf(ages, 0.9),
    })
  })

  test('the workload of each person', async () => {
    const { rows, gini } = await many.report('workload')
    const open = sql`c.status in ('open', 'in_progress')`
    expect(rows.map(({ key }: { key: string | null }) => key).sort()).toEqual(
      [null, ...many.places.people].sort(),
    )
    for (const row of rows) {
      const where = is('assignee_id', row.key)
      const now = many.app.clock.now().getTime()
      expect(row).toMatchObject({
        open: await many.recount.count(sql`${open} and ${where}`),
        overdue: await many.recount.count(sql`c.target_state = 'running' and c.due_at < ${now} and ${where}`),
        received: await many.recount.received(from, to, where),
        resolved: await many.recount.resolved(from, to, where),
      })
    }
    const shares = rows.flatMap(({ key, open: n }: { key: string | null; open: number }) => (key ? [n] : []))
    const sum = shares.reduce((a: number, b: number) => a + b, 0)
    const apart = shares.flatMap((a: number) => shares.map((b: number) => Math.abs(a - b)))
    const mean = apart.reduce((a: number, b: number) => a + b, 0) / (2 * shares.length * sum)
    expect(gini).toBeCloseTo(mean, 4)
  })

  test('the outcomes', async () => {
    const { resolved, rows } = await many.report('outcomes')
    expect(resolved).toBe(await many.recount.resolved(from, to))
    expect(rows).toHaveLength(8)
    for (const { key, resolved: count, share: part } of rows) {
      const counted = await many.recount.resolved(from, to, is('resolution', key))
      expect([key, count, part]).toEqual([key, counted, share(counted, resolved)])
    }
  })

  test('what the public sees, where nothing is small', async () => {
    const answer = await many.report('public')
    expect(answer.totals).toEqual({
      received: await many.recount.received(from, to),
      resolved: await many.recount.resolved(from, to),
      open: await many.recount.backlog(to),
    })
    for (const { key, received } of answer.byWard) {
      expect([key, received]).toEqual([key, await many.recount.received(from, to, is('ward_id', key))])
    }
    for (const [i, { month, received, resolved }] of answer.trend.entries()) {
      const [first, last] = [start(`${month}-01`), i < 4 ? start(`${answer.trend[i + 1].month}-01`) : to]
      expect([month, received, resolved]).toEqual([
        month,
        await many.recount.received(first, last),
        await many.recount.resolved(first, last),
      ])
    }
    expect(answer.period).toEqual(period)
  })

  test.each(['summary', 'timeseries', 'breakdown', 'sla', 'backlog-age', 'workload', 'outcomes', 'public'])(
    '%s says the same as CSV',
    async (name) => {
      const answer = await many.report(name)
      const lines = parse(await many.csv(name), { columns: true }) as Record<string, string>[]
      const text = (value: unknown) => (value === null ? '' : String(value))
      if (answer.rows) {
        const rows = (answer.rows as object[]).map((row) => flatten(row))
        expect(lines).toEqual(
          rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([key, value]) => [key, text(value)])),
          ),
        )
      } else {
        const figures = Object.entries(flatten(answer)).map(([figure, value]) => ({
          figure,
          value: text(value),
        }))
        expect(lines.filter(({ figure }) => figure !== 'generatedAt')).toEqual(
          figures.filter(({ figure }) => figure !== 'generatedAt'),
        )
      }
    },
  )
})
