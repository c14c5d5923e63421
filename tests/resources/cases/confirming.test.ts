import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { issuesOf, unlimited } from '../../support/http'
import { auditOf, type Body, caller, createActing } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>
beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = caller(app)
})
afterAll(() => app.close())

const resident = { residentName: 'Zinnia Quartermaine', residentPhone: '0117 496 0123' }
const text = 'Zinnia’s lamp, ring 0117 496 0999'
const reason = 'The number is the ward office’s, and she asked to be named'
const confirmPersonalData = { reason }

/** What the audit log says about confirmations, with their author. */
const confirmed = async (id: string) =>
  (await auditOf(app, council))
    .filter(({ action, entityId }) => action === 'case.confirm_personal_data' && entityId === id)
    .map(({ actorName, changes }) => ({ actorName, ...(changes as Body) }))

const entry = (fields: string, kinds: string) => ({
  fields: { from: null, to: fields },
  kinds: { from: null, to: kinds },
  reason: { from: null, to: reason },
})

const publish = (id: string, more: object = {}) =>
  call.patch(id, { publicSummary: text, publicState: 'approved', ...more }, council)

describe('a text for the public is refused', () => {
  test('as long as nobody confirms it, in words that say what was found and what to do', async () => {
    const { id } = await call.create(resident, council)
    const refused = await publish(id)
    expect([refused.status, issuesOf(refused)]).toEqual([400, ['body publicSummary']])
    expect(refused.body.details.issues[0].message).toBe(
      'Contains a telephone number, the resident’s name or a part of it. Take it out, or confirm with a reason that the public may read it',
    )
    expect((await call.get(id, council)).body.publicState).toBe('draft')
    expect(await confirmed(id)).toEqual([])
  })

  test.each([
    [{}, 'confirmPersonalData.reason'],
    [{ reason: ' ' }, 'confirmPersonalData.reason'],
    [{ reason: 'x'.repeat(301) }, 'confirmPersonalData.reason'],
    [{ reason, by: 'me' }, 'confirmPersonalData.by'],
    [{ reason: 'Zinnia asked for it' }, 'confirmPersonalData.reason'],
    [{ reason: 'Ring 0117 496 0123 to ask' }, 'confirmPersonalData.reason'],
    [true, 'confirmPersonalData'],
  ])('with the confirmation %j', async (wrong, path) => {
    const { id } = await call.create(resident, council)
    const refused = await publish(id, { confirmPersonalData: wrong })
    expect([refused.status, issuesOf(refused)]).toEqual([400, expect.arrayContaining([`body ${path}`])])
    const note = { body: text, visibility: 'public', confirmPersonalData: wrong }
    expect((await call.note(id, note, council)).status).toBe(400)
    expect(await confirmed(id)).toEqual([])
  })

  test('to somebody who may not publish, confirmed or not', async () => {
    const worker = await createActing(app, council, 'caseworker', { scopes: ['cases:read', 'cases:write'] })
    const { id } = await call.create({ ...resident, assigneeId: worker.id }, council)
    const sent = { publicSummary: text, publicState: 'approved', confirmPersonalData }
    expect((await call.patch(id, sent, worker)).status).toBe(403)
    expect(await confirmed(id)).toEqual([])
  })
})

describe('a public note', () => {
  test.each([
    ['the resident’s name', 'Dear Ms Quartermaine, it is mended'],
    ['a telephone number', 'Ring 07700 900123'],
    ['an e-mail address', 'Write to z@example.org'],
    ['a postcode', 'The lamp at BS2 9YT is mended'],
  ])('with %s is refused; an internal one is not', async (_, body) => {
    const { id } = await call.create(resident, council)
    const before = (await call.get(id, council)).body
    const refused = await call.note(id, { body, visibility: 'public' }, council)
    expect([refused.status, issuesOf(refused)]).toEqual([400, ['body body']])
    expect((await call.get(id, council)).body).toEqual(before)
    expect((await call.note(id, { body }, council)).status).toBe(201)
  })

  test('with what anybody may read is taken: common words, and numbers of organisations', async () => {
    const { id } = await call.create({ residentName: 'The Occupier of May Park' }, council)
    const body = 'The footpath by the park is closed in May. The A30 2ft wide. Ring 0300 123 4567 or 101'
    expect((await call.note(id, { body, visibility: 'public' }, council)).status).toBe(201)
  })

  test('is taken once somebody confirms it, and that is on record', async () => {
    const { id } = await call.create(resident, council)
    const sent = { body: text, visibility: 'public', confirmPersonalData }
    const { status, body } = await call.note(id, sent, council)
    expect([status, body.body]).toEqual([201, text])
    expect(await confirmed(id)).toEqual([{ actorName: 'all', ...entry('body', 'phone, name') }])
  })
})

describe('who confirms it', () => {
  test('publishes it; the log says who, what kind and why, and holds no value', async () => {
    const { id } = await call.create({ ...resident, publicThemes: ['roads', 'Quartermaine'] }, council)
    const { status, body } = await publish(id, { confirmPersonalData })
    expect([status, body.publicState, body.publicSummary]).toEqual([200, 'approved', text])
    expect(await confirmed(id)).toEqual([
      { actorName: 'all', ...entry('publicSummary, publicThemes.1', 'phone, name') },
    ])
    expect(JSON.stringify(await auditOf(app, council))).not.toMatch(/zinnia|quartermaine|496 0/i)
  })

  test('is not asked again while the text and the name stay, and is where either changes', async () => {
    const { id } = await call.create(resident, council)
    await publish(id, { confirmPersonalData })
    expect((await call.patch(id, { publicThemes: ['lamps'] }, council)).status).toBe(200)
    expect((await call.patch(id, { publicThemes: ['Zinnia'] }, council)).status).toBe(400)
    expect((await call.patch(id, { publicSummary: `${text}!` }, council)).status).toBe(400)
    const renamed = await call.patch(id, { residentName: 'Zinnia Hall' }, council)
    expect([renamed.status, issuesOf(renamed)]).toEqual([400, ['body publicSummary']])
    expect((await call.patch(id, { residentName: 'Zinnia Hall', confirmPersonalData }, council)).status).toBe(
      200,
    )
    await call.change(id, { publicState: 'withdrawn' }, council)
    expect((await call.patch(id, { publicState: 'approved' }, council)).status).toBe(400)
    expect(await confirmed(id)).toHaveLength(2)
  })

  test('where nothing was found is not put on record', async () => {
    const { id } = await call.create(resident, council)
    const sent = { publicSummary: 'A lamp', publicState: 'approved', confirmPersonalData }
    expect((await call.patch(id, sent, council)).status).toBe(200)
    expect(await confirmed(id)).toEqual([])
  })
})
