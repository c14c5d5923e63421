import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Body, unknownId } from '../../resources/cases/support'
import { createCouncil, createTestUser } from '../../support/app'
import { createTestCase, createTestWards, deactivateUser, idsOf } from '../../support/casework'
import { signedInAs } from '../../support/visitor'
import { evil, type Office, openingMs, openOffice } from './one/support'
import { listed } from './support'

let office: Office
const made: Body[] = []
let ids: string[]

beforeAll(async () => {
  office = await openOffice()
  for (const summary of ['First', 'Second', 'Third']) made.push(await office.make({ summary }))
  ids = idsOf(made)
}, openingMs)
afterAll(() => office.app.close())

type Sent = Record<string, string | string[]>

const assign = (fields: Sent, who: 'admin' | 'manager' | 'caseworker' = 'manager') =>
  office.people[who].send('/admin/cases/assign', fields)

const assignees = async () =>
  Promise.all(ids.map(async (id) => (await office.now(id)).assigneeId as string | null))

describe('nothing is assigned', () => {
  test.each([
    [{}, ['Select at least one case', 'Choose who to assign the cases to']],
    [{ assignee: 'none' }, ['Select at least one case']],
    [{ ids: 'first' }, ['Choose who to assign the cases to']],
    [{ ids: 'first', assignee: unknownId }, ['is not in the list']],
    [{ ids: 'first', assignee: 'No such' }, ['“No such” is not in the list']],
    [{ ids: [unknownId], assignee: 'none' }, ['no longer have permission to view some of these cases']],
    [{ ids: ['no id'], assignee: 'none' }, ['no longer have permission to view some of these cases']],
  ] as [Sent, string[]][])('where %p is sent, and the list says why', async (fields, said) => {
    const sent = { ...fields, ...(fields.ids === 'first' && { ids: ids[0] as string }) }
    const page = await assign({ ...sent, list: 'search=second&sort=reference' })
    expect(page.status).toBe(400)
    expect(page.text).toContain('There is a problem')
    for (const words of said) expect(page.text).toContain(words)
    expect(listed(page)).toEqual(['Second'])
    expect(await assignees()).toEqual([null, null, null])
  })

  test('of more cases than a page has', async () => {
    const many = Array.from({ length: 101 }, () => ids[0] as string)
    const page = await assign({ ids: many, assignee: 'none' })
    expect([page.status, page.text.includes('at most 100')]).toEqual([400, true])
  })

  test(
    'to somebody who is gone, or of another council',
    async () => {
      const { app, council } = office
      const gone = await createTestUser(council, { role: 'manager' })
      await deactivateUser(app, gone.id)
      const stranger = await createTestUser(await createCouncil(app, 'elsewhere'), { role: 'manager' })
      for (const { id } of [gone, stranger]) {
        const page = await assign({ ids, assignee: id })
        expect([page.status, page.text.includes('is not in the list')]).toEqual([400, true])
      }
      expect(await assignees()).toEqual([null, null, null])
    },
    openingMs,
  )

  test('where one of the cases is not theirs: all or none', async () => {
    const { app, make, people } = office
    const theirs = await make({ assigneeId: people.caseworker.id })
    const foreign = await createTestCase(app, await createCouncil(app, 'other'))
    for (const id of [ids[0] as string, foreign.id]) {
      const page = await assign({ ids: [theirs.id, id], assignee: people.manager.id }, 'caseworker')
      expect([page.status, page.text.includes('no longer have permission')]).toEqual([400, true])
    }
    expect((await office.now(theirs.id)).assigneeId).toBe(people.caseworker.id)
    expect(await assignees()).toEqual([null, null, null])
  })

  test('where the list to come back to is nonsense: it says so', async () => {
    const page = await assign({ list: `status=lost&x=${evil}` })
    expect([page.status, page.html.includes(evil)]).toEqual([400, false])
    expect(page.text).toContain('Status must be one of')
  })
})

test('what was ticked and chosen stays so where something is missing', async () => {
  const { people } = office
  const nobodyChosen = await assign({ ids: [ids[1] as string] })
  expect(nobodyChosen.html).toMatch(new RegExp(`value="${ids[1]}" checked`))
  expect(nobodyChosen.html).not.toMatch(new RegExp(`value="${ids[0]}" checked`))
  const nothingTicked = await assign({ assignee: people.caseworker.id })
  expect(nothingTicked.html).toMatch(
    new RegExp(`<option value="${people.caseworker.id}" selected>Cass White`),
  )
})

test('cases are assigned from the list, which then says to whom, and comes back as it was', async () => {
  const { people } = office
  const before = await people.manager.see('/admin/cases?assigneeId=none&sort=reference')
  expect(listed(before)).toEqual(['First', 'Second', 'Third'])
  expect(before.html).toContain(
    '<input type="hidden" name="list" value="assigneeId=none&amp;sort=reference">',
  )
  const two = ids.slice(0, 2)
  const sent = await assign({
    ids: two,
    assignee: people.caseworker.id,
    list: 'assigneeId=none&sort=reference',
  })
  expect([sent.status, sent.location]).toEqual([
    303,
    `/admin/cases?assigneeId=none&sort=reference&done=assigned&count=2&to=${people.caseworker.id}`,
  ])
  const after = await people.manager.see(sent.location as string)
  expect(after.text).toContain('2 cases assigned to Cass White, caseworker')
  expect(listed(after)).toEqual(['Third'])
  expect(await assignees()).toEqual([people.caseworker.id, people.caseworker.id, null])

  const again = await assign({ ids: two.slice(0, 1), assignee: people.caseworker.id, list: '' })
  expect((await people.manager.see(again.location as string)).text).toContain('Nothing was changed')
  const back = await assign({ ids: two, assignee: 'none', list: '' })
  expect((await people.manager.see(back.location as string)).text).toContain('2 cases assigned to nobody')
  expect(await assignees()).toEqual([null, null, null])
})

test(
  'a caseworker and a councillor give away what they see, as they may elsewhere',
  async () => {
    const { app, council, make, people } = office
    const [ward = ''] = await createTestWards(app, council, ['Ashley'])
    const councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [ward] })
    const own = await make({ assigneeId: people.caseworker.id })
    const local = await make({ wardId: ward })
    const sent = await assign({ ids: [own.id], assignee: people.manager.id }, 'caseworker')
    expect((await people.caseworker.see(sent.location as string)).text).toContain(
      '1 case assigned to Max Brown',
    )
    await councillor.send('/admin/cases/assign', { ids: [local.id], assignee: people.manager.id })
    expect((await office.now(own.id)).assigneeId).toBe(people.manager.id)
    expect((await office.now(local.id)).assigneeId).toBe(people.manager.id)
  },
  openingMs,
)

test('an address says nothing of its own about what was done', async () => {
  const { people } = office
  for (const query of [
    `done=assigned&count=${encodeURIComponent(evil)}&to=${people.manager.id}`,
    'done=assigned&count=2&to=somebody',
    'done=assigned&count=99999&to=none',
    `done=created&case=${encodeURIComponent(evil)}`,
    'done=toString',
  ]) {
    const { status, html } = await people.manager.see(`/admin/cases?${query}`)
    expect([query, status, html.includes('govuk-notification-banner')]).toEqual([query, 200, false])
    expect(html).not.toContain(evil)
  }
  expect((await people.manager.see('/admin/cases?done=gone')).text).toContain('no longer have permission')
})
