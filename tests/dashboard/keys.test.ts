import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { createKey, type KeyCreate } from '../../src/core/api-keys/service'
import { getKey, listKeys } from '../../src/core/api-keys/store'
import { planScopes } from '../../src/core/scopes'
import { changeTenant, setPlan } from '../../src/core/tenants/service'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { type Page, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

const hour = 3_600_000
const script = '<script>alert(1)</script>'

let app: TestApp
let council: Council
let admin: Visitor & { id: string }
beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
})
afterAll(() => app.close())
// Some of the tests are about councils on a smaller plan.
afterEach(async () => {
  await setPlan(council.ctx, 'council')
})

const make = async (input: Partial<KeyCreate> = {}, { ctx } = council) =>
  createKey(ctx, app.deps, { name: 'website', scopes: ['cases:read'], ...input })

const countKeys = async () => (await listKeys(council.ctx)).length

/** The hidden value that makes a form take effect once. */
const onceOf = ({ html }: Page) => /name="once" value="(\w+)"/.exec(html)?.[1] ?? ''

/** The id of the key that a page has just shown. */
const madeBy = ({ html }: Page) =>
  getKey(council.ctx, /href="\/admin\/keys\/([a-z0-9]{20,})"/.exec(html)?.[1] ?? '')

/** The secret on a page; undefined if it shows none. */
const keyOn = ({ html }: Page) => /rv_live_\w{36}/.exec(html)?.[0]

const wanted = { name: 'website', access: 'some', scopes: ['cases:read'], expiry: '90' }

async function send(path: string, fields: Record<string, string | readonly string[]>): Promise<Page> {
  return admin.send(path, { once: onceOf(await admin.see(path)), ...fields })
}

const createOn = (fields: Record<string, string | readonly string[]> = {}) =>
  send('/admin/keys/new', { ...wanted, ...fields })

const statusWith = async (key: string) => (await app.send('GET', '/api/cases', { key })).status

test('the list of keys leads back to the administration page', async () => {
  expect((await admin.see('/admin/keys')).html).toContain(
    'href="/admin/administration" class="govuk-back-link"',
  )
})

describe('refused are', () => {
  test.each(['manager', 'councillor', 'caseworker'] as const)('all pages to a %s', async (role) => {
    const { key } = await make()
    const before = await countKeys()
    const visitor = await signedInAs(app, council, { role })
    for (const path of ['', '/new', `/${key.id}`, `/${key.id}/rotate`, `/${key.id}/revoke`]) {
      expect([path, (await visitor.see(`/admin/keys${path}`)).status]).toEqual([path, 403])
    }
    for (const path of ['/new', `/${key.id}/rotate`, `/${key.id}/revoke`]) {
      const { status } = await visitor.send(`/admin/keys${path}`, { once: app.deps.newId(), ...wanted })
      expect([path, status]).toEqual([path, 403])
    }
    expect(await getKey(council.ctx, key.id)).toEqual(key)
    expect(await countKeys()).toBe(before)
  })

  test('pages of another council’s key, and alike of none', async () => {
    const severn = await createCouncil(app, 'severn')
    const { key } = await make({}, severn)
    for (const id of [key.id, 'unknown']) {
      for (const path of ['', '/rotate', '/revoke']) {
        expect((await admin.see(`/admin/keys/${id}${path}`)).status).toBe(404)
      }
      const once = app.deps.newId()
      expect((await admin.send(`/admin/keys/${id}/rotate`, { once, overlapMs: '0' })).status).toBe(404)
      expect((await admin.send(`/admin/keys/${id}/revoke`)).status).toBe(404)
    }
    expect(await getKey(severn.ctx, key.id)).toEqual(key)
    expect((await admin.see('/admin/keys')).html).not.toContain(key.id)
  })

  test('forms that no page of ours made', async () => {
    const { key } = await make()
    const before = await countKeys()
    for (const [path, fields] of [
      ['/admin/keys/new', wanted],
      [`/admin/keys/${key.id}/rotate`, { overlapMs: '0' }],
    ] as const) {
      for (const once of ['', 'no', '<b>'.repeat(10)]) {
        const { status, text } = await admin.send(path, { ...fields, once })
        expect([status, text.includes('The form is incomplete')]).toEqual([400, true])
      }
    }
    expect(await countKeys()).toBe(before)
  })

  test('a new key with every fault said beside its field', async () => {
    const before = await countKeys()
    const page = await createOn({
      name: ' ',
      scopes: [],
      expiry: 'date',
      expiresAt: '31/2/2027',
      ipAllow: '192.0.2.0/24\r\nhere\r\n',
      actingUserId: '',
    })
    expect([page.status, page.text.includes('Unknown field')]).toEqual([400, false])
    for (const [id, message] of [
      ['name', 'Enter what will use the key'],
      ['scopes', 'Choose what the key may do'],
      ['expiresAt', 'Last day must be a real date: there is no 31 February 2027'],
      ['ipAllow', '&quot;here&quot; is not an IP address or CIDR range'],
    ] as const) {
      expect(page.html).toMatch(new RegExp(`id="${id}-error"[^>]*>[\\s\\S]{0,120}${RegExp.escape(message)}`))
      expect(page.html).toContain(`href="#${id === 'scopes' ? 'scopes-1' : id}"`)
    }
    expect(page.html).toContain('192.0.2.0/24\nhere</textarea>')
    expect(await countKeys()).toBe(before)
  })

  test('a new key that says nothing, is for nobody or ends in the past', async () => {
    const before = await countKeys()
    const nothing = await send('/admin/keys/new', {})
    for (const words of [
      'Enter what will use the key',
      'Choose what the key may do',
      'Choose when the key',
    ]) {
      expect([words, nothing.status, nothing.text.includes(words)]).toEqual([words, 400, true])
    }
    const past = await createOn({ expiry: 'date', expiresAt: '1/1/2020', actingUserId: 'nobody' })
    expect(past.text).toContain('Last day must be in the future')
    expect(past.text).toContain('is not in the list')
    expect(await countKeys()).toBe(before)
  })

  test('scopes beyond the plan, which are shown but cannot be chosen', async () => {
    await setPlan(council.ctx, 'pro')
    const { html } = await admin.see('/admin/keys/new')
    expect(html).toMatch(/value="cases:read"(?![^>]*disabled)/)
    expect(html).toMatch(/value="reports:read"[^>]*disabled/)
    expect(html).toContain('Needs the plan council')
    const { status, text } = await createOn({ scopes: ['cases:read', 'reports:read'] })
    expect([status, text.includes('The scope reports:read is not in the plan pro')]).toEqual([400, true])
  })

  test('keys on the plan free, which has no API', async () => {
    const before = await countKeys()
    await setPlan(council.ctx, 'free')
    const { html, text } = await admin.see('/admin/keys/new')
    expect(text).toContain('the plan free, which has no API')
    expect(html).not.toContain('name="scopes"')
    expect((await admin.see('/admin/keys')).html).not.toContain('/admin/keys/new')
    const { status } = await admin.send('/admin/keys/new', { ...wanted, once: app.deps.newId() })
    expect([status, await countKeys()]).toEqual([400, before])
  })
})

