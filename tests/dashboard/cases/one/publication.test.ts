import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { evil, type Office, openingMs, openOffice, type Person, pathOf, tagIn, valueIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

async function send(one: { reference: string }, fields: Record<string, string>, who?: Person) {
  const person = who ?? office.people.manager
  const tag = tagIn(await office.people.admin.see(pathOf(one, '/public')))
  return person.send(pathOf(one, '/public'), { tag, ...fields })
}

const texts = { publicSummary: 'A pothole on Mina Road', publicThemes: 'Roads\r\n\r\n Safety ' }
const addressOf = ({ reference }: { reference: string }) => `/public/avon/cases/${reference}`

describe('publishing is refused', () => {
  test('where there is nothing to show, or personal data in it: beside the field that holds it', async () => {
    const { make, now } = office
    const one = await make({ residentName: 'Margaret Hughes' })
    const empty = await send(one, { publicState: 'approved' })
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('Enter the public summary')])
    const sent = {
      publicSummary: 'Ring 0117 496 0123',
      publicThemes: `Roads\nm.hughes@example.org ${evil}`,
      publicState: 'approved',
    }
    const page = await send(one, sent)
    expect(page.status).toBe(400)
    expect(page.text).toContain(
      'Public summary contains a telephone number. Take it out, or confirm with a reason',
    )
    expect(page.text).toContain(`“m.hughes@example.org ${evil}” contains an e-mail address`)
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).toContain('href="#publicThemes"')
    expect(valueIn(page, 'publicSummary')).toBe('Ring 0117 496 0123')
    expect(await now(one.id)).toMatchObject({ version: 1, publicState: 'draft' })
  })

  test('to a caseworker, to whom nothing is offered and who is told why', async () => {
    const { call, council, make, now, people } = office
    const one = await make({ assigneeId: people.caseworker.id })
    const page = await people.caseworker.see(pathOf(one, '/public'))
    expect(page.text).toContain('Caseworkers cannot publish a case or change what is published.')
    expect(page.text).not.toContain('Save and publish')
    const tried = await send(one, { ...texts, publicState: 'approved' }, people.caseworker)
    expect([tried.status, (await now(one.id)).publicState]).toEqual([403, 'draft'])
    expect((await send(one, texts, people.caseworker)).status).toBe(303)

    await call.change(one.id, { publicState: 'approved' }, council)
    const shown = await people.caseworker.see(pathOf(one, '/public'))
    expect(shown.text).toContain('Summary A pothole on Mina Road')
    expect(shown.html).not.toContain('name="publicSummary"')
    for (const fields of [
      { ...texts, publicSummary: 'Other' },
      { ...texts, publicState: 'withdrawn' },
    ]) {
      expect((await send(one, fields as Record<string, string>, people.caseworker)).status).toBe(403)
    }
    expect(await now(one.id)).toMatchObject({ publicState: 'approved', publicSummary: texts.publicSummary })
  })

  test('where somebody else changed the case meanwhile, and as a step that there is not', async () => {
    const { call, council, make, now, people } = office
    const one = await make({ publicSummary: 'A hole' })
    const tag = tagIn(await people.manager.see(pathOf(one, '/public')))
    await call.change(one.id, { publicSummary: 'Two holes' }, council)
    const sent = { tag, publicSummary: 'One hole', publicState: 'approved' }
    const refused = await people.manager.send(pathOf(one, '/public'), sent)
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('Public summary One hole Two holes'),
    ])
    for (const [publicState, status] of [
      ['withdrawn', 400],
      ['shown', 400],
    ] as const) {
      const page = await send(one, { publicSummary: 'Two holes', publicState })
      expect([publicState, page.status]).toEqual([publicState, status])
    }
    expect((await now(one.id)).publicState).toBe('draft')
  })
})

