import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { importWards } from '../../src/resources/wards/import.service'
import { patchWard } from '../../src/resources/wards/service'
import { getWard, listAllWards } from '../../src/resources/wards/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { formOf } from '../support/forms'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor
let caseworker: Visitor

const evil = '<script>alert(1)</script>'

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
  caseworker = await signedInAs(app, council, { role: 'caseworker' })
})

afterAll(() => app.close())

const called = async (slug: string) => {
  const ward = (await listAllWards(council.ctx)).find((row) => row.slug === slug)
  if (!ward) throw new Error(`There is no ward ${slug}`)
  return ward
}

const ashley = { name: 'Ashley', tier: 'ward', enabled: 'true' }

describe('wards: who may', () => {
  test('a caseworker looks and changes nothing', async () => {
    await admin.send('/admin/wards/new', { ...ashley, validFrom: '2016-05-05', electorate: '12840' })
    const { id } = await called('ashley')
    const list = await caseworker.see('/admin/wards')
    expect(list.status).toBe(200)
    expect(list.text).not.toContain('Add a ward')
    expect(list.html).not.toContain('/admin/administration')
    const { text, html } = await caseworker.see(`/admin/wards/${id}`)
    expect(text).toContain('Name Ashley Welsh name None')
    expect(text).toContain('First day 5 May 2016 Last day None In use Yes')
    expect(html).not.toContain('Save the ward')
    expect((await caseworker.see('/admin/wards/new')).status).toBe(403)
    expect((await caseworker.send('/admin/wards/new', ashley)).status).toBe(403)
    expect((await caseworker.send(`/admin/wards/${id}`, ashley)).status).toBe(403)
  })

  test('a ward of another council is none', async () => {
    const other = await createCouncil(app, 'brent')
    await withoutSecondFactor(other)
    const stranger = await signedInAs(app, other, { role: 'admin' })
    const { id } = await called('ashley')
    expect((await stranger.see(`/admin/wards/${id}`)).status).toBe(404)
    expect((await stranger.send(`/admin/wards/${id}`, { ...ashley, tag: '"x"' })).status).toBe(404)
    expect((await stranger.see('/admin/wards')).text).toContain('There are no wards yet. Add one')
  })
})

describe('wards', () => {
  test('are added, with every fault named first', async () => {
    const refused = await admin.send('/admin/wards/new', {
      name: '',
      slug: 'No Spaces',
      gssCode: 'X1',
      electorate: 'many',
      validFrom: '2026-05-07',
      validTo: '2026-05-06',
    })
    expect(refused.status).toBe(400)
    for (const said of [
      'Enter the name of the ward',
      'Choose the kind of area',
      'Name in addresses must be lower-case letters, digits and hyphens',
      'GSS code must be a GSS code',
      'Electorate must be a whole number',
      'Last day must not be before first day',
    ]) {
      expect(refused.text).toContain(said)
    }
    const full = {
      ...ashley,
      name: evil,
      nameCy: evil,
      slug: 'evil',
      tier: 'parish',
      gssCode: 'E04000001',
      description: `${evil}\r\nsecond line`,
      enabled: [],
    }
    expect((await admin.send('/admin/wards/new', full)).location).toBe('/admin/wards?done=created')
    expect(await called('evil')).toMatchObject({
      name: evil,
      tier: 'parish',
      description: `${evil}\nsecond line`,
      enabled: false,
      electorate: null,
    })
    const again = await admin.send('/admin/wards/new', full)
    expect(again.text).toContain('Name in addresses is already used by another ward')
    const { id } = await called('evil')
    for (const visitor of [admin, caseworker]) {
      for (const path of ['/admin/wards?done=created', `/admin/wards/${id}`]) {
        const { html } = await visitor.see(path)
        expect([path, html.includes('<script>alert')]).toEqual([path, false])
      }
    }
  })

  test('are changed and cleared by what the form says', async () => {
    const { id } = await called('ashley')
    const form = await formOf((await admin.see(`/admin/wards/${id}`)).html)
    expect(form).toMatchObject({
      name: 'Ashley',
      slug: 'ashley',
      electorate: '12840',
      validFrom: '2016-05-05',
    })
    const changed = { ...form, nameCy: 'Ynn', electorate: '', validTo: '2027-05-05' }
    expect((await admin.send(`/admin/wards/${id}`, changed)).location).toBe('/admin/wards?done=saved')
    expect(await getWard(council.ctx, id)).toMatchObject({
      name: 'Ashley',
      nameCy: 'Ynn',
      electorate: null,
      validFrom: '2016-05-05',
      validTo: '2027-05-05',
    })
  })

  test('are not overwritten by a form of an earlier state, nor by one that does not say its state', async () => {
    const { id } = await called('ashley')
    const form = await formOf((await admin.see(`/admin/wards/${id}`)).html)
    const { tag: _, ...blind } = form
    expect((await admin.send(`/admin/wards/${id}`, { ...blind, name: 'Blind' })).status).toBe(400)
    await patchWard(council.ctx, id, { electorate: 7, name: 'Theirs' })
    const refused = await admin.send(`/admin/wards/${id}`, { ...form, name: 'Mine' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Name Mine Theirs')
    expect(refused.text).toContain('Electorate: 7')
    expect(await getWard(council.ctx, id)).toMatchObject({ name: 'Theirs', electorate: 7 })
    const location = (await admin.send(`/admin/wards/${id}`, await formOf(refused.html))).location
    expect(location).toBe('/admin/wards?done=saved')
    expect(await getWard(council.ctx, id)).toMatchObject({ name: 'Mine', electorate: 7 })
  })

  test('are listed in pages, found by name, kind and use', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ name: `Ward ${i + 10}`, slug: `ward-${i + 10}` }))
    await importWards(council.ctx, many)
    const { text, html } = await admin.see('/admin/wards?search=ward&tier=&enabled=true')
    expect(text).toContain('1 to 20 of 40 wards')
    expect(html).toContain('href="/admin/wards?search=ward&amp;enabled=true&amp;page=2"')
    expect(text).toContain('reeve import wards FILE --tenant avon')
    const unused = await admin.see('/admin/wards?tier=parish&enabled=false')
    expect(unused.text).toContain('1 ward')
    expect(unused.text).toContain('Not in use')
    const wrong = await admin.see('/admin/wards?tier=moon')
    expect(wrong.status).toBe(400)
    expect(wrong.text).toContain('Kind of area: “moon” is not in the list')
  })
})
