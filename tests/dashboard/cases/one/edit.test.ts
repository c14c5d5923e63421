import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createTestUser } from '../../../support/app'
import { createTestCategories, createTestWards, deactivateUser } from '../../../support/casework'
import { formOf } from '../../../support/forms'
import { type Page, signedInAs, type Visitor } from '../../../support/visitor'
import { type Office, openingMs, openOffice, pathOf, tagIn, valueIn } from './support'

let office: Office

beforeAll(async () => {
  office = await openOffice()
}, openingMs)
afterAll(() => office.app.close())

const texts = [
  'summary',
  'description',
  'location.address',
  'location.postcode',
  'location.uprn',
  'location.latitude',
  'location.longitude',
  'followUpAt',
  'internalRef',
]
const lists = ['type', 'priority', 'wardId', 'categoryId', 'councillorId']

/** The values that the form shows. */
function filledIn(page: Page): Record<string, string> {
  const chosen = lists.map((name) => {
    const [list = ''] = new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?</select>`).exec(page.html) ?? []
    return [name, /<option value="([^"]*)" selected/.exec(list)?.[1] ?? '']
  })
  const archived = /name="archived"[^>]*checked/.test(page.html) ? { archived: 'true' } : {}
  return {
    tag: tagIn(page),
    ...Object.fromEntries([...texts.map((name) => [name, valueIn(page, name) ?? '']), ...chosen]),
    ...archived,
  }
}

/** A form as a browser sends it untouched: without the line breaks of one-line inputs. */
async function browserForm(html: string): Promise<Record<string, string | string[]>> {
  const inputs = new Set([...html.matchAll(/<input[^>]*name="([^"]+)"/g)].map(([, name]) => name))
  const form = await formOf(html)
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      inputs.has(name) && typeof value === 'string' ? value.replaceAll(/[\r\n]/g, '') : value,
    ]),
  )
}

async function edit(one: { reference: string }, fields: Record<string, string>, who?: Visitor) {
  const person = who ?? office.people.admin
  const path = pathOf(one, '/edit')
  return person.send(path, { ...filledIn(await person.see(path)), ...fields })
}

const everything = {
  summary: 'Pothole',
  description: 'Deep.\n\nWide.',
  type: 'complaint',
  priority: 'low',
  internalRef: 'HW/1',
  followUpAt: '2026-04-01T13:30:00Z',
  location: {
    address: '12 Mina Road',
    postcode: 'BS2 9YT',
    uprn: '123',
    latitude: 51.464501,
    longitude: -2.5,
  },
}

describe('a change is refused', () => {
  test('for what the fields hold: each says why and keeps it', async () => {
    const { make, now } = office
    const one = await make(everything)
    const sent = {
      summary: ' ',
      internalRef: 'x'.repeat(101),
      'location.postcode': 'Somewhere',
      'location.uprn': '12a',
      'location.latitude': '91',
      'location.longitude': 'west',
      followUpAt: '2026-02-30',
      wardId: 'zzzzzzzzzzzzzzzzzzzzzzzz',
    }
    const page = await edit(one, sent)
    expect(page.status).toBe(400)
    for (const words of [
      'Enter a summary',
      'Internal reference must have at most 100 characters',
      'UPRN must be up to 12 digits',
      'Latitude must be at most 90',
      'Longitude must be a number',
    ]) {
      expect([words, page.text.includes(words)]).toEqual([words, true])
    }
    expect(page.html).toContain('href="#location.uprn"')
    expect(valueIn(page, 'location.longitude')).toBe('west')
    const { summary: _s, internalRef: _r, ...rest } = sent
    const second = await edit(one, {
      ...rest,
      'location.uprn': '1',
      'location.latitude': '',
      'location.longitude': '',
    })
    for (const words of [
      'Postcode of the place must be a UK postcode, such as SW1A 2AA',
      'Follow up on must be a real date',
      'Ward: what you chose is not in the list any more. Choose again',
    ]) {
      expect([words, second.text.includes(words)]).toEqual([words, true])
    }
    expect((await now(one.id)).version).toBe(1)
  })

  test('where somebody else changed the case meanwhile: both versions are shown, and saving again decides', async () => {
    const { call, council, make, now, people } = office
    const one = await make(everything)
    const page = await people.admin.see(pathOf(one, '/edit'))
    await call.change(one.id, { summary: 'Two potholes', priority: 'urgent' }, council)
    const sent = { ...filledIn(page), summary: 'A deep pothole', internalRef: 'HW/2' }
    const refused = await people.admin.send(pathOf(one, '/edit'), sent)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Summary A deep pothole Two potholes')
    expect(refused.text).toContain('unless you change it below: Priority: Urgent')
    expect(refused.text).not.toContain('Internal reference HW/2')
    expect((await now(one.id)).summary).toBe('Two potholes')
    const again = await people.admin.send(pathOf(one, '/edit'), filledIn(refused))
    expect(again.status).toBe(303)
    expect(await now(one.id)).toMatchObject({
      summary: 'A deep pothole',
      internalRef: 'HW/2',
      priority: 'urgent',
    })
  })

  test('unless others changed other things, or added a note: both changes are kept', async () => {
    const { call, council, make, now, people } = office
    const one = await make(everything)
    const page = await people.admin.see(pathOf(one, '/edit'))
    await call.note(one.id, { body: 'She rang' }, council)
    await call.change(one.id, { priority: 'urgent', location: { postcode: 'BS3 1AA' } }, council)
    const sent = { ...filledIn(page), summary: 'A deep pothole', 'location.address': '14 Mina Road' }
    const saved = await people.admin.send(pathOf(one, '/edit'), sent)
    expect([saved.status, saved.location]).toEqual([303, pathOf(one, '?done=saved')])
    const both = {
      summary: 'A deep pothole',
      priority: 'urgent',
      location: { address: '14 Mina Road', postcode: 'BS3 1AA', uprn: '123' },
    }
    expect(await now(one.id)).toMatchObject(both)
    const twice = await people.admin.send(pathOf(one, '/edit'), sent)
    expect([twice.status, (await now(one.id)).version]).toEqual([303, (await now(one.id)).version])
    expect(await now(one.id)).toMatchObject(both)
  })

  test('of a form that does not say which version it changes', async () => {
    const { make, now, people } = office
    const one = await make(everything)
    const { tag: _tag, ...fields } = filledIn(await people.admin.see(pathOf(one, '/edit')))
    const page = await people.admin.send(pathOf(one, '/edit'), { ...fields, summary: 'Other' })
    expect([page.status, page.text.includes('does not say which version it changes')]).toEqual([400, true])
    expect((await now(one.id)).summary).toBe('Pothole')
  })
})

describe('the form of a case', () => {
  test('changes every field, and clears what is emptied', async () => {
    const { app, council, make, now, people } = office
    const [wardId = ''] = await createTestWards(app, council, ['Ashley'])
    const [categoryId = ''] = await createTestCategories(app, council, ['Roads'])
    const { id: councillorId } = await createTestUser(council, { role: 'councillor', name: 'Cora Black' })
    const one = await make(everything)
    const changed = await edit(one, {
      summary: 'Two potholes',
      description: 'Both deep.\r\nBoth wide.',
      type: 'enquiry',
      priority: 'high',
      wardId,
      categoryId,
      councillorId,
      'location.address': '14 Mina Road',
      'location.latitude': '51.5',
      followUpAt: '2026-04-02',
      internalRef: 'HW/2',
      archived: 'true',
    })
    expect([changed.status, changed.location]).toEqual([303, pathOf(one, '?done=saved')])
    expect(await now(one.id)).toMatchObject({
      summary: 'Two potholes',
      description: 'Both deep.\nBoth wide.',
      type: 'enquiry',
      priority: 'high',
      wardId,
      categoryId,
      councillorId,
      location: {
        address: '14 Mina Road',
        postcode: 'BS2 9YT',
        uprn: '123',
        latitude: 51.5,
        longitude: -2.5,
      },
      followUpAt: '2026-04-01T23:00:00.000Z',
      internalRef: 'HW/2',
      archived: true,
    })
    expect((await people.admin.see(pathOf(one, '?done=saved'))).text).toContain('The case was saved')

    const page = await people.admin.see(pathOf(one, '/edit'))
    const { archived: _archived, ...filled } = filledIn(page)
    const emptied = Object.fromEntries(
      [...texts.slice(1), 'wardId', 'categoryId', 'councillorId'].map((name) => [name, '']),
    )
    await people.admin.send(pathOf(one, '/edit'), { ...filled, ...emptied })
    expect(await now(one.id)).toMatchObject({
      summary: 'Two potholes',
      description: null,
      wardId: null,
      categoryId: null,
      councillorId: null,
      location: null,
      followUpAt: null,
      internalRef: null,
      archived: false,
    })
  })

  test('that is sent as it stands changes nothing', async () => {
    const { make, now } = office
    const one = await make({ ...everything, description: ' Lines\r\nand blanks ' })
    const { status, location } = await edit(one, {})
    expect([status, location]).toEqual([303, pathOf(one, '?done=unchanged')])
    expect(await now(one.id)).toMatchObject({ version: 1, followUpAt: '2026-04-01T13:30:00.000Z' })
  })

  test('keeps the lines of what nobody touched, as a browser sends it back', async () => {
    const { make, now, people } = office
    const lines = '12 Mina Road\nBristol'
    const texts = { description: lines, residentAddress: lines }
    const one = await make({ ...texts, location: { address: lines } })
    for (const below of ['/edit', '/resident']) {
      const path = pathOf(one, below)
      const filled = await browserForm((await people.admin.see(path)).html)
      expect((await people.admin.send(path, { ...filled, priority: 'high' })).status).toBe(303)
    }
    expect(await now(one.id)).toMatchObject({
      priority: 'high',
      location: { address: lines },
      ...texts,
    })
  })

  test('keeps what could not be chosen any more, and the hour that it does not show', async () => {
    const { app, council, make, now, people } = office
    const { id: councillorId } = await createTestUser(council, { role: 'councillor', name: 'Gone Away' })
    const one = await make({ ...everything, councillorId })
    await deactivateUser(app, councillorId)
    const page = await people.admin.see(pathOf(one, '/edit'))
    expect(page.text).toContain('Gone Away')
    expect((await edit(one, { priority: 'high' })).status).toBe(303)
    expect(await now(one.id)).toMatchObject({
      priority: 'high',
      councillorId,
      followUpAt: '2026-04-01T13:30:00.000Z',
      location: { latitude: 51.464501 },
    })
  })

  test('by which a councillor gives the case to another ward leads to the list', async () => {
    const { app, council, make } = office
    const [own = '', other = ''] = await createTestWards(app, council, ['Own', 'Other'])
    const councillor = await signedInAs(app, council, { role: 'councillor', wardIds: [own] })
    const one = await make({ wardId: own })
    expect((await edit(one, { wardId: other }, councillor)).location).toBe('/admin/cases?done=gone')
    expect((await councillor.see(pathOf(one))).status).toBe(404)
  })
})
