import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Role } from '../../../src/core/scopes'
import { AppError, type Issue } from '../../../src/lib/errors'
import {
  allowedMoves,
  type CaseState,
  changeState,
  type Move,
  type StateChange,
} from '../../../src/resources/cases/rules/lifecycle'
import {
  type CaseStatus,
  caseStatuses,
  type Resolution,
  resolutions,
} from '../../../src/resources/cases/table'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestWards } from '../../support/casework'
import { issuesOf, unlimited } from '../../support/http'
import { type Body, caller, createActing, createIn, eventsOf, unknownId } from './support'

const now = new Date('2026-03-13T09:30:00.000Z')
const earlier = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const later = new Date('2026-03-20T00:00:00.000Z')

/** The documented table of moves, from one status to another. */
const documented = [
  ['open', 'in_progress'],
  ['open', 'resolved'],
  ['open', 'closed'],
  ['in_progress', 'open'],
  ['in_progress', 'resolved'],
  ['in_progress', 'closed'],
  ['resolved', 'closed'],
  ['resolved', 'in_progress'],
  ['closed', 'in_progress'],
].map((move) => move.join(' → '))

const isDocumented = (from: CaseStatus, to: CaseStatus) => documented.includes(`${from} → ${to}`)

const allowedFrom = (from: CaseStatus) => caseStatuses.filter((to) => isDocumented(from, to))

/** Moves that end work which was never resolved. */
const ending = ['open → resolved', 'open → closed', 'in_progress → resolved', 'in_progress → closed']
/** Moves back, which somebody has to account for. */
const back = ['in_progress → open', 'resolved → in_progress', 'closed → in_progress']

const plainState: CaseState = {
  status: 'open',
  resolution: null,
  duplicateOfId: null,
  pendingReason: null,
  pendingSince: null,
  pendingUntil: null,
  assigneeId: 'someone',
  acknowledgedAt: null,
  resolvedAt: null,
  closedAt: null,
  reopenCount: 2,
}

/** Cases as they come to be in each status. */
const starts: CaseState[] = [
  plainState,
  { ...plainState, status: 'in_progress', acknowledgedAt: earlier(5) },
  {
    ...plainState,
    status: 'in_progress',
    acknowledgedAt: earlier(5),
    pendingReason: 'scheduled',
    pendingSince: earlier(4),
    pendingUntil: later,
  },
  {
    ...plainState,
    status: 'resolved',
    acknowledgedAt: earlier(5),
    resolvedAt: earlier(3),
    resolution: 'fixed',
  },
  {
    ...plainState,
    status: 'resolved',
    resolvedAt: earlier(3),
    resolution: 'duplicate',
    duplicateOfId: 'first',
  },
  {
    ...plainState,
    status: 'closed',
    acknowledgedAt: earlier(5),
    resolvedAt: earlier(3),
    closedAt: earlier(2),
    resolution: 'answered',
  },
  { ...plainState, status: 'closed', closedAt: earlier(2), resolution: 'withdrawn' },
]

const givenResolutions: (Resolution | undefined)[] = [undefined, ...resolutions]
const givenReasons = [undefined, 'They rang again']
const givenLinks = [undefined, 'other']
const givenPendings: StateChange['pending'][] = [
  undefined,
  null,
  { reason: 'awaiting_department', until: null },
  { reason: 'awaiting_constituent', until: later },
]

type Verdict = 'conflict' | { faults: string[] } | { after: CaseState }

