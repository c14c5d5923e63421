import { createPasswordLink } from '../../src/core/passwords/links.service'
import { codeAt } from '../../src/core/second-factor/totp'
import { createPasswordHasher } from '../../src/lib/password-hash'
import { parseUsers } from '../../src/resources/users/import'
import { importUsers } from '../../src/resources/users/service'
import { createCouncil, createTestApp, createTestUser } from '../support/app'
import type { Running } from '../support/binary'
import { bytes, createTestCase } from '../support/casework'
import { bearer } from '../support/http'
import {
  authenticatorSecretIn,
  createVisitor,
  password,
  signedInAs,
  withoutSecondFactor,
} from '../support/visitor'
import { atEnd, counted, newData, once, type Row, serve } from './place'

const group = 'Security'
const factor = '/admin/sign-in/second-factor'

/** With the limits of sign-ins as they come, and one council, so that nobody chooses it. */
async function front() {
  const app = await createTestApp()
  atEnd(() => app.close())
  const council = await createCouncil(app, 'avon')
  const from = (peer: string, email: string, given = password) =>
    createVisitor(app, peer).send('/admin/sign-in', { email, password: given })
  const newEmail = async () => (await createTestUser(council, { role: 'caseworker', password })).email
  return { app, council, from, newEmail }
}

const isIn = ({ location }: { location: string | null }) => (location === '/admin' ? 'in' : 'refused')

/** The link that a start without a council prints. */
/** The link that the first start prints after the address on which it listens. */
export async function setUpLinkOf({ output }: Running): Promise<string> {
  for (let i = 0; i < 200; i++) {
    const link = /(\/admin\/set-up\?token=\S+)\n/.exec(output())?.[1]
    if (link !== undefined) return link
    await Bun.sleep(20)
  }
  throw new Error(`No link was printed: ${output()}`)
}