describe('a key', () => {
  test('is made, used, replaced and revoked', async () => {
    const made = await createOn()
    const old = keyOn(made) as string
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(made.text).toContain(`curl -H "Authorization: Bearer ${old}" http://localhost/api/me`)
    expect(made.html).toContain('data-copy="key"')
    expect(await statusWith(old)).toBe(200)

    const { id } = await madeBy(made)
    const rotated = await send(`/admin/keys/${id}/rotate`, { overlapMs: `${hour}` })
    const next = keyOn(rotated) as string
    expect([rotated.status, next === old, rotated.text.includes('The old one ends on')]).toEqual([
      200,
      false,
      true,
    ])
    expect([await statusWith(old), await statusWith(next)]).toEqual([200, 200])
    expect((await admin.see('/admin/keys')).text).toContain('Replaced')
    app.clock.advance(hour)
    expect([await statusWith(old), await statusWith(next)]).toEqual([401, 200])

    const nextId = (await getKey(council.ctx, id)).replacedById as string
    expect((await admin.see(`/admin/keys/${id}`)).html).toContain(`href="/admin/keys/${nextId}"`)
    const asked = await admin.see(`/admin/keys/${nextId}/revoke`)
    expect(asked.html).toContain('govuk-button--warning')
    const { location } = await admin.send(`/admin/keys/${nextId}/revoke`)
    expect(location).toBe('/admin/keys?done=revoked')
    expect((await admin.see(location as string)).text).toContain('The key was revoked')
    expect(await statusWith(next)).toBe(401)
    for (const path of ['', '/rotate', '/revoke']) {
      const { html } = await admin.see(`/admin/keys/${nextId}${path}`)
      expect([path, html.includes('/rotate"'), html.includes('method="post" novalidate')]).toEqual([
        path,
        false,
        false,
      ])
    }
    const ended = await admin.see('/admin/keys?state=ended')
    expect([ended.text.includes('Revoked'), ended.text.includes('Expired')]).toEqual([true, true])
  })

  test('is shown once: the same form sent again makes no other and shows none', async () => {
    const before = await countKeys()
    const once = onceOf(await admin.see('/admin/keys/new'))
    const first = await admin.send('/admin/keys/new', { ...wanted, once })
    const second = await admin.send('/admin/keys/new', { ...wanted, once })
    expect([keyOn(first) !== undefined, keyOn(second)]).toEqual([true, undefined])
    expect([second.status, second.text.includes('This key has already been created')]).toEqual([200, true])
    expect(await countKeys()).toBe(before + 1)

    const { id } = await madeBy(first)
    const path = `/admin/keys/${id}/rotate`
    const again = { once: onceOf(await admin.see(path)), overlapMs: '0' }
    expect(keyOn(await admin.send(path, again))).toBeDefined()
    expect(keyOn(await admin.send(path, again))).toBeUndefined()
    expect(await countKeys()).toBe(before + 2)
    for (const page of ['/admin/keys', `/admin/keys/${id}`]) {
      expect(keyOn(await admin.see(page))).toBeUndefined()
    }
  })

  test('has what the form says', async () => {
    const user = await createTestUser(council, { role: 'caseworker', name: 'Cleo' })
    const page = await createOn({
      scopes: ['cases:read', 'cases:write'],
      expiry: 'date',
      expiresAt: '31/3/2027',
      ipAllow: '192.0.2.0/24\r\n\r\n fd00::/8 ',
      actingUserId: user.id,
    })
    expect(page.status).toBe(200)
    const key = await madeBy(page)
    expect(key).toMatchObject({
      name: 'website',
      scopes: ['cases:read', 'cases:write'],
      expiresAt: new Date('2027-03-31T23:00:00.000Z'),
      ipAllow: ['192.0.2.0/24', 'fd00::/8'],
      actingUserId: user.id,
    })
    const shown = (await admin.see(`/admin/keys/${key.id}`)).text
    for (const words of ['Cleo', '192.0.2.0/24, fd00::/8', '1 April 2027 at 12:00am', 'cases:write']) {
      expect([words, shown.includes(words)]).toEqual([words, true])
    }
  })

  test('with everything of the plan, that never ends', async () => {
    const { scopes, expiresAt } = await madeBy(
      await createOn({ access: 'plan', scopes: [], expiry: 'never' }),
    )
    expect([scopes, expiresAt]).toEqual([[...planScopes.council], null])
  })

  test('that was replaced before is not replaced again', async () => {
    const { key } = await make()
    const path = `/admin/keys/${key.id}/rotate`
    const late = onceOf(await admin.see(path))
    await send(path, { overlapMs: `${hour}` })
    const { status, text } = await admin.send(path, { once: late, overlapMs: '0' })
    expect([status, text.includes('it cannot be replaced')]).toEqual([400, true])
    const unchosen = await send(`/admin/keys/${(await make()).key.id}/rotate`, { overlapMs: '1' })
    expect([unchosen.status, unchosen.text.includes('Choose how long')]).toEqual([400, true])
  })
})

