import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { codeAt } from '../../src/core/second-factor/totp'
import { keptForms } from '../../src/core/sessions/kept-forms.table'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { formOf } from '../support/forms'
import {
  authenticatorSecretIn,
  createVisitor,
  type Page,
  password,
  signedInAs,
  type Visitor,
  withoutSecondFactor,
} from '../support/visitor'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
})
afterAll(() => app.close())

const minuteMs = 60_000
const signedOut = 'You were signed out. Sign in to go on: what you typed is kept for 60 minutes.'
const newCase = '/admin/cases/new'

let count = 0

/** Somebody who signed in five hours ago and has had a form open since then. */
async function author(path = newCase) {
  const email = `author-${count++}@example.org`
  const visitor = await signedInAs(app, council, { role: 'admin', email })
  const form = await formOf((await visitor.see(path)).html)
  app.clock.advance(5 * 60 * minuteMs)
  return { visitor, email, form }
}

const rows = () => app.deps.store.read.select().from(keptForms)

const signIn = (visitor: Visitor, { location }: Page, email: string) =>
  visitor.send(location as string, { email, password })

const summary = 'Mrs Okafor rang about the lamp'
const summaryIn = async (page: Page) => (await formOf(page.html)).summary

describe('what was typed when the session had ended', () => {
  test('is kept, comes back to its author after they have signed in, and is not performed', async () => {
    const { visitor, email, form } = await author()
    const ended = await visitor.send(newCase, { ...form, summary })
    expect(ended.status).toBe(303)
    expect(ended.location).toMatch(
      /^\/admin\/sign-in\?next=%2Fadmin%2Fcases%2Fnew%3Fkept%3D[a-z0-9]{24}&ended=kept$/,
    )
    expect((await visitor.see(ended.location as string)).text).toContain(signedOut)
    const wrong = await visitor.send(ended.location as string, { email, password: 'not the password' })
    expect(wrong.text).toContain(signedOut)
    const { location } = await signIn(visitor, ended, email)
    const page = await visitor.see(location as string)
    expect([page.status, await summaryIn(page)]).toEqual([200, summary])
    expect(page.text).toContain('it is not saved yet')
    expect((await visitor.see('/admin/cases')).text).not.toContain(summary)
    const saved = await visitor.send(location as string, await formOf(page.html))
    expect(saved.location).toContain('done=created')
    expect(await summaryIn(await visitor.see(location as string))).toBe('')
  })

  test('is sealed where it is kept, and in no address and no line of the log', async () => {
    const { visitor, form } = await author()
    const { location } = await visitor.send(newCase, { ...form, summary, residentName: 'Ngozi Okafor' })
    const kept = JSON.stringify(await rows())
    expect(kept).not.toContain('Okafor')
    expect(location).not.toContain('Okafor')
    expect(JSON.stringify(app.logged)).not.toContain('Okafor')
  })

  test('is shown to nobody else: not to another user of the browser, nor in another browser, nor at another form', async () => {
    const other = await author()
    const { visitor, email, form } = await author()
    const ended = await visitor.send(newCase, { ...form, summary })
    const theirs = await signIn(visitor, ended, other.email)
    expect(await summaryIn(await visitor.see(theirs.location as string))).toBe('')
    const elsewhere = createVisitor(app)
    const { location } = await signIn(elsewhere, ended, email)
    expect(await summaryIn(await elsewhere.see(location as string))).toBe('')
    await visitor.send('/admin/sign-out')
    await signIn(visitor, ended, email)
    const id = (location as string).split('kept=')[1]
    const ward = await visitor.see(`/admin/wards/new?kept=${id}`)
    expect(ward.text).not.toContain('it is not saved yet')
    expect(await summaryIn(await visitor.see(location as string))).toBe(summary)
  })

  test('is gone after an hour, and no more than ten forms of one person are kept', async () => {
    const { visitor, email, form } = await author()
    const [first] = [await visitor.send(newCase, { ...form, summary })]
    for (let i = 0; i < 10; i++) {
      app.clock.advance(1_000)
      await visitor.send(newCase, { ...form, summary: `Form ${i}` })
    }
    const last = await visitor.send(newCase, { ...form, summary })
    const { location } = await signIn(visitor, first as Page, email)
    expect(await summaryIn(await visitor.see(location as string))).toBe('')
    const again = await signIn(visitor, last, email)
    expect(await summaryIn(await visitor.see(again.location as string))).toBe(summary)
    app.clock.advance(61 * minuteMs)
    expect(await summaryIn(await visitor.see(again.location as string))).toBe('')
    await startHousekeeping(app.deps).stop()
    expect(await rows()).toEqual([])
  })

  test('is not kept where it is a password or a code', async () => {
    const { visitor, form } = await author('/admin/account/password')
    const { location } = await visitor.send('/admin/account/password', {
      ...form,
      current: password,
      password: 'three other random words',
    })
    expect(location).toBe('/admin/sign-in?ended=lost')
    expect((await visitor.see(location as string)).text).toContain('signed out before this was done')
  })

  test('comes back for a note, at its case', async () => {
    const { reference } = await createTestCase(app, council)
    const { visitor, email, form } = await author(`/admin/cases/${reference}`)
    const ended = await visitor.send(`/admin/cases/${reference}/notes`, {
      ...form,
      body: 'She will ring again',
    })
    const { location } = await signIn(visitor, ended, email)
    const page = await visitor.see(location as string)
    expect(page.text).toContain(reference)
    expect((await formOf(page.html)).body).toBe('She will ring again')
  })
})

