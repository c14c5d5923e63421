import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createTestApp, type TestApp } from '../support/app'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

describe('what pages are made of', () => {
  test('is sent by Reeve itself: styles, scripts and pictures', async () => {
    const page = (await app.send('GET', '/admin/sign-in')).text
    const paths = [...page.matchAll(/(?:src|href)="(\/admin\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(paths.length).toBe(3)
    for (const path of paths) expect([path, (await app.send('GET', path)).status]).toEqual([path, 200])
    const script = (await app.send('GET', '/admin/assets/start.js')).text
    for (const [, name] of script.matchAll(/(?:from|import\()\s*'\.\/([^']+)'/g)) {
      expect([name, (await app.send('GET', `/admin/assets/${name}`)).status]).toEqual([name, 200])
    }
  })

  test('has neither typeface nor crest of GOV.UK, and nothing of another site', async () => {
    const { text, headers } = await app.send('GET', '/admin/assets/dashboard.css')
    expect(headers.get('content-type')).toStartWith('text/css')
    expect(text.length).toBeGreaterThan(100_000)
    expect(text).not.toMatch(/GDS Transport|@font-face|govuk-crest|url\((['"]?)(https?:)?\/\//)
    expect(text).toContain('font-family:arial,sans-serif')
  })

  test('has the folding of the server, so that lists in the browser find the same', async () => {
    const { text, headers } = await app.send('GET', '/admin/assets/fold.js')
    expect(headers.get('content-type')).toStartWith('text/javascript')
    expect(text).toMatch(/export (const|function|\{[^}]*) ?foldedWords/)
    expect((await app.send('GET', '/admin/assets/matching.js')).text).toContain("from './fold.js'")
  })

  test('is nothing else', async () => {
    for (const name of ['nothing.js', '..%2Froutes.ts', 'constructor', '__proto__']) {
      expect([name, (await app.send('GET', `/admin/assets/${name}`)).status]).toEqual([name, 404])
    }
  })
})