/** What the documented table says of a change, told without looking at how it is made. */
function verdictOf(before: CaseState, change: StateChange & { status: CaseStatus }): Verdict {
  const { status: from } = before
  const { status: to, resolution, reason, duplicateOfId, pending } = change
  const move = `${from} → ${to}`
  if (from !== to && !isDocumented(from, to)) return 'conflict'
  const isEnd = to === 'resolved' || to === 'closed'
  const faults: string[] = []
  if (back.includes(move) && reason === undefined) faults.push('reason')
  if (from === to && reason !== undefined) faults.push('reason')
  if (pending && to !== 'in_progress') faults.push('pending')
  if (!isEnd && resolution !== undefined) faults.push('resolution')
  if (!isEnd && duplicateOfId !== undefined) faults.push('duplicateOfId')
  if (ending.includes(move) && resolution === undefined) faults.push('resolution')
  if (to === 'closed' && resolution === 'fixed' && before.resolvedAt === null) faults.push('resolution')
  const ends = resolution ?? before.resolution
  if (isEnd && duplicateOfId !== undefined && ends !== 'duplicate') faults.push('duplicateOfId')
  const link = duplicateOfId ?? before.duplicateOfId
  if (isEnd && resolution === 'duplicate' && link === null) faults.push('duplicateOfId')
  if (faults.length > 0) return { faults: [...new Set(faults)].sort() }

  const after: CaseState = { ...before, status: to }
  if (isEnd) {
    after.resolution = ends
    after.duplicateOfId = ends === 'duplicate' ? link : null
  } else {
    after.resolution = null
    after.duplicateOfId = null
  }
  if (to !== 'in_progress' || pending === null) {
    after.pendingReason = null
    after.pendingSince = null
    after.pendingUntil = null
  } else if (pending) {
    after.pendingReason = pending.reason
    after.pendingSince = before.pendingSince ?? now
    after.pendingUntil = pending.until
  }
  if (move === 'in_progress → open') after.assigneeId = null
  if (from !== to && to === 'in_progress') after.acknowledgedAt = before.acknowledgedAt ?? now
  if (from !== to && to === 'resolved') after.resolvedAt = now
  if (from !== to && to === 'closed') after.closedAt = now
  if (move === 'resolved → in_progress' || move === 'closed → in_progress') {
    after.resolvedAt = null
    after.closedAt = null
    after.reopenCount = before.reopenCount + 1
  }
  return { after }
}

function outcomeOf(before: CaseState, change: StateChange): Verdict {
  const issues: Issue[] = []
  try {
    const after = changeState(before, change, now, issues)
    if (issues.length === 0) return { after }
    return { faults: [...new Set(issues.map(({ path }) => path))].sort() }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
    expect(error.details).toEqual({ from: before.status, to: change.status, allowed: expect.any(Array) })
    expect([...(error.details.allowed as string[])].sort()).toEqual(allowedFrom(before.status).sort())
    return 'conflict'
  }
}

describe('the table of moves', () => {
  const checked = { all: 0, conflicts: 0, refused: 0, moved: 0 }

  test.each(caseStatuses.flatMap((from) => caseStatuses.map((to) => [from, to] as [CaseStatus, CaseStatus])))(
    'from %s to %s, with and without everything that may go with it, is as documented',
    (from, to) => {
      for (const before of starts.filter(({ status }) => status === from)) {
        for (const resolution of givenResolutions) {
          for (const reason of givenReasons) {
            for (const duplicateOfId of givenLinks) {
              for (const pending of givenPendings) {
                const change = { status: to, resolution, reason, duplicateOfId, pending }
                const expected = verdictOf(before, change)
                expect([before, change, outcomeOf(before, change)]).toEqual([before, change, expected])
                checked.all++
                if (expected === 'conflict') checked.conflicts++
                else if ('faults' in expected) checked.refused++
                else checked.moved++
              }
            }
          }
        }
      }
    },
  )

  test('was checked in 4480 combinations: 960 conflicts, the rest refused with named fields or done', () => {
    const { all, conflicts, refused, moved } = checked
    expect({ all, conflicts, others: refused + moved }).toEqual({ all: 4480, conflicts: 960, others: 3520 })
    expect(refused).toBeGreaterThan(1_000)
    expect(moved).toBeGreaterThan(100)
  })

  test('a wait that would be over already is named', () => {
    const before = starts[1] as CaseState
    for (const [until, faults] of [
      [now, ['pending.until']],
      [earlier(1), ['pending.until']],
      [new Date(now.getTime() + 1), []],
    ] as const) {
      const issues: Issue[] = []
      changeState(before, { pending: { reason: 'scheduled', until } }, now, issues)
      expect(issues.map(({ path }) => path)).toEqual([...faults])
    }
  })
})