describe('the page that somebody wanted', () => {
  test('is still wanted after a second factor was set up, and when its code is asked for', async () => {
    const strict = await createCouncil(app, 'brent')
    const { id: _, ...visitor } = await signedInAs(app, strict, { role: 'admin', email: 'ada@example.org' })
    const fresh = createVisitor(app)
    const wanted = await fresh.see('/admin/audit?action=case.create')
    const sent = { council: 'brent', email: 'ada@example.org', password }
    const first = await fresh.send(wanted.location as string, sent)
    const step = await fresh.see(first.location as string)
    expect(step.location).toBe('/admin/sign-in/second-factor?next=%2Fadmin%2Faudit%3Faction%3Dcase.create')
    const secret = authenticatorSecretIn((await fresh.see(step.location as string)).html)
    const codes = await fresh.send(step.location as string, { code: codeAt(secret, app.clock.now()) })
    expect(codes.html).toContain('href="/admin/audit?action=case.create"')
    await fresh.send('/admin/sign-out')
    app.clock.advance(minuteMs)
    const again = await fresh.send(wanted.location as string, sent)
    const code = await fresh.see(again.location as string)
    const done = await fresh.send(code.location as string, { code: codeAt(secret, app.clock.now()) })
    expect(done.location).toBe('/admin/audit?action=case.create')
    expect(visitor.cookie).not.toBe('')
  })

  test('is only ever one of ours', async () => {
    const { email } = await author()
    const visitor = createVisitor(app)
    for (const next of ['https://evil.example/admin', '//evil.example', '/admin/../public/avon']) {
      const path = `/admin/sign-in?next=${encodeURIComponent(next)}`
      const { location } = await visitor.send(path, { council: 'avon', email, password })
      expect([next, location]).toEqual([next, '/admin'])
    }
  })
})

describe('a form that was open while somebody else signed in, in another tab', () => {
  const words = 'Somebody else was signed in when this form was opened.'

  test('is sent as them only when they ask for it again', async () => {
    const { form } = await author()
    const other = await signedInAs(app, council, { role: 'admin', email: `other-${count++}@example.org` })
    const asked = await other.send(newCase, { ...form, summary: 'Opened by somebody else' })
    expect([asked.status, asked.text.includes(words), await summaryIn(asked)]).toEqual([
      400,
      true,
      'Opened by somebody else',
    ])
    expect((await other.see('/admin/cases')).text).not.toContain('Opened by somebody else')
    const sent = await other.send(newCase, await formOf(asked.html))
    expect(sent.location).toContain('done=created')
  })

  test('is not sent to another council', async () => {
    const neighbour = await createCouncil(app, 'wessex')
    await withoutSecondFactor(neighbour)
    const { form } = await author()
    const there = await signedInAs(app, neighbour, { role: 'admin', email: `there-${count++}@example.org` })
    const asked = await there.send(newCase, { ...form, summary: 'Of the first council' })
    expect([asked.status, asked.text.includes(words)]).toEqual([400, true])
    expect((await there.see('/admin/cases')).text).not.toContain('Of the first council')
  })
})
