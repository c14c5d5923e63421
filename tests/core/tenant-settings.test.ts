import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Changes } from '../../src/core/audit/table'
import type { Ctx } from '../../src/core/ctx'
import { runDueWork } from '../../src/core/due-work.service'
import type { CalendarEdit } from '../../src/core/tenants/calendar'
import { changeCalendar, setTargets } from '../../src/core/tenants/service'
import { getTenantBySlug } from '../../src/core/tenants/store'
import { dueWork } from '../../src/jobs/due-work'
import type { CalendarChanges } from '../../src/lib/workdays'
import { auditOf, type Body, caller, createCategories } from '../resources/cases/support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { onSqlite } from '../support/engine'
import { refusalOf } from '../support/store'

let app: TestApp
let council: Council
let other: Council

/** On Friday 13 March 2026. */
beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  other = await createCouncil(app, 'severn')
})
afterEach(() => app.close())

const tenant = ({ tenant: { slug } } = council) => getTenantBySlug(app.deps.store.read, slug)
const make = (input: Record<string, unknown> = {}, owner = council): Promise<Body> =>
  caller(app).create(input, owner)
const dueOf = async (input = {}) => (await make(input)).dueAt

/** What the work puts into the council's audit log. */
async function audited(work: () => Promise<unknown>): Promise<{ action: string; changes: unknown }[]> {
  const before = await auditOf(app, council)
  await work()
  return (await auditOf(app, council))
    .slice(before.length)
    .map(({ action, changes }) => ({ action, changes }))
}

const nothing = { added: [], removed: [] }
/** Replaces the whole calendar. */
const setCalendar = (ctx: Ctx, { added, removed }: CalendarChanges) =>
  changeCalendar(ctx, { clearOff: 'all', clearWork: 'all', off: added, work: removed })
const off = (...dates: string[]) => dates.map((date) => ({ date, name: 'Day off' }))

describe('targets are refused', () => {
  test.each([0, -1, 1.5, 1000, Number.NaN, Number.POSITIVE_INFINITY])('of %p days', async (days) => {
    const before = await tenant()
    for (const targets of [
      { targetDays: days },
      { reopenWindowDays: days },
      { targetDays: 5, reopenWindowDays: days },
    ]) {
      const entries = await audited(async () => {
        const { kind, message } = await refusalOf(() => setTargets(council.ctx, targets))
        expect([kind, message]).toEqual([
          'bad_request',
          `${days} is not a whole number of days from 1 to 999`,
        ])
      })
      expect(entries).toEqual([])
    }
    expect(await tenant()).toEqual(before)
  })
})

describe('a calendar is refused', () => {
  test.each([
    '',
    'tomorrow',
    '2026-02-29',
    '2026-13-01',
    '24/12/2026',
    '2026-12-24T00:00:00Z',
    '0999-01-01',
    ' 2026-12-24',
  ])('with the date %j', async (date) => {
    for (const calendar of [
      { added: off('2026-12-24', date), removed: [] },
      { added: off('2026-12-24'), removed: ['2026-12-25', date] },
    ]) {
      const { kind, message } = await refusalOf(() => setCalendar(council.ctx, calendar))
      expect([kind, message]).toEqual(['bad_request', `"${date}" is not a date, such as 2026-12-24`])
    }
    expect((await tenant()).calendar).toEqual(nothing)
  })

  test('of more than 500 days, and 500 are not too many', async () => {
    const dates = Array.from({ length: 500 }, (_, i) =>
      new Date(Date.UTC(2030, 0, i)).toISOString().slice(0, 10),
    )
    const tooMany = { added: off(...dates), removed: ['2026-12-25'] }
    expect((await refusalOf(() => setCalendar(council.ctx, tooMany))).message).toContain('500')
    expect(
      (await setCalendar(council.ctx, { added: off(...dates), removed: [] })).calendar.added,
    ).toHaveLength(500)
  })
})