describe('the moves that are offered', () => {
  const needOf = (move: string): Move['needs'] =>
    ending.includes(move) ? 'resolution' : back.includes(move) ? 'reason' : null
  const offered = (status: CaseStatus, role: Role | null) =>
    allowedMoves({ status }, role).toSorted((a, b) => a.to.localeCompare(b.to))

  test.each(caseStatuses)('from %s are all that are documented, with what each needs', (from) => {
    const expected = allowedFrom(from)
      .map((to) => ({ to, needs: needOf(`${from} → ${to}`) }))
      .toSorted((a, b) => a.to.localeCompare(b.to))
    for (const role of [null, 'admin', 'manager'] as const) {
      expect([role, offered(from, role)]).toEqual([role, expected])
    }
    for (const role of ['councillor', 'caseworker'] as const) {
      expect([role, offered(from, role)]).toEqual([role, from === 'closed' ? [] : expected])
    }
  })

  test('need nothing else: without it a move is refused for that field, with it it is done', () => {
    const given = { resolution: { resolution: 'answered' }, reason: { reason: 'It is back' } } as const
    for (const before of starts) {
      for (const { to, needs } of allowedMoves(before, null)) {
        const bare = outcomeOf(before, { status: to })
        if (needs === null) expect(bare).toHaveProperty('after.status', to)
        else {
          expect(bare).toEqual({ faults: [needs] })
          expect(outcomeOf(before, { status: to, ...given[needs] })).toHaveProperty('after.status', to)
        }
      }
    }
  })
})

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = caller(app)
})
afterAll(() => app.close())

const make = (status: CaseStatus, input: Record<string, unknown> = {}) =>
  createIn(app, status, council, input)
const patch = (id: string, body: unknown) => call.patch(id, body, council)
const change = (id: string, body: Record<string, unknown>) => call.change(id, body, council)

/** All that a refused change must leave as it was. */
const stateOf = async (id: string) => ({
  case: (await call.get(id, council)).body,
  events: await eventsOf(app, id),
})

