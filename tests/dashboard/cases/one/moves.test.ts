import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { CaseStatus } from '../../../../src/resources/cases/table'
import { createIn } from '../../../resources/cases/support'
import { formOf } from '../../../support/forms'
import { evil, type Office, offersOf, openingMs, openOffice, pathOf, tagIn, valueIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

const made = (status: CaseStatus, input: Record<string, unknown> = {}) =>
  createIn(office.app, status, office.council, input)

/** Sends the form of a move with the tag of a page that was just loaded. */
async function move(
  one: { reference: string },
  to: string,
  fields: Record<string, string> = {},
  who = 'admin',
) {
  const person = office.people[who as keyof Office['people']]
  const form = await person.see(pathOf(one, `/move/${to}`))
  const tag = tagIn(form.status === 200 ? form : await person.see(pathOf(one)))
  return person.send(pathOf(one, `/move/${to}`), { tag, ...fields })
}

describe('a move is refused', () => {
  test('that is none from where the case stands: a page says which are', async () => {
    const { now, people } = office
    const one = await made('closed')
    const page = await people.admin.see(pathOf(one, '/move/resolved'))
    expect(page.status).toBe(409)
    expect(page.text).toContain(`${one.reference} cannot be moved to resolved The case is closed.`)
    expect(page.html).toContain(`href="${pathOf(one, '/move/in_progress')}">Reopen`)
    const tag = tagIn(await people.admin.see(pathOf(one)))
    const sent = await people.admin.send(pathOf(one, '/move/resolved'), { tag, resolution: 'answered' })
    expect([sent.status, sent.text.includes('The case is closed.')]).toEqual([409, true])
    expect((await now(one.id)).version).toBe(one.version)
  })

  test('to a status that is unknown', async () => {
    const one = await made('open')
    for (const status of ['done', 'constructor', '%3Cscript%3E']) {
      expect((await office.people.admin.see(pathOf(one, `/move/${status}`))).status).toBe(404)
    }
  })

  test('without what it needs: the form says so and keeps what was typed', async () => {
    const { people } = office
    const one = await made('open')
    const empty = await move(one, 'resolved', { reason: `Because ${evil}` })
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('Choose how it ended')])
    expect(empty.text).toContain(`Because ${evil}`)
    expect(empty.html).not.toContain('<script>alert')
    const bare = await move(one, 'closed', { resolution: 'duplicate' })
    expect(bare.text).toContain('Enter the reference of the case that it repeats')
    expect(bare.html).toMatch(/value="duplicate"\s+checked/)
    for (const [reference, why] of [
      ['CW-2020-0001', 'There is no such case'],
      ['not a reference', 'There is no such case'],
      [one.reference, 'A case cannot be a duplicate of itself'],
    ] as const) {
      const page = await move(one, 'closed', { resolution: 'duplicate', duplicateOfId: reference })
      expect([reference, page.status, page.text.includes(why)]).toEqual([reference, 400, true])
      expect(valueIn(page, 'duplicateOfId')).toBe(reference)
    }
    const reopening = await move(await made('resolved'), 'in_progress', { reason: '  ' })
    expect([reopening.status, reopening.text.includes('Enter the reason')]).toEqual([400, true])
    expect((await office.now(one.id)).status).toBe('open')
    expect(people.admin.cookie).not.toBe('')
  })

  test('by a form that does not say which version it changes', async () => {
    const { now, people } = office
    const one = await made('open')
    for (const tag of ['', '*', 'W/"x"', '"a", "b"']) {
      const page = await people.admin.send(pathOf(one, '/move/resolved'), { tag, resolution: 'answered' })
      expect([tag, page.status]).toEqual([tag, 400])
    }
    expect((await now(one.id)).status).toBe('open')
  })

  test('to a caseworker who would reopen what was closed', async () => {
    const { now, people } = office
    const one = await made('closed', { assigneeId: people.caseworker.id })
    expect((await people.caseworker.see(pathOf(one, '/move/in_progress'))).status).toBe(403)
    const sent = await move(one, 'in_progress', { reason: 'Again' }, 'caseworker')
    expect([sent.status, sent.text]).toEqual([
      403,
      expect.stringContaining('Only a manager or an administrator may reopen a closed case.'),
    ])
    expect((await now(one.id)).status).toBe('closed')
  })

  test('where somebody changed the case meanwhile: by its form', async () => {
    const { call, council, now, people } = office
    const one = await made('in_progress')
    const form = await people.admin.see(pathOf(one, '/move/resolved'))
    await call.change(one.id, { priority: 'urgent' }, council)
    await call.change(one.id, { pending: { reason: 'scheduled' } }, council)
    const fields = { tag: tagIn(form), resolution: 'fixed', reason: 'Filled in' }
    const refused = await people.admin.send(pathOf(one, '/move/resolved'), fields)
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('Somebody changed this while you were working on it'),
    ])
    expect(valueIn(refused, 'reason')).toBe('Filled in')
    expect((await now(one.id)).status).toBe('in_progress')
    const again = await people.admin.send(pathOf(one, '/move/resolved'), { ...fields, tag: tagIn(refused) })
    expect(again.status).toBe(303)
    expect(await now(one.id)).toMatchObject({ status: 'resolved', resolution: 'fixed', priority: 'urgent' })
  })

  test('where somebody changed the case meanwhile: by its button', async () => {
    const { call, council, now, people } = office
    const one = await made('open')
    const tag = tagIn(await people.admin.see(pathOf(one)))
    await call.change(one.id, { status: 'in_progress' }, council)
    const refused = await people.admin.send(pathOf(one, '/move/in_progress'), { tag })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('The case is in progress')])
    expect((await now(one.id)).version).toBe(one.version + 1)
  })

  test('but not where they only added a note or changed something else', async () => {
    const { call, council, now, people } = office
    const one = await made('open')
    const tag = tagIn(await people.admin.see(pathOf(one)))
    await call.note(one.id, { body: 'She rang' }, council)
    const done = await people.admin.send(pathOf(one, '/move/in_progress'), { tag })
    expect([done.status, (await now(one.id)).status]).toEqual([303, 'in_progress'])
  })
})

