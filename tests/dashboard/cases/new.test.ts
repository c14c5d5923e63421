import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { auditOf, type Body, unknownId } from '../../resources/cases/support'
import { createTestCategories, createTestWards } from '../../support/casework'
import { signedInAs } from '../../support/visitor'
import { evil, type Office, openingMs, openOffice, valueIn } from './one/support'

const path = '/admin/cases/new'

let office: Office
let ward: string
let category: string

beforeAll(async () => {
  office = await openOffice()
  ;[ward = ''] = await createTestWards(office.app, office.council, ['Ashley'])
  ;[category = ''] = await createTestCategories(office.app, office.council, ['Potholes'])
}, openingMs)
afterAll(() => office.app.close())

const phoneCallDefaults = { type: 'enquiry', priority: 'normal', sourceChannel: 'phone' }

const send = (fields: Record<string, string>, who: 'manager' | 'caseworker' = 'manager') =>
  office.people[who].send(path, { ...phoneCallDefaults, ...fields })

const all = async (): Promise<Body[]> => (await office.call.list('', office.council)).body.cases

/** The case whose page the form led to. */
const madeBy = async ({ location }: { location: string | null }): Promise<Body> =>
  office.now(
    /^\/admin\/cases\/(CW-2026-\d{4})\?done=created$/.exec(location ?? '')?.[1] ?? `none at ${location}`,
  )

describe('no case is made', () => {
  test('of a form with faults, all of which are named beside their fields', async () => {
    const fields = {
      summary: ' ',
      description: 'x'.repeat(20_001),
      type: 'riddle',
      wardId: unknownId,
      categoryId: unknownId,
      assigneeId: unknownId,
      receivedAt: '2027-01-01',
      receivedTime: '25:00',
      'location.postcode': 'Ashley',
      residentEmail: 'nobody',
      residentPhone: 'a number',
      residentPostcode: 'BS2',
    }
    const page = await send(fields)
    expect(page.status).toBe(400)
    for (const said of [
      'Enter a summary',
      'Description must have at most 20000 characters',
      'Type: “riddle” is not in the list. Choose something that is',
      'Ward: what you chose is not in the list any more. Choose again',
      'Category: what you chose is not in the list any more. Choose again',
      'Assign to: what you chose is not in the list any more. Choose again',
      'Day it was received must not be in the future',
      'Time it was received must be a time, such as 9:30am or 14:30',
      'Postcode of the place must be a UK postcode, such as SW1A 2AA',
      'E-mail address',
      'Telephone number',
    ]) {
      expect(page.text.split(said).length - 1, said).toBeGreaterThanOrEqual(2)
    }
    expect(page.html).toContain('<a href="#location.postcode">')
    expect(valueIn(page, 'residentEmail')).toBe('nobody')
    expect(await all()).toEqual([])
  })

  test.each([
    [{ receivedTime: '14:30' }, 'Enter the day too'],
    [{ receivedAt: '13 Smarch 2026' }, 'Day it was received must be a date, such as 13/03/2026'],
    [{ receivedAt: 'Thursday 13 March 2026' }, 'Day it was received: that date is a Friday, not a Thursday'],
    [{ receivedAt: '3/13/2026' }, 'Day it was received must have the day before the month: 13/3/2026'],
    [{ receivedAt: '2026-02-30', receivedTime: '14:30' }, 'must be a real date'],
    [{ receivedAt: '2026-03-13', receivedTime: 'lunch' }, 'must be a time, such as 9:30am'],
    [{ receivedAt: '2026-03-13', receivedTime: '23:00' }, 'must not be in the future'],
  ])('that was received at %p', async (fields, said) => {
    const page = await send({ summary: 'Pothole', ...(fields as Record<string, string>) })
    expect([page.status, page.text]).toEqual([400, expect.stringContaining(said)])
    expect(await all()).toEqual([])
  })

  test('of what is no field of the form', async () => {
    const { location } = await send({
      summary: 'Plain',
      status: 'closed',
      tenantId: 'x',
      publicState: 'approved',
    })
    const made = await madeBy({ location })
    expect([made.status, made.publicState]).toEqual(['open', 'draft'])
  })
})

