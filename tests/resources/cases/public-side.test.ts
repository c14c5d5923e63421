import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { allowedPublicMoves } from '../../../src/resources/cases/rules/publication'
import { publicStates } from '../../../src/resources/cases/table'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../../support/app'
import { createTestWards } from '../../support/casework'
import { issuesOf, unlimited } from '../../support/http'
import { type Body, caller, createActing, eventsOf } from './support'

type PublicState = (typeof publicStates)[number]

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = caller(app)
})
afterAll(() => app.close())

const patch = (id: string, body: unknown) => call.patch(id, body, council)
const change = (id: string, body: Record<string, unknown>) => call.change(id, body, council)

const allowed: Record<PublicState, PublicState[]> = {
  draft: ['approved'],
  approved: ['withdrawn'],
  withdrawn: ['approved'],
}

/** A case with something to show, in this state. */
async function makeIn(state: PublicState, input: Record<string, unknown> = {}): Promise<Body> {
  let made = await call.create({ publicSummary: 'A deep pothole', ...input }, council)
  const way: Record<PublicState, PublicState[]> = {
    draft: [],
    approved: ['approved'],
    withdrawn: ['approved', 'withdrawn'],
  }
  for (const publicState of way[state]) made = await change(made.id, { publicState })
  expect(made.publicState).toBe(state)
  return made
}

const stateOf = async (id: string) => ({
  case: (await call.get(id, council)).body,
  events: await eventsOf(app, id),
})

/** A refused change leaves the case, its history and its events as they were. */
async function refused(id: string, body: unknown, status: number): Promise<Body> {
  const before = await stateOf(id)
  const answer = await patch(id, body)
  expect([body, answer.status]).toEqual([body, status])
  expect(await stateOf(id)).toEqual(before)
  return answer
}

const pairs = publicStates.flatMap((from) =>
  publicStates.map((to) => [from, to] as [PublicState, PublicState]),
)

test.each(publicStates)('the steps that are offered from %s are those that can be taken', (from) => {
  expect([...allowedPublicMoves(from)]).toEqual(allowed[from])
})

