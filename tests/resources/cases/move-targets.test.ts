import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Ctx } from '../../../src/core/ctx'
import { type CalendarEdit, idleDates } from '../../../src/core/tenants/calendar'
import { changeCalendar, setTargets } from '../../../src/core/tenants/service'
import { countTargetsToMove, moveTargets } from '../../../src/resources/cases/move-targets.service'
import { patchSettings } from '../../../src/resources/settings/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { unlimited } from '../../support/http'
import { auditOf, type Body, caller, createCategories, eventsOf } from './support'

let app: TestApp
let council: Council
let ctx: Ctx
let fresh = 0

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

/** On Friday 13 March 2026; cases are due in ten working days, on Friday 27 March. */
beforeEach(async () => {
  app.clock.set(new Date('2026-03-13T09:30:00.000Z'))
  council = await createCouncil(app, `council-${++fresh}`)
  ctx = council.ctx
})

const make = (input: Record<string, unknown> = {}): Promise<Body> => caller(app).create(input, council)
const read = async ({ id }: Body): Promise<Body> =>
  (await app.send('GET', `/api/cases/${id}`, { key: council.key })).body
const dueDay = async (one: Body): Promise<string> => (await read(one)).dueAt.slice(0, 10)
const off = (...dates: string[]) => ({ off: dates.map((date) => ({ date, name: 'Closed' })) })

/** Nothing else happens in that moment, and the time goes on. */
async function edit(change: CalendarEdit): Promise<void> {
  app.clock.advance(1_000)
  await changeCalendar(ctx, change)
  app.clock.advance(1_000)
}

