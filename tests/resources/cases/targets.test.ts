import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Nation, nations } from '../../../src/lib/bank-holidays'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { idsOf } from '../../support/casework'
import { atInstant, unlimited } from '../../support/http'
import { type Body, caller, createCategories, setTenant } from './support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

/** Categories by their targets: `w3` three working days, `c3` three calendar days, `plain` none of its own. */
const rows = [
  ...[1, 2, 3, 5, 10].map((days) => `w${days},${days},working`),
  ...[1, 2, 7].map((days) => `c${days},${days},calendar`),
  'plain,,',
]

type Kinds = Record<string, string>

let fresh = 0
async function newCouncil(nation: Nation = 'england_wales'): Promise<{ council: Council; kinds: Kinds }> {
  const council = await createCouncil(app, `fresh-${++fresh}`)
  await setTenant(council, { nation })
  return { council, kinds: await createCategories(app, council, rows) }
}

const at = <T>(instant: string, work: () => Promise<T>) => atInstant(app, instant, work)

describe('a case is due', () => {
  const councils = {} as Record<Nation, { council: Council; kinds: Kinds }>
  beforeAll(async () => {
    for (const nation of nations) councils[nation] = await newCouncil(nation)
  })

  const [england, scotland, ireland] = nations

  test.each([
    // A plain Monday and a plain fortnight.
    [england, 'w1', '2026-06-01T09:00:00.000Z', '2026-06-02T22:59:59.000Z'],
    [england, 'w10', '2026-06-01T09:00:00.000Z', '2026-06-15T22:59:59.000Z'],
    // Easter: Good Friday on 3 April everywhere, Easter Monday on 6 April not in Scotland.
    [england, 'w1', '2026-04-02T10:00:00.000Z', '2026-04-07T22:59:59.000Z'],
    [scotland, 'w1', '2026-04-02T10:00:00.000Z', '2026-04-06T22:59:59.000Z'],
    [ireland, 'w1', '2026-04-02T10:00:00.000Z', '2026-04-07T22:59:59.000Z'],
    // 30, 31 March, 1, 2, 7, 8, 9, 10, 13, 14 April; in Scotland the 6th counts.
    [england, 'w10', '2026-03-27T09:00:00.000Z', '2026-04-14T22:59:59.000Z'],
    [scotland, 'w10', '2026-03-27T09:00:00.000Z', '2026-04-13T22:59:59.000Z'],
    // Summer time begins on Sunday 29 March: received in winter time, due in summer time.
    [england, 'w1', '2026-03-27T23:30:00.000Z', '2026-03-30T22:59:59.000Z'],
    [england, 'c1', '2026-03-27T12:00:00.000Z', '2026-03-28T23:59:59.000Z'],
    [england, 'c1', '2026-03-28T12:00:00.000Z', '2026-03-29T22:59:59.000Z'],
    [england, 'c1', '2026-03-28T23:59:59.999Z', '2026-03-29T22:59:59.000Z'],
    [england, 'c1', '2026-03-29T00:00:00.000Z', '2026-03-30T22:59:59.000Z'],
    // Summer time ends on Sunday 25 October.
    [england, 'w1', '2026-10-23T09:00:00.000Z', '2026-10-26T23:59:59.000Z'],
    [england, 'c1', '2026-10-23T09:00:00.000Z', '2026-10-24T22:59:59.000Z'],
    [england, 'c2', '2026-10-23T09:00:00.000Z', '2026-10-25T23:59:59.000Z'],
    [england, 'c1', '2026-10-24T22:59:59.999Z', '2026-10-25T23:59:59.000Z'],
    [england, 'c1', '2026-10-24T23:30:00.000Z', '2026-10-26T23:59:59.000Z'],
    // Received on a Saturday or Sunday: day 1 is Monday.
    [england, 'w1', '2026-06-06T11:00:00.000Z', '2026-06-08T22:59:59.000Z'],
    [england, 'w2', '2026-06-07T11:00:00.000Z', '2026-06-09T22:59:59.000Z'],
    // At 23:30 on Thursday 11 June in London it is 22:30 UTC; half an hour later it is Friday.
    [england, 'w1', '2026-06-11T22:30:00.000Z', '2026-06-12T22:59:59.000Z'],
    [england, 'w1', '2026-06-11T23:00:00.000Z', '2026-06-15T22:59:59.000Z'],
    [england, 'c1', '2026-06-11T22:30:00.000Z', '2026-06-12T22:59:59.000Z'],
    // Christmas Day is a Friday, Boxing Day moves to Monday 28 December; 2 January 2027 moves to Monday 4 January.
    [england, 'w3', '2026-12-23T09:00:00.000Z', '2026-12-30T23:59:59.000Z'],
    [england, 'w10', '2026-12-23T09:00:00.000Z', '2027-01-11T23:59:59.000Z'],
    [scotland, 'w10', '2026-12-23T09:00:00.000Z', '2027-01-12T23:59:59.000Z'],
    [ireland, 'w10', '2026-12-23T09:00:00.000Z', '2027-01-11T23:59:59.000Z'],
    [england, 'c7', '2026-12-23T09:00:00.000Z', '2026-12-30T23:59:59.000Z'],
    // 2 January 2026 is a Friday.
    [england, 'w1', '2025-12-31T09:00:00.000Z', '2026-01-02T23:59:59.000Z'],
    [scotland, 'w1', '2025-12-31T09:00:00.000Z', '2026-01-05T23:59:59.000Z'],
    [ireland, 'w1', '2025-12-31T09:00:00.000Z', '2026-01-02T23:59:59.000Z'],
    // The summer holiday: the first Monday of August in Scotland, the last elsewhere.
    [england, 'w1', '2026-07-31T09:00:00.000Z', '2026-08-03T22:59:59.000Z'],
    [scotland, 'w1', '2026-07-31T09:00:00.000Z', '2026-08-04T22:59:59.000Z'],
    [england, 'w1', '2026-08-28T09:00:00.000Z', '2026-09-01T22:59:59.000Z'],
    [scotland, 'w1', '2026-08-28T09:00:00.000Z', '2026-08-31T22:59:59.000Z'],
    // St Patrick’s Day is a Tuesday; 12 July 2026 is a Sunday, so the 13th is off; in 2027 it is a Monday.
    [england, 'w1', '2026-03-16T09:00:00.000Z', '2026-03-17T23:59:59.000Z'],
    [scotland, 'w1', '2026-03-16T09:00:00.000Z', '2026-03-17T23:59:59.000Z'],
    [ireland, 'w1', '2026-03-16T09:00:00.000Z', '2026-03-18T23:59:59.000Z'],
    [england, 'w1', '2026-07-10T09:00:00.000Z', '2026-07-13T22:59:59.000Z'],
    [ireland, 'w1', '2026-07-10T09:00:00.000Z', '2026-07-14T22:59:59.000Z'],
    [ireland, 'w1', '2027-07-09T09:00:00.000Z', '2027-07-13T22:59:59.000Z'],
    // St Andrew’s Day is a Monday.
    [england, 'w1', '2026-11-27T09:00:00.000Z', '2026-11-30T23:59:59.000Z'],
    [scotland, 'w1', '2026-11-27T09:00:00.000Z', '2026-12-01T23:59:59.000Z'],
  ])('in %s within %s of %s by %s', async (nation, kind, received, due) => {
    const { council, kinds } = councils[nation]
    const body = await at(received, () => call.create({ categoryId: kinds[kind] }, council))
    expect([body.receivedAt, body.dueAt]).toEqual([received, due])
  })

  test('by when it came in, not by when it was put in', async () => {
    const { council, kinds } = councils.england_wales
    const body = await at('2026-06-12T15:00:00.000Z', () =>
      call.create({ categoryId: kinds.w5, receivedAt: '2026-06-05T22:30:00Z' }, council),
    )
    expect(body.dueAt).toBe('2026-06-12T22:59:59.000Z')
    const late = await at('2026-06-12T15:00:00.000Z', () =>
      call.create({ categoryId: kinds.w1, receivedAt: '2026-06-01' }, council),
    )
    expect([late.dueAt, late.slaState]).toEqual(['2026-06-02T22:59:59.000Z', 'breached'])
  })
})

