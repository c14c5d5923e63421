import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { isDrill } from './drill'

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A page without its words: elements, what their attributes are called, classes and roles, and where there is text. */
function shapeOf(): string {
  const shape = (element: Element): string => {
    const attributes = [...element.attributes].map(({ name, value }) =>
      /^(class|role|type|for|id|aria-(labelledby|describedby|expanded|current))$/.test(name)
        ? `${name}=${value.replaceAll(/[a-z0-9]{24}|\d+/g, '#')}`
        : name,
    )
    const children = [...element.childNodes].map((node) => {
      if (node instanceof Element) return shape(node)
      return node.textContent?.trim() ? '.' : ''
    })
    return `<${element.tagName} ${attributes.join(' ')}>${children.join('')}`
  }
  return shape(document.documentElement)
}

/**
 * Of a page as it stands: what axe finds wrong by WCAG 2.2 AA and good practice, and whether 320 pixels are too narrow for
 * it. A page whose shape is among `seen` is passed over, but in a drill: only its words differ.
 */
export async function faultsOf(page: Page, seen = new Set<string>()): Promise<string[]> {
  const shape = await page.evaluate(shapeOf)
  if (seen.has(shape) && !isDrill) return []
  seen.add(shape)
  await page.evaluate(source)
  const { violations } = (await page.evaluate(
    // biome-ignore lint/suspicious/noExplicitAny: axe has just put itself there.
    (tags) => (window as any).axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
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
