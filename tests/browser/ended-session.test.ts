import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { codeAt } from '../../src/core/second-factor/totp'
import { type Listening, listen } from '../../src/http/server'
import { createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { chromiumPath, launchBrowser, signInOn } from '../support/browser'
import { createTestCase } from '../support/casework'
import { unlimited } from '../support/http'
import { password } from '../support/visitor'

const limitMs = 60_000
const email = 'ada@example.org'
const note = 'Mrs Okafor rang.\n\nThe lamp is still dark, and she will'

for (const javaScriptEnabled of [true, false]) {
  describe.skipIf(chromiumPath === null)(
    `a caseworker who writes a note, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    () => {
      let app: TestApp
      let server: Listening
      let browser: Browser
      let page: Page
      let secret: string
      let path: string

      beforeAll(async () => {
        app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
        const council = await createCouncil(app, 'avon')
        const { id } = await createTestUser(council, { role: 'caseworker', email, password })
        const { reference } = await createTestCase(app, council, { assigneeId: id })
        path = `/admin/cases/${reference}`
        server = listen(app.deps, app.handle)
        browser = await launchBrowser()
        page = await (await browser.newContext({ javaScriptEnabled })).newPage()
        page.setDefaultTimeout(20_000)
        await signInOn(page, server.url, email, '/admin/sign-in/second-factor')
        secret = (await page.locator('#key').innerText()).replaceAll(' ', '')
        await page.fill('#code', codeAt(secret, app.clock.now()))
        await page.fill('#current', password)
        await page.click('main button[type=submit]')
        await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor()
      }, limitMs)

      afterAll(async () => {
        await browser.close()
        await server.stop()
        await app.close()
      })

      test(
        'finds it again after the session has ended, the password and the code',
        async () => {
          await page.goto(server.url + path)
          await page.fill('#body', note)
          app.clock.advance(5 * 3_600_000)
          await page.getByRole('button', { name: 'Add note' }).click()
          expect(await page.locator('main').innerText()).toContain('You were signed out. Sign in to go on')
          await page.fill('#email', email)
          await page.fill('#password', password)
          await page.getByRole('button', { name: 'Sign in', exact: true }).click()
          await page.fill('#code', codeAt(secret, app.clock.now()))
          await page.getByRole('button', { name: 'Continue' }).click()
          expect(await page.locator('main').innerText()).toContain('it is not saved yet')
          expect(await page.inputValue('#body')).toBe(note)
          expect(await page.locator('.moj-timeline__item').count()).toBe(0)
          await page.getByRole('button', { name: 'Add note' }).click()
          expect(new URL(page.url()).pathname).toBe(path)
          expect(await page.locator('main').innerText()).toContain('The note was added')
          expect(await page.locator('.moj-timeline__item').count()).toBe(1)
        },
        limitMs,
      )

      test('reads at the foot of the page when the session ends', async () => {
        await page.goto(server.url + path)
        expect(await page.locator('footer').innerText()).toMatch(
          /You stay signed in until .+ at \d+:\d\d[ap]m\. /,
        )
      })

      test.skipIf(!javaScriptEnabled)(
        'is warned before the session ends, and puts the end off',
        async () => {
          const forward = (minutes: number) => {
            app.clock.advance(minutes * 60_000)
            return page.clock.fastForward(minutes * 60_000)
          }
          await page.clock.install()
          await page.goto(server.url + path)
          await page.fill('#body', note)
          const dialog = page.getByRole('dialog')
          await forward(234)
          expect(await dialog.isVisible()).toBe(false)
          await forward(2)
          expect(await dialog.innerText()).toContain('We will sign you out in 4 minutes')
          await page.getByRole('button', { name: 'Stay signed in' }).click()
          await dialog.waitFor({ state: 'hidden' })
          await forward(200)
          expect(await dialog.isVisible()).toBe(false)
          await forward(41)
          expect(await dialog.innerText()).toContain('You were signed out')
          await dialog.getByRole('button', { name: 'Close' }).click()
          expect(await page.inputValue('#body')).toBe(note)
        },
        limitMs,
      )
    },
  )
}