describe('the target is', () => {
  const received = '2026-06-01T09:00:00.000Z'
  const due = async (council: Council, categoryId: string | null | undefined) =>
    (await at(received, () => call.create({ categoryId: categoryId ?? null }, council))).dueAt

  test('that of the category, else the council’s', async () => {
    const { council, kinds } = await newCouncil()
    expect(await due(council, kinds.w3)).toBe('2026-06-04T22:59:59.000Z')
    expect(await due(council, kinds.plain)).toBe('2026-06-15T22:59:59.000Z')
    expect(await due(council, null)).toBe('2026-06-15T22:59:59.000Z')
    await setTenant(council, { targetDays: 20, targetDayType: 'calendar' })
    expect(await due(council, kinds.w3)).toBe('2026-06-04T22:59:59.000Z')
    expect(await due(council, kinds.plain)).toBe('2026-06-21T22:59:59.000Z')
  })

  test('none where neither has one', async () => {
    const { council, kinds } = await newCouncil()
    await setTenant(council, { targetDays: null })
    const made = await call.create({ categoryId: kinds.plain }, council)
    expect([made.dueAt, made.slaState]).toEqual([null, 'none'])
    await call.change(made.id, { status: 'in_progress', pending: { reason: 'scheduled' } }, council)
    const resumed = await call.change(made.id, { pending: null }, council)
    expect([resumed.dueAt, resumed.slaState]).toEqual([null, 'none'])
    const ended = await call.change(made.id, { status: 'resolved', resolution: 'fixed' }, council)
    expect([ended.dueAt, ended.slaState]).toEqual([null, 'none'])
    expect(await due(council, kinds.w1)).toBe('2026-06-02T22:59:59.000Z')
  })

  test('counted by the council’s own days off and days of work', async () => {
    const { council, kinds } = await newCouncil()
    await setTenant(council, {
      calendar: { added: [{ date: '2026-06-02', name: 'Civic day' }], removed: ['2026-04-06'] },
    })
    expect(await due(council, kinds.w1)).toBe('2026-06-03T22:59:59.000Z')
    expect(await due(council, kinds.c1)).toBe('2026-06-02T22:59:59.000Z')
    const overEaster = await at('2026-04-02T10:00:00.000Z', () =>
      call.create({ categoryId: kinds.w1 }, council),
    )
    expect(overEaster.dueAt).toBe('2026-04-06T22:59:59.000Z')
    const { council: other, kinds: theirs } = await newCouncil()
    expect(await due(other, theirs.w1)).toBe('2026-06-02T22:59:59.000Z')
  })
})

