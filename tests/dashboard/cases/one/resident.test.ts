import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { auditOf } from '../../../resources/cases/support'
import { evil, type Office, openingMs, openOffice, pathOf, tagIn, valueIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

const margaret = {
  residentName: 'Margaret Hughes',
  residentEmail: 'm.hughes@example.org',
  residentPhone: '0117 496 0123',
  residentAddress: '14 Mina Road\nBristol',
  residentPostcode: 'BS2 9YT',
}

/** What the log has of people at the office and these cases, in order. */
async function recordOf(actions: RegExp): Promise<unknown[]> {
  const { app, council } = office
  const rows = (await auditOf(app, council)).filter(({ actorType }) => actorType === 'user')
  return rows
    .filter(({ action }) => actions.test(action))
    .map(({ action, actorName, entityId }) => ({ action, actorName, entityId }))
}

const ofResidents = /^resident\./

describe('a change of the resident is refused', () => {
  test('for what is no address, number or postcode', async () => {
    const { make, now, people } = office
    const one = await make(margaret)
    const tag = tagIn(await people.admin.see(pathOf(one, '/resident')))
    const sent = { ...margaret, residentEmail: 'not one', residentPhone: '12', residentPostcode: 'Bristol' }
    const page = await people.admin.send(pathOf(one, '/resident'), { tag, ...sent })
    expect(page.status).toBe(400)
    for (const words of [
      'E-mail address must be an e-mail address, such as name@example.org',
      'Telephone number must be a whole telephone number, such as 020 7946 0018',
      'Postcode must be a UK postcode, such as SW1A 2AA',
    ]) {
      expect([words, page.text.includes(words)]).toEqual([words, true])
    }
    expect(valueIn(page, 'residentEmail')).toBe('not one')
    expect(await now(one.id)).toMatchObject(margaret)
  })

  test('where somebody else changed it meanwhile: both versions are shown', async () => {
    const { call, council, make, now, people } = office
    const one = await make(margaret)
    const tag = tagIn(await people.admin.see(pathOf(one, '/resident')))
    await call.change(one.id, { residentName: 'Margaret Hughes-Jones' }, council)
    const sent = { ...margaret, residentPhone: '0117 496 0999' }
    expect((await people.admin.send(pathOf(one, '/resident'), { tag, ...sent })).status).toBe(303)
    expect(await now(one.id)).toMatchObject({
      residentName: 'Margaret Hughes-Jones',
      residentPhone: '0117 496 0999',
    })
    const refused = await people.admin.send(pathOf(one, '/resident'), {
      tag,
      ...sent,
      residentName: 'Maggie',
    })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Full name Maggie Margaret Hughes-Jones')
    expect(refused.html).not.toContain('0117 496 0123')
    expect((await now(one.id)).residentName).toBe('Margaret Hughes-Jones')
  })

  test('by a form that was made of a page without the resident', async () => {
    const { make, now, people } = office
    const one = await make(margaret)
    const tag = tagIn(await people.admin.see(pathOf(one)))
    const sent = await people.admin.send(pathOf(one, '/resident'), { tag, residentName: 'Other' })
    expect([sent.status, (await now(one.id)).residentName]).toEqual([409, 'Margaret Hughes'])
  })

  test('where everybody would read a part of the name', async () => {
    const { call, council, make, now, people } = office
    const one = await make({ publicSummary: 'A hole that Quentin Pym dug' })
    await call.change(one.id, { publicState: 'approved' }, council)
    const tag = tagIn(await people.admin.see(pathOf(one, '/resident')))
    const page = await people.admin.send(pathOf(one, '/resident'), { tag, residentName: 'Quentin Pym' })
    expect([page.status, page.text]).toEqual([
      400,
      expect.stringContaining(
        'The public summary of this case contains a part of it. Change that first, or confirm it with a reason',
      ),
    ])
    expect((await now(one.id)).residentName).toBeNull()
  })
})

describe('the page of a resident', () => {
  test('shows what is known, and that it was shown is on record first', async () => {
    const { make, people } = office
    const one = await make({ ...margaret, assigneeId: people.caseworker.id })
    const before = await recordOf(ofResidents)
    await people.caseworker.see(pathOf(one))
    await people.caseworker.see(pathOf(one, '/edit'))
    expect(await recordOf(ofResidents)).toEqual(before)
    const page = await people.caseworker.see(pathOf(one, '/resident'))
    expect(page.text).toContain('Viewing these details has been logged.')
    for (const [name, value] of Object.entries(margaret))
      expect([name, valueIn(page, name)]).toEqual([name, value])
    const seen = { action: 'resident.read', actorName: 'Cass White', entityId: one.id }
    expect((await recordOf(ofResidents)).slice(before.length)).toEqual([seen])
  })

  test('shows what they wrote, which the page of the case does not, and keeps it when the rest changes', async () => {
    const { make, now, people } = office
    const residentMessage = `My gate ${evil}\nis broken`
    const one = await make({ ...margaret, residentMessage, sourceChannel: 'web' })
    const whole = await people.admin.see(pathOf(one))
    expect(whole.text).toContain('What the resident wrote is with the resident’s details.')
    expect(whole.html).not.toContain('My gate')
    const page = await people.admin.see(pathOf(one, '/resident'))
    expect(page.text).toContain('What the resident wrote My gate')
    expect(page.html).not.toContain('<script>alert')
    const sent = { ...margaret, residentPhone: '0117 496 0999' }
    await people.admin.send(pathOf(one, '/resident'), { tag: tagIn(page), ...sent })
    expect(await now(one.id)).toMatchObject({ residentMessage, residentPhone: '0117 496 0999' })
  })

  test('of whom nothing is known says so, and puts nothing on record', async () => {
    const { make, people } = office
    const one = await make()
    const before = await recordOf(ofResidents)
    const page = await people.admin.see(pathOf(one, '/resident'))
    expect(page.text).toContain('There are no resident’s details.')
    expect(page.text).not.toContain('Find other cases')
    expect(await recordOf(ofResidents)).toEqual(before)
  })

  test('changes it, and shows what was typed as text', async () => {
    const { make, now, people } = office
    const one = await make(margaret)
    const tag = tagIn(await people.admin.see(pathOf(one, '/resident')))
    const sent = { ...margaret, residentName: evil, residentAddress: `${evil}\r\nBristol`, residentPhone: '' }
    const { status, location } = await people.admin.send(pathOf(one, '/resident'), { tag, ...sent })
    expect([status, location]).toEqual([303, pathOf(one, '/resident?done=saved')])
    expect(await now(one.id)).toMatchObject({
      residentName: evil,
      residentAddress: `${evil}\nBristol`,
      residentPhone: null,
      residentEmail: margaret.residentEmail,
    })
    const { html, text } = await people.admin.see(pathOf(one, '/resident?done=saved'))
    expect(text).toContain('The resident’s details were saved')
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('&lt;script&gt;alert')
  })
})

describe('other cases of a resident', () => {
  const email = { residentEmail: 'j.okafor@example.org' }

  test('are found by what is the same, and the search and each of them are on record', async () => {
    const { make, people } = office
    const one = await make({ ...email, summary: 'The first' })
    const other = await make({ residentEmail: 'J.Okafor@example.org', summary: `The second ${evil}` })
    const stranger = await make({ residentEmail: 'else@example.org' })
    const resident = await people.admin.see(pathOf(one, '/resident'))
    expect(resident.text).toContain('Find cases with the same e-mail address')
    expect(resident.text).not.toContain('Find cases with the same postcode')
    const before = await recordOf(ofResidents)
    const page = await people.admin.send(pathOf(one, '/resident/others'), { by: 'email' })
    expect(page.status).toBe(200)
    expect(page.text).toContain(`1 other case, newest first.`)
    expect(page.text).toContain(`${other.reference} The second ${evil} Open`)
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).toContain(`href="${pathOf(other)}"`)
    expect(page.html).not.toContain(stranger.reference)
    const record = (await recordOf(ofResidents)).slice(before.length)
    expect(record).toContainEqual({ action: 'resident.search', actorName: 'Ada Green', entityId: 'search' })
    expect(record).toContainEqual({ action: 'resident.read', actorName: 'Ada Green', entityId: other.id })
  })

  test('are only those that whoever asks may see, and none where nothing is known', async () => {
    const { make, people } = office
    const phone = { residentPhone: '0117 496 0555' }
    const one = await make({ ...phone, assigneeId: people.caseworker.id })
    await make(phone)
    const ask = (by: string) => people.caseworker.send(pathOf(one, '/resident/others'), { by })
    const none = 'There are no other cases that you have permission to view.'
    expect((await ask('phone')).text).toContain(none)
    expect((await ask('email')).text).toContain(none)
    expect((await ask('<script>')).text).toContain(none)
  })

  test('that are many are shown in parts', async () => {
    const { app, make, people } = office
    const postcode = { residentPostcode: 'M1 1AE' }
    const made = []
    for (let i = 0; i < 52; i++) {
      app.clock.advance(1_000)
      made.push(await make(postcode))
    }
    const one = made[51]
    const ask = (page: string) => people.admin.send(pathOf(one, '/resident/others'), { by: 'postcode', page })
    const first = await ask('1')
    expect([first.text.includes('51 other cases'), first.text.includes('Older cases')]).toEqual([true, true])
    expect([first.text.includes(made[50].reference), first.text.includes(made[0].reference)]).toEqual([
      true,
      false,
    ])
    const second = await ask('2')
    expect([second.text.includes(made[0].reference), second.text.includes('Newer cases')]).toEqual([
      true,
      true,
    ])
    expect(second.text).not.toContain('Older cases')
    expect((await ask('0; drop')).text).toContain('Older cases')
  })
})
