import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { codeAt } from '../../src/core/second-factor/totp'
import { insertStoreFact, listTenants } from '../../src/core/tenants/store'
import { maintain } from '../../src/core/write'
import { setUpPath } from '../../src/dashboard/sign-in/set-up'
import { seededRandom } from '../../src/lib/random'
import { createCouncil, createTestApp, type TestApp } from '../support/app'
import { createVisitor, password } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

const form = {
  council: 'Avon Council',
  nation: 'scotland',
  name: 'Ada Green',
  email: 'Ada@Example.org',
  password,
}

describe('a store without a council', () => {
  test('is set up by nobody without the link', async () => {
    const visitor = createVisitor(app)
    for (const token of ['', 'wrong', 'a'.repeat(43)]) {
      expect((await visitor.see(`/admin/set-up?token=${token}`)).status).toBe(404)
      expect((await visitor.send(`/admin/set-up?token=${token}`, form)).status).toBe(404)
    }
    expect(await setUpPath(app.deps)).not.toBeNull()
  })

  test('names every fault of the form at once, and keeps what was right', async () => {
    const path = (await setUpPath(app.deps)) as string
    const bad = {
      council: '<script>alert(1)</script>',
      slug: 'Avon Council',
      nation: 'wales',
      name: ' ',
      email: 'nobody',
      password: 'avon',
    }
    const { status, text, html } = await createVisitor(app).send(path, bad)
    expect(status).toBe(400)
    for (const sentence of [
      'Enter your full name',
      'Your e-mail address must be an e-mail address, such as name@example.org',
      'Password must have 12 to 200',
      'Nation must be one of',
      'Short name may contain only lower-case letters, digits and hyphens between them, 63 at most',
    ]) {
      expect(text).toContain(sentence)
    }
    expect(html).toContain('value="&lt;script&gt;alert(1)&lt;/script&gt;"')
    expect(html).not.toContain('value="avon"')
    expect(await setUpPath(app.deps)).toBe(path)
  })

  test('asks for a short name where the name gives none', async () => {
    const path = (await setUpPath(app.deps)) as string
    const { status, text } = await createVisitor(app).send(path, { ...form, council: '—' })
    expect(status).toBe(400)
    expect(text).toContain('Enter a short name: none can be made from the name')
  })

  test('is set up once: of two at the same time one is refused, and nothing of theirs is kept', async () => {
    const path = (await setUpPath(app.deps)) as string
    const [one, other] = [createVisitor(app), createVisitor(app)]
    const answers = await Promise.all([
      one.send(path, form),
      other.send(path, { ...form, council: 'Other Council', email: 'other@example.org' }),
    ])
    const won = answers.filter(({ status }) => status === 303)
    expect(won).toHaveLength(1)
    // One that comes when the first is done finds no page.
    expect(answers.some(({ status }) => status === 400 || status === 404)).toBe(true)
    const winner = answers[0].status === 303 ? one : other
    expect((await winner.see('/admin')).location).toBe('/admin/sign-in/second-factor')
    expect(await setUpPath(app.deps)).toBeNull()
    for (const page of [await createVisitor(app).see(path), await createVisitor(app).send(path, form)]) {
      expect([page.status, page.text]).toEqual([
        404,
        expect.stringContaining('If it has been used, Reeve is set up'),
      ])
    }
  })

  test('has an administrator then, who sets up a second factor and is in', async () => {
    const own = await createTestApp()
    try {
      const visitor = createVisitor(own)
      const { location } = await visitor.send((await setUpPath(own.deps)) as string, form)
      const { html, text } = await visitor.see(location as string)
      expect(text).toContain('Reeve is set up. In web addresses and commands the council is called avon.')
      const secret = /id="key">([A-Z2-7 ]+)</.exec(html)?.[1]?.replaceAll(' ', '') as string
      await visitor.send('/admin/sign-in/second-factor', { code: codeAt(secret, own.clock.now()) })
      const { status, html: home } = await visitor.see('/admin')
      expect(status).toBe(200)
      expect(home).toContain('Avon Council')
      expect(home).toContain('Ada Green')
      expect(home).toContain('reeve import wards --tenant avon FILE')
      for (const page of ['administration', 'settings']) {
        expect((await visitor.see(`/admin/${page}`)).text).toContain('reeve user list --tenant avon')
      }
      const again = createVisitor(own)
      expect((await again.send('/admin/sign-in', { email: 'ada@example.org', password })).location).toBe(
        '/admin',
      )
      expect((await again.see('/admin')).location).toBe('/admin/sign-in/code')
    } finally {
      await own.close()
    }
  })
})

test('another store under the same secret key has another link: that of the first is good nowhere else', async () => {
  const REEVE_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')
  const apps = [
    await createTestApp({ REEVE_SECRET_KEY }),
    await createTestApp({ REEVE_SECRET_KEY }, { random: seededRandom('another') }),
  ] as const
  try {
    const [first, second] = [await setUpPath(apps[0].deps), await setUpPath(apps[1].deps)] as [string, string]
    expect(first).not.toBe(second)
    expect((await createVisitor(apps[1]).send(first, form)).status).toBe(404)
    expect((await createVisitor(apps[1]).send(second, form)).status).toBe(303)
  } finally {
    for (const each of apps) await each.close()
  }
})

test('a link that was used is not good again in a store whose council is gone', async () => {
  const own = await createTestApp()
  try {
    const path = (await setUpPath(own.deps)) as string
    await maintain(own.deps, (m) => insertStoreFact(m, 'set-up', 'done'))
    expect(await setUpPath(own.deps)).toBeNull()
    expect((await createVisitor(own).send(path, form)).status).toBe(404)
  } finally {
    await own.close()
  }
})

test('a council has the short name that was chosen for it', async () => {
  const own = await createTestApp()
  try {
    const path = (await setUpPath(own.deps)) as string
    await createVisitor(own).send(path, { ...form, council: 'Avon Council', slug: 'avonside' })
    expect((await listTenants(own.deps.store.read)).map(({ slug }) => slug)).toEqual(['avonside'])
  } finally {
    await own.close()
  }
})

test('a store with a council that was made at the console has no link', async () => {
  const own = await createTestApp()
  try {
    const path = (await setUpPath(own.deps)) as string
    await createCouncil(own, 'brent')
    expect(await setUpPath(own.deps)).toBeNull()
    expect((await createVisitor(own).see(path)).status).toBe(404)
  } finally {
    await own.close()
  }
})