describe('a wait', () => {
  let council: Council
  let kinds: Kinds
  beforeAll(async () => {
    ;({ council, kinds } = await newCouncil())
  })

  /** Monday 1 June 2026, in progress: due by working days on Monday the 15th. */
  const begin = async (kind = 'w10'): Promise<string> => {
    const { id } = await at('2026-06-01T09:00:00.000Z', () =>
      call.create({ categoryId: kinds[kind] }, council),
    )
    await at('2026-06-01T10:00:00.000Z', () => call.change(id, { status: 'in_progress' }, council))
    return id
  }
  const pause = (id: string, instant: string) =>
    at(instant, () => call.change(id, { pending: { reason: 'awaiting_constituent' } }, council))
  const resume = (id: string, instant: string) =>
    at(instant, () => call.change(id, { pending: null }, council))

  test.each([
    // 4, 5, 8 and 9 June are added: 16, 17, 18, 19 June.
    ['w10', '2026-06-03T10:00:00Z', '2026-06-09T16:00:00Z', '2026-06-19T22:59:59.000Z'],
    // Within a day and over a weekend nothing is.
    ['w10', '2026-06-03T07:00:00Z', '2026-06-03T22:30:00Z', '2026-06-15T22:59:59.000Z'],
    ['w10', '2026-06-05T22:59:59Z', '2026-06-07T22:59:59Z', '2026-06-15T22:59:59.000Z'],
    // The dates are those in London: half past eleven on Friday night to half past midnight on Monday.
    ['w10', '2026-06-05T22:30:00Z', '2026-06-07T23:30:00Z', '2026-06-16T22:59:59.000Z'],
    ['w10', '2026-06-05T23:30:00Z', '2026-06-08T22:30:00Z', '2026-06-16T22:59:59.000Z'],
    // 19 days of June, 23 of July, 20 of August, without its holiday on the 31st, and 1 September: 63.
    ['w10', '2026-06-03T10:00:00Z', '2026-09-01T10:00:00Z', '2026-09-11T22:59:59.000Z'],
    // Six calendar days; the target of seven was on 8 June.
    ['c7', '2026-06-03T10:00:00Z', '2026-06-09T16:00:00Z', '2026-06-14T22:59:59.000Z'],
    ['c7', '2026-06-05T22:59:59Z', '2026-06-07T22:59:59Z', '2026-06-10T22:59:59.000Z'],
  ])('of a case within %s from %s to %s: due by %s', async (kind, start, end, due) => {
    const id = await begin(kind)
    const paused = await pause(id, start)
    expect(paused.slaState).toBe('paused')
    expect((await resume(id, end)).dueAt).toBe(due)
  })

  test('stops the clock: the target does not move and is not missed while it lasts', async () => {
    const id = await begin()
    await pause(id, '2026-06-03T10:00:00Z')
    for (const instant of ['2026-06-11T12:00:00Z', '2026-06-15T23:00:00Z', '2026-12-01T12:00:00Z']) {
      const { body } = await at(instant, () => call.get(id, council))
      expect([instant, body.dueAt, body.slaState]).toEqual([instant, '2026-06-15T22:59:59.000Z', 'paused'])
    }
  })

  test('after a wait adds to it; a new reason begins no new one', async () => {
    const id = await begin()
    await pause(id, '2026-06-03T10:00:00Z')
    await at('2026-06-04T10:00:00Z', () =>
      call.change(id, { pending: { reason: 'awaiting_department' } }, council),
    )
    expect((await resume(id, '2026-06-05T10:00:00Z')).dueAt).toBe('2026-06-17T22:59:59.000Z')
    await pause(id, '2026-06-08T10:00:00Z')
    expect((await resume(id, '2026-06-09T10:00:00Z')).dueAt).toBe('2026-06-18T22:59:59.000Z')
  })

  test('ends with the work too: by resolving it in time, late, or by going back to open', async () => {
    const end = async (instant: string, change: Record<string, unknown>) => {
      const id = await begin()
      await pause(id, '2026-06-12T10:00:00Z')
      const { dueAt, slaState } = await at(instant, () => call.change(id, change, council))
      return [dueAt, slaState]
    }
    const resolve = { status: 'resolved', resolution: 'fixed' }
    // Waited from the 12th to the 17th: 15, 16 and 17 June.
    expect(await end('2026-06-17T10:00:00Z', resolve)).toEqual(['2026-06-18T22:59:59.000Z', 'met'])
    expect(await end('2026-06-17T10:00:00Z', { status: 'closed', resolution: 'withdrawn' })).toEqual([
      '2026-06-18T22:59:59.000Z',
      'met',
    ])
    expect(await end('2026-06-17T10:00:00Z', { status: 'open', reason: 'Not ours' })).toEqual([
      '2026-06-18T22:59:59.000Z',
      'due_soon',
    ])
  })

  test('that begins after the target was missed moves it too, by its own days alone', async () => {
    const id = await begin()
    await pause(id, '2026-06-16T10:00:00Z')
    // 17 and 18 June.
    const { dueAt, slaState } = await resume(id, '2026-06-18T10:00:00Z')
    expect([dueAt, slaState]).toEqual(['2026-06-17T22:59:59.000Z', 'breached'])
  })

  test('is written down with the target that it moves', async () => {
    const id = await begin()
    await pause(id, '2026-06-03T10:00:00.000Z')
    await resume(id, '2026-06-09T16:00:00.000Z')
    const entries = (await call.timeline(id, council)).filter(({ kind }) => kind === 'target')
    const before = { dueAt: '2026-06-15T22:59:59.000Z', pending: null, pendingUntil: null }
    const waiting = { ...before, pending: 'awaiting_constituent' }
    expect(entries).toMatchObject([
      { from: waiting, to: { ...before, dueAt: '2026-06-19T22:59:59.000Z' }, at: '2026-06-09T16:00:00.000Z' },
      { from: before, to: waiting, at: '2026-06-03T10:00:00.000Z' },
    ])
  })
})

