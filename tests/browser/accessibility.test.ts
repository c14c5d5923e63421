import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { createPasswordLink } from '../../src/core/passwords/links.service'
import { passwordLinkPath } from '../../src/dashboard/sign-in/link-mail'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, createTestUser, type TestApp } from '../support/app'
import { faultsOf } from '../support/axe'
import { chromiumPath, launchBrowser } from '../support/browser'
import { unlimited } from '../support/http'
import { createSide, type Side } from '../support/sides'
import { password, withoutSecondFactor } from '../support/visitor'

const limitMs = 300_000

/** The one page that an admin does not have. */
const councillorsOwn = '/admin/account/profile'

/** Every page of the dashboard, when first opened and after its form was sent empty. */
describe.skipIf(chromiumPath === null)('every page of the dashboard', () => {
  let app: TestApp
  let side: Side
  let server: Listening
  let browser: Browser
  let page: Page
  const looked: string[] = []
  const shapes = new Set<string>()

  beforeAll(async () => {
    app = await createTestApp({ REEVE_PORT: '0', ...unlimited })
    side = await createSide(app, 'avon', 3)
    await withoutSecondFactor(side.council)
    // Only a case in progress can be made to wait.
    await app.send('PATCH', `/api/cases/${side.references[0]}`, {
      key: side.council.key,
      body: { status: 'in_progress' },
    })
    server = listen(app.deps, app.handle)
    browser = await launchBrowser()
    page = await browser.newPage({ bypassCSP: true })
    page.setDefaultTimeout(60_000)
    await createTestUser(side.council, { role: 'admin', email: 'admin@example.org', password })
  }, limitMs)

  afterAll(async () => {
    await browser.close()
    await server.stop()
    await app.close()
    process.stdout.write(`${looked.join('\n')}\n`)
  })

  async function look(state: string): Promise<string[]> {
    const { pathname } = new URL(page.url())
    looked.push(`axe: ${pathname} | ${state}`)
    return (await faultsOf(page, shapes)).map((fault) => `${pathname} (${state}): ${fault}`)
  }

  /** The address of a page, with something that exists for each parameter. */
  function addressOf(path: string): string {
    const { ids, references } = side
    const byArea: Record<string, string> = {
      keys: ids.key,
      users: ids.assignee,
      wards: ids.ward,
      categories: ids.category,
      cases: references[0] as string,
    }
    const area = path.split('/')[2] as string
    return path
      .replace(':status', 'resolved')
      .replace(/:(id|reference|key|user|ward|category)\b/, byArea[area] ?? 'none')
  }

  const pagesOf = (isOpen: boolean) =>
    app.routes.entries
      .filter(
        ({ method, path, permission }) =>
          method === 'GET' && permission !== null && path.startsWith('/admin'),
      )
      .filter(({ permission }) => (permission === 'everybody') === isOpen)
      .map(({ path }) => path)
      .filter((path) => path !== councillorsOwn)

  /** Looks at a page, then at what comes of sending its form with its fields left empty. */
  async function lookAtBoth(path: string): Promise<string[]> {
    await page.goto(server.url + path)
    const faults = await look('first seen')
    const form = page
      .locator('main form[method=post]')
      .filter({ has: page.locator('input:not([type=hidden]), textarea, select') })
    if ((await form.count()) === 0) return faults
    for (const field of await form
      .first()
      .locator('input[type=text], input[type=email], input[type=password], textarea')
      .all()) {
      if (await field.isVisible()) await field.fill('')
    }
    await form.first().locator('button[type=submit]').last().click()
    await page.waitForLoadState('load')
    return [...faults, ...(await look('sent with nothing in it'))]
  }

  test(
    'that everybody may see has no fault that axe knows, and fits a narrow screen',
    async () => {
      const { token } = await createPasswordLink(side.council.ctx, app.deps, side.ids.assignee, 'invitation')
      const faults: string[] = []
      for (const path of [
        ...pagesOf(true).filter((one) => one !== '/admin/set-up'),
        passwordLinkPath(token),
        '/admin/nothing',
      ]) {
        faults.push(...(await lookAtBoth(path)))
      }
      expect(faults).toEqual([])
    },
    limitMs,
  )

  test(
    'that somebody signed in may see has none either',
    async () => {
      await page.goto(`${server.url}/admin/sign-in`)
      await page.fill('#email', 'admin@example.org')
      await page.fill('#password', password)
      await page.click('main button[type=submit]')
      const faults: string[] = []
      for (const path of pagesOf(false)) faults.push(...(await lookAtBoth(addressOf(path))))
      expect(faults).toEqual([])
      expect(pagesOf(false).length).toBeGreaterThan(30)
    },
    limitMs,
  )

  test(
    'was looked at: none led elsewhere because it was missing',
    async () => {
      for (const path of pagesOf(false).map(addressOf)) {
        const response = await page.request.get(server.url + path)
        expect([path, response.status()]).toEqual([path, 200])
      }
    },
    limitMs,
  )

  test(
    'that only a councillor has is none worse',
    async () => {
      await createTestUser(side.council, { role: 'councillor', email: 'councillor@example.org', password })
      await page.context().clearCookies()
      await page.goto(`${server.url}/admin/sign-in`)
      await page.fill('#email', 'councillor@example.org')
      await page.fill('#password', password)
      await page.click('main button[type=submit]')
      const faults = await lookAtBoth(councillorsOwn)
      expect(new URL(page.url()).pathname).toStartWith('/admin/account')
      expect(faults).toEqual([])
    },
    limitMs,
  )
})
