import { expect } from 'bun:test'
import type { Page } from 'playwright-core'

/** What a screen reader announces at the present place. */
type Focused = { name: string; tag: string; type: string; value: string; isSeen: boolean }

/** More stops than any page has: who has not found it by then never will. */
const mostStops = 250

function describeFocus(): Focused | null {
  const element = document.activeElement as HTMLElement | null
  if (!element || element === document.body) return null
  const words = (node: Element | null | undefined) => (node?.textContent ?? '').replace(/\s+/g, ' ').trim()
  const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : []
  const field = element as HTMLInputElement
  const style = getComputedStyle(element)
  const besides = labels.map((label) => getComputedStyle(label, '::before'))
  const isMarked = (one: CSSStyleDeclaration) =>
    (one.outlineStyle !== 'none' && one.outlineWidth !== '0px') || one.boxShadow !== 'none'
  const { width, height } = element.getBoundingClientRect()
  return {
    name:
      element.getAttribute('aria-label') ??
      (labels.length > 0 ? labels.map(words).join(' ') : words(element)),
    tag: element.tagName.toLowerCase(),
    type: field.type ?? '',
    value: field.value ?? '',
    isSeen: width > 0 && height > 0 && [style, ...besides].some(isMarked),
  }
}

/** Where the keyboard is; null where it is nowhere. */
export const focusOf = (page: Page): Promise<Focused | null> => page.evaluate(describeFocus)

/** Presses Tab until the element with this name; every stop on the way must show the focus. */
export async function tabTo(page: Page, name: string | RegExp, tag?: string): Promise<void> {
  const passed: string[] = []
  for (let stops = 0; stops < mostStops; stops++) {
    await page.keyboard.press('Tab')
    const focused = await focusOf(page)
    if (!focused) continue
    if (!focused.isSeen)
      throw new Error(`It does not show that "${focused.name}" (${focused.tag}) has the focus`)
    const isIt = typeof name === 'string' ? focused.name === name : name.test(focused.name)
    if (isIt && (tag === undefined || focused.tag === tag)) return
    passed.push(focused.name)
  }
  throw new Error(
    `The Tab key does not lead to ${name} on ${page.url()}; it leads to ${[...new Set(passed)].join(' | ')}`,
  )
}

/** Goes to a field and fills it in, in place of what it held. */
export async function fillIn(page: Page, name: string | RegExp, text: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** Goes to a list and chooses what begins so, by typing it. */
export async function chooseFrom(page: Page, name: string | RegExp, option: string): Promise<void> {
  await tabTo(page, name)
  const focused = await focusOf(page)
  await page.keyboard.type(option)
  if (focused?.tag !== 'select') {
    // A list that is searched: the first that is found.
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
  }
  const chosen = await page.evaluate(() => {
    const element = document.activeElement as HTMLSelectElement | HTMLInputElement
    return 'selectedOptions' in element ? (element.selectedOptions[0]?.textContent ?? '') : element.value
  })
  expect(chosen.trim()).toStartWith(option)
}

/** Goes to a button or a link and presses it; waits for the page that it leads to. */
export async function press(page: Page, name: string | RegExp, tag?: 'a' | 'button'): Promise<void> {
  await tabTo(page, name, tag)
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.keyboard.press('Enter')])
}

/** Goes to a box or a round button and ticks it. */
export async function tick(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Space')
}