describe('the target begins anew', () => {
  let council: Council
  let kinds: Kinds
  beforeAll(async () => {
    ;({ council, kinds } = await newCouncil())
  })

  const received = '2026-06-01T09:00:00.000Z'
  const make = (kind: string) => at(received, () => call.create({ categoryId: kinds[kind] }, council))
  const changeAt = (instant: string, id: string, change: Record<string, unknown>): Promise<Body> =>
    at(instant, () => call.change(id, change, council))

  test('with each reopening, from its date, without the waits before', async () => {
    const { id } = await make('w10')
    await changeAt('2026-06-02T09:00:00Z', id, { status: 'in_progress', pending: { reason: 'scheduled' } })
    await changeAt('2026-06-09T09:00:00Z', id, { status: 'resolved', resolution: 'fixed' })
    // Friday 12 June: 15, 16, 17, 18, 19, 22, 23, 24, 25 and 26 June.
    const again = await changeAt('2026-06-12T22:30:00Z', id, { status: 'in_progress', reason: 'It is back' })
    expect([again.dueAt, again.receivedAt]).toEqual(['2026-06-26T22:59:59.000Z', received])
    await changeAt('2026-07-01T09:00:00Z', id, { status: 'closed', resolution: 'answered' })
    const third = await changeAt('2026-07-01T10:00:00Z', id, { status: 'in_progress', reason: 'Again' })
    expect([third.dueAt, third.slaState]).toEqual(['2026-07-15T22:59:59.000Z', 'on_track'])
  })

  test('with another category, from the receipt, and with the waits before', async () => {
    const { id } = await make('w10')
    const changed = await changeAt('2026-06-02T09:00:00Z', id, { categoryId: kinds.w3 })
    expect(changed.dueAt).toBe('2026-06-04T22:59:59.000Z')
    expect((await changeAt('2026-06-02T09:01:00Z', id, { categoryId: null })).dueAt).toBe(
      '2026-06-15T22:59:59.000Z',
    )
    await changeAt('2026-06-03T09:00:00Z', id, { status: 'in_progress', pending: { reason: 'scheduled' } })
    await changeAt('2026-06-05T09:00:00Z', id, { pending: null })
    // Three days and the 4th and 5th of the wait: 2, 3, 4, 5 and 8 June.
    expect((await changeAt('2026-06-05T10:00:00Z', id, { categoryId: kinds.w3 })).dueAt).toBe(
      '2026-06-08T22:59:59.000Z',
    )
  })

  test('with another category after a reopening, from the reopening', async () => {
    const { id } = await make('w10')
    await changeAt('2026-06-09T09:00:00Z', id, { status: 'resolved', resolution: 'fixed' })
    await changeAt('2026-06-11T09:00:00Z', id, { status: 'in_progress', reason: 'It is back' })
    expect((await changeAt('2026-06-12T09:00:00Z', id, { categoryId: kinds.w3 })).dueAt).toBe(
      '2026-06-16T22:59:59.000Z',
    )
  })

  test('but not for a case that is finished, whose target is settled', async () => {
    const { id } = await make('w3')
    await changeAt('2026-06-09T09:00:00Z', id, { status: 'resolved', resolution: 'fixed' })
    for (const kind of ['w10', 'plain', 'c1']) {
      const { dueAt, slaState } = await changeAt('2026-06-10T09:00:00Z', id, { categoryId: kinds[kind] })
      expect([dueAt, slaState]).toEqual(['2026-06-04T22:59:59.000Z', 'breached'])
    }
    await changeAt('2026-06-10T10:00:00Z', id, { status: 'closed' })
    expect((await changeAt('2026-06-10T11:00:00Z', id, { categoryId: kinds.w10 })).dueAt).toBe(
      '2026-06-04T22:59:59.000Z',
    )
  })

  test('nor for a field that is no category, nor for the same category', async () => {
    const { id } = await make('w3')
    await setTenant(council, { calendar: { added: [{ date: '2026-06-03', name: 'Off' }], removed: [] } })
    const change = { categoryId: kinds.w3, priority: 'high', summary: 'Another' }
    expect((await changeAt('2026-06-02T09:00:00Z', id, change)).dueAt).toBe('2026-06-04T22:59:59.000Z')
    await setTenant(council, { calendar: { added: [], removed: [] } })
  })
})