describe('a move is refused', () => {
  const illegal = caseStatuses.flatMap((from) =>
    caseStatuses
      .filter((to) => from !== to && !isDocumented(from, to))
      .map((to) => [from, to] as [CaseStatus, CaseStatus]),
  )

  test.each(illegal)('from %s to %s, with 409 that says what is allowed', async (from, to) => {
    const { id } = await make(from)
    const before = await stateOf(id)
    const full = { status: to, reason: 'x', priority: 'urgent' }
    const answer = await patch(id, full)
    expect(answer.status).toBe(409)
    expect(Object.keys(answer.body)).toEqual(['error', 'details'])
    expect(Object.keys(answer.body.details)).toEqual(['from', 'to', 'allowed'])
    expect(answer.body.details).toMatchObject({ from, to })
    expect([...answer.body.details.allowed].sort()).toEqual(allowedFrom(from).sort())
    expect(await stateOf(id)).toEqual(before)
  })

  test.each([
    ['open', { status: 'resolved' }, ['body resolution']],
    ['open', { status: 'closed' }, ['body resolution']],
    ['in_progress', { status: 'resolved' }, ['body resolution']],
    ['in_progress', { status: 'closed' }, ['body resolution']],
    ['open', { status: 'closed', resolution: 'fixed' }, ['body resolution']],
    ['in_progress', { status: 'closed', resolution: 'fixed' }, ['body resolution']],
    ['open', { status: 'resolved', resolution: 'mended' }, ['body resolution']],
    ['open', { status: 'resolved', resolution: null }, ['body resolution']],
    ['open', { resolution: 'answered' }, ['body resolution']],
    ['in_progress', { resolution: 'answered', priority: 'low' }, ['body resolution']],
    ['open', { status: 'in_progress', resolution: 'answered' }, ['body resolution']],
    ['resolved', { status: 'in_progress', reason: 'x', resolution: 'answered' }, ['body resolution']],
    ['in_progress', { status: 'open' }, ['body reason']],
    ['in_progress', { status: 'open', reason: ' ' }, ['body reason']],
    ['in_progress', { status: 'open', reason: 'x'.repeat(1_001) }, ['body reason']],
    ['resolved', { status: 'in_progress' }, ['body reason']],
    ['closed', { status: 'in_progress' }, ['body reason']],
    ['open', { reason: 'Because' }, ['body reason']],
    ['open', { status: 'open', reason: 'Because' }, ['body reason']],
    ['open', { status: 'resolved', resolution: 'duplicate' }, ['body duplicateOfId']],
    ['open', { status: 'closed', resolution: 'duplicate' }, ['body duplicateOfId']],
    ['resolved', { resolution: 'duplicate' }, ['body duplicateOfId']],
    ['resolved', { status: 'closed', resolution: 'duplicate' }, ['body duplicateOfId']],
    ['open', { pending: { reason: 'scheduled' } }, ['body pending']],
    ['resolved', { pending: { reason: 'scheduled' } }, ['body pending']],
    ['in_progress', { status: 'open', reason: 'x', pending: { reason: 'scheduled' } }, ['body pending']],
    ['in_progress', { pending: { reason: 'resting' } }, ['body pending.reason']],
    ['in_progress', { pending: {} }, ['body pending.reason']],
    [
      'in_progress',
      { pending: { reason: 'scheduled', until: '2026-03-13T09:30:00Z' } },
      ['body pending.until'],
    ],
    ['in_progress', { pending: { reason: 'scheduled', until: '2026-03-13' } }, ['body pending.until']],
    ['in_progress', { pending: { reason: 'scheduled', until: '2026-02-30' } }, ['body pending.until']],
    ['in_progress', { pending: { reason: 'scheduled', until: 'soon' } }, ['body pending.until']],
    ['in_progress', { pending: { reason: 'scheduled', since: '2026-03-14' } }, ['body pending.since']],
    [
      'in_progress',
      { status: 'closed', pending: { reason: 'scheduled' }, wardId: unknownId },
      ['body pending', 'body resolution', 'body wardId'],
    ],
  ] as [CaseStatus, Record<string, unknown>, string[]][])(
    'of a case that is %s by %j: 400 that names %j',
    async (from, body, expected) => {
      const { id } = await make(from)
      const before = await stateOf(id)
      const answer = await patch(id, body)
      expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
      expect(await stateOf(id)).toEqual(before)
    },
  )

  test('back to open while it is given to somebody', async () => {
    const { id } = await make('in_progress')
    const { id: worker } = await createActing(app, council, 'caseworker')
    const answer = await patch(id, { status: 'open', reason: 'Too busy', assigneeId: worker })
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body assigneeId']])
  })

  test('that takes up a closed case again by a key of a caseworker or councillor: 403', async () => {
    const [ward] = await createTestWards(app, council, ['Reopened'])
    const worker = await createActing(app, council, 'caseworker')
    const councillor = await createActing(app, council, 'councillor', { wardIds: [ward as string] })
    const { id } = await make('closed', { wardId: ward, assigneeId: worker.id })
    const before = await stateOf(id)
    for (const holder of [worker, councillor]) {
      expect((await call.get(id, holder)).status).toBe(200)
      const answer = await call.patch(id, { status: 'in_progress', reason: 'It is back' }, holder)
      expect([answer.status, Object.keys(answer.body)]).toEqual([403, ['error', 'details']])
    }
    expect(await stateOf(id)).toEqual(before)
  })
})

