import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Deps } from '../../src/core/ctx'
import { codeAt } from '../../src/core/second-factor/totp'
import { findUserByEmail } from '../../src/core/users/store'
import type { Mail } from '../../src/lib/mail'
import { detailsOf, patchUser } from '../../src/resources/users/edit.service'
import { getUser } from '../../src/resources/users/store'
import { importWards } from '../../src/resources/wards/import.service'
import { listAllWards } from '../../src/resources/wards/store'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { formOf } from '../support/forms'
import { sessionsOf, signIn } from '../support/sessions'
import { createVisitor, password, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor & { id: string }
let manager: Visitor & { id: string }
let caseworker: Visitor & { id: string }
let wards: string[]
const sent: Mail[] = []

const evil = '<script>alert(1)</script>'

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  await importWards(
    council.ctx,
    Array.from({ length: 20 }, (_, i) => ({ name: `Ward ${i + 10}`, slug: `ward-${i + 10}` })),
  )
  wards = (await listAllWards(council.ctx)).sort((a, b) => (a.slug < b.slug ? -1 : 1)).map(({ id }) => id)
  admin = await signedInAs(app, council, { role: 'admin', name: 'Ada Green' })
  manager = await signedInAs(app, council, { role: 'manager', name: 'Max Brown' })
  caseworker = await signedInAs(app, council, {
    role: 'caseworker',
    name: 'Cas Worker',
    email: 'cas@example.org',
  })
})

afterAll(() => app.close())

const details = async (id: string) => detailsOf(council.ctx, await getUser(council.ctx, id))
const editForm = async (id: string) => formOf((await admin.see(`/admin/users/${id}/edit`)).html)
const linkOn = (html: string) => /id="link">http:\/\/localhost(\/admin\/password\?token=\w+)</.exec(html)?.[1]
/** Sets up a second factor. */
async function enrol(visitor: Visitor): Promise<void> {
  const { html } = await visitor.see('/admin/sign-in/second-factor')
  const secret = /id="key">([A-Z2-7 ]+)</.exec(html)?.[1]?.replaceAll(' ', '') as string
  const { status } = await visitor.send('/admin/sign-in/second-factor', {
    code: codeAt(secret, app.clock.now()),
    current: password,
  })
  expect(status).toBe(200)
}
const invited = { name: 'Owen Price', email: 'owen@example.org', role: 'councillor' }

describe('people: who may', () => {
  test('everybody sees whom the council has; how they are reached only whom it is meant for', async () => {
    expect((await manager.see('/admin/users')).text).toContain('cas@example.org')
    expect((await manager.see(`/admin/users/${caseworker.id}`)).text).toContain('cas@example.org')
    const other = await signedInAs(app, council, { role: 'councillor' })
    for (const path of ['/admin/users', `/admin/users/${caseworker.id}`]) {
      const { status, text } = await other.see(path)
      expect(status).toBe(200)
      expect(text).toContain('Cas Worker')
      expect(text).toContain('Not shown')
      expect(text).not.toContain('cas@example.org')
    }
    expect((await caseworker.see(`/admin/users/${caseworker.id}`)).text).toContain('cas@example.org')
  })

  test('only an admin is offered changes, and nobody else can make one', async () => {
    for (const visitor of [manager, caseworker]) {
      const { html } = await visitor.see(`/admin/users/${admin.id}`)
      expect(html).not.toContain(`/admin/users/${admin.id}/`)
      expect(html).not.toContain('How they sign in')
      expect((await visitor.see('/admin/users')).text).not.toContain('Invite somebody')
    }
    const before = await details(caseworker.id)
    for (const part of ['edit', 'link', 'second-factor/remove', 'sign-out']) {
      const path = `/admin/users/${caseworker.id}/${part}`
      expect([part, (await manager.send(path, { name: 'Other', tag: '"x"' })).status]).toEqual([part, 403])
    }
    expect((await manager.send('/admin/users/new', invited)).status).toBe(403)
    expect(await details(caseworker.id)).toEqual(before)
  })

  test('those of another council are nobody', async () => {
    const other = await createCouncil(app, 'brent')
    await withoutSecondFactor(other)
    const stranger = await signedInAs(app, other, { role: 'admin' })
    const path = `/admin/users/${caseworker.id}`
    for (const part of ['', '/edit', '/second-factor/remove']) {
      expect([part, (await stranger.see(path + part)).status]).toEqual([part, 404])
    }
    for (const part of ['/edit', '/link', '/second-factor/remove', '/sign-out']) {
      expect([part, (await stranger.send(path + part, { tag: '"x"' })).status]).toEqual([part, 404])
    }
    expect((await caseworker.see('/admin')).status).toBe(200)
  })
})

