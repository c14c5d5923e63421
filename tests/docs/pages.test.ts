import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { html, sentence } from '../../src/http/docs/html'
import { referencePage } from '../../src/http/docs/reference'
import type { ApiDocument } from '../../src/http/docs/types'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, type TestApp } from '../support/app'
import { chromiumPath, launchBrowser } from '../support/browser'
import { isDrill } from '../support/drill'
import { operationsOf, readDocument } from './document'

let app: TestApp
let document: ApiDocument

beforeAll(async () => {
  app = await createTestApp({ REEVE_PORT: '0' })
  document = await readDocument(app)
})

afterAll(() => app.close())

describe('the plain reference', () => {
  test('has one heading for the page, one for each tag and one for each operation', async () => {
    const { status, text } = await app.send('GET', '/swagger/reference')
    expect(status).toBe(200)
    expect(text).toStartWith('<!doctype html>\n<html lang="en-GB">')
    expect(text.match(/<h1/g)).toHaveLength(1)
    for (const { name } of document.tags)
      expect(text).toContain(`<h2 id="tag-${name.toLowerCase()}">${name}</h2>`)
    for (const { operation } of operationsOf(document)) {
      expect(text).toContain(`<h3 id="${operation.operationId}">${operation.summary}</h3>`)
    }
    expect(text).not.toContain('undefined')
    expect(text).not.toContain('[object')
  })

  test('leads nowhere that is not there', async () => {
    const { text } = await app.send('GET', '/swagger/reference')
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id = '']) => id)
    expect(anchors.length).toBeGreaterThan(50)
    expect(anchors.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('runs nothing and loads nothing but its own stylesheet', async () => {
    const { text, headers } = await app.send('GET', '/swagger/reference')
    expect(headers.get('content-security-policy')).toStartWith(
      "default-src 'none'; style-src 'self'; img-src 'self'",
    )
    // An address may be read, as an example; none is gone to.
    expect(text).not.toMatch(/<script|<style| style=| on\w+=|<[^>]*(https?:|="\/\/)/)
    expect((await app.send('GET', '/swagger/assets/pages.css')).headers.get('content-type')).toMatch(
      /^text\/css/,
    )
  })

  test('escapes whatever the document says', () => {
    const evil = `<script>alert("1")</script>&'`
    const health = document.paths['/health']?.get
    const { html: text } = referencePage({
      ...document,
      info: { ...document.info, title: evil, description: evil },
      paths: { [`/${evil}`]: { get: { ...health, summary: evil, description: evil } as never } },
    })
    expect(text).not.toContain('<script')
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
  })
})

test('templates escape values, not markup', () => {
  expect(html`<p title="${'"'}">${'<b>'}${html`<i>${1}</i>`}${null}</p>`.html).toBe(
    '<p title="&quot;">&lt;b&gt;<i>1</i></p>',
  )
  expect(sentence('`<a>` is not <b>').html).toBe('<code>&lt;a&gt;</code> is not &lt;b&gt;')
})

type Axe = { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }

/**
 * Leaves of the reference's many parts only as many as it takes to show every kind of element in every place: axe looks
 * at each element, and the tenth table is made as the first.
 */
function keepOneOfEachShape(): void {
  const document = globalThis.document
  const pathsIn = (part: Element) =>
    [...part.querySelectorAll('*')].map((element) => {
      const path: string[] = []
      for (let at: Element | null = element; at && at !== part; at = at.parentElement) {
        path.unshift(`${at.tagName}.${at.className}[${at.getAttribute('role') ?? ''}]`)
      }
      return path.join('>')
    })
  const seen = new Set<string>()
  for (const part of document.querySelectorAll('main section')) {
    const paths = pathsIn(part)
    if (paths.every((path) => seen.has(path))) part.remove()
    else for (const path of paths) seen.add(path)
  }
}

describe.skipIf(chromiumPath === null)('the document pages in a browser', () => {
  let server: Listening
  let browser: Browser
  let axe: string
  const paths = [
    '/swagger/reference',
    '/swagger/guide',
    '/swagger/guide/errors',
    '/swagger/guide/casework',
    '/swagger/guide/webhooks',
  ]

  beforeAll(async () => {
    server = listen(app.deps, app.handle)
    browser = await launchBrowser()
    axe = await Bun.file(Bun.resolveSync('axe-core/axe.min.js', import.meta.dir)).text()
  })

  afterAll(async () => {
    await browser.close()
    await server.stop()
  })

  test.each([
    ['light', 1280],
    ['dark', 320],
  ] as const)(
    'have no fault that axe knows, in %s colours at %d pixels',
    async (colorScheme, width) => {
      // axe itself is the only script: it is let past the policy, which is tested without it.
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        bypassCSP: true,
      })
      for (const path of paths) {
        const page = await context.newPage()
        await page.goto(server.url + path)
        // What a browser of 1280 pixels shows at 400 % is what one of 320 shows.
        expect(await page.evaluate(() => globalThis.document.documentElement.scrollWidth)).toBe(width)
        if (!isDrill) await page.evaluate(keepOneOfEachShape)
        await page.addScriptTag({ content: axe })
        const { violations } = await page.evaluate(() =>
          (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }),
        )
        expect([path, violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([path, []])
        await page.close()
      }
      await context.close()
    },
    // The reference is long: on a busy machine axe takes minutes for all of it.
    300_000,
  )

  test('obey their own policy, and the first thing Tab reaches leads to the main part', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    for (const path of paths) {
      await page.goto(server.url + path)
      await page.bringToFront()
      await page.keyboard.press('Tab')
      await page.locator('a.skip:focus').waitFor({ timeout: 5_000 })
      await page.keyboard.press('Enter')
      await page.waitForURL('**#main', { timeout: 5_000 })
      await page.locator('#main:focus').waitFor({ timeout: 5_000 })
    }
    expect(complaints).toEqual([])
    await page.close()
  })
})