describe('personal data that the public may read', () => {
  const ticked = { isConfirmed: 'true', 'confirmPersonalData.reason': 'It is the number of the depot' }

  test('is confirmed with a reason, which is asked only after a refusal', async () => {
    const { make, now } = office
    const one = await make({ residentName: 'Margaret Hughes' })
    const sent = { publicSummary: 'Ring 0117 496 0123', publicState: 'approved' }
    const first = await office.people.manager.see(pathOf(one, '/public'))
    expect(first.text).not.toContain('I confirm that the public may read this')
    const refused = await send(one, sent)
    expect(refused.text).toContain('I confirm that the public may read this')
    const unticked = await send(one, { ...sent, 'confirmPersonalData.reason': 'It is the depot’s' })
    expect([unticked.status, valueIn(unticked, 'confirmPersonalData.reason')]).toEqual([
      400,
      'It is the depot’s',
    ])
    const unsaid = await send(one, { ...sent, ...ticked, 'confirmPersonalData.reason': ' ' })
    expect([unsaid.status, unsaid.text.includes('Enter a reason')]).toEqual([400, true])
    const told = await send(one, { ...sent, ...ticked, 'confirmPersonalData.reason': 'Ask 0117 496 0123' })
    expect([told.status, told.text.includes('Reason must not contain a telephone number')]).toEqual([
      400,
      true,
    ])
    expect((await now(one.id)).publicState).toBe('draft')
    expect((await send(one, { ...sent, ...ticked })).location).toBe(pathOf(one, '/public?done=approved'))
    expect((await office.people.admin.see('/admin/audit')).text).toContain(
      'Personal data in a public text confirmed',
    )
  })

  test('may stand in a public note, and stay where the resident gets another name', async () => {
    const { make, now, people } = office
    const one = await make({ residentName: 'Margaret Hughes' })
    const note = { body: 'Dear Ms Hughes', visibility: 'public' }
    const refused = await people.manager.send(pathOf(one, '/notes'), note)
    expect([refused.status, refused.text.includes('Note contains the resident’s name')]).toEqual([400, true])
    expect(valueIn(refused, 'body')).toBe('Dear Ms Hughes')
    const noted = await people.manager.send(pathOf(one, '/notes'), { ...note, ...ticked })
    expect(noted.location).toBe(pathOf(one, '?done=noted'))

    await send(one, { publicSummary: 'A hole in Hollis Lane', publicState: 'approved' })
    const path = pathOf(one, '/resident')
    const tag = tagIn(await people.admin.see(path))
    const renamed = { tag, residentName: 'Ann Hollis' }
    const problem = await people.admin.send(path, renamed)
    expect([problem.status, problem.text.includes('I confirm that')]).toEqual([400, true])
    expect((await people.admin.send(path, { ...renamed, ...ticked })).location).toBe(`${path}?done=saved`)
    expect((await now(one.id)).residentName).toBe('Ann Hollis')
  })
})

describe('the public side of a case', () => {
  test('is prepared, published, changed and withdrawn', async () => {
    const { app, make, now, people } = office
    const one = await make({ location: { latitude: 51.46449, longitude: -2.57421 } })
    const first = await people.manager.see(pathOf(one, '/public'))
    expect(first.text).toContain('Nobody outside the council can read anything about this case.')
    expect((await send(one, { ...texts, highlightedForPublic: 'true' })).location).toBe(
      pathOf(one, '/public?done=saved'),
    )
    expect(await now(one.id)).toMatchObject({
      publicState: 'draft',
      publicSummary: 'A pothole on Mina Road',
      publicThemes: ['Roads', 'Safety'],
      highlightedForPublic: true,
    })
    expect((await app.send('GET', addressOf(one))).status).toBe(404)

    const filled = { ...texts, highlightedForPublic: 'true' }
    expect((await send(one, { ...filled, publicState: 'approved' })).location).toBe(
      pathOf(one, '/public?done=approved'),
    )
    expect((await app.send('GET', addressOf(one))).body.publicSummary).toBe('A pothole on Mina Road')
    const shown = await people.manager.see(pathOf(one, '/public?done=approved'))
    for (const words of [
      'The public can read it now',
      `The public can read this at ${addressOf(one)}`,
      'Summary A pothole on Mina Road',
      'Themes Roads, Safety',
      'Highlighted Yes',
      'Place 51.464, -2.574',
      'Save and withdraw',
    ]) {
      expect([words, shown.text.includes(words)]).toEqual([words, true])
    }
    expect((await people.admin.see(pathOf(one))).text).toContain('Public')

    await send(one, { publicSummary: 'A deep pothole', publicThemes: '' })
    expect((await app.send('GET', addressOf(one))).body).toMatchObject({
      publicSummary: 'A deep pothole',
      publicThemes: [],
      highlighted: false,
    })
    expect((await send(one, { publicSummary: 'A deep pothole' })).location).toBe(
      pathOf(one, '/public?done=unchanged'),
    )
    await send(one, { publicSummary: 'A deep pothole', publicState: 'withdrawn' })
    expect((await app.send('GET', addressOf(one))).status).toBe(404)
    const back = await people.manager.see(pathOf(one, '/public?done=withdrawn'))
    expect(back.text).toContain('It was public and has been withdrawn')
    expect(back.text).toContain('Save and publish')
    expect((await people.admin.see(pathOf(one))).text).toContain('Withdrawn from the public by Max Brown')
  })
})
