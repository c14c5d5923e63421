import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { eventNames } from '../../src/core/outbox/table'
import { type Listening, listen } from '../../src/http/server'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { chromiumPath, launchBrowser } from '../support/browser'

describe.skipIf(chromiumPath === null)('the API documentation in a browser', () => {
  let app: TestApp
  let council: Council
  let server: Listening
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    app = await createTestApp({ REEVE_PORT: '0' })
    council = await createCouncil(app, 'bristol')
    server = listen(app.deps, app.handle)
    browser = await launchBrowser()
    page = await browser.newPage()
  })

  afterAll(async () => {
    await browser.close()
    await server.stop()
    await app.close()
  })

  test('shows every operation and loads nothing from another host', async () => {
    const requested: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => void requested.push(new URL(request.url()).origin))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => void complaints.push(error.message))
    await page.goto(`${server.url}/swagger`, { waitUntil: 'networkidle' })
    await page.waitForSelector('.opblock')
    const operations = app.routes.entries.filter(({ path }) => /^\/(api|public)\//.test(path)).length
    // With three operations about the system, and the webhooks.
    expect(await page.locator('.opblock').count()).toBe(operations + 3 + eventNames.length)
    expect([...new Set(requested)]).toEqual([server.url])
    expect(requested.length).toBeGreaterThanOrEqual(5)
    expect(complaints).toEqual([])
  })

  // On the page that is there: it takes seconds to draw a hundred operations.
  test('tries a request with a pasted key', async () => {
    await page.locator('button.authorize').first().click()
    await page.locator('.auth-container input').first().fill(council.key)
    await page.locator('.auth-btn-wrapper button.authorize').first().click()
    await page.locator('.btn-done').first().click()
    const operation = page.locator('.opblock', { hasText: '/api/me' }).first()
    await operation.click()
    await operation.locator('.try-out__btn').click()
    await operation.locator('.execute').click()
    const answer = operation.locator('.live-responses-table')
    await answer.waitFor()
    expect(await answer.innerText()).toContain('bristol council')
  })
})