describe('how a case stands to its target', () => {
  let council: Council
  let kinds: Kinds
  beforeAll(async () => {
    ;({ council, kinds } = await newCouncil())
  })

  /** Due on Monday 15 June 2026, two working days after Thursday the 11th. */
  const make = () => at('2026-06-01T09:00:00.000Z', () => call.create({ categoryId: kinds.w10 }, council))

  test.each([
    ['2026-06-01T09:00:00.000Z', 'on_track', 'met'],
    ['2026-06-10T22:59:59.999Z', 'on_track', 'met'],
    ['2026-06-10T23:00:00.000Z', 'due_soon', 'met'],
    ['2026-06-15T22:59:58.999Z', 'due_soon', 'met'],
    ['2026-06-15T22:59:59.000Z', 'due_soon', 'met'],
    ['2026-06-15T22:59:59.001Z', 'breached', 'breached'],
    ['2026-06-15T23:00:00.000Z', 'breached', 'breached'],
    ['2027-01-01T00:00:00.000Z', 'breached', 'breached'],
  ])('at %s: %s, and resolved then: %s', async (instant, running, ended) => {
    const { id } = await make()
    const read = async () => (await at(instant, () => call.get(id, council))).body.slaState
    expect(await read()).toBe(running)
    const list = await at(instant, () => call.list('pageSize=100', council))
    expect(list.body.cases.find((one: Body) => one.id === id).slaState).toBe(running)
    await at(instant, () => call.change(id, { status: 'resolved', resolution: 'fixed' }, council))
    expect(await read()).toBe(ended)
    const { body } = await at('2028-01-01T00:00:00.000Z', () => call.get(id, council))
    expect(body.slaState).toBe(ended)
  })

  test('counts when it was resolved, not when it was closed', async () => {
    const { id } = await make()
    const resolve = { status: 'resolved', resolution: 'fixed' }
    await at('2026-06-15T12:00:00.000Z', () => call.change(id, resolve, council))
    const closed = await at('2026-06-22T12:00:00.000Z', () => call.change(id, { status: 'closed' }, council))
    expect(closed.slaState).toBe('met')
  })
})