describe('the list of people', () => {
  test('is searched by name, role and state', async () => {
    const { text } = await admin.see('/admin/users?search=cas&role=caseworker&active=true')
    expect(text).toContain('1 person')
    expect(text).toContain('Cas Worker Caseworker None None cas@example.org Active')
    expect((await admin.see('/admin/users?search=nobody')).text).toContain('Nothing matches these filters')
    expect((await admin.see('/admin/users?role=king')).status).toBe(400)
  })
})

describe('an invitation', () => {
  test('names every fault and makes nobody then', async () => {
    const { status, text, html } = await admin.send('/admin/users/new', {
      name: '',
      email: evil,
      wardIds: [wards[0] as string, 'nosuchward'],
    })
    expect(status).toBe(400)
    expect(text).toContain('Enter their full name')
    expect(text).toContain('Choose their role')
    expect(text).toContain('There is no such ward')
    expect(text).toContain('E-mail address must be an e-mail address, such as name@example.org')
    expect(html).not.toContain('<script>alert')
    const manager = { ...invited, role: 'manager', wardIds: [wards[0] as string] }
    expect((await admin.send('/admin/users/new', manager)).text).toContain(
      'Only a councillor can represent a ward',
    )
    expect(await findUserByEmail(council.ctx, invited.email)).toBeUndefined()
  })

  test('shows the link this once where no e-mail is sent, and it is good', async () => {
    const { status, html, text, headers } = await admin.send('/admin/users/new', {
      ...invited,
      wardIds: [wards[3] as string, wards[5] as string],
    })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).toContain('This Reeve sends no e-mail')
    expect(text).toContain('It works once, until 20 March 2026 at 9:30am')
    const user = await findUserByEmail(council.ctx, invited.email)
    expect((await details(user?.id as string)).wardIds.sort()).toEqual(
      [wards[3], wards[5]].sort() as string[],
    )
    const person = await admin.see(`/admin/users/${user?.id}`)
    expect(person.text).toContain('Wards Ward 13, Ward 15')
    expect(person.text).toContain('Ward 13 13 March 2026 Now')
    expect(person.text).toContain('Password Not set yet')
    expect(person.html).not.toContain('/admin/password?token')
    const path = linkOn(html) as string
    const owen = createVisitor(app)
    expect((await owen.see(path)).text).toContain('Choose your password for avon council')
    expect((await owen.send(path, { password: 'seven yellow bicycles' })).location).toBe('/admin')
    expect((await owen.see('/admin')).status).toBe(200)
    expect((await admin.send('/admin/users/new', invited)).text).toContain(
      'E-mail address is already used by another user',
    )
  })

  test('is sent by e-mail where that is set up, and its link shown nowhere', async () => {
    const mail: Deps['mail'] = { send: async (letter) => void sent.push(letter) }
    const posting = await createTestApp({ REEVE_PUBLIC_URL: 'https://casework.example' }, { mail })
    try {
      const avon = await createCouncil(posting, 'avon')
      await withoutSecondFactor(avon)
      const sender = await signedInAs(posting, avon, { role: 'admin' })
      const { location } = await sender.send('/admin/users/new', invited)
      const user = await findUserByEmail(avon.ctx, invited.email)
      expect(location).toBe(`/admin/users/${user?.id}?done=invited`)
      expect(sent).toHaveLength(1)
      expect(sent[0]?.text).toContain('https://casework.example/admin/password?token=')
      expect((await sender.see(location as string)).text).toContain('we have sent them an e-mail with a link')
      const again = await sender.send(`/admin/users/${user?.id}/link`)
      expect(again.location).toBe(`/admin/users/${user?.id}?done=invited`)
      expect(sent).toHaveLength(2)
    } finally {
      await posting.close()
    }
  })
})

