import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Dialog, Page } from 'playwright-core'
import { type Listening, listen } from '../../src/http/server'
import { patchCase } from '../../src/resources/cases/service'
import { getCase } from '../../src/resources/cases/store'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { chromiumPath, launchBrowser, signInOn } from '../support/browser'
import { createTestCase } from '../support/casework'
import { unlimited } from '../support/http'
import { password } from '../support/visitor'

const limitMs = 60_000
const email = 'max@example.org'

for (const javaScriptEnabled of [true, false]) {
  describe.skipIf(chromiumPath === null)(`forms, scripts ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let app: TestApp
    let council: Council
    let server: Listening
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
      council = await createCouncil(app, 'avon')
      await createTestUser(council, { role: 'manager', email, password })
      server = listen(app.deps, app.handle)
      browser = await launchBrowser()
      page = await (await browser.newContext({ javaScriptEnabled })).newPage()
      page.setDefaultTimeout(20_000)
      await signInOn(page, server.url, email, '/admin')
    }, limitMs)

    afterAll(async () => {
      await browser.close()
      await server.stop()
      await app.close()
    })

    const main = () => page.locator('main').innerText()
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const openCase = async () => {
      const made = await createTestCase(app, council)
      await page.goto(`${server.url}/admin/cases/${made.reference}`)
      return made
    }
    const notes = () => page.locator('.moj-timeline__item').count()

    test(
      'a note is not added again unasked by whoever goes back and presses the button again',
      async () => {
        await openCase()
        await page.fill('#body', 'She rang')
        await button('Add note').click()
        expect(await notes()).toBe(1)
        await page.goBack()
        expect(await page.inputValue('#body')).toBe('She rang')
        await button('Add note').click()
        expect(await main()).toContain('You have already sent exactly this')
        expect(await page.inputValue('#body')).toBe('She rang')
        expect(await notes()).toBe(1)
        await button('Add note').click()
        expect(await notes()).toBe(2)
      },
      limitMs,
    )

    test(
      'a note that is typed is there again after “Start work”',
      async () => {
        await openCase()
        await page.fill('#body', 'Half a sentence')
        await button('Start work').click()
        expect(await main()).toContain('The case was moved')
        expect(await page.inputValue('#body')).toBe('Half a sentence')
        await button('Add note').click()
        expect(await main()).toContain('The note was added')
      },
      limitMs,
    )

    test.skipIf(!javaScriptEnabled)(
      'a note that is typed is not left for another page unasked',
      async () => {
        await openCase()
        await page.locator('#body').click()
        await page.keyboard.type('Half a sentence')
        const stay = async (dialog: Dialog) => {
          await dialog.dismiss()
          return dialog.type()
        }
        const [asked] = await Promise.all([
          page.waitForEvent('dialog').then(stay),
          page.getByRole('link', { name: 'Edit the case' }).click({ noWaitAfter: true }),
        ])
        expect(asked).toBe('beforeunload')
        expect(await page.inputValue('#body')).toBe('Half a sentence')
        await button('Add note').click()
        expect(await main()).toContain('The note was added')
      },
      limitMs,
    )

    test.skipIf(!javaScriptEnabled)(
      'what is typed into a long list and is none of its options is refused, and stays',
      async () => {
        const names = Array.from({ length: 20 }, (_, i) => ({
          name: `Ward ${i + 10}`,
          slug: `ward-${i + 10}`,
        }))
        await importWards(council.ctx, names)
        const { id } = await openCase()
        await page.getByRole('link', { name: 'Edit the case' }).click()
        await page.fill('input#wardId', 'Ward 12')
        await button('Save').click()
        const ward = async () => (await getCase(council.ctx, id)).ward?.name
        expect(await ward()).toBe('Ward 12')
        await page.goto(`${page.url().split('?')[0]}/edit`)
        await page.fill('input#wardId', 'Bedminstre')
        await button('Save').click()
        expect(await main()).toContain('Ward: “Bedminstre” is not in the list')
        expect(await page.inputValue('input#wardId')).toBe('Bedminstre')
        expect(await ward()).toBe('Ward 12')
        await page.fill('input#wardId', 'Ward 13')
        await button('Save').click()
        expect(await main()).toContain('The case was saved')
        expect(await ward()).toBe('Ward 13')
      },
      limitMs,
    )

    test(
      'what a colleague changed meanwhile stays, and is asked about only where both changed the same',
      async () => {
        const { id } = await openCase()
        await page.getByRole('link', { name: 'Edit the case' }).click()
        await page.fill('#summary', 'My summary')
        await page.fill('#description', 'My description')
        await patchCase(council.ctx, id, { summary: 'Their summary', priority: 'urgent' })
        await button('Save').click()
        expect(await main()).toContain('Somebody changed this while you were working on it')
        expect(await page.inputValue('#priority')).toBe('urgent')
        await button('Save').click()
        expect(await main()).toContain('The case was saved')
        expect(await main()).toContain('My summary')
        expect(await main()).toMatch(/Priority\s+Urgent/)
      },
      limitMs,
    )
  })
}
