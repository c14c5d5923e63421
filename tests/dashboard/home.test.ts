import { afterAll, beforeAll, expect, test } from 'bun:test'
import { auditOf, createIn } from '../resources/cases/support'
import { createCouncil } from '../support/app'
import { createTestCase, createTestWards } from '../support/casework'
import { atInstant } from '../support/http'
import { signedInAs } from '../support/visitor'
import { evil, type Office, openingMs, openOffice, type Person } from './cases/one/support'
import { linksOf, listed } from './cases/support'

let office: Office
let councillor: Person

beforeAll(async () => {
  office = await openOffice()
  const { app, council, make, people } = office
  const [ward = ''] = await createTestWards(app, council, ['Ashley'])
  councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [ward] })
  await createTestCase(app, await createCouncil(app, 'elsewhere'), { summary: 'Of another council' })
  await atInstant(app, '2026-03-05T09:30:00.000Z', async () => {
    await make({ summary: `Late ${evil}`, receivedAt: '2026-01-05', assigneeId: people.caseworker.id })
    await make({ summary: 'Soon', receivedAt: '2026-03-03', wardId: ward, assigneeId: people.manager.id })
    await make({ summary: 'New', residentName: 'Margaret Hughes' })
    await createIn(app, 'resolved', council, { summary: 'Missed', receivedAt: '2026-01-05' })
  })
  await make({ summary: 'Newer', wardId: ward })
}, openingMs)
afterAll(() => office.app.close())

type Counts = Record<string, [figure: string, href: string]>

const home = async (person: Person) => {
  const page = await person.see('/admin')
  const matches = page.html.matchAll(
    /<a class="govuk-link" href="([^"]*)"><span[^>]*>([^<]*)<\/span> ([^<]*)<\/a><\/li>/g,
  )
  const counts: Counts = Object.fromEntries(
    [...matches].map(([, href, figure, text]) => [text, [figure, (href as string).replaceAll('&amp;', '&')]]),
  ) as Counts
  return { page, counts }
}

const figures = (counts: Counts) =>
  Object.fromEntries(Object.entries(counts).map(([text, [figure]]) => [text, figure]))

test('the home page counts what its visitor may see, and nothing else', async () => {
  const { people } = office
  expect(figures((await home(people.admin)).counts)).toEqual({
    'Open and assigned to you': '0',
    Overdue: '1',
    'Due soon': '1',
    'Open and unassigned': '2',
    'Created in the last 7 days': '1',
  })
  expect(figures((await home(people.manager)).counts)).toMatchObject({
    'Open and assigned to you': '1',
    Overdue: '1',
  })
  expect(figures((await home(people.caseworker)).counts)).toEqual({
    'Open and assigned to you': '1',
    Overdue: '1',
    'Due soon': '0',
    'Created in the last 7 days': '0',
  })
  expect(figures((await home(councillor)).counts)).toEqual({
    'Open and assigned to you': '0',
    'Open in your wards': '2',
    Overdue: '0',
    'Due soon': '1',
    'Created in the last 7 days': '1',
  })
})

test('each count leads to the list of just those cases', async () => {
  for (const person of [office.people.admin, office.people.manager, office.people.caseworker, councillor]) {
    const counts = Object.entries((await home(person)).counts)
    expect(counts.length).toBeGreaterThan(3)
    for (const [text, [figure, href]] of counts) {
      const page = await person.see(href)
      expect([text, page.status, String(listed(page).length)]).toEqual([text, 200, figure])
    }
  }
})

test('the newest open cases of each are there, without their residents, and what was written is text', async () => {
  const { people, app, council } = office
  const { page } = await home(people.caseworker)
  expect(page.text).toContain(`Late ${evil}`)
  expect(page.html).not.toContain(evil)
  expect(listed((await home(people.manager)).page)).toEqual(['Soon'])
  expect(listed((await home(councillor)).page)).toEqual(['Newer', 'Soon'])
  const admin = (await home(people.admin)).page
  expect(admin.text).toContain('No open case is assigned to you.')
  expect(admin.html).not.toContain('Hughes')
  expect((await auditOf(app, council)).map(({ action }) => action)).not.toContain('resident.read')
  expect(linksOf(admin, 'Create a case')).toEqual(['/admin/cases/new'])
  expect(admin.html).toContain('action="/admin/cases"')
})

test('no more than ten of them are there, and the counts are new after each change', async () => {
  const { people, make } = office
  for (let i = 0; i < 11; i++) await make({ summary: `Mine ${i}`, assigneeId: people.admin.id })
  const { page, counts } = await home(people.admin)
  expect(listed(page).length).toBe(10)
  expect(counts['Open and assigned to you']?.[0]).toBe('11')
})

test('the home page says of a search what the list of cases says', async () => {
  const hint = 'A reference, or words of the case, its place, ward, category or notes'
  for (const path of ['/admin', '/admin/cases'])
    expect((await office.people.admin.see(path)).text).toContain(hint)
})
