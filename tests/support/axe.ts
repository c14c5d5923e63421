import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Of a page as it stands: what axe finds wrong by WCAG 2.2 AA and good practice, and whether 320 pixels are too narrow for it. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const { violations } = (await page.evaluate(
    // biome-ignore lint/suspicious/noExplicitAny: axe has just put itself there.
    (tags) => (window as any).axe.run(document, { runOnly: tags }),
    rules,
  )) as AxeResults
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  )
  const size = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ width: 320, height: 640 })
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  await page.setViewportSize(size)
  return excess > 0 ? [...found, `is ${excess} pixels wider than 320`] : found
}