describe('a person', () => {
  test('is changed in everything, and shown as text', async () => {
    const { id } = await createTestUser(council, { role: 'councillor' })
    const form = await editForm(id)
    const changed = {
      ...form,
      name: evil,
      email: 'new@example.org',
      wardIds: [wards[1] as string],
      party: evil,
      bio: `${evil}\r\nsecond line`,
      photoUrl: 'https://www.example.org/a.jpg?"><script>alert(1)</script>',
      phone: '0117 496 0188',
      surgeries: evil,
      isContactPublic: 'true',
    }
    expect((await admin.send(`/admin/users/${id}/edit`, changed)).location).toBe(
      `/admin/users/${id}?done=saved`,
    )
    expect(await details(id)).toMatchObject({
      name: evil,
      email: 'new@example.org',
      role: 'councillor',
      wardIds: [wards[1] as string],
      party: evil,
      profile: { bio: `${evil}\nsecond line`, phone: '0117 496 0188', surgeries: evil },
      active: true,
      isContactPublic: true,
    })
    for (const part of ['', '/edit', '/second-factor/remove']) {
      expect([part, (await admin.see(`/admin/users/${id}${part}`)).html.includes('<script>alert')]).toEqual([
        part,
        false,
      ])
    }
    expect((await admin.see('/admin/users')).html).not.toContain('<script>alert')
    expect((await caseworker.see(`/admin/users/${id}`)).text).toContain('new@example.org')
    await admin.send(`/admin/users/${id}/edit`, { ...(await editForm(id)), party: '', bio: '', wardIds: [] })
    expect(await details(id)).toMatchObject({ party: null, wardIds: [], profile: { bio: null } })
  })

  test('with faults is not changed, and each is named', async () => {
    const { text, status } = await admin.send(`/admin/users/${caseworker.id}/edit`, {
      ...(await editForm(caseworker.id)),
      email: 'nowhere',
      photoUrl: 'javascript:alert(1)',
      phone: 'call me',
      wardIds: [wards[0] as string],
    })
    expect(status).toBe(400)
    for (const said of [
      'E-mail address must be an e-mail address, such as name@example.org',
      'Address of a photo must be an address that begins with https:// or http://',
      'Telephone number must be a whole telephone number, such as 020 7946 0018',
      'Only a councillor can represent a ward',
    ]) {
      expect(text).toContain(said)
    }
    expect((await details(caseworker.id)).email).toBe('cas@example.org')
  })

  test('who becomes something else than a councillor stands for no ward, without each being taken away', async () => {
    const { id } = await createTestUser(council, { role: 'councillor', wardIds: [wards[2] as string] })
    const form = await editForm(id)
    expect(form.wardIds).toBe(wards[2] as string)
    const session = await signIn(app, await getUser(council.ctx, id))
    expect(await sessionsOf(app, id)).toEqual([session])
    await admin.send(`/admin/users/${id}/edit`, { ...form, role: 'caseworker' })
    expect(await details(id)).toMatchObject({ role: 'caseworker', wardIds: [] })
    expect(await sessionsOf(app, id)).toEqual([])
  })

  test('that somebody else changed meanwhile is not overwritten unseen', async () => {
    const { id } = await createTestUser(council, { role: 'councillor', name: 'Before' })
    const form = await editForm(id)
    const { tag: _, ...blind } = form
    expect((await admin.send(`/admin/users/${id}/edit`, { ...blind, name: 'Blind' })).status).toBe(400)
    await patchUser(council.ctx, id, { name: 'Theirs', party: 'Green', wardIds: [wards[7] as string] })
    const refused = await admin.send(`/admin/users/${id}/edit`, { ...form, name: evil })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain(`Full name ${evil} Theirs`)
    expect(refused.text).toContain('Wards: Ward 17 Party: Green')
    expect(refused.html).not.toContain('<script>alert')
    expect(await details(id)).toMatchObject({ name: 'Theirs', party: 'Green', wardIds: [wards[7] as string] })
    await admin.send(`/admin/users/${id}/edit`, await formOf(refused.html))
    expect(await details(id)).toMatchObject({ name: evil, party: 'Green', wardIds: [wards[7] as string] })
  })

  test('cannot take from themselves what only another could give back', async () => {
    const form = await editForm(admin.id)
    const demoted = await admin.send(`/admin/users/${admin.id}/edit`, { ...form, role: 'manager' })
    expect(demoted.status).toBe(400)
    expect(demoted.text).toContain('You cannot change your own role or deactivate yourself')
    expect((await details(admin.id)).role).toBe('admin')
  })
})