describe('a step of the public side is refused', () => {
  test.each(pairs.filter(([from, to]) => from !== to && !allowed[from].includes(to)))(
    'from %s to %s: 409 that says what is allowed',
    async (from, to) => {
      const { id } = await makeIn(from)
      const { body } = await refused(id, { publicState: to }, 409)
      expect(body.details).toEqual({ from, to, allowed: allowed[from] })
    },
  )

  test('that is none, and at creation', async () => {
    const { id } = await makeIn('draft')
    for (const publicState of ['public', null, true, '']) {
      expect(issuesOf(await refused(id, { publicState }, 400))).toEqual(['body publicState'])
    }
    const answer = await call.post({ summary: 'x', publicState: 'approved' }, council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body publicState']])
  })

  test('to approved without a public summary, and taking it from an approved case', async () => {
    const { id } = await call.create({ summary: 'Never shown' }, council)
    expect(issuesOf(await refused(id, { publicState: 'approved' }, 400))).toEqual(['body publicSummary'])
    const approved = await makeIn('approved')
    const answer = await refused(approved.id, { publicSummary: null }, 400)
    expect(issuesOf(answer)).toEqual(['body publicSummary'])
    const withdrawn = await makeIn('withdrawn')
    await change(withdrawn.id, { publicSummary: null })
    expect(issuesOf(await refused(withdrawn.id, { publicState: 'approved' }, 400))).toEqual([
      'body publicSummary',
    ])
  })
})

describe('personal data is kept from the public', () => {
  const resident = { residentName: 'Zinnia Quartermaine' }
  const personal: [string, string][] = [
    ['an e-mail address', 'Write to z.quart@example.org'],
    ['an e-mail address spelled out', 'z.quart (at) example (dot) org'],
    ['a telephone number', 'Ring 0117 496 0123 after six'],
    ['a telephone number in another form', 'Ring +44 (0)117 496-0123'],
    ['a postcode', 'The lamp at BS2 9YT is out'],
    ['a postcode without its space', 'The lamp at bs29yt is out'],
    ['the resident’s name', 'Zinnia Quartermaine reports a lamp'],
    ['the resident’s surname', 'Ms QUARTERMAINE reports a lamp'],
    ['the resident’s first name', 'zinnia’s lamp'],
  ]

  test.each(personal)('%s in the summary that is approved', async (_, text) => {
    const { id } = await makeIn('draft', { ...resident, publicSummary: text })
    expect(issuesOf(await refused(id, { publicState: 'approved' }, 400))).toEqual(['body publicSummary'])
  })

  test.each(personal)('%s in the new summary of an approved case', async (_, text) => {
    const { id } = await makeIn('approved', resident)
    expect(issuesOf(await refused(id, { publicSummary: text }, 400))).toEqual(['body publicSummary'])
  })

  test.each(personal)('%s in a theme, which is named by its place', async (_, text) => {
    const publicThemes = ['roads', text.slice(0, 50), 'lamps']
    const draft = await makeIn('draft', { ...resident, publicThemes })
    expect(issuesOf(await refused(draft.id, { publicState: 'approved' }, 400))).toEqual([
      'body publicThemes.1',
    ])
    const approved = await makeIn('approved', resident)
    expect(issuesOf(await refused(approved.id, { publicThemes }, 400))).toEqual(['body publicThemes.1'])
  })

  test('each kind is named in words, and every bad field at once', async () => {
    const { id } = await makeIn('draft', {
      ...resident,
      publicSummary: 'Zinnia, BS2 9YT, 0117 496 0123, z@example.org',
      publicThemes: ['Quartermaine'],
    })
    const { body } = await refused(id, { publicState: 'approved', wardId: 'unknown' }, 400)
    const messages = Object.fromEntries(body.details.issues.map(({ path, message }: Body) => [path, message]))
    expect(Object.keys(messages).sort()).toEqual(['publicSummary', 'publicThemes.0', 'wardId'])
    for (const word of ['e-mail', 'telephone', 'postcode', 'name']) {
      expect(messages.publicSummary).toContain(word)
    }
    expect(messages['publicThemes.0']).not.toContain('postcode')
  })

  test('the resident’s name where the resident is named later, or together with the approval', async () => {
    const approved = await makeIn('approved', { publicSummary: 'Quartermaine Road has a deep pothole' })
    expect(issuesOf(await refused(approved.id, resident, 400))).toEqual(['body publicSummary'])
    const renamed = await makeIn('approved', { publicSummary: 'Hollis Lane', residentName: 'Ash Mint' })
    await refused(renamed.id, { residentName: 'Ash Hollis' }, 400)
    const draft = await makeIn('draft', { publicSummary: 'Quartermaine Road has a deep pothole' })
    await refused(draft.id, { ...resident, publicState: 'approved' }, 400)
    expect((await change(approved.id, { ...resident, publicSummary: 'A deep pothole' })).publicState).toBe(
      'approved',
    )
  })

  test('also by a key that may not read residents, in words that do not tell their name', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:read', 'cases:write'] })
    const { id } = await makeIn('approved', resident)
    const answer = await call.patch(id, { publicSummary: 'Zinnia and a lamp' }, { key })
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body publicSummary']])
    expect(answer.text).not.toMatch(/zinnia|quartermaine/i)
  })

  test('only what is public: a draft, a withdrawn case and the internal fields may hold it', async () => {
    const text = 'Zinnia of BS2 9YT, 0117 496 0123, z@example.org'
    const { id } = await makeIn('draft', resident)
    await change(id, { publicSummary: text, publicThemes: ['Zinnia'] })
    const withdrawn = await makeIn('withdrawn', resident)
    await change(withdrawn.id, { publicSummary: text })
    const approved = await makeIn('approved', resident)
    const internal = { summary: text, description: text, internalRef: 'Zinnia', priority: 'high' }
    expect(await change(approved.id, internal)).toMatchObject(internal)
    // Withdrawing what is public is never in the way of anything.
    expect((await change(approved.id, { publicState: 'withdrawn', publicSummary: text })).publicState).toBe(
      'withdrawn',
    )
  })

  test.each([
    'The pothole on Mina Road was filled on 12/03/2026 at 10:30',
    'Lamp 117496 is out; £1,234,567.00 was spent',
    'Works order WO-2026-000123, 3rd lamp from the corner',
    'Bin collection in BS2 was missed',
  ])('but not "%s"', async (publicSummary) => {
    const { id } = await makeIn('draft', { ...resident, publicSummary })
    expect((await change(id, { publicState: 'approved' })).publicSummary).toBe(publicSummary)
  })
})

