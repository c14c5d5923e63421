import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { localDate } from '../../../src/lib/time'
import { daysWithin, workCalendar } from '../../../src/lib/workdays'
import { figureFaults } from '../../../src/resources/cases/derived/recount.store'
import { caseCount, createMany, from, type Many, share, start, to } from './many'
import { between, percentileOf } from './recount'

const zone = 'Europe/London'
const dayMs = 86_400_000

let many: Many

beforeAll(async () => {
  many = await createMany()
}, 300_000)

afterAll(() => many.app.close())

describe(`a report of ${caseCount} random cases says what a plain recount does:`, () => {
  test.each([
    ['the whole council', () => '', () => sql`true`],
    ['one ward', () => `wardId=${many.places.wards[1]}`, () => sql`c.ward_id = ${many.places.wards[1]}`],
    [
      'one category',
      () => `categoryId=${many.places.categories[2]}`,
      () => sql`c.category_id = ${many.places.categories[2]}`,
    ],
    [
      'a ward and a category',
      () => `wardId=${many.places.wards[0]}&categoryId=${many.places.categories[0]}`,
      () => sql`c.ward_id = ${many.places.wards[0]} and c.category_id = ${many.places.categories[0]}`,
    ],
  ])('summary and timeseries, %s', async (_, query, where) => {
    const summary = await many.report('summary', query())
    const counted = {
      received: await many.recount.received(from, to, where()),
      resolved: await many.recount.resolved(from, to, where()),
      closed: await many.recount.count(
        sql`c.status = 'closed' and ${between('closed_at', from, to)} and ${where()}`,
      ),
      ended: await many.recount.moves('ended', from, to, where()),
      reopened: await many.recount.moves('reopened', from, to, where()),
      backlog: {
        start: await many.recount.backlog(from, where()),
        end: await many.recount.backlog(to, where()),
      },
    }
    expect(counted.received).toBeGreaterThan(10)
    expect(summary).toMatchObject(counted)
    const { rows } = await many.report('timeseries', `interval=month&${query()}`)
    expect(rows).toHaveLength(5)
    for (const row of rows) {
      const [first, last] = [start(row.from), start(row.to)]
      expect(row).toEqual({
        from: row.from,
        to: row.to,
        received: await many.recount.received(first, last, where()),
        resolved: await many.recount.resolved(first, last, where()),
        closed: await many.recount.count(
          sql`c.status = 'closed' and ${between('closed_at', first, last)} and ${where()}`,
        ),
        ended: await many.recount.moves('ended', first, last, where()),
        reopened: await many.recount.moves('reopened', first, last, where()),
        backlog: await many.recount.backlog(last, where()),
      })
    }
  })

  test('the other figures of the summary', async () => {
    const summary = await many.report('summary')
    const now = many.app.clock.now()
    const resolved = await many.recount.resolved(from, to)
    const received = await many.recount.received(from, to)
    const end = sql`coalesce(c.resolved_at, c.closed_at)`
    const inTime = sql`${end} >= ${from.getTime()} and ${end} < ${to.getTime()}`
    const due = await many.recount.count(
      sql`${many.recount.isFinished} and c.due_at is not null and ${inTime}`,
    )
    const met = await many.recount.count(sql`${many.recount.isFinished} and ${inTime} and ${end} <= c.due_at`)
    const fell = sql`${between('due_at', from, to)} and c.due_at < ${now.getTime()} and c.target_state <> 'paused'`
    const late = sql`(c.status in ('open', 'in_progress') or ${end} > c.due_at)`
    const endings = await many.recount.moves('ended', from, to)
    const [before, after] = [many.recount.status('from_state'), many.recount.status('to_state')]
    const again =
      await many.recount.number(sql`select count(*) from timeline_entries t join cases c on c.id = t.case_id
      where ${many.recount.mine} and t.kind = 'status' and ${before} in ('open', 'in_progress')
      and ${after} in ('resolved', 'closed') and t.at >= ${from.getTime()} and t.at < ${to.getTime()}
      and (select min(u.at) from timeline_entries u where u.case_id = t.case_id and u.position > t.position
        and ${many.recount.reopening('u')}) - t.at <= ${30 * dayMs}`)
    const [all, duplicates] = await Promise.all([
      many.recount.number(sql`select count(*) from cases c where c.tenant_id = ${many.council.tenant.id}
        and ${between('received_at', from, to)}`),
      many.recount.number(sql`select count(*) from cases c where c.tenant_id = ${many.council.tenant.id}
        and c.resolution = 'duplicate' and ${between('received_at', from, to)}`),
    ])
    const receivedWithout = (column: string) =>
      many.recount.received(from, to, sql`${sql.raw(`c.${column}`)} is null`)
    expect(summary).toMatchObject({
      netFlow: received - resolved,
      clearanceRate: share(resolved, received),
      slaMet: share(met, due),
      slaBreached: share(await many.recount.count(sql`${fell} and ${late}`), await many.recount.count(fell)),
      overdueNow: await many.recount.count(sql`c.target_state = 'running' and c.due_at < ${now.getTime()}`),
      dueSoon: await many.recount.count(sql`c.target_state = 'running' and c.due_at >= ${now.getTime()}
        and c.due_soon_at <= ${now.getTime()}`),
      reopenRate: share(again, endings),
      firstContactResolution: share(
        await many.recount.count(
          sql`${many.recount.isFinished} and ${inTime} and c.reassign_count = 0 and c.response_count <= 1`,
        ),
        resolved,
      ),
      duplicateRate: share(duplicates, all),
      withoutWard: share(await receivedWithout('ward_id'), received),
      withoutCategory: share(await receivedWithout('category_id'), received),
      withoutLocation: share(await receivedWithout('latitude'), received),
    })
  })

  test.each([
    ['timeToAcknowledge', 'c.acknowledged_at'],
    ['timeToFirstResponse', 'c.first_response_at'],
    ['timeToResolve', 'coalesce(c.resolved_at, c.closed_at)'],
  ])('%s in hours and working days', async (name, column) => {
    const moment = sql.raw(column)
    const rows = await many.recount.values(sql`select c.received_at, ${moment} from cases c
      where ${many.recount.mine} and ${moment} >= ${from.getTime()} and ${moment} < ${to.getTime()}`)
    const spans = rows.map(([a, b]) => [Number(a), Number(b)] as const)
    const calendar = workCalendar('england_wales', { added: [], removed: [] })
    const date = (instant: number) => localDate(new Date(instant), zone)
    const days = spans.map(([a, b]) => daysWithin(date(a), date(b), 'working', calendar))
    expect((await many.report('summary'))[name]).toMatchObject({
      hours: statistics(spans.map(([a, b]) => (b - a) / 3_600_000)),
      workingDays: statistics(days),
    })
  })

  test('no case is missing from the counts that are kept, and none is there twice', async () => {
    expect(await figureFaults({ db: many.app.deps.store.read })).toEqual([])
  })
})

const statistics = (values: readonly number[]) => ({
  n: values.length,
  median: percentileOf(values, 0.5),
  p90: percentileOf(values, 0.9),
  max: percentileOf(values, 1),
})
