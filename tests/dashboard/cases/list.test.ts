import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { auditOf } from '../../resources/cases/support'
import { createCouncil } from '../../support/app'
import { createTestCase, createTestCategories, createTestWards } from '../../support/casework'
import { signedInAs } from '../../support/visitor'
import { evil, type Office, openingMs, openOffice } from './one/support'
import { linksOf, listed, removable } from './support'

let office: Office
let ashley: string
let bedminster: string
let potholes: string

beforeAll(async () => {
  office = await openOffice()
  const { app, council, make, people } = office
  ;[ashley = '', bedminster = ''] = await createTestWards(app, council, ['Ashley', 'Bedminster'])
  ;[potholes = ''] = await createTestCategories(app, council, ['Potholes'])
  const elsewhere = await createCouncil(app, 'elsewhere')
  await createTestCase(app, elsewhere, { summary: 'Of another council' })
  await make({ summary: 'Bins', wardId: bedminster, receivedAt: '2026-01-05' })
  app.clock.advance(1_000)
  await make({ summary: 'Hole in the road', wardId: ashley, categoryId: potholes, priority: 'urgent' })
  app.clock.advance(1_000)
  await make({
    summary: 'Noise at night',
    description: 'Near the hole',
    priority: 'high',
    assigneeId: people.caseworker.id,
    residentName: 'Margaret Hughes',
    residentPhone: '0117 496 0123',
  })
}, openingMs)
afterAll(() => office.app.close())

const see = (query: string, who: 'admin' | 'manager' | 'caseworker' = 'admin') =>
  office.people[who].see(`/admin/cases${query}`)