describe('a move', () => {
  test('is made by a button where it needs nothing, by a form where it needs more', async () => {
    const { now, people } = office
    const one = await made('open')
    const straight = await people.admin.see(pathOf(one, '/move/closed'))
    expect(straight.html).not.toContain('value="fixed"')
    const steps: [string, Record<string, string>, Record<string, unknown>][] = [
      ['in_progress', {}, { status: 'in_progress' }],
      ['resolved', { resolution: 'fixed', reason: 'Filled in' }, { status: 'resolved', resolution: 'fixed' }],
      ['closed', {}, { status: 'closed', resolution: 'fixed' }],
      ['in_progress', { reason: 'It is back' }, { status: 'in_progress', resolution: null, reopenCount: 1 }],
      ['open', { reason: 'Not ours' }, { status: 'open', assigneeId: null }],
    ]
    for (const [to, fields, state] of steps) {
      const { status, location } = await move(one, to, fields)
      expect([to, status, location]).toEqual([to, 303, pathOf(one, '?done=moved')])
      expect(await now(one.id)).toMatchObject(state)
    }
    const { text } = await people.admin.see(pathOf(one, '?done=moved'))
    expect(text).toContain('The case was moved')
    expect(text).toMatch(/Moved from In progress to Open by Ada Green .* Not ours/)
    expect(text).toContain('Resolution: Fixed Filled in')
  })

  test('to the end of a duplicate finds the other case by its reference', async () => {
    const { now } = office
    const first = await made('open')
    const one = await made('open')
    await move(one, 'closed', { resolution: 'duplicate', duplicateOfId: first.reference.toLowerCase() })
    expect(await now(one.id)).toMatchObject({ status: 'closed', duplicateOfId: first.id })
  })

  test('by which a caseworker loses the case leads to the list', async () => {
    const { people } = office
    const one = await made('in_progress', { assigneeId: people.caseworker.id })
    const { location } = await move(one, 'open', { reason: 'Not mine' }, 'caseworker')
    expect(location).toBe('/admin/cases?done=gone')
  })
})

describe('a note that is typed when the button of a step is pressed', () => {
  test('is not added and not lost: it is there again on the next page', async () => {
    const { now, people } = office
    const one = await made('open', { assigneeId: people.caseworker.id })
    const form = await formOf((await people.caseworker.see(pathOf(one))).html)
    const typed = { ...form, body: 'Half a sen', visibility: 'public' }
    const { location } = await people.caseworker.send(pathOf(one, '/move/in_progress'), typed)
    const page = await people.caseworker.see(location as string)
    expect(page.text).toContain('The case was moved')
    expect(page.text).toContain('What you typed is here, but it is not saved yet')
    const again = await formOf(page.html)
    expect([again.body, again.visibility]).toEqual(['Half a sen', 'public'])
    expect((await now(one.id)).timeline).toMatchObject([{ kind: 'status' }])
    await people.caseworker.send(pathOf(one, '/notes'), again)
    expect((await now(one.id)).timeline[0]).toMatchObject({ kind: 'note', body: 'Half a sen' })
  })

  test('is still there where the step is refused', async () => {
    const { call, council, people } = office
    const one = await made('in_progress')
    await call.change(one.id, { pending: { reason: 'scheduled' } }, council)
    const form = await formOf((await people.admin.see(pathOf(one))).html)
    await call.change(one.id, { pending: { reason: 'investigating' } }, council)
    const refused = await people.admin.send(pathOf(one, '/waiting/end'), { ...form, body: 'Half a sen' })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('so nothing was done')])
    expect((await formOf(refused.html)).body).toBe('Half a sen')
  })
})

