import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { createKey } from '../../src/core/api-keys/service'
import { codeAt } from '../../src/core/second-factor/totp'
import { consoleCtx } from '../../src/core/tenants/service'
import { createUser } from '../../src/core/users/service'
import { setUpPath } from '../../src/dashboard/sign-in/set-up'
import { type Listening, listen } from '../../src/http/server'
import { createCase } from '../../src/resources/cases/service'
import { createTestApp, type TestApp, testActor } from '../support/app'
import { chromiumPath, launchBrowser } from '../support/browser'
import { unlimited } from '../support/http'
import { chooseFrom, fillIn, press, tabTo, tick } from '../support/keyboard'
import { password } from '../support/visitor'

const limitMs = 60_000

/** What people do in the dashboard from beginning to end, with the keyboard alone. */
for (const javaScriptEnabled of [true, false]) {
  describe.skipIf(chromiumPath === null)(
    `with the keyboard alone, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    () => {
      let app: TestApp
      let server: Listening
      let browser: Browser
      let page: Page
      const elsewhere: string[] = []
      const complaints: string[] = []

      beforeAll(async () => {
        app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
        server = listen(app.deps, app.handle)
        browser = await launchBrowser()
        const context = await browser.newContext({ javaScriptEnabled })
        page = await context.newPage()
        page.setDefaultTimeout(60_000)
        page.on('request', (request) => {
          if (!request.url().startsWith(server.url)) elsewhere.push(request.url())
        })
        page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
        page.on('pageerror', (error) => void complaints.push(error.message))
      }, limitMs)

      afterAll(async () => {
        await browser.close()
        await server.stop()
        await app.close()
      })

      const consoleOf = () => consoleCtx(app.deps, 'avon', testActor)

      /** Somebody to give cases to, and twenty of them. */
      async function makeCases(): Promise<void> {
        const ctx = await consoleOf()
        const input = { role: 'caseworker', name: 'Sam Okafor', email: 'sam@example.org' } as const
        await createUser(ctx, { ...input, password, mustChangePassword: false })
        for (let i = 1; i <= 20; i++) await createCase(ctx, { summary: `Case ${i}` })
      }

      const allCasesKey = async () =>
        (await createKey(await consoleOf(), app.deps, { name: 'all', scopes: ['all'] })).plain

      const heading = () => page.locator('h1').innerText()

      test(
        'a council is set up, its first administrator signed in with a second factor',
        async () => {
          await page.goto(server.url + (await setUpPath(app.deps)))
          await fillIn(page, 'Name of the council', 'Avon Council')
          await tabTo(page, 'England and Wales')
          await fillIn(page, 'Your full name', 'Ada Green')
          await fillIn(page, 'Your e-mail address', 'ada@example.org')
          await fillIn(page, 'Password', password)
          await press(page, 'Set up', 'button')
          expect(await heading()).toBe('Set up a second factor')
          const secret = (await page.locator('#key').innerText()).replaceAll(' ', '')
          await fillIn(page, 'Code', codeAt(secret, app.clock.now()))
          await press(page, 'Continue', 'button')
          expect(await heading()).toBe('Keep your recovery codes')
          await press(page, 'Continue', 'a')
          expect(new URL(page.url()).pathname).toBe('/admin')

          await press(page, 'Sign out', 'button')
          app.clock.advance(60_000)
          await fillIn(page, 'E-mail address', 'ada@example.org')
          await fillIn(page, 'Password', password)
          await press(page, 'Sign in', 'button')
          expect(await heading()).toBe('Enter a code from your app')
          await fillIn(page, 'Code', codeAt(secret, app.clock.now()))
          await press(page, 'Continue', 'button')
          expect(new URL(page.url()).pathname).toBe('/admin')
        },
        limitMs,
      )

      test(
        'an API key is made, used and revoked',
        async () => {
          const ask = (key: string) =>
            fetch(`${server.url}/api/cases`, { headers: { authorization: `Bearer ${key}` } })
          await press(page, 'Admin', 'a')
          await press(page, 'API keys', 'a')
          await press(page, 'Create an API key')
          await fillIn(page, 'Name', 'Website')
          await tick(page, 'View cases, their history and what is public')
          await press(page, 'Create the key', 'button')
          const key = (await page.locator('#key').innerText()).trim()
          expect((await ask(key)).status).toBe(200)
          expect(await page.locator('main').innerText()).toContain(`Authorization: Bearer ${key}`)

          await press(page, 'Admin', 'a')
          await press(page, 'API keys', 'a')
          expect(await page.content()).not.toContain(key)
          await press(page, 'Website', 'a')
          await press(page, 'Revoke')
          await press(page, 'Revoke the key', 'button')
          expect((await ask(key)).status).toBe(401)
        },
        limitMs,
      )

      test(
        'a case is taken from open to closed',
        async () => {
          await press(page, 'Cases', 'a')
          await press(page, 'Create a case')
          await fillIn(page, 'Summary', 'Pothole on Mina Road')
          await press(page, 'Create the case', 'button')
          expect(await heading()).toContain('Pothole on Mina Road')
          const said = () => page.locator('main').innerText()
          expect(await said()).toContain('Open')

          await press(page, 'Start work', 'button')
          expect(await said()).toContain('In progress')
          await fillIn(page, 'Note', 'Sent to highways.')
          await tick(page, 'Only staff')
          await press(page, 'Add note', 'button')
          expect(await said()).toContain('Sent to highways.')
          await press(page, 'Resolve')
          await tick(page, 'Fixed')
          await press(page, 'Resolve', 'button')
          expect(await said()).toContain('Resolved')
          await press(page, 'Close', 'button')
          expect(await said()).toContain('Closed')
          expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0)
        },
        limitMs,
      )

      test(
        'twenty cases are given to somebody',
        async () => {
          await makeCases()
          await press(page, 'Cases', 'a')
          const boxes = await page.locator('tbody input[type=checkbox]').count()
          expect(boxes).toBe(20)
          if (javaScriptEnabled) await tick(page, /^Select all/)
          else for (let i = 0; i < boxes; i++) await tick(page, /^Select CW-/)
          await chooseFrom(page, 'Assign the selected cases to', 'Sam Okafor')
          await press(page, 'Assign', 'button')
          expect(await page.locator('main').innerText()).toContain('20 cases assigned to Sam Okafor')
          const key = await allCasesKey()
          const { body } = await app.send('GET', '/api/cases?pageSize=100', { key })
          const assigned = body.cases.filter((one: { assignee: { name: string } | null }) => one.assignee)
          expect(assigned.map((one: { assignee: { name: string } }) => one.assignee.name)).toEqual(
            Array.from({ length: 20 }, () => 'Sam Okafor'),
          )
        },
        limitMs,
      )

      test('nothing came from anywhere else, and nothing was complained of', () => {
        expect(elsewhere).toEqual([])
        expect(complaints).toEqual([])
      })
    },
  )
}