describe('the list of cases', () => {
  test(
    'shows nobody another’s: a caseworker theirs, a councillor those of their wards',
    async () => {
      const { app, council } = office
      const councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [ashley] })
      const wardless = await signedInAs(app, council, { role: 'councillor' })
      expect(listed(await see(''))).toEqual(['Noise at night', 'Hole in the road', 'Bins'])
      expect(listed(await see('', 'manager'))).toEqual(['Noise at night', 'Hole in the road', 'Bins'])
      expect(listed(await see('', 'caseworker'))).toEqual(['Noise at night'])
      expect(listed(await councillor.see('/admin/cases'))).toEqual(['Hole in the road'])
      expect((await wardless.see('/admin/cases')).text).toContain('There are no cases in your wards.')
      for (const query of ['?assigneeId=none', '?search=hole', `?wardId=${bedminster}`]) {
        expect(listed(await see(query, 'caseworker'))).not.toContain('Hole in the road')
        expect(listed(await councillor.see(`/admin/cases${query}`))).not.toContain('Noise at night')
      }
    },
    openingMs,
  )

  test('reads nothing of residents', async () => {
    const { html } = await see('?search=noise')
    expect(html).not.toContain('Hughes')
    expect(html).not.toContain('496 0123')
    const actions = (await auditOf(office.app, office.council)).map(({ action }) => action)
    expect(actions).not.toContain('resident.read')
  })

  test('takes dates as people type them', async () => {
    const { people } = office
    const page = await people.manager.see('/admin/cases?dueBefore=10%2F12%2F2026&createdFrom=1+March+2026')
    expect(page.status).toBe(200)
    expect(page.text).toContain('10 December 2026')
    expect(page.html).toContain('type="date" value="2026-12-10"')
    expect(page.html).toContain('value="2026-03-01"')
  })

  test.each([
    ['?status=lost', 'Status must be one of open, in_progress, resolved, closed'],
    ['?slaState=late', 'Target must be one of'],
    ['?priority=high,huge', 'Priority must be one of low, normal, high, urgent'],
    ['?wardId=No%20such', 'Ward: “No such” is not in the list'],
    ['?dueBefore=tomorrow', 'Due before must be a date, such as 13/03/2026 or 13 March 2026'],
    ['?dueBefore=2026-02-30', 'Due before must be a real date'],
    ['?createdFrom=0001-01-01', 'Created on or after must be a real date'],
    ['?sort=summary', 'Sort by: “summary” is not in the list'],
    ['?archived=perhaps', 'Archived cases must be true or false'],
    ['?page=0', 'page: Must be at least 1'],
    ['?page=two', 'page: Must be a whole number'],
    ['?page=2&page=3', 'page: Given more than once'],
    ['?resolution=vanished', 'Resolution must be one of'],
    [`?search=${'x'.repeat(201)}`, 'Search must have at most 200 characters'],
    ['?page=5001', 'Only the first 100,000 cases can be reached by page'],
  ])('names what is wrong with %s', async (query, said) => {
    const page = await see(query)
    expect([page.status, page.text]).toEqual([400, expect.stringContaining(said)])
    expect(page.text).toContain('There is a problem')
    expect(listed(page)).toEqual([])
  })

  test('takes no notice of what others add to an address that they pass on', async () => {
    const plain = await see('?status=open')
    for (const more of ['colour=red', 'pageSize=100', 'utm_source=x&_=1', `${encodeURIComponent(evil)}=1`]) {
      const page = await see(`?status=open&${more}`)
      expect([more, page.status, listed(page)]).toEqual([more, 200, listed(plain)])
      expect(page.html).not.toContain(evil)
    }
  })

  test('names all that is wrong at once, and leaves what is right', async () => {
    const page = await see('?status=open,lost&priority=huge&search=hole&page=x')
    expect(page.text).toContain('Status must be one of')
    expect(page.text).toContain('Priority must be one of')
    expect(page.text).toContain('page: Must be')
    expect(page.html).toMatch(/name="search"[^>]* value="hole"/)
    expect(page.html).toMatch(/value="open" checked/)
    expect(Object.keys(removable(page))).toContain('lost')
  })

  test.each([
    ['', ['Noise at night', 'Hole in the road', 'Bins']],
    ['?sort=createdAt', ['Bins', 'Hole in the road', 'Noise at night']],
    ['?sort=-priority', ['Hole in the road', 'Noise at night', 'Bins']],
    ['?status=', ['Noise at night', 'Hole in the road', 'Bins']],
    ['?status=closed', []],
    ['?status=open&status=closed&sort=reference', ['Bins', 'Hole in the road', 'Noise at night']],
    ['?slaState=breached', ['Bins']],
    ['?assigneeId=none', ['Hole in the road', 'Bins']],
    ['?search=hole', ['Hole in the road', 'Noise at night']],
    ['?priority=urgent,high', ['Noise at night', 'Hole in the road']],
    ['?dueBefore=2026-02-01', ['Bins']],
    ['?createdFrom=2026-03-13&createdTo=2026-03-13', []],
    ['?archived=true', []],
    ['?search=%20%20bins%20', ['Bins']],
    ['?done=nothing&count=5', ['Noise at night', 'Hole in the road', 'Bins']],
  ] as [string, string[]][])('holds at %s what the API’s would', async (query, expected) => {
    const page = await see(query)
    expect([page.status, listed(page)]).toEqual([200, expected])
  })

  test('opens the case whose reference was typed, for those who may see it', async () => {
    const path = `/admin/cases/${(await see('?search=CW-2026-0001')).location?.split('/').at(-1)}`
    expect(path).toBe('/admin/cases/CW-2026-0001')
    for (const typed of ['cw 2026 1', '%20CW-2026-0001', 'cw20260001']) {
      expect([typed, (await see(`?search=${typed}&status=&sort=`)).location]).toEqual([typed, path])
    }
    for (const query of [
      'search=CW-2026-0001&status=open',
      'search=CW-2026-0001&page=1',
      'search=CW-2026-00',
    ]) {
      expect([query, (await see(`?${query}`)).status]).toEqual([query, 200])
    }
    expect(listed(await see('?search=CW-2026-0001', 'caseworker'))).toEqual([])
  })

  test('finds by ward and category, several of them too, and keeps all of it in its form', async () => {
    const query = `?wardId=${ashley},${bedminster}&resolution=fixed&sort=createdAt`
    const page = await see(query)
    expect(listed(page)).toEqual([])
    expect(page.html).toMatch(new RegExp(`<option value="${ashley}" selected`))
    expect(page.html).toContain(`<input type="hidden" name="wardId" value="${bedminster}">`)
    expect(page.html).toContain('<input type="hidden" name="resolution" value="fixed">')
    const tags = removable(page)
    expect(Object.keys(tags)).toEqual(['Ashley', 'Bedminster', 'Fixed'])
    expect(tags.Fixed).toBe(`/admin/cases?wardId=${ashley}&wardId=${bedminster}&sort=createdAt`)
    expect(listed(await office.people.admin.see(tags.Fixed as string))).toEqual(['Bins', 'Hole in the road'])
    expect(listed(await see(`?categoryId=${potholes}`))).toEqual(['Hole in the road'])
    expect(linksOf(page, 'Clear filters')).toContain('/admin/cases')
  })

  test('tells of a case in words', async () => {
    const { text, html } = await see('?sort=createdAt')
    expect(text).toContain(
      'CW-2026-0001 Bins Bedminster No category Nobody Open Normal Overdue since 19 January 2026',
    )
    expect(text).toContain('Ashley Potholes Nobody Open Urgent Due 27 March 2026 13 March 2026')
    expect(text).toContain('Cass White')
    expect(html).toContain('href="/admin/cases/CW-2026-0001"')
    expect(text).toContain('Select CW-2026-0001: Bins')
  })

  test(
    'asks who a case is assigned to only where there are several',
    async () => {
      const { app, council } = office
      const councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [ashley] })
      const asks = ({ html }: { html: string }) =>
        html.includes('<select class="govuk-select" id="assigneeId"')
      expect([asks(await see('')), asks(await see('', 'manager'))]).toEqual([true, true])
      expect(asks(await see('', 'caseworker'))).toBe(false)
      const page = await councillor.see('/admin/cases?assigneeId=none')
      expect([asks(page), Object.keys(removable(page))]).toEqual([false, ['Nobody']])
    },
    openingMs,
  )

  test('shows what people wrote as text', async () => {
    const { app, council, make, people } = office
    const [ward = ''] = await createTestWards(app, council, [`Ward ${evil}`])
    const [category = ''] = await createTestCategories(app, council, [`Category ${evil}`])
    const made = await make({ summary: `Summary ${evil}`, wardId: ward, categoryId: category })
    const bad = encodeURIComponent(evil)
    for (const query of ['', `?search=${bad}`, `?wardId=${bad}`, `?wardId=${ward}`, `?bbox=${bad}`]) {
      expect((await see(query)).html).not.toContain(evil)
    }
    expect((await see(`?wardId=${ward}`)).text).toContain(`Summary ${evil} Ward ${evil} Category ${evil}`)
    expect((await people.admin.see('/admin')).html).not.toContain(evil)
    await office.call.change(made.id, { archived: true }, council)
    expect(listed(await see('?archived=true')).length).toBe(1)
  })
})

