import { chromium } from 'playwright-core'
import { browserOptions, chromiumPath } from '../../tests/support/browser'

export type TestBrowser = { address: string; close(): Promise<void> }

/** The browser that all tests of a run share; null if none is installed or wanted. */
export async function startedBrowser(given: readonly string[]): Promise<TestBrowser | null> {
  const isUseful = given.length === 0 || given.some((path) => /browser|docs/.test(path))
  if (chromiumPath === null || !isUseful) return null
  // Playwright's own handlers would end this process on Ctrl+C before it has removed what it wrote.
  const server = await chromium.launchServer({ ...browserOptions, handleSIGINT: false, handleSIGTERM: false })
  return { address: server.wsEndpoint(), close: () => server.close() }
}
