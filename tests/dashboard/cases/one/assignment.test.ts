import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createTestUser } from '../../../support/app'
import { deactivateUser } from '../../../support/casework'
import { type Office, openingMs, openOffice, type Person, pathOf, tagIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

async function assign(one: { reference: string }, fields: Record<string, string>, who?: Person) {
  const person = who ?? office.people.admin
  const path = pathOf(one, '/assign')
  return person.send(path, { tag: tagIn(await person.see(path)), ...fields })
}

describe('giving a case to somebody is refused', () => {
  test('where nobody is chosen, or somebody who is unknown or no longer active', async () => {
    const { app, council, make, now, people } = office
    const one = await make({ assigneeId: people.manager.id })
    const { id: gone } = await createTestUser(council, { role: 'manager' })
    await deactivateUser(app, gone)
    for (const [assigneeId, why] of [
      ['', 'Choose who to assign it to'],
      ['zzzzzzzzzzzzzzzzzzzzzzzz', 'is not in the list'],
      [gone, 'is not in the list'],
      ['<script>', '“<script>” is not in the list'],
    ] as const) {
      const page = await assign(one, { assigneeId })
      expect([assigneeId, page.status, page.text.includes(why)]).toEqual([assigneeId, 400, true])
    }
    expect((await now(one.id)).assigneeId).toBe(people.manager.id)
  })

  test('where it was given to somebody else meanwhile: both are shown', async () => {
    const { call, council, make, now, people } = office
    const one = await make()
    const tag = tagIn(await people.admin.see(pathOf(one, '/assign')))
    await call.change(one.id, { assigneeId: people.caseworker.id }, council)
    const refused = await people.admin.send(pathOf(one, '/assign'), { tag, assigneeId: people.manager.id })
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('Assign to Max Brown, manager Cass White, caseworker'),
    ])
    expect((await now(one.id)).assigneeId).toBe(people.caseworker.id)
    await people.admin.send(pathOf(one, '/assign'), { tag: tagIn(refused), assigneeId: people.manager.id })
    expect((await now(one.id)).assigneeId).toBe(people.manager.id)
  })
})

describe('a case is given', () => {
  test('to somebody, to oneself and to nobody', async () => {
    const { make, now, people } = office
    const one = await make()
    const page = await people.admin.see(pathOf(one, '/assign'))
    expect(page.text).toContain('It is now assigned to nobody.')
    expect(page.text).toContain('Assign to me')
    expect(page.text).not.toContain('Assign to nobody')
    expect((await assign(one, { assigneeId: people.caseworker.id })).location).toBe(
      pathOf(one, '?done=assigned'),
    )
    expect((await now(one.id)).assignee.name).toBe('Cass White')
    await assign(one, { assigneeId: people.admin.id })
    const own = await people.admin.see(pathOf(one, '/assign'))
    expect([own.text.includes('Assign to me'), own.text.includes('Assign to nobody')]).toEqual([false, true])
    await assign(one, { to: 'nobody' })
    expect((await now(one.id)).assigneeId).toBeNull()
    const { text } = await people.admin.see(pathOf(one, '?done=assigned'))
    expect(text).toContain('The case was assigned')
    expect(text).toContain('Assigned to nobody by Ada Green')
  })

  test('away by a caseworker, who is told before that it is gone then', async () => {
    const { make, now, people } = office
    const one = await make({ assigneeId: people.caseworker.id })
    const { text } = await people.caseworker.see(pathOf(one, '/assign'))
    expect(text).toContain('If you assign this one to somebody else, you will not be able to open it again.')
    const { location } = await assign(one, { assigneeId: people.manager.id }, people.caseworker)
    expect(location).toBe('/admin/cases?done=gone')
    expect((await now(one.id)).assigneeId).toBe(people.manager.id)
    expect((await people.caseworker.see(pathOf(one))).status).toBe(404)
  })

  test('and stays with somebody who is no longer active where nothing else is said', async () => {
    const { app, council, make, people } = office
    const { id } = await createTestUser(council, { role: 'manager', name: 'Gone Away' })
    const one = await make({ assigneeId: id })
    await deactivateUser(app, id)
    const { html } = await people.admin.see(pathOf(one, '/assign'))
    expect(html).toMatch(/<option value="[a-z0-9]+" selected>Gone Away/)
  })
})