describe('a long list', () => {
  beforeAll(async () => {
    for (let i = 1; i <= 45; i++) await office.make({ summary: `Many ${i}`, internalRef: String(i) })
  })

  test('comes in pages of twenty, each with the way to the others', async () => {
    const first = await see('?search=many&sort=reference')
    expect(listed(first)).toEqual(Array.from({ length: 20 }, (_, i) => `Many ${i + 1}`))
    expect(first.text).toContain('1 to 20 of 45 cases')
    const [next = ''] = linksOf(first, 'Next')
    expect(next).toBe('/admin/cases?search=many&sort=reference&page=2')
    const last = await see('?search=many&sort=reference&page=3')
    expect(listed(last)).toEqual(['Many 41', 'Many 42', 'Many 43', 'Many 44', 'Many 45'])
    expect(linksOf(last, 'Next')).toEqual([])
    expect(removable(last).many).toBe('/admin/cases?sort=reference')
  })

  test('is empty beyond its end, with a way back', async () => {
    const beyond = await see('?search=many&page=9')
    expect([beyond.status, listed(beyond)]).toEqual([200, []])
    expect(beyond.text).toContain('45 cases, none of them on this page')
    expect(linksOf(beyond, 'Go to the first page')).toEqual(['/admin/cases?search=many'])
    const little = await see('?search=bins&page=2')
    expect(linksOf(little, 'Go to the first page')).toEqual(['/admin/cases?search=bins'])
    expect((await see('?search=nowhere')).text).toContain('No case matches all the filters.')
    const ofNames = 'A search does not look at residents’ names and contact details.'
    expect((await see('?search=nowhere')).text).toContain(ofNames)
    expect((await see('?priority=urgent&status=closed')).text).not.toContain(ofNames)
  })
})
