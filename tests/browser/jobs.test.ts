import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { codeAt } from '../../src/core/sessions/second-factor/totp'
import { setUpPath } from '../../src/core/set-up/service'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, type TestApp } from '../support/app'
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
        page.setDefaultTimeout(10_000)
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

      test('nothing came from anywhere else, and nothing was complained of', () => {
        expect(elsewhere).toEqual([])
        expect(complaints).toEqual([])
      })
    },
  )
}
