import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { auditOf } from '../../../resources/cases/support'
import { createCouncil, createTestUser } from '../../../support/app'
import { createTestCase, createTestCategories, createTestWards } from '../../../support/casework'
import { signedInAs } from '../../../support/visitor'
import { evil, type Office, offersOf, openingMs, openOffice, pathOf, valueIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

const below = [
  '',
  '/timeline',
  '/move/in_progress',
  '/waiting',
  '/assign',
  '/edit',
  '/resident',
  '/public',
] as const

const forms = [
  '/notes',
  '/move/in_progress',
  '/waiting',
  '/waiting/end',
  '/assign',
  '/edit',
  '/resident',
  '/resident/others',
  '/public',
] as const

describe('no page of a case, and none of its forms, is there', () => {
  test('for a caseworker to whom it is not given', async () => {
    const { make, now, people } = office
    const made = await make({ assigneeId: people.manager.id })
    for (const path of below) {
      const { status, text } = await people.caseworker.see(pathOf(made, path))
      expect([path, status, text.includes('Page not found')]).toEqual([path, 404, true])
    }
    for (const path of forms) {
      const { status } = await people.caseworker.send(pathOf(made, path), {
        tag: '"made-up"',
        body: 'A note',
        visibility: 'internal',
        assigneeId: people.caseworker.id,
        publicState: 'approved',
      })
      expect([path, status]).toEqual([path, 404])
    }
    expect(await now(made.id)).toMatchObject({ version: 1, timeline: [] })
  })

  test('for a councillor of another ward', async () => {
    const { app, council, make } = office
    const [own, other] = await createTestWards(app, council, ['Ashley', 'Easton'])
    const councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [own as string] })
    const made = await make({ wardId: own })
    expect((await councillor.see(pathOf(made))).status).toBe(200)
    expect((await councillor.see(pathOf(await make({ wardId: other })))).status).toBe(404)
    expect((await councillor.see(pathOf(await make({})))).status).toBe(404)
  })

  test('of another council, or that is unknown', async () => {
    const { app, people } = office
    const other = await createTestCase(app, await createCouncil(app, 'exe'))
    for (const reference of [other.id, 'CW-2020-9999', 'zzzzzzzzzzzzzzzzzzzzzzzz', '%3Cscript%3E']) {
      expect([reference, (await people.admin.see(`/admin/cases/${reference}`)).status]).toEqual([
        reference,
        404,
      ])
    }
  })
})

describe('a note is refused', () => {
  test('that is empty or for somebody unknown, and what was typed is still there', async () => {
    const { make, now, people } = office
    const made = await make()
    const empty = await people.admin.send(pathOf(made, '/notes'), { body: ' \n ', visibility: 'public' })
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('Enter the note')])
    expect(empty.html).toMatch(/value="public"\s+checked/)
    const odd = await people.admin.send(pathOf(made, '/notes'), { body: 'Typed', visibility: 'secret' })
    expect([odd.status, valueIn(odd, 'body')]).toEqual([400, 'Typed'])
    expect(odd.text).toContain('Who may read the note must be one of internal, public')
    expect((await now(made.id)).timeline).toEqual([])
  })
})

