import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { password } from './visitor'

/** Debian's Chromium; null where it is not installed, and the browser tests are then skipped. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync) ?? null

export const browserOptions = {
  executablePath: chromiumPath as string,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** The browser that `npm test` has started, or else one of its own; closing the first only leaves it. */
export const launchBrowser = (): Promise<Browser> =>
  process.env.REEVE_TEST_BROWSER
    ? chromium.connect(process.env.REEVE_TEST_BROWSER)
    : chromium.launch(browserOptions)

/** Signs somebody with the password of the tests in, at a page of the dashboard. */
export async function signInOn(page: Page, url: string, email: string, next: string): Promise<void> {
  await page.goto(`${url}/admin/sign-in?next=${next}`)
  await page.fill('#email', email)
  await page.fill('#password', password)
  await page.click('main button[type=submit]')
}