describe('the public side', () => {
  test.each(pairs.filter(([from, to]) => allowed[from].includes(to)))(
    'goes from %s to %s, which is told',
    async (from, to) => {
      const made = await makeIn(from)
      const told = await eventsOf(app, made.id)
      const after = await change(made.id, { publicState: to })
      expect([after.publicState, after.version]).toEqual([to, made.version + 1])
      expect((await eventsOf(app, made.id)).slice(told.length)).toEqual(['case_updated'])
    },
  )

  test.each(publicStates.map((state) => [state]))('stays %s: 200, and nothing happened', async (state) => {
    const { id, version } = await makeIn(state)
    const before = await stateOf(id)
    expect((await change(id, { publicState: state })).version).toBe(version)
    expect(await stateOf(id)).toEqual(before)
  })

  test('is written down as everybody may read it, and as taken back for staff', async () => {
    const { id } = await makeIn('draft')
    await change(id, { publicState: 'approved' })
    await change(id, { publicSummary: 'The pothole was filled' })
    await change(id, { publicState: 'withdrawn' })
    await change(id, { publicSummary: 'Not for everybody' })
    await change(id, { publicState: 'approved', publicSummary: 'Filled on Monday' })
    await change(id, { publicThemes: ['roads'], priority: 'low' })
    const entries = (await call.timeline(id, council)).toReversed()
    expect(entries.map(({ kind, visibility, body }) => [kind, visibility, body])).toEqual([
      ['public_update', 'public', 'A deep pothole'],
      ['public_update', 'public', 'The pothole was filled'],
      ['public_update', 'internal', null],
      ['public_update', 'public', 'Filled on Monday'],
    ])
    expect(entries.map(({ from, to }) => [from.publicState, to.publicState])).toEqual([
      ['draft', 'approved'],
      ['approved', 'approved'],
      ['approved', 'withdrawn'],
      ['withdrawn', 'approved'],
    ])
  })

  test('is not touched by moves of the case', async () => {
    const { id } = await makeIn('approved')
    await change(id, { status: 'closed', resolution: 'answered' })
    expect((await change(id, { status: 'in_progress', reason: 'It is back' })).publicState).toBe('approved')
  })
})

describe('a key that acts for a caseworker', () => {
  test('prepares what would be public, and neither publishes it nor changes what is published', async () => {
    const worker = await createActing(app, council, 'caseworker')
    const { id } = await call.create({ assigneeId: worker.id }, council)
    const asked = async (body: unknown) => (await call.patch(id, body, worker)).status
    expect(await asked({ publicSummary: 'A pothole', publicThemes: ['Roads'] })).toBe(200)
    expect(await asked({ publicState: 'approved' })).toBe(403)
    await change(id, { publicState: 'approved' })
    for (const body of [
      { publicState: 'withdrawn' },
      { publicSummary: 'Two potholes' },
      { publicThemes: [] },
      { highlightedForPublic: true },
    ]) {
      expect([body, await asked(body)]).toEqual([body, 403])
    }
    expect(await asked({ priority: 'high', publicSummary: 'A pothole' })).toBe(200)
    expect((await call.get(id, council)).body).toMatchObject({
      publicState: 'approved',
      publicSummary: 'A pothole',
      publicThemes: ['Roads'],
      highlightedForPublic: false,
      priority: 'high',
    })
    await change(id, { publicState: 'withdrawn' })
    expect(await asked({ publicSummary: 'Two potholes' })).toBe(200)
  })

  test.each(['councillor', 'manager', 'admin'] as const)(
    'is alone in that: one for a %s publishes',
    async (role) => {
      const [wardId = ''] = await createTestWards(app, council, [`Ward of a ${role}`])
      const holder = await createActing(app, council, role, { wardIds: [wardId] })
      const { id } = await call.create({ wardId, publicSummary: 'A pothole' }, council)
      const { publicState } = await call.change(id, { publicState: 'approved' }, holder)
      expect(publicState).toBe('approved')
    },
  )
})