test('a caseworker confirms that a case is closed, because they cannot reopen it', async () => {
  const { now, people } = office
  const one = await made('resolved', { assigneeId: people.caseworker.id })
  const forGood = 'only a manager or an administrator can'
  const asked = await people.caseworker.see(pathOf(one))
  expect(asked.html).toContain(`href="${pathOf(one, '/move/closed')}"`)
  const page = await people.caseworker.see(pathOf(one, '/move/closed'))
  expect(page.text).toContain(forGood)
  expect((await now(one.id)).status).toBe('resolved')
  const { status } = await people.caseworker.send(pathOf(one, '/move/closed'), await formOf(page.html))
  expect([status, (await now(one.id)).status]).toEqual([303, 'closed'])
  const other = await made('resolved')
  expect((await people.manager.see(pathOf(other))).html).toContain(
    `formaction="${pathOf(other, '/move/closed')}"`,
  )
  expect((await people.manager.see(pathOf(other, '/move/closed'))).text).not.toContain(forGood)
})

describe('waiting', () => {
  const reason = 'pending.reason'
  const until = 'pending.until'

  test('is refused without a reason, with a day that is past or none, and to a case that is not in progress', async () => {
    const { now, people } = office
    const one = await made('in_progress')
    const path = pathOf(one, '/waiting')
    const tag = tagIn(await people.admin.see(path))
    for (const [fields, why] of [
      [{}, 'Choose what the case is waiting for'],
      [{ [reason]: 'a_wonder' }, 'What the case is waiting for must be one of'],
      [{ [reason]: 'scheduled', [until]: '2020-01-01' }, 'Until must be in the future'],
      [{ [reason]: 'scheduled', [until]: '2026-02-30' }, 'Until must be a real date'],
      [{ [reason]: 'scheduled', [until]: 'soon' }, 'Until must be a date, such as'],
    ] as const) {
      const page = await people.admin.send(path, { tag, ...fields })
      expect([fields, page.status, page.text.includes(why)]).toEqual([fields, 400, true])
    }
    expect((await now(one.id)).pending).toBeNull()
    const open = await made('open')
    const page = await people.admin.see(pathOf(open, '/waiting'))
    expect([page.status, page.text.includes('Only a case in progress can be put on hold')]).toEqual([
      409,
      true,
    ])
    const sent = await people.admin.send(pathOf(open, '/waiting'), {
      tag: tagIn(await people.admin.see(pathOf(open))),
      [reason]: 'scheduled',
    })
    expect(sent.status).toBe(409)
  })

  test('begins, is changed and ends', async () => {
    const { call, council, now, people } = office
    const one = await made('in_progress')
    const path = pathOf(one, '/waiting')
    const send = async (to: string, fields: Record<string, string>) => {
      const page = await people.admin.see(to === path ? path : pathOf(one))
      return people.admin.send(to, { tag: tagIn(page), ...fields })
    }
    expect((await send(path, { [reason]: 'scheduled', [until]: '2026-04-07' })).location).toBe(
      pathOf(one, '?done=waiting'),
    )
    expect((await now(one.id)).pending).toMatchObject({
      reason: 'scheduled',
      until: '2026-04-06T23:00:00.000Z',
    })
    const page = await people.admin.see(pathOf(one))
    expect(page.text).toContain('Waiting for Work that is booked, since 13 March 2026, until 7 April 2026')
    expect(offersOf(page)).toContain('Take off hold')

    await call.change(one.id, { pending: { reason: 'scheduled', until: '2026-04-07T12:00:00Z' } }, council)
    const form = await people.admin.see(path)
    expect(valueIn(form, until)).toBe('2026-04-07')
    await send(path, { [reason]: 'investigating', [until]: '2026-04-07' })
    expect((await now(one.id)).pending).toMatchObject({
      reason: 'investigating',
      until: '2026-04-07T12:00:00.000Z',
    })
    const stale = await people.admin.send(`${path}/end`, { tag: tagIn(form) })
    expect([stale.status, (await now(one.id)).pending === null]).toEqual([409, false])
    expect((await send(`${path}/end`, {})).location).toBe(pathOf(one, '?done=waiting-ended'))
    expect((await now(one.id)).pending).toBeNull()
    expect((await people.admin.see(pathOf(one))).text).toContain('Taken off hold by Ada Green')
  })
})