describe('targets that are set', () => {
  test('hold for new cases of this council, not for those that are there', async () => {
    const before = await make()
    expect(before.dueAt).toBe('2026-03-27T23:59:59.000Z')
    await setTargets(council.ctx, { targetDays: 1 })
    expect(await dueOf()).toBe('2026-03-16T23:59:59.000Z')
    await setTargets(council.ctx, { targetDayType: 'calendar' })
    expect(await dueOf()).toBe('2026-03-14T23:59:59.000Z')
    await setTargets(council.ctx, { targetDays: 999 })
    expect(await dueOf()).toBe('2028-12-06T23:59:59.000Z')
    await setTargets(council.ctx, { targetDays: null })
    expect(await make()).toMatchObject({ dueAt: null, slaState: 'none' })
    const { body } = await caller(app).get(before.id, council)
    expect(body.dueAt).toBe(before.dueAt)
    expect((await make({}, other)).dueAt).toBe(before.dueAt)
  })

  test('give way to those of a category, and hold where it sets none', async () => {
    const { Noise, Other } = await createCategories(app, council, ['Noise,2,calendar', 'Other,,working'])
    await setTargets(council.ctx, { targetDays: 3 })
    expect(await dueOf({ categoryId: Noise })).toBe('2026-03-15T23:59:59.000Z')
    expect(await dueOf({ categoryId: Other })).toBe('2026-03-18T23:59:59.000Z')
  })

  test('say when a resolved case is closed, or that none is', async () => {
    const { change, get } = caller(app)
    const resolve = async () => {
      const { id } = await make()
      await change(id, { status: 'resolved', resolution: 'answered' }, council)
      return id
    }
    await setTargets(council.ctx, { reopenWindowDays: 1 })
    const soon = await resolve()
    await setTargets(council.ctx, { reopenWindowDays: null })
    const never = await resolve()
    const states = async () => {
      await runDueWork(app.deps, dueWork)
      return [(await get(soon, council)).body.status, (await get(never, council)).body.status]
    }
    app.clock.set(new Date('2026-03-16T23:59:58Z'))
    expect(await states()).toEqual(['resolved', 'resolved'])
    app.clock.set(new Date('2026-03-17T00:00:00Z'))
    expect(await states()).toEqual(['closed', 'resolved'])
    app.clock.set(new Date('2027-03-17T00:00:00Z'))
    expect(await states()).toEqual(['closed', 'resolved'])
  })

  test('are told as they are afterwards, and stand in the audit log with what they were', async () => {
    const entries = await audited(async () => {
      const told = await setTargets(council.ctx, {
        targetDays: 3,
        targetDayType: 'calendar',
        reopenWindowDays: null,
      })
      expect(told).toMatchObject({
        targetDays: 3,
        targetDayType: 'calendar',
        reopenWindowDays: null,
        plan: 'council',
      })
      expect(told).toEqual(await tenant())
      await setTargets(council.ctx, { reopenWindowDays: 7 })
    })
    expect(entries).toEqual([
      {
        action: 'tenant.set_targets',
        changes: {
          targetDays: { from: 10, to: 3 },
          targetDayType: { from: 'working', to: 'calendar' },
          reopenWindowDays: { from: 5, to: null },
        },
      },
      { action: 'tenant.set_targets', changes: { reopenWindowDays: { from: null, to: 7 } } },
    ])
  })

  test('as they are already are no change and no entry', async () => {
    const entries = await audited(async () => {
      await setTargets(council.ctx, {})
      await setTargets(council.ctx, { targetDays: 10, targetDayType: 'working', reopenWindowDays: 5 })
    })
    expect(entries).toEqual([])
  })

  test('twice at the same time tell each step as it was', async () => {
    const entries = await audited(() =>
      Promise.all([1, 2, 3].map((targetDays) => setTargets(council.ctx, { targetDays }))),
    )
    const steps = entries.map(
      ({ changes }) => (changes as Changes).targetDays as { from: number; to: number },
    )
    expect(steps.map(({ from }) => from)).toEqual([10, ...steps.slice(0, -1).map(({ to }) => to)])
    // In the order in which they were asked for only where one writer does them.
    const asked = steps.map(({ to }) => to)
    expect(onSqlite ? asked : asked.toSorted()).toEqual([1, 2, 3])
  })
})

describe('a calendar that is set', () => {
  test('moves the targets of new cases of this council alone', async () => {
    await setTargets(council.ctx, { targetDays: 1 })
    await setTargets(other.ctx, { targetDays: 1 })
    await setCalendar(council.ctx, { added: off('2026-03-16', '2026-03-17'), removed: [] })
    expect(await dueOf()).toBe('2026-03-18T23:59:59.000Z')
    expect((await make({}, other)).dueAt).toBe('2026-03-16T23:59:59.000Z')
  })

  test('lets the council work on bank holidays', async () => {
    await setTargets(council.ctx, { targetDays: 15 })
    expect(await dueOf()).toBe('2026-04-07T22:59:59.000Z')
    await setCalendar(council.ctx, { added: [], removed: ['2026-04-03'] })
    expect(await dueOf()).toBe('2026-04-03T22:59:59.000Z')
    await setCalendar(council.ctx, { added: off('2026-04-03'), removed: ['2026-04-03', '2026-04-06'] })
    expect(await dueOf()).toBe('2026-04-06T22:59:59.000Z')
  })

  test('stands in place of the one before', async () => {
    await setTargets(council.ctx, { targetDays: 1 })
    await setCalendar(council.ctx, { added: off('2026-03-16'), removed: ['2026-12-25'] })
    expect((await setCalendar(council.ctx, nothing)).calendar).toEqual(nothing)
    expect(await dueOf()).toBe('2026-03-16T23:59:59.000Z')
  })

  test('changes by what is named, and by nothing else', async () => {
    const { ctx } = council
    const now = async (edit: CalendarEdit) => (await changeCalendar(ctx, edit)).calendar
    const eve = { date: '2026-12-24', name: 'Christmas closure' }
    expect(await now({ off: [eve] })).toEqual({ added: [eve], removed: [] })
    expect(await now({})).toEqual({ added: [eve], removed: [] })
    expect(await now({ work: ['2026-08-31'] })).toEqual({ added: [eve], removed: ['2026-08-31'] })
    const early = { date: '2026-01-02', name: 'Day off' }
    expect(await now({ off: [early] })).toEqual({
      added: [early, eve],
      removed: ['2026-08-31'],
    })
    const renamed = { ...eve, name: 'Closed' }
    expect((await now({ off: [renamed] })).added).toEqual([early, renamed])
    expect((await now({ clearOff: ['2026-01-02'] })).added).toEqual([renamed])
    expect(await now({ clearOff: 'all' })).toEqual({ added: [], removed: ['2026-08-31'] })
    expect(await now({ clearWork: 'all' })).toEqual(nothing)
    for (const edit of [{ clearOff: ['2026-12-24'] }, { clearWork: ['2026-12-24'] }]) {
      expect((await refusalOf(() => now(edit))).message).toStartWith('2026-12-24 is not ')
    }
  })

  test('stands in the audit log with the one before; the same again is no change', async () => {
    const calendar = { added: [{ date: '2026-12-24', name: 'Christmas closure' }], removed: ['2026-08-31'] }
    const entries = await audited(async () => {
      await setCalendar(council.ctx, nothing)
      await setCalendar(council.ctx, calendar)
      await setCalendar(council.ctx, structuredClone(calendar))
    })
    expect(entries).toEqual([
      { action: 'tenant.set_calendar', changes: { calendar: { from: nothing, to: calendar } } },
    ])
  })
})