/** A council set up in the browser, by the link that the first start prints. */
export const setUpCouncil = once(async () => {
  const { reeve, done, start } = await newData()
  const server = await start()
  const link = await setUpLinkOf(server)
  const fields = {
    council: 'Bristol City Council',
    nation: 'england_wales',
    name: 'Ada Green',
    email: 'ada@example.org',
  }
  const send = () =>
    fetch(`${server.url}${link}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ ...fields, password }),
    })
  const [first, again] = [await send(), await send()]
  await server.stop()
  return { statuses: [first.status, again.status], reeve, done }
})

async function secretsShown(): Promise<string> {
  const { app, council } = await front()
  const { email, id } = await createTestUser(council, { role: 'admin', password })
  const thief = createVisitor(app, '192.0.2.66')
  await thief.send('/admin/sign-in', { email, password })
  const seen = authenticatorSecretIn((await thief.see(factor)).html)
  const link = await createPasswordLink(council.ctx, app.deps, id, 'reset')
  const owner = createVisitor(app, '192.0.2.1')
  await owner.send(`/admin/password?token=${link.token}`, { password: 'three other random words' })
  const shown = authenticatorSecretIn((await owner.see(factor)).html)
  const isOut = (await thief.see(factor)).status !== 200
  return `the owner is shown ${shown === seen ? 'the same secret' : 'another secret'}; the thief is ${isOut ? 'out' : 'still in'}`
}

/** Changes of a second factor by somebody who has an open session and no password. */
async function withSessionAlone(): Promise<string> {
  const { app, council } = await front()
  await withoutSecondFactor(council)
  const visitor = await signedInAs(app, council, { role: 'admin' })
  const code = codeAt(authenticatorSecretIn((await visitor.see(factor)).html), app.clock.now())
  const statuses = [(await visitor.send(factor, { code })).status]
  await visitor.send(factor, { code, current: password })
  for (const path of ['recovery-codes', 'second-factor/remove'])
    statuses.push((await visitor.send(`/admin/account/${path}`, {})).status)
  const isInUse = (await visitor.see('/admin/account')).text.includes('In use')
  return `${counted(statuses)}; the second factor is ${isInUse ? 'in use' : 'gone'}`
}

/** A hundred attempts at once, with passwords hashed at their real cost, and somebody who only reads. */
async function crowdSigningIn(): Promise<string> {
  const { app, server } = await serve({}, { passwords: createPasswordHasher() })
  const council = await createCouncil(app, 'avon')
  await createTestCase(app, council)
  let open = 100
  const attempts = Array.from({ length: open }, async (_, i) => {
    const visitor = createVisitor(app, `192.0.2.${i}`)
    const { status } = await visitor.send('/admin/sign-in', {
      email: 'nobody@example.org',
      password: `guess ${i}`,
    })
    open--
    return status
  })
  const list = await fetch(`${server.url}/api/cases`, {
    headers: { ...bearer(council.key), 'accept-encoding': 'gzip' },
  })
  await list.text()
  const wasFirst = open > 0
  const statuses = counted((await Promise.all(attempts)).toSorted())
  return `${statuses}; a list meanwhile ${list.status}, ${wasFirst ? 'before' : 'after'} the last of them`
}

export const signIns: readonly Row[] = [
  {
    group,
    does: 'sets up the first council by the link of the first start, uses the link again, and runs reeve check',
    answer: async () => {
      const { statuses, reeve } = await setUpCouncil()
      const { code, out } = await reeve('check')
      const failed = out.match(/^FAILED.*$/gm) ?? []
      return `${statuses.join(', ')}; check ${code === 0 ? 'ok' : failed.join(', ')}`
    },
    isRight: (answer) => answer === '303, 404; check ok',
  },
  {
    group,
    does: 'opens the page of the second factor with a stolen password; the owner resets it and enrols',
    answer: secretsShown,
    isRight: (answer) => answer === 'the owner is shown another secret; the thief is out',
  },
  {
    group,
    does: 'signs in 14 times, after 86 wrong passwords of others from the same address once more, then as a colleague',
    answer: async () => {
      const { council, from, newEmail } = await front()
      await withoutSecondFactor(council)
      const email = await newEmail()
      const right = []
      for (let i = 0; i < 14; i++) right.push(isIn(await from('198.51.100.2', email)))
      for (let i = 0; i < 86; i++) await from('198.51.100.2', `nobody-${i}@example.org`, 'a wrong guess')
      const after = [
        isIn(await from('198.51.100.2', email)),
        isIn(await from('198.51.100.2', await newEmail())),
      ]
      return `${counted(right)}; then ${after.join(', ')}`
    },
    isRight: (answer) => answer === 'in (14 times); then in, in',
  },
  {
    group,
    does: 'signs in where they did before, while their account gets a hundred wrong passwords',
    answer: async () => {
      const { council, from, newEmail } = await front()
      await withoutSecondFactor(council)
      const email = await newEmail()
      await from('198.51.100.1', email)
      for (let i = 0; i < 100; i++) await from(`203.0.113.${i % 10}`, email, `guess ${i}`)
      return `at home ${isIn(await from('198.51.100.1', email))}, elsewhere ${isIn(await from('198.51.100.9', email))}`
    },
    isRight: (answer) => answer === 'at home in, elsewhere refused',
  },
  {
    group,
    does: 'tries to sign in a hundred times at once without an account',
    answer: crowdSigningIn,
    isRight: (answer) =>
      /503 \(\d+ times\)/.test(answer) && answer.endsWith('a list meanwhile 200, before the last of them'),
  },
  {
    group,
    does: 'asks with an open session alone to set up a second factor, and later for new recovery codes and to remove it',
    answer: withSessionAlone,
    isRight: (answer) => answer === '400 (3 times); the second factor is in use',
  },
  {
    group,
    does: 'signs in, with “keep me signed in” and without',
    answer: async () => {
      const { app, council, newEmail } = await front()
      await withoutSecondFactor(council)
      const email = await newEmail()
      const cookies = ([{}, { keep: 'true' }] as Record<string, string>[]).map(async (more) => {
        const { headers } = await createVisitor(app).send('/admin/sign-in', { email, password, ...more })
        return /Max-Age/.test(headers.getSetCookie()[0] ?? '') ? 'kept' : 'ends with the browser'
      })
      return (await Promise.all(cookies)).join(', ')
    },
    isRight: (answer) => answer === 'ends with the browser, kept',
  },
  {
    group,
    does: 'deactivates somebody by an import of users and activates them again',
    answer: async () => {
      const { app, council } = await front()
      await withoutSecondFactor(council)
      const visitor = await signedInAs(app, council, { role: 'manager', email: 'ada@example.org' })
      const before = (await visitor.see('/admin')).status
      for (const active of ['no', 'yes'])
        await importUsers(council.ctx, parseUsers(bytes(`email,active\nada@example.org,${active}\n`)))
      const { status, location } = await visitor.see('/admin')
      return `their open session: ${before}, then ${status} to ${location}`
    },
    isRight: (answer) => answer === 'their open session: 200, then 303 to /admin/sign-in',
  },
]