describe('a day off that is added later', () => {
  test('moves open cases when that is asked for, told in the timeline, the log and the feed', async () => {
    const one = await make({ summary: 'Pothole', residentName: 'Ada' })
    const since = (await app.send('GET', '/api/cases/changes', { key: council.key })).body.nextCursor
    await edit(off('2026-03-24'))
    expect([await countTargetsToMove(ctx), await dueDay(one)]).toEqual([1, '2026-03-27'])

    expect(await moveTargets(ctx)).toBe(1)
    expect([await countTargetsToMove(ctx), await dueDay(one)]).toEqual([0, '2026-03-30'])
    const { timeline, residentName } = await read(one)
    expect([residentName, timeline[0]]).toMatchObject([
      'Ada',
      {
        kind: 'target',
        body: 'The council’s days off have changed',
        from: { dueAt: '2026-03-27T23:59:59.000Z' },
        to: { dueAt: '2026-03-30T22:59:59.000Z' },
        author: { type: 'cli' },
      },
    ])
    const entries = await auditOf(app, council)
    expect(entries.findLast(({ action }) => action === 'case.move_target')?.changes).toEqual({
      dueAt: { from: '2026-03-27T23:59:59.000Z', to: '2026-03-30T22:59:59.000Z' },
    })
    const asked = `/api/cases/changes?since=${since}`
    const { changes } = (await app.send('GET', asked, { key: council.key })).body
    expect(changes.map(({ id }: Body) => id)).toEqual([one.id])
    expect(await eventsOf(app, one.id)).toEqual(['case_created', 'case_updated'])
  })

  test('moves nothing twice, and goes on where it was interrupted', async () => {
    const all = []
    for (let i = 0; i < 45; i++) all.push(await make())
    await edit(off('2026-03-24', '2026-03-30'))
    let slices = 0
    const stopped: Ctx = {
      ...ctx,
      transact: (work) => {
        if (++slices > 1) throw new Error('the power went')
        return ctx.transact(work)
      },
    }
    await expect(moveTargets(stopped)).rejects.toThrow('the power went')
    expect(await countTargetsToMove(ctx)).toBe(25)
    expect(await moveTargets(ctx)).toBe(25)
    expect(new Set(await Promise.all(all.map(dueDay)))).toEqual(new Set(['2026-03-31']))
    expect(await moveTargets(ctx)).toBe(0)
  })

  test('is told from those that a case was made with', async () => {
    const first = await make()
    await edit(off('2026-03-24'))
    const second = await make()
    await edit(off('2026-03-25'))
    const third = await make()
    expect([await dueDay(first), await dueDay(second), await dueDay(third)]).toEqual([
      '2026-03-27',
      '2026-03-30',
      '2026-03-31',
    ])
    expect([await countTargetsToMove(ctx), await moveTargets(ctx)]).toEqual([2, 2])
    for (const one of [first, second, third]) expect(await dueDay(one)).toBe('2026-03-31')
    await edit({ clearOff: 'all' })
    expect(await moveTargets(ctx)).toBe(3)
    for (const one of [first, second, third]) expect(await dueDay(one)).toBe('2026-03-27')
  })

  test('moves no case that is finished, that it does not touch, or that is due by calendar days', async () => {
    const { Bees: categoryId } = await createCategories(app, council, ['Bees,14,calendar'])
    const finished = await make()
    const resolved = { status: 'resolved', resolution: 'fixed' }
    await app.send('PATCH', `/api/cases/${finished.id}`, { key: council.key, body: resolved })
    const byCalendar = await make({ categoryId })
    await setTargets(ctx, { targetDays: 2 })
    const before = await make()
    await edit(off('2026-03-24'))
    expect([await countTargetsToMove(ctx), await moveTargets(ctx)]).toEqual([0, 0])
    expect(await dueDay(finished)).toBe('2026-03-27')
    expect(await dueDay(byCalendar)).toBe('2026-03-27')
    expect(await dueDay(before)).toBe('2026-03-17')
  })

  test('moves cases that wait, and counts what they waited', async () => {
    const one = await make()
    const patch = (body: object) => app.send('PATCH', `/api/cases/${one.id}`, { key: council.key, body })
    await patch({ status: 'in_progress', pending: { reason: 'scheduled' } })
    app.clock.advance(3 * 86_400_000)
    await patch({ pending: null })
    expect(await dueDay(one)).toBe('2026-03-30')
    await edit(off('2026-03-24'))
    await patch({ pending: { reason: 'scheduled' } })
    expect(await moveTargets(ctx)).toBe(1)
    const { dueAt, slaState, pending } = await read(one)
    expect([dueAt.slice(0, 10), slaState, pending.reason]).toEqual(['2026-03-31', 'paused', 'scheduled'])
  })

  test('may be the bank holiday of another nation', async () => {
    const one = await make()
    app.clock.advance(1_000)
    await patchSettings(ctx, { nation: 'northern_ireland' })
    expect(await moveTargets(ctx)).toBe(1)
    // St Patrick’s Day.
    expect(await dueDay(one)).toBe('2026-03-30')
  })
})

test('dates that change nothing are named', () => {
  const nothing = { added: [], removed: [] }
  const day = { date: '2026-12-24', name: 'Closed' }
  const said = (change: CalendarEdit, after = nothing as Parameters<typeof idleDates>[1]) =>
    idleDates('england_wales', after, change)
  expect(said(off('2026-12-24'))).toEqual([])
  expect(said({ work: ['2026-12-25'] }, { ...nothing, removed: ['2026-12-25'] })).toEqual([])
  expect(said(off('2026-12-25'))).toEqual(['2026-12-25 is a bank holiday already: Christmas Day'])
  expect(said(off('2026-12-26', '2026-12-27'))).toEqual([
    '2026-12-26 is a Saturday, which is no working day anyway',
    '2026-12-27 is a Sunday, which is no working day anyway',
  ])
  expect(said({ work: ['2026-12-23'] })).toEqual([
    '2026-12-23 is no bank holiday, so it is a working day anyway',
  ])
  expect(said({ work: ['2026-12-26'] })).toEqual([
    '2026-12-26 is a Saturday: no weekend counts as working days',
  ])
  expect(said({ work: [day.date] }, { added: [day], removed: [day.date] })).toEqual([
    '2026-12-24 stays a day off: it is an extra day off too, which --clear-off 2026-12-24 removes',
  ])
})