describe('a link to the original is refused', () => {
  const refused = async (id: string, duplicateOfId: unknown) => {
    const before = await stateOf(id)
    const answer = await patch(id, { status: 'closed', resolution: 'duplicate', duplicateOfId })
    expect([answer.status, answer.status === 400 && issuesOf(answer)]).toEqual([400, ['body duplicateOfId']])
    expect(await stateOf(id)).toEqual(before)
  }

  test('to itself, to nothing and to another council’s case', async () => {
    const { id } = await make('open')
    const other = await createCouncil(app, 'severn')
    const foreign = await call.create({}, other)
    for (const link of [id, unknownId, foreign.id, 'x', '', null, 7]) await refused(id, link)
  })

  test('to a case that is a duplicate itself', async () => {
    const [first, second, third] = [await make('open'), await make('open'), await make('open')]
    await change(second.id, { status: 'closed', resolution: 'duplicate', duplicateOfId: first.id })
    await refused(third.id, second.id)
  })

  test('back from the original, also where both are linked at once', async () => {
    const [first, second] = [await make('open'), await make('open')]
    await change(second.id, { status: 'closed', resolution: 'duplicate', duplicateOfId: first.id })
    await refused(first.id, second.id)
    const [third, fourth] = [await make('open'), await make('open')]
    const link = (id: string, duplicateOfId: string) =>
      patch(id, { status: 'closed', resolution: 'duplicate', duplicateOfId })
    const answers = await Promise.all([link(third.id, fourth.id), link(fourth.id, third.id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('to a case that the caller may not see, in the words for one that is not there', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const hidden = await make('open')
    const own = await make('open', { assigneeId: worker.id })
    const ask = (duplicateOfId: string) =>
      call.patch(own.id, { status: 'closed', resolution: 'duplicate', duplicateOfId }, worker)
    const [unseen, unknown] = [await ask(hidden.id), await ask(unknownId)]
    expect([unseen.status, issuesOf(unseen)]).toEqual([400, ['body duplicateOfId']])
    expect(unseen.body).toEqual(unknown.body)
  })
})

describe('staying as it is', () => {
  test.each(caseStatuses.map((status) => [status]))('%s: 200, and nothing happened', async (status) => {
    const { id } = await make(status)
    const before = await stateOf(id)
    const entries = await call.timeline(id, council)
    app.clock.advance(60_000)
    const answer = await patch(id, { status })
    const { timeline: _timeline, ...shown } = before.case
    expect([answer.status, answer.body]).toEqual([200, shown])
    expect(await stateOf(id)).toEqual(before)
    expect(await call.timeline(id, council)).toEqual(entries)
  })
})

describe('a move', () => {
  const moves: [CaseStatus, CaseStatus, Record<string, unknown>, string[]][] = [
    ['open', 'in_progress', {}, ['case_status_changed']],
    ['open', 'resolved', { resolution: 'fixed' }, ['case_status_changed', 'case_resolved']],
    ['open', 'closed', { resolution: 'withdrawn' }, ['case_status_changed', 'case_closed']],
    ['in_progress', 'open', { reason: 'Not ours to do' }, ['case_status_changed']],
    ['in_progress', 'resolved', { resolution: 'fixed' }, ['case_status_changed', 'case_resolved']],
    ['in_progress', 'closed', { resolution: 'referred' }, ['case_status_changed', 'case_closed']],
    ['resolved', 'closed', {}, ['case_status_changed', 'case_closed']],
    ['resolved', 'in_progress', { reason: 'It is back' }, ['case_status_changed', 'case_reopened']],
    ['closed', 'in_progress', { reason: 'It is back' }, ['case_status_changed', 'case_reopened']],
  ]

  test('stands in the documented table, each once', () => {
    expect(moves.map(([from, to]) => `${from} → ${to}`).sort()).toEqual([...documented].sort())
  })

  test.each(moves)('from %s to %s is made, told and written down', async (from, to, given, events) => {
    const before = await make(from)
    const told = await eventsOf(app, before.id)
    app.clock.advance(60_000)
    const moment = app.clock.now().toISOString()
    const after = await change(before.id, { status: to, ...given })
    const isEnd = to === 'resolved' || to === 'closed'
    const isReopened = to === 'in_progress' && from !== 'open'
    expect(after).toMatchObject({
      status: to,
      version: before.version + 1,
      acknowledgedAt: to === 'in_progress' ? (before.acknowledgedAt ?? moment) : before.acknowledgedAt,
      resolvedAt: to === 'resolved' ? moment : isReopened ? null : before.resolvedAt,
      closedAt: to === 'closed' ? moment : null,
      resolution: isEnd ? (given.resolution ?? before.resolution) : null,
      reopenCount: isReopened ? 1 : 0,
    })
    expect((await eventsOf(app, before.id)).slice(told.length)).toEqual(events)
    const entry = (await call.timeline(before.id, council)).find(({ kind }) => kind === 'status')
    expect(entry).toMatchObject({
      at: moment,
      body: given.reason ?? null,
      from: { status: from, resolution: before.resolution },
      to: { status: to, resolution: after.resolution },
    })
  })

  test('back to open takes the case from whoever had it, and clears its wait', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make('in_progress', { assigneeId: worker.id })
    await change(id, { pending: { reason: 'awaiting_department' } })
    const after = await change(id, { status: 'open', reason: 'Wrong team' })
    expect(after).toMatchObject({ assigneeId: null, assignee: null, pending: null })
    expect(await eventsOf(app, id)).toContain('case_assigned')
  })

  test('to in progress needs nobody, and to an end clears the wait', async () => {
    const { id } = await make('open')
    expect((await change(id, { status: 'in_progress' })).assigneeId).toBeNull()
    await change(id, { pending: { reason: 'scheduled' } })
    expect((await change(id, { status: 'resolved', resolution: 'fixed' })).pending).toBeNull()
  })

  test('acknowledges once, counts each reopening and keeps no end of a case that goes on', async () => {
    const { id } = await make('open')
    app.clock.advance(60_000)
    const acknowledgedAt = app.clock.now().toISOString()
    let last: Body
    for (const step of [
      { status: 'in_progress' },
      { status: 'resolved', resolution: 'fixed' },
      { status: 'in_progress', reason: 'Again' },
      { status: 'closed', resolution: 'answered' },
      { status: 'in_progress', reason: 'And again' },
    ]) {
      last = await change(id, step)
      app.clock.advance(60_000)
    }
    expect(last).toMatchObject({
      acknowledgedAt,
      reopenCount: 2,
      resolvedAt: null,
      closedAt: null,
      version: 6,
    })
  })

  test('that takes up a closed case again is made by a manager or admin', async () => {
    for (const role of ['manager', 'admin'] as const) {
      const holder = await createActing(app, council, role)
      const { id } = await make('closed')
      const answer = await call.patch(id, { status: 'in_progress', reason: 'It is back' }, holder)
      expect([role, answer.status, answer.body.status]).toEqual([role, 200, 'in_progress'])
    }
  })

  test('that takes up a resolved case again is made by a caseworker too', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await make('resolved', { assigneeId: worker.id })
    expect((await call.patch(id, { status: 'in_progress', reason: 'Again' }, worker)).status).toBe(200)
  })

  test('of a resolved case to closed keeps that it was fixed, or gets another resolution', async () => {
    const fixed = await make('in_progress')
    await change(fixed.id, { status: 'resolved', resolution: 'fixed' })
    expect((await change(fixed.id, { status: 'closed' })).resolution).toBe('fixed')
    const other = await make('resolved')
    expect((await change(other.id, { status: 'closed', resolution: 'fixed' })).resolution).toBe('fixed')
  })
})

describe('a duplicate', () => {
  test('shows what it repeats, until it is something else or goes on', async () => {
    const [first, second] = [await make('open'), await make('open')]
    const given = { resolution: 'duplicate', duplicateOfId: first.id }
    const ended = await change(second.id, { status: 'resolved', ...given })
    expect(ended).toMatchObject(given)
    expect(await change(second.id, { resolution: 'referred' })).toMatchObject({
      resolution: 'referred',
      duplicateOfId: null,
    })
    await change(second.id, given)
    expect(await change(second.id, { status: 'closed' })).toMatchObject(given)
    const reopened = await change(second.id, { status: 'in_progress', reason: 'It is another hole' })
    expect(reopened).toMatchObject({ resolution: null, duplicateOfId: null })
  })
})

describe('a wait', () => {
  test('begins with its reason, keeps its beginning and ends with null', async () => {
    const { id } = await make('in_progress')
    const since = app.clock.now().toISOString()
    expect((await change(id, { pending: { reason: 'awaiting_constituent' } })).pending).toEqual({
      reason: 'awaiting_constituent',
      since,
      until: null,
    })
    app.clock.advance(3_600_000)
    const until = new Date(app.clock.now().getTime() + 86_400_000).toISOString()
    expect((await change(id, { pending: { reason: 'scheduled', until } })).pending).toEqual({
      reason: 'scheduled',
      since,
      until,
    })
    expect((await change(id, { pending: null })).pending).toBeNull()
  })

  test('may begin with the move itself, and null is no change where there is none', async () => {
    const { id } = await make('open')
    const moved = await change(id, { status: 'in_progress', pending: { reason: 'investigating' } })
    expect(moved.pending.reason).toBe('investigating')
    await change(id, { pending: null })
    const { version } = (await call.get(id, council)).body
    expect((await change(id, { pending: null })).version).toBe(version)
  })
})