describe('how a person signs in', () => {
  test('is helped by a link for a new password, once', async () => {
    const { html, text } = await admin.send(`/admin/users/${manager.id}/link`)
    expect(text).toContain('Give this link to Max Brown')
    expect(text).toContain('until 14 March 2026 at 9:30am')
    const path = linkOn(html) as string
    const newer = linkOn((await admin.send(`/admin/users/${manager.id}/link`)).html) as string
    expect((await createVisitor(app).see(path)).status).toBe(404)
    const max = createVisitor(app)
    expect((await max.send(newer, { password: 'three green umbrellas' })).location).toBe('/admin')
    expect((await createVisitor(app).see(newer)).status).toBe(404)
    expect((await manager.see('/admin')).location).toBe('/admin/sign-in')
  })

  test('is not helped while they are not active', async () => {
    const { id } = await createTestUser(council, { role: 'manager' })
    await patchUser(council.ctx, id, { active: false })
    const { text } = await admin.see(`/admin/users/${id}`)
    expect(text).toContain('They cannot sign in while they are not active')
    expect(text).not.toContain('Send a link')
    expect((await admin.send(`/admin/users/${id}/link`)).status).toBe(404)
  })

  test('needs no second factor any more once an admin has removed it, after a warning', async () => {
    const person = await signedInAs(app, council, { role: 'caseworker', name: 'Lost Phone' })
    const path = `/admin/users/${person.id}`
    expect((await admin.see(path)).text).toContain('Second factor Not set up')
    await enrol(person)
    expect((await admin.see(path)).html).toContain(`href="${path}/second-factor/remove"`)
    const warning = await admin.see(`${path}/second-factor/remove`)
    expect(warning.text).toContain('Remove the second factor of Lost Phone')
    expect((await admin.see(path)).text).toContain('Second factor In use')
    const { location } = await admin.send(`${path}/second-factor/remove`)
    expect(location).toBe(`${path}?done=factor-removed`)
    const after = await admin.see(location as string)
    expect(after.text).toContain('The second factor was removed')
    expect(after.text).toContain('Second factor Not set up')
    expect((await admin.see('/admin/audit?action=second_factor.remove')).html).toContain(person.id)
  })

  test('ends everywhere at once', async () => {
    const person = await signedInAs(app, council, { role: 'caseworker' })
    await signIn(app, await getUser(council.ctx, person.id))
    const { location } = await admin.send(`/admin/users/${person.id}/sign-out`)
    expect(location).toBe(`/admin/users/${person.id}?done=signed-out`)
    expect((await admin.see(location as string)).text).toContain('They were signed out everywhere')
    expect(await sessionsOf(app, person.id)).toEqual([])
    expect((await person.see('/admin')).location).toBe('/admin/sign-in')
    const { text } = await admin.see(`/admin/audit?action=session.end&entityId=${person.id}`)
    expect(text).toContain('Where : everywhere')
    expect(text).toContain('Ended : 2')
  })
})