test('a case is made of what somebody says on the telephone', async () => {
  const { app, council, people } = office
  const page = await people.manager.see(path)
  expect(page.html).toMatch(/<option value="phone" selected>Telephone/)
  const sent = await send({
    summary: '  Pothole on Mina Road ',
    description: 'Deep.\r\nSince Monday.',
    type: 'service_request',
    priority: 'high',
    wardId: ward,
    categoryId: category,
    assigneeId: people.caseworker.id,
    internalRef: 'T-17',
    receivedAt: '2026-03-12',
    receivedTime: '16:05',
    'location.address': '1 Mina Road',
    'location.postcode': 'BS2 9YT',
    residentName: 'Margaret Hughes',
    residentEmail: 'm.hughes@example.org',
    residentPhone: '0117 496 0123',
    residentAddress: '3 Mina Road',
    residentPostcode: 'BS2 9YS',
  })
  expect(await madeBy(sent)).toMatchObject({
    summary: 'Pothole on Mina Road',
    description: 'Deep.\nSince Monday.',
    type: 'service_request',
    priority: 'high',
    sourceChannel: 'phone',
    ward: { name: 'Ashley' },
    category: { name: 'Potholes' },
    assigneeId: people.caseworker.id,
    internalRef: 'T-17',
    receivedAt: '2026-03-12T16:05:00.000Z',
    location: { address: '1 Mina Road', postcode: 'BS2 9YT' },
    residentName: 'Margaret Hughes',
    residentEmail: 'm.hughes@example.org',
    residentPhone: '0117 496 0123',
    residentAddress: '3 Mina Road',
    residentPostcode: 'BS2 9YS',
  })
  const after = await people.manager.see(sent.location as string)
  expect(after.text).toMatch(/Case CW-2026-\d{4} created/)
  expect(after.text).not.toContain('Hughes')
  const [entry] = (await auditOf(app, council)).filter(({ action }) => action === 'case.create').slice(-1)
  expect([entry?.actorType, entry?.actorId]).toEqual(['user', people.manager.id])
  expect(JSON.stringify(entry)).not.toContain('Hughes')
})

test(
  'a day in summer, and no time, are those of the council',
  async () => {
    const { app, council } = office
    app.clock.advance(150 * 86_400_000)
    const manager = await signedInAs(app, council, { role: 'manager' })
    const summer = { ...phoneCallDefaults, summary: 'Wasps', receivedAt: '2026-07-01' }
    const dated = await madeBy(await manager.send(path, summer))
    expect(dated.receivedAt).toBe('2026-06-30T23:00:00.000Z')
    const timed = await madeBy(await manager.send(path, { ...summer, receivedTime: '9:30' }))
    expect(timed.receivedAt).toBe('2026-07-01T08:30:00.000Z')
    for (const [day, time] of [
      ['1/7/2026', '9:30am'],
      ['1 July 2026', '0930'],
      ['Wed 1st Jul 26', '9.30'],
      ['01-07-2026', '9.30 a.m.'],
    ] as const) {
      const typed = await madeBy(await manager.send(path, { ...summer, receivedAt: day, receivedTime: time }))
      expect([day, time, typed.receivedAt]).toEqual([day, time, '2026-07-01T08:30:00.000Z'])
    }
    const refused = await manager.send(path, {
      ...summer,
      receivedAt: '31 June 2026',
      receivedTime: 'teatime',
    })
    expect(refused.status).toBe(400)
    expect([valueIn(refused, 'receivedAt'), valueIn(refused, 'receivedTime')]).toEqual([
      '31 June 2026',
      'teatime',
    ])
  },
  openingMs,
)