describe('the list', () => {
  test('shows text as text', async () => {
    const { id } = await createTestUser(council, { role: 'caseworker', name: script })
    const { key } = await make({ name: script, actingUserId: id })
    const path = `/admin/keys/${key.id}`
    for (const page of ['/admin/keys', '/admin/keys/new', path, `${path}/rotate`, `${path}/revoke`]) {
      const { html } = await admin.see(page)
      expect([page, html.includes(script), html.includes('&lt;script&gt;alert')]).toEqual([page, false, true])
    }
    const made = await createOn({ name: script })
    expect([made.html.includes(script), made.status]).toEqual([false, 200])
    const refused = await createOn({ name: script, ipAllow: script, expiry: 'date', expiresAt: script })
    expect([refused.html.includes(script), refused.status]).toEqual([false, 400])
  })

  test('says how often a key is used, and which scopes the plan has not', async () => {
    const { plain } = await make({ name: 'figures', scopes: ['cases:read', 'reports:read'] })
    await changeTenant(council.ctx, 'settings.update', { rateLimit: 2 })
    for (let i = 0; i < 3; i++) await app.send('GET', '/api/cases', { key: plain })
    await changeTenant(council.ctx, 'settings.update', { rateLimit: null })
    await startHousekeeping(app.deps).stop()
    await setPlan(council.ctx, 'pro')
    const { text } = await admin.see('/admin/keys')
    expect(text).toMatch(/figures rv_live_\w{4}….{4} Active 2 scopes, 1 not in the plan/)
    expect(text).toContain('reports:read (needs the plan council)')
    expect(text).toMatch(/Nobody \d+ March 2026 at [\d:]+[ap]m Never 3 requests, 1 over the limit/)
  })

  test('is in pages, and says where there is nothing', async () => {
    const other = await createCouncil(app, 'severn-pages')
    await withoutSecondFactor(other)
    const visitor = await signedInAs(app, other, { role: 'admin' })
    expect((await visitor.see('/admin/keys?state=ended')).text).toContain('No keys have been revoked')
    for (let i = 0; i < 50; i++) await make({ name: `key ${i}` }, other)
    const first = await visitor.see('/admin/keys')
    expect(first.html).toContain('/admin/keys?state=current&amp;page=2')
    expect(first.html.match(/<tr /g)).toHaveLength(51)
    const second = await visitor.see('/admin/keys?page=2')
    expect(second.html.match(/<tr /g)).toHaveLength(2)
    for (const page of ['99', '-1', 'x', '1e400']) {
      expect([page, (await visitor.see(`/admin/keys?page=${page}`)).status]).toEqual([page, 200])
    }
  })
})
