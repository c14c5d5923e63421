import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { patchCategory } from '../../src/resources/categories/service'
import { getCategory, listAllCategories } from '../../src/resources/categories/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { formOf } from '../support/forms'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor
let councillor: Visitor

const evil = '<script>alert(1)</script>'

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
  councillor = await signedInAs(app, council, { role: 'councillor' })
})

afterAll(() => app.close())

const called = async (slug: string) => {
  const category = (await listAllCategories(council.ctx)).find((row) => row.slug === slug)
  if (!category) throw new Error(`There is no category ${slug}`)
  return category
}

const potholes = { name: 'Potholes', visibility: 'public', active: 'true', dayType: 'working' }

describe('categories: who may', () => {
  test('a councillor looks and changes nothing', async () => {
    expect((await admin.see('/admin/categories')).text).toContain('There are no categories yet. Add one')
    await admin.send('/admin/categories/new', potholes)
    const { id } = await called('potholes')
    expect((await councillor.see('/admin/categories')).text).not.toContain('Add a category')
    const { text, html } = await councillor.see(`/admin/categories/${id}`)
    expect(text).toContain(
      'Who chooses it for a case Everybody In use Yes Days to resolve a case in As in the council’s settings',
    )
    expect(html).not.toContain('Save the category')
    expect((await councillor.see('/admin/categories/new')).status).toBe(403)
    expect((await councillor.send('/admin/categories/new', potholes)).status).toBe(403)
    expect((await councillor.send(`/admin/categories/${id}`, potholes)).status).toBe(403)
  })

  test('a category of another council is none', async () => {
    const other = await createCouncil(app, 'brent')
    await withoutSecondFactor(other)
    const stranger = await signedInAs(app, other, { role: 'admin' })
    expect((await stranger.see(`/admin/categories/${(await called('potholes')).id}`)).status).toBe(404)
  })
})

describe('categories', () => {
  test('are added, with every fault named first', async () => {
    const refused = await admin.send('/admin/categories/new', { name: '', slug: 'a b', targetDays: '0' })
    expect(refused.status).toBe(400)
    for (const said of [
      'Enter the name of the category',
      'Name in addresses and files must be letters, digits, hyphens and underscores',
      'Days to resolve a case in must be at least 1',
      'Choose who chooses it for a case',
      'Choose how these days are counted',
    ]) {
      expect(refused.text).toContain(said)
    }
    const full = {
      ...potholes,
      name: evil,
      slug: 'evil',
      group: evil,
      description: evil,
      targetDays: '3',
      active: [],
      visibility: 'staff',
      dayType: 'calendar',
    }
    expect((await admin.send('/admin/categories/new', full)).location).toBe('/admin/categories?done=created')
    const { id } = await called('evil')
    for (const visitor of [admin, councillor]) {
      for (const path of ['/admin/categories?done=created', `/admin/categories/${id}`]) {
        const { html } = await visitor.see(path)
        expect([path, html.includes('<script>alert')]).toEqual([path, false])
      }
    }
    const { text } = await admin.see('/admin/categories?active=false&visibility=staff')
    expect(text).toContain(`${evil} ${evil} Staff and councillors 3 calendar days Not in use`)
    expect((await admin.send('/admin/categories/new', full)).text).toContain(
      'Name in addresses and files is already used by another category',
    )
  })

  test('are changed, and have the council’s target where theirs is cleared', async () => {
    const { id } = await called('potholes')
    const form = await formOf((await admin.see(`/admin/categories/${id}`)).html)
    const location = (
      await admin.send(`/admin/categories/${id}`, { ...form, targetDays: '5', group: 'Roads' })
    ).location
    expect(location).toBe('/admin/categories?done=saved')
    expect(await getCategory(council.ctx, id)).toMatchObject({ targetDays: 5, group: 'Roads' })
    expect((await admin.see('/admin/categories?group=Roads')).text).toContain('5 working days')
    const again = await formOf((await admin.see(`/admin/categories/${id}`)).html)
    await admin.send(`/admin/categories/${id}`, { ...again, targetDays: '' })
    expect(await getCategory(council.ctx, id)).toMatchObject({ targetDays: null, group: 'Roads' })
    expect((await admin.see('/admin/categories?group=Roads')).text).toContain('The council’s')
  })

  test('are not overwritten by a form of an earlier state, nor by one that does not say its state', async () => {
    const { id } = await called('potholes')
    const form = await formOf((await admin.see(`/admin/categories/${id}`)).html)
    const { tag: _, ...blind } = form
    expect((await admin.send(`/admin/categories/${id}`, { ...blind, name: 'Blind' })).status).toBe(400)
    await patchCategory(council.ctx, id, { visibility: 'hidden' })
    const refused = await admin.send(`/admin/categories/${id}`, {
      ...form,
      name: 'Mine',
      visibility: 'staff',
    })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Who chooses it for a case Staff and councillors Nobody')
    expect(await getCategory(council.ctx, id)).toMatchObject({ name: 'Potholes', visibility: 'hidden' })
    await admin.send(`/admin/categories/${id}`, await formOf(refused.html))
    expect(await getCategory(council.ctx, id)).toMatchObject({ name: 'Mine', visibility: 'staff' })
  })
})