describe('a form that is sent again', () => {
  let once: string
  const count = async () => (await all()).length

  test(
    'as it was, as by a second click, makes no second case',
    async () => {
      const manager = await signedInAs(office.app, office.council, { role: 'manager' })
      once = valueIn(await manager.see(path), 'once') as string
      expect(once).toMatch(/^[a-z0-9]{24}$/)
      const before = await count()
      const fields = { ...phoneCallDefaults, summary: 'Clicked twice', once }
      const both = await Promise.all([manager.send(path, fields), manager.send(path, fields)])
      const later = await manager.send(path, fields)
      const locations = new Set(
        [...both, later].filter(({ status }) => status === 303).map(({ location }) => location),
      )
      expect(locations.size).toBe(1)
      expect(later.status).toBe(303)
      expect(await count()).toBe(before + 1)

      const changed = await manager.send(path, { ...fields, summary: 'Something else' })
      expect([changed.status, changed.text]).toEqual([
        400,
        expect.stringContaining('You have already sent this form'),
      ])
      expect(await count()).toBe(before + 1)
      const fresh = valueIn(changed, 'once') as string
      expect(fresh).not.toBe(once)
      const meant = await manager.send(path, { ...fields, summary: 'Something else', once: fresh })
      expect((await madeBy(meant)).summary).toBe('Something else')
    },
    openingMs,
  )

  test(
    'by somebody else makes a case of theirs',
    async () => {
      const other = await signedInAs(office.app, office.council, { role: 'manager' })
      const before = await count()
      expect((await other.send(path, { ...phoneCallDefaults, summary: 'Clicked twice', once })).status).toBe(
        303,
      )
      expect(await count()).toBe(before + 1)
    },
    openingMs,
  )

  test(
    'after it was mended makes one case',
    async () => {
      const manager = await signedInAs(office.app, office.council, { role: 'manager' })
      const own = valueIn(await manager.see(path), 'once') as string
      const refused = await manager.send(path, { ...phoneCallDefaults, summary: '', once: own })
      expect(valueIn(refused, 'once')).toBe(own)
      expect((await manager.send(path, { ...phoneCallDefaults, summary: 'Mended', once: own })).status).toBe(
        303,
      )
    },
    openingMs,
  )
})

describe('who makes a case', () => {
  test(
    'as a caseworker has it, unless they give it to somebody else and see it no more',
    async () => {
      const caseworker = await signedInAs(office.app, office.council, { role: 'caseworker' })
      const own = await madeBy(await caseworker.send(path, { ...phoneCallDefaults, summary: 'Mine' }))
      expect(own.assigneeId).toBe(caseworker.id)
      const given = await caseworker.send(path, {
        ...phoneCallDefaults,
        summary: 'Yours',
        assigneeId: office.people.manager.id,
      })
      expect(given.location).toMatch(/^\/admin\/cases\?done=created&case=CW-2026-\d{4}$/)
      expect((await caseworker.see(given.location as string)).text).toMatch(
        /Case CW-2026-\d{4} created\. You do not have permission to view it/,
      )
    },
    openingMs,
  )

  test(
    'as a councillor sees it where it is of their ward',
    async () => {
      const councillor = await signedInAs(office.app, office.council, { role: 'councillor', wardIds: [ward] })
      expect(
        (await councillor.send(path, { ...phoneCallDefaults, summary: 'Here', wardId: ward })).location,
      ).toContain('?done=created')
      expect((await councillor.send(path, { ...phoneCallDefaults, summary: 'Nowhere' })).location).toContain(
        '/admin/cases?done=created',
      )
    },
    openingMs,
  )
})

test(
  'what people wrote is shown as text',
  async () => {
    const manager = await signedInAs(office.app, office.council, { role: 'manager' })
    const names = [...(await manager.see(path)).html.matchAll(/ name="([^"]+)"/g)].map(
      ([, name]) => name as string,
    )
    expect(names).toContain('residentAddress')
    const page = await manager.send(path, Object.fromEntries(names.map((name) => [name, `${evil}"'`])))
    expect([page.status, page.html.includes(evil)]).toEqual([400, false])
  },
  openingMs,
)