describe('lists by target', () => {
  let council: Council
  let kinds: Kinds
  const states = ['none', 'on_track', 'due_soon', 'breached', 'met', 'paused']

  /** Cases of every kind, received over a fortnight, of which some wait and some are finished. */
  beforeAll(async () => {
    ;({ council, kinds } = await newCouncil())
    const names = ['w1', 'w3', 'w10', 'c2', 'c7', 'plain']
    let number = 0
    for (const day of ['01', '03', '05', '06', '09', '12']) {
      for (const name of names) {
        number++
        if (name === 'plain') await setTenant(council, { targetDays: number % 2 ? 10 : null })
        const made = await at(`2026-06-${day}T09:00:00.000Z`, () =>
          call.create({ summary: `${day} ${name}`, categoryId: kinds[name] }, council),
        )
        await setTenant(council, { targetDays: 10 })
        const next: Record<string, unknown>[] = [
          {},
          { status: 'in_progress', pending: { reason: 'scheduled' } },
          { status: 'resolved', resolution: 'fixed' },
          { status: 'in_progress' },
          { status: 'closed', resolution: 'answered' },
        ]
        const change = next[number % next.length] as Record<string, unknown>
        if (Object.keys(change).length === 0) continue
        await at(`2026-06-${number % 3 ? '13' : '20'}T09:00:00.000Z`, () =>
          call.change(made.id, change, council),
        )
      }
    }
  })

  const pages = async (query: string): Promise<Body[]> => {
    const byPage = await call.list(`pageSize=100&${query}`, council)
    expect([query, byPage.status]).toEqual([query, 200])
    expect([query, byPage.body.pagination.total]).toEqual([query, byPage.body.cases.length])
    const byCursor: Body[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call.list(`pageSize=7&cursor=${cursor}&${query}`, council)
      byCursor.push(...body.cases)
      cursor = body.pagination.nextCursor
    }
    expect(idsOf(byCursor)).toEqual(idsOf(byPage.body.cases))
    return byPage.body.cases
  }

  const moments = [
    '2026-06-01T08:00:00.000Z',
    '2026-06-04T22:59:59.000Z',
    '2026-06-04T22:59:59.001Z',
    '2026-06-09T22:59:59.999Z',
    '2026-06-09T23:00:00.000Z',
    '2026-06-12T12:00:00.000Z',
    '2026-06-15T22:59:59.000Z',
    '2026-06-15T22:59:59.001Z',
    '2026-06-24T23:00:00.000Z',
    '2026-07-30T00:00:00.000Z',
  ]

  test.each(moments)('at %s each state’s list holds exactly the cases shown in it', (moment) =>
    at(moment, async () => {
      const all = await pages('')
      expect(all).toHaveLength(36)
      for (const state of states) {
        const shown = all.filter(({ slaState }) => slaState === state)
        expect([state, idsOf(await pages(`slaState=${state}`))]).toEqual([state, idsOf(shown)])
      }
      const some = all.filter(({ slaState }) => ['breached', 'due_soon'].includes(slaState))
      expect(idsOf(await pages('slaState=breached,due_soon'))).toEqual(idsOf(some))
      const open = all.filter(({ slaState, status }) => slaState === 'breached' && status === 'open')
      expect(idsOf(await pages('slaState=breached&status=open'))).toEqual(idsOf(open))
    }),
  )

  test('every state comes up at one of these moments', async () => {
    const seen = new Set<string>()
    for (const moment of moments) {
      for (const { slaState } of await at(moment, () => pages(''))) seen.add(slaState)
    }
    expect([...seen].sort()).toEqual([...states].sort())
  })

  test.each([
    ['2026-06-04T22:59:59.000Z', '2026-06-04T22:59:59.000Z'],
    ['2026-06-04T22:59:59.001Z', '2026-06-04T22:59:59.001Z'],
    ['2026-06-15', '2026-06-14T23:00:00.000Z'],
    ['2026-06-16', '2026-06-15T23:00:00.000Z'],
    ['2020-01-01', '2020-01-01T00:00:00.000Z'],
    ['2030-01-01', '2030-01-01T00:00:00.000Z'],
  ])('dueBefore=%s: due before %s and not at it; without a target never', async (given, instant) => {
    const due = (await pages('')).filter(({ dueAt }) => dueAt !== null && dueAt < instant)
    expect(idsOf(await pages(`dueBefore=${given}`))).toEqual(idsOf(due))
  })

  test('dueBefore is half-open and tells these cases apart', async () => {
    const until = async (text: string) => (await pages(`dueBefore=${text}`)).length
    expect(await until('2026-06-04T22:59:59.001Z')).toBeGreaterThan(await until('2026-06-04T22:59:59.000Z'))
  })

  test('sorted by target go from the earliest to the latest and back, equals by id', async () => {
    const sorted = await pages('sort=dueAt')
    const key = ({ dueAt, id }: Body) => `${dueAt ?? ''} ${id}`
    expect(sorted.map(key)).toEqual(sorted.map(key).sort())
    expect(new Set(sorted.map(({ dueAt }) => dueAt)).size).toBeGreaterThan(8)
    expect(idsOf(await pages('sort=-dueAt'))).toEqual(idsOf(sorted).toReversed())
  })
})