describe('the page of a case', () => {
  test('says all that is known of it in words, and nothing of its resident', async () => {
    const { app, council, call, make, people } = office
    const [wardId] = await createTestWards(app, council, ['Lawrence Hill'])
    const [categoryId] = await createTestCategories(app, council, ['Potholes'])
    const { id: councillorId } = await createTestUser(council, { role: 'councillor', name: 'Cora Black' })
    const first = await make()
    const made = await make({
      summary: 'Pothole on Mina Road',
      description: 'A deep hole.\nTwo have fallen.',
      type: 'service_request',
      priority: 'high',
      sourceChannel: 'phone',
      internalRef: 'HW/118',
      followUpAt: '2026-03-29',
      location: {
        address: '12 Mina Road',
        postcode: 'BS2 9YT',
        uprn: '123',
        latitude: 51.46,
        longitude: -2.57,
      },
      assigneeId: people.caseworker.id,
      wardId,
      categoryId,
      councillorId,
      residentName: 'Margaret Hughes',
      residentEmail: 'm.hughes@example.org',
      residentPhone: '0117 496 0123',
    })
    await call.change(made.id, { status: 'in_progress' }, council)
    await call.change(made.id, { pending: { reason: 'awaiting_department' } }, council)
    const page = await people.admin.see(pathOf(made))
    expect(page.status).toBe(200)
    for (const words of [
      made.reference,
      'Pothole on Mina Road',
      'In progress',
      'Type Service request',
      'Priority High',
      'Waiting for Another department, since',
      'Target Paused',
      'Assigned to Cass White',
      'Councillor Cora Black',
      'Ward Lawrence Hill',
      'Category Potholes',
      'Location 12 Mina Road BS2 9YT UPRN 123 Latitude and longitude 51.46, -2.57',
      'Follow up 29 March 2026',
      'Internal reference HW/118',
      'Source Telephone',
      'Archived No',
      'Put on hold by all (API key)',
      'Moved from Open to In progress',
      'Show the resident’s details',
    ]) {
      expect([words, page.text.includes(words)]).toEqual([words, true])
    }
    expect(page.html).toContain('A deep hole.\nTwo have fallen.')
    expect(page.html).not.toMatch(/Margaret|m\.hughes|496 0123/)
    const seen = (await auditOf(app, council)).filter(({ actorType }) => actorType === 'user')
    expect(seen.filter(({ action }) => action === 'resident.read')).toEqual([])

    await call.change(
      made.id,
      { status: 'closed', resolution: 'duplicate', duplicateOfId: first.id },
      council,
    )
    const closed = await people.admin.see(`/admin/cases/${made.id}`)
    expect(closed.text).toContain(`Resolution Duplicate of another case Duplicate of ${first.reference}`)
    expect(closed.html).toContain(`href="/admin/cases/${first.reference}"`)
    expect((await people.caseworker.see(pathOf(made))).text).toContain(
      'Duplicate of A case that you do not have permission to view',
    )
  })

  test('of which little is known says so', async () => {
    const { make, people } = office
    const page = await people.admin.see(pathOf(await make()))
    for (const words of [
      'There is no description.',
      'Nothing has happened since the case came in.',
      'Assigned to Nobody',
      'Ward None',
      'Location None',
      'Target Due 27 March 2026',
    ]) {
      expect([words, page.text.includes(words)]).toEqual([words, true])
    }
  })

  test('offers the moves that are allowed to whoever looks', async () => {
    const { call, council, make, people } = office
    const made = await make({ assigneeId: people.caseworker.id })
    const offered = async (who: 'manager' | 'caseworker') => offersOf(await people[who].see(pathOf(made)))
    expect(await offered('caseworker')).toEqual(['Start work', 'Resolve', 'Close', 'Add note'])
    await call.change(made.id, { status: 'in_progress' }, council)
    const working = ['Resolve', 'Close', 'Move back to open', 'Put on hold', 'Add note']
    expect(await offered('caseworker')).toEqual(working)
    await call.change(made.id, { status: 'resolved', resolution: 'answered' }, council)
    expect(await offered('caseworker')).toEqual(['Reopen', 'Close', 'Add note'])
    await call.change(made.id, { status: 'closed' }, council)
    expect(await offered('caseworker')).toEqual(['Add note'])
    expect(await offered('manager')).toEqual(['Reopen', 'Add note'])
  })

  test('takes notes, for staff or for the resident too, and says which is which', async () => {
    const { make, now, people } = office
    const made = await make({ assigneeId: people.caseworker.id })
    const note = (body: string, visibility: string) =>
      people.caseworker.send(pathOf(made, '/notes'), { body, visibility })
    const { status, location } = await note('Rang the depot.\r\nThey ring back.', 'internal')
    expect([status, location]).toEqual([303, pathOf(made, '?done=noted')])
    await note('A crew will come.', 'public')
    expect((await now(made.id)).timeline).toMatchObject([
      { kind: 'note', visibility: 'public', body: 'A crew will come.' },
      { kind: 'note', visibility: 'internal', body: 'Rang the depot.\nThey ring back.' },
    ])
    const { text } = await people.caseworker.see(pathOf(made, '?done=noted'))
    expect(text).toContain('The note was added')
    expect(text).toMatch(
      /Public note by Cass White .* The resident can read this\. A crew will come\. Note by Cass White/,
    )
  })

  test('shows whatever people wrote as text', async () => {
    const { app, council, call, make, people } = office
    const [wardId] = await createTestWards(app, council, [`Ward ${evil}`])
    const [categoryId] = await createTestCategories(app, council, [`Category ${evil}`])
    const { id: assigneeId } = await createTestUser(council, { role: 'caseworker', name: `User ${evil}` })
    const { id: councillorId } = await createTestUser(council, {
      role: 'councillor',
      name: `Councillor ${evil}`,
    })
    const made = await make({
      summary: evil,
      description: evil,
      internalRef: evil,
      publicSummary: evil,
      publicThemes: [evil],
      location: { address: evil },
      residentName: evil,
      residentAddress: evil,
      wardId,
      categoryId,
      assigneeId,
      councillorId,
    })
    await call.note(made.id, { body: evil }, council)
    await call.change(made.id, { status: 'in_progress' }, council)
    await call.change(made.id, { publicState: 'approved' }, council).catch(() => {})
    await call.change(made.id, { status: 'open', reason: evil }, council)
    for (const path of below) {
      const { html, text } = await people.admin.see(pathOf(made, path))
      expect([path, html.includes('<script>alert')]).toEqual([path, false])
      if (path !== '/waiting') expect([path, text.includes(evil)]).toEqual([path, true])
    }
  })
})

describe('a long timeline', () => {
  test('stands on pages of its own beyond its newest hundred entries', async () => {
    const { call, council, make, people } = office
    const made = await make()
    for (let i = 1; i <= 101; i++) await call.note(made.id, { body: `Note ${i}.` }, council)
    const page = await people.admin.see(pathOf(made))
    expect([
      page.text.includes('Note 101.'),
      page.text.includes('Note 2.'),
      page.text.includes(' Note 1.'),
    ]).toEqual([true, true, false])
    const [, href] = /href="([^"]+)">Earlier entries/.exec(page.html) ?? []
    const earlier = await people.admin.see((href as string).replaceAll('&amp;', '&'))
    expect(earlier.text).toContain(' Note 1.')
    expect(earlier.text).not.toContain('Note 2.')
    expect(earlier.text).toContain('Newest entries')
    expect(earlier.text).not.toContain('Earlier entries')
    expect((await people.admin.see(pathOf(made, '/timeline'))).text).toContain('Note 101.')
    expect((await people.admin.see(pathOf(made, '/timeline?cursor=bad'))).status).toBe(400)
  })
})
