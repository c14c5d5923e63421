import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { formOf } from '../support/forms'
import { type Office, openingMs, openOffice, pathOf } from './cases/one/support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

type Added = { page: string; action?: string; fields: Record<string, string>; count: () => Promise<number> }

/** Everything that somebody can add in the dashboard: where, and how to count it. */
async function additions(): Promise<Record<string, Added>> {
  const { make, call, council, app } = office
  const { reference, id } = await make()
  const total = (path: string) => async () =>
    (await app.send('GET', path, { key: council.key })).body.pagination.total as number
  const note = pathOf({ reference })
  return {
    'a note': {
      page: note,
      action: `${note}/notes`,
      fields: { body: 'She rang again' },
      count: async () => (await call.get(id, council)).body.timeline.length,
    },
    'a case': { page: '/admin/cases/new', fields: { summary: 'Dark lamp' }, count: total('/api/cases') },
    'a ward': {
      page: '/admin/wards/new',
      fields: { name: 'Cotham', slug: 'cotham' },
      count: total('/api/wards'),
    },
    'a category': {
      page: '/admin/categories/new',
      fields: { name: 'Lamps', slug: 'lamps' },
      count: total('/api/categories'),
    },
    'a person': {
      page: '/admin/users/new',
      fields: { name: 'Owen Price', email: 'owen@example.org', role: 'manager' },
      count: total('/api/users'),
    },
  }
}

const names = ['a note', 'a case', 'a ward', 'a category', 'a person']

describe.each(names)('a form that adds %s', (name) => {
  test('adds it once, however often it is sent: the second answer is the first', async () => {
    const { page, action = page, fields, count } = (await additions())[name] as Added
    const { admin } = office.people
    const before = await count()
    const form = { ...(await formOf((await admin.see(page)).html)), ...fields }
    const both = await Promise.all([admin.send(action, form), admin.send(action, form)])
    const later = await admin.send(action, form)
    const answers = [...both, later].map(({ status, location, text }) => [
      status,
      location ?? text.slice(0, 40),
    ])
    expect(answers[1]).toEqual(answers[0] as [number, string])
    expect(answers[2]).toEqual(answers[0] as [number, string])
    expect(await count()).toBe(before + 1)
  })
})

describe('a form that was sent, in a browser that goes back', () => {
  const path = '/admin/cases/new'
  const freshForm = async () => formOf((await office.people.admin.see(path)).html)

  test('with the text that it kept under a new key: its author is asked whether they want the same twice', async () => {
    const { admin } = office.people
    const typed = { summary: 'The same again' }
    expect((await admin.send(path, { ...(await freshForm()), ...typed })).status).toBe(303)
    const again = await admin.send(path, { ...(await freshForm()), ...typed })
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('already sent exactly this')])
    const kept = await formOf(again.html)
    expect(kept.summary).toBe('The same again')
    expect((await admin.send(path, kept)).status).toBe(303)
    office.app.clock.advance(61 * 60_000)
    expect((await admin.send(path, { ...(await freshForm()), ...typed })).status).toBe(303)
  })

  test('with a note: what it is asked leads down to the note', async () => {
    const { admin } = office.people
    const note = pathOf(await office.make())
    const send = async () =>
      admin.send(`${note}/notes`, { ...(await formOf((await admin.see(note)).html)), body: 'Rang again' })
    expect((await send()).status).toBe(303)
    const again = await send()
    expect(again.status).toBe(400)
    expect(again.html).toMatch(/<a href="#body">You have already sent exactly this/)
  })

  test('with other text under the same key: it is kept, and its author is asked whether they want both', async () => {
    const { admin } = office.people
    const form = await freshForm()
    await admin.send(path, { ...form, summary: 'One lamp' })
    const other = await admin.send(path, { ...form, summary: 'Two lamps' })
    expect([other.status, other.text]).toEqual([400, expect.stringContaining('with other answers')])
    const kept = await formOf(other.html)
    expect(kept.summary).toBe('Two lamps')
    expect((await admin.send(path, kept)).status).toBe(303)
  })

  test('says the same as somebody else: each adds their own', async () => {
    const { admin, manager } = office.people
    const summary = 'Everybody saw it'
    for (const person of [admin, manager]) {
      const form = await formOf((await person.see(path)).html)
      expect((await person.send(path, { ...form, summary })).status).toBe(303)
    }
  })
})
