import { codeAt } from '../../src/core/second-factor/totp'
import { importWards } from '../../src/resources/wards/import.service'
import { createCouncil, createTestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { formOf } from '../support/forms'
import {
  authenticatorSecretIn,
  createVisitor,
  password,
  signedInAs,
  withoutSecondFactor,
} from '../support/visitor'
import { atEnd, counted, once, type Row } from './place'

const group = 'Forms'
const hourMs = 3_600_000

/** An office with somebody in it, and a case that is theirs. */
const office = once(async () => {
  const app = await createTestApp()
  atEnd(() => app.close())
  const council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  let count = 0
  const person = async (role: 'caseworker' | 'manager' | 'admin' = 'caseworker') => {
    const email = `${role}-${count++}@example.org`
    const visitor = await signedInAs(app, council, { role, email })
    const { id, reference } = await createTestCase(app, council, { assigneeId: visitor.id })
    const path = `/admin/cases/${reference}`
    const read = async () => (await app.send('GET', `/api/cases/${id}`, { key: council.key })).body
    const notes = async () =>
      (await read()).timeline.filter((one: { kind: string }) => one.kind === 'note').length
    const formAt = async (at: string) => formOf((await visitor.see(at)).html)
    const change = (body: object) => app.send('PATCH', `/api/cases/${id}`, { key: council.key, body })
    return { visitor, email, path, read, notes, formAt, change }
  }
  return { app, council, person }
})

async function noteThroughEndedSession(): Promise<string> {
  const { app, person } = await office()
  const { visitor, email, path, formAt, notes } = await person()
  const factor = '/admin/sign-in/second-factor'
  const secret = authenticatorSecretIn((await visitor.see(factor)).html)
  await visitor.send(factor, { code: codeAt(secret, app.clock.now()), current: password })
  const form = { ...(await formAt(path)), body: 'She rang' }
  app.clock.advance(5 * hourMs)
  const ended = await visitor.send(`${path}/notes`, form)
  const says = (await visitor.see(ended.location as string)).text.includes('what you typed is kept')
  const first = await visitor.send(ended.location as string, { email, password })
  const asked = await visitor.see(first.location as string)
  const code = { code: codeAt(secret, app.clock.now()) }
  const { location } = await visitor.send(asked.location as string, code)
  const { body } = await formAt(location as string)
  return `${says ? 'says so' : 'says nothing'}; after the code: “${body}”, ${await notes()} notes`
}

async function otherUserOfTheBrowser(): Promise<string> {
  const { app, person } = await office()
  const [one, other] = [await person('manager'), await person('manager')]
  const form = { ...(await one.formAt('/admin/cases/new')), summary: 'Private' }
  app.clock.advance(5 * hourMs)
  const { location } = await one.visitor.send('/admin/cases/new', form)
  const page = await one.visitor.send(location as string, { email: other.email, password })
  const { html } = await one.visitor.see(page.location as string)
  return html.includes('Private') ? 'shown to them' : 'an empty form'
}

async function colleaguesNote(): Promise<string> {
  const { app, council, person } = await office()
  const { visitor, path, formAt, read, change } = await person()
  const form = { ...(await formAt(`${path}/edit`)), summary: 'Mine' }
  await app.send('POST', `/api/cases/${(await read()).id}/notes`, { key: council.key, body: { body: 'x' } })
  await change({ priority: 'urgent' })
  const { status } = await visitor.send(`${path}/edit`, form)
  const { summary, priority } = await read()
  const both = { ...(await formAt(`${path}/edit`)), summary: 'Mine again' }
  await change({ summary: 'Theirs' })
  const refused = await visitor.send(`${path}/edit`, both)
  return `${status}: ${summary}, ${priority}; the same field by both: ${refused.status}`
}

async function goesBack(): Promise<string> {
  const { person } = await office()
  const { visitor, path, formAt, notes } = await person()
  const typed = { body: 'She rang' }
  const form = { ...(await formAt(path)), ...typed }
  await visitor.send(`${path}/notes`, form)
  await visitor.send(`${path}/notes`, form)
  const twice = await notes()
  const fresh = await visitor.send(`${path}/notes`, { ...(await formAt(path)), ...typed })
  return `a second click: ${twice} note; Back and again: ${fresh.text.includes('already sent exactly this') ? 'asked' : 'added'}, ${await notes()} note`
}

async function startsWork(): Promise<string> {
  const { person } = await office()
  const { visitor, path, formAt } = await person()
  const form = { ...(await formAt(path)), body: 'Half a sentence' }
  const { location } = await visitor.send(`${path}/move/in_progress`, form)
  return `the note: “${(await formAt(location as string)).body}”`
}

async function resolvesAndCloses(): Promise<string> {
  const { person } = await office()
  const { visitor, path, read, change } = await person()
  await change({ status: 'resolved', resolution: 'answered' })
  const atOnce = (await visitor.see(path)).html.includes(`formaction="${path}/move/closed"`)
  const { text } = await visitor.see(`${path}/move/closed`)
  const said = text.includes('You cannot reopen a closed case yourself')
  return `${atOnce ? 'closes at once' : 'asks first'}, ${said ? 'says why' : 'does not say why'}; ${(await read()).status}`
}

async function typesIntoList(): Promise<string> {
  const { council, person } = await office()
  await importWards(council.ctx, [{ name: 'Bedminster', slug: 'bedminster' }])
  const { visitor, path, formAt } = await person()
  const page = await visitor.send(`${path}/edit`, { ...(await formAt(`${path}/edit`)), wardId: 'Bedminstre' })
  const { wardId } = await formOf(page.html)
  return `${page.status} ${/Ward: “[^”]+” is not in the list/.exec(page.text)?.[0] ?? ''}; kept: ${wardId}`
}

async function choosesNoCouncil(): Promise<string> {
  const app = await createTestApp()
  atEnd(() => app.close())
  for (const slug of ['avon', 'brent']) await createCouncil(app, slug)
  const { text } = await createVisitor(app).send('/admin/sign-in', { email: 'a@example.org', password })
  return /There is a problem (.*?) Sign in/.exec(text)?.[1] ?? text
}

async function wantedPage(): Promise<string> {
  const { app, person } = await office()
  const { visitor, email } = await person('admin')
  const factor = '/admin/sign-in/second-factor'
  const secret = authenticatorSecretIn((await visitor.see(factor)).html)
  await visitor.send(factor, { code: codeAt(secret, app.clock.now()), current: password })
  app.clock.advance(hourMs)
  const fresh = createVisitor(app)
  const wanted = '/admin/audit?action=case.create'
  const places: string[] = []
  for (const next of [wanted, 'https://evil.example/admin']) {
    const first = await fresh.send(`/admin/sign-in?next=${encodeURIComponent(next)}`, { email, password })
    const step = await fresh.see(first.location as string)
    const at = (step.location ?? '/admin/sign-in/code') as string
    const { location } = await fresh.send(at, { code: codeAt(secret, app.clock.now()) })
    places.push(location ?? 'nowhere')
    app.clock.advance(60_000)
    fresh.cookie = ''
  }
  return places.join(', ')
}

async function missingPages(): Promise<string> {
  const { app, person } = await office()
  const { visitor } = await person('admin')
  const isNavigable = (await visitor.see('/admin/nothing')).html.includes('/admin/administration')
  const used = (await createVisitor(app).see('/admin/set-up?token=used')).text
  return counted([
    isNavigable ? 'navigation' : 'no navigation',
    used.includes('If it has been used, Reeve is set up') ? 'says that the link was used' : used,
  ])
}

export const forms: readonly Row[] = [
  {
    group,
    does: 'adds a note when the session has ended, and signs in again with a second factor',
    answer: noteThroughEndedSession,
    isRight: (answer) => answer === 'says so; after the code: “She rang”, 0 notes',
  },
  {
    group,
    does: 'signs in as somebody else where another user’s form is kept',
    answer: otherUserOfTheBrowser,
    isRight: (answer) => answer === 'an empty form',
  },
  {
    group,
    does: 'asks for a page, then for another site, through sign-in and second factor',
    answer: wantedPage,
    isRight: (answer) => answer === '/admin/audit?action=case.create, /admin',
  },
  {
    group,
    does: 'saves a case that was open while a colleague added a note and changed its priority',
    answer: colleaguesNote,
    isRight: (answer) => answer === '303: Mine, urgent; the same field by both: 409',
  },
  {
    group,
    does: 'adds a note with two clicks, and goes back and adds it again',
    answer: goesBack,
    isRight: (answer) => answer === 'a second click: 1 note; Back and again: asked, 1 note',
  },
  {
    group,
    does: 'types a note and presses “Start work”',
    answer: startsWork,
    isRight: (answer) => answer === 'the note: “Half a sentence”',
  },
  {
    group,
    does: 'resolves a case as a caseworker and clicks on Close',
    answer: resolvesAndCloses,
    isRight: (answer) => answer === 'asks first, says why; resolved',
  },
  {
    group,
    does: 'types a ward that is none into the list of wards',
    answer: typesIntoList,
    isRight: (answer) => answer === '400 Ward: “Bedminstre” is not in the list; kept: Bedminstre',
  },
  {
    group,
    does: 'signs in without choosing one of several councils',
    answer: choosesNoCouncil,
    isRight: (answer) => answer === 'Choose your council',
  },
  {
    group,
    does: 'opens a page that there is not, and a set-up link that was used',
    answer: missingPages,
    isRight: (answer) => answer === 'navigation, says that the link was used',
  },
]
