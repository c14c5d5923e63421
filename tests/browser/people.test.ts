import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { findUserByEmail } from '../../src/core/users/store'
import { type Listening, listen } from '../../src/http/server'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { chromiumPath, launchBrowser } from '../support/browser'
import { unlimited } from '../support/http'
import { fillIn, press, tabTo, tick } from '../support/keyboard'
import { password, withoutSecondFactor } from '../support/visitor'

const limitMs = 60_000

for (const javaScriptEnabled of [true, false]) {
  describe.skipIf(chromiumPath === null)(
    `people, with the keyboard alone, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    () => {
      let app: TestApp
      let council: Council
      let server: Listening
      let browser: Browser
      let page: Page

      beforeAll(async () => {
        app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
        council = await createCouncil(app, 'avon')
        await withoutSecondFactor(council)
        await createTestUser(council, { role: 'admin', email: 'ada@example.org', password })
        const wards = Array.from({ length: 20 }, (_, i) => ({
          name: `Ward ${i + 100}`,
          slug: `ward-${i + 100}`,
        }))
        await importWards(council.ctx, wards)
        server = listen(app.deps, app.handle)
        browser = await launchBrowser()
        page = await (await browser.newContext({ javaScriptEnabled })).newPage()
        page.setDefaultTimeout(60_000)
      }, limitMs)

      afterAll(async () => {
        await browser.close()
        await server.stop()
        await app.close()
      })

      test(
        'a councillor is invited, for one of twenty wards, and chooses a password by the link',
        async () => {
          await page.goto(`${server.url}/admin/sign-in?next=/admin/users`)
          await fillIn(page, 'E-mail address', 'ada@example.org')
          await fillIn(page, 'Password', password)
          await press(page, 'Sign in', 'button')
          await press(page, 'Invite somebody', 'a')
          await fillIn(page, 'Full name', 'Owen Price')
          await fillIn(page, 'E-mail address', 'owen@example.org')
          await tabTo(page, /Admin/, 'input')
          for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown')
          if (javaScriptEnabled) {
            await fillIn(page, 'Find in the list', 'ward 112')
            expect(await page.getByRole('status').innerText()).toBe('1 of 20 shown')
            expect(await page.locator('.govuk-checkboxes__item:visible').count()).toBe(1)
          }
          await tick(page, 'Ward 112')
          await press(page, 'Invite them', 'button')
          expect(await page.locator('h1').innerText()).toBe('Give this link to Owen Price')
          expect(await page.locator('[data-copy]').isVisible()).toBe(javaScriptEnabled)
          const link = await page.locator('#link').innerText()
          expect(link).toStartWith(`${server.url}/admin/password?token=`)
          await page.context().clearCookies()
          await page.goto(link)
          await fillIn(page, 'New password', 'seven yellow bicycles')
          await press(page, 'Save and sign in', 'button')
          expect(new URL(page.url()).pathname).toBe('/admin')
          const user = await findUserByEmail(council.ctx, 'owen@example.org')
          expect(user?.role).toBe('councillor')
          await page.goto(`${server.url}/admin/users/${user?.id}`)
          expect(await page.locator('main').innerText()).toContain('Ward 112')
        },
        limitMs,
      )
    },
  )
}