describe('the tag of a list', () => {
  let council: Council
  let kinds: Kinds
  beforeAll(async () => {
    ;({ council, kinds } = await newCouncil())
    await at('2026-06-01T09:00:00.000Z', () => call.create({ categoryId: kinds.w10 }, council))
  })

  const read = (instant: string, query = '', tag?: string) =>
    at(instant, () =>
      call.send('GET', `?${query}`, council, tag === undefined ? {} : { headers: { 'if-none-match': tag } }),
    )
  const tagAt = async (instant: string, query = '') =>
    (await read(instant, query)).headers.get('etag') as string

  test.each([
    ['2026-06-10T22:59:59.999Z', '2026-06-10T23:00:00.000Z', 'due_soon'],
    ['2026-06-15T22:59:59.000Z', '2026-06-15T22:59:59.001Z', 'breached'],
  ])('of %s is stale at %s, when the case is %s', async (before, after, state) => {
    for (const query of ['', `slaState=${state}`, 'sort=dueAt&cursor=', 'search=pothole']) {
      const tag = await tagAt(before, query)
      expect(tag).toStartWith('W/"')
      expect([query, (await read(before, query, tag)).status]).toEqual([query, 304])
      const { status, body } = await read(after, query, tag)
      expect([query, status, body?.cases[0].slaState]).toEqual([query, 200, state])
    }
  })

  test.each([
    ['2026-06-01T09:00:00.000Z', '2026-06-01T22:59:58.000Z'],
    ['2026-06-10T23:00:00.000Z', '2026-06-11T22:59:58.000Z'],
    ['2026-06-15T23:00:00.000Z', '2026-06-16T22:59:58.000Z'],
  ])('of %s is good until %s, while nothing comes near or is missed', async (before, after) => {
    const tag = await tagAt(before)
    expect((await read(after, '', tag)).status).toBe(304)
  })

  test('is only ever good for the same bytes', async () => {
    const seen = new Map<string, string>()
    const start = Date.parse('2026-06-10T22:59:58.000Z')
    for (const [from, steps] of [
      [start, 6],
      [Date.parse('2026-06-15T22:59:58.500Z'), 6],
    ] as const) {
      for (let step = 0; step < steps; step++) {
        const answer = await read(new Date(from + step * 500).toISOString())
        const tag = answer.headers.get('etag') as string
        expect(seen.get(tag) ?? answer.text).toBe(answer.text)
        seen.set(tag, answer.text)
      }
    }
    expect(seen.size).toBeGreaterThan(2)
  })
})
