import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { type Listening, listen } from '../../src/http/server'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { faultsOf } from '../support/axe'
import { chromiumPath, launchBrowser, signInOn } from '../support/browser'
import { unlimited } from '../support/http'
import { chooseFrom, fillIn, press } from '../support/keyboard'
import { password } from '../support/visitor'

const limitMs = 120_000

describe.skipIf(chromiumPath === null)('a thousand wards to choose from', () => {
  let app: TestApp
  let council: Council
  let server: Listening
  let browser: Browser

  beforeAll(async () => {
    app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
    council = await createCouncil(app, 'avon')
    const wards = Array.from({ length: 1_000 }, (_, i) => ({ name: `Ward ${1_000 + i}`, slug: `ward-${i}` }))
    await importWards(council.ctx, wards)
    await createTestUser(council, { role: 'manager', email: 'manager@example.org', password })
    server = listen(app.deps, app.handle)
    browser = await launchBrowser()
  }, limitMs)

  afterAll(async () => {
    await browser.close()
    await server.stop()
    await app.close()
  })

  test.each([true, false])(
    'are found by typing, with the keyboard alone; scripts on: %p',
    async (javaScriptEnabled) => {
      const context = await browser.newContext({ javaScriptEnabled, bypassCSP: true })
      const page = await context.newPage()
      await signInOn(page, server.url, 'manager@example.org', '/admin/cases/new')
      expect(new URL(page.url()).pathname).toBe('/admin/cases/new')
      await fillIn(page, 'Summary', 'Pothole')
      await chooseFrom(page, /^Ward/, 'Ward 1777')
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([])
      await press(page, 'Create the case', 'button')
      expect(await page.locator('main').innerText()).toContain('Ward 1777')
      await context.close()
    },
    limitMs,
  )

  test(
    'are text, whatever they are called',
    async () => {
      const named = 'Zzz <b id=bold>Bold</b> & <img src=x onerror=alert(1)> Ward'
      await importWards(council.ctx, [{ name: named, slug: 'zzz' }])
      const context = await browser.newContext()
      const page = await context.newPage()
      await signInOn(page, server.url, 'manager@example.org', '/admin/cases/new')
      const field = page.locator('input#wardId')
      await field.fill('Zzz')
      const suggestion = page.getByRole('option', { name: /^Zzz/ })
      await suggestion.waitFor()
      expect(await suggestion.innerText()).toBe(named)
      const fontOf = (element: Element) => getComputedStyle(element).fontFamily
      for (const shown of [field, suggestion]) expect(await shown.evaluate(fontOf)).toBe('arial, sans-serif')
      expect(await page.locator('#bold, main img').count()).toBe(0)
      await suggestion.click()
      expect(await field.inputValue()).toBe(named)
      await page.fill('#summary', 'Pothole')
      await press(page, 'Create the case', 'button')
      expect(await page.locator('main').innerText()).toContain(named)
      await context.close()
    },
    limitMs,
  )

  test(
    'are found without accents, apostrophes and hyphens',
    async () => {
      await importWards(council.ctx, [{ name: 'Ŵyn O’Neill-Stoke', slug: 'wyn' }])
      const context = await browser.newContext()
      const page = await context.newPage()
      await signInOn(page, server.url, 'manager@example.org', '/admin/cases/new')
      await page.locator('input#wardId').fill('wyn oneill stoke')
      await page.getByRole('option', { name: /^Ŵyn/ }).click()
      expect(await page.locator('input#wardId').inputValue()).toBe('Ŵyn O’Neill-Stoke')
      await context.close()
    },
    limitMs,
  )
})
