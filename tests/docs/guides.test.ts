import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedGuideCouncil } from '../../src/dev/guide-council'
import { guides } from '../../src/http/docs/guides'
import { listen } from '../../src/http/server'
import { createTestApp } from '../support/app'
import {
  guidePages,
  isMissing,
  type Printed,
  patternOf,
  readPage,
  runSample,
  type Sample,
  samples,
  topicOf,
} from '../support/samples'

const topics = guidePages.map(topicOf)
const texts = await Promise.all(guidePages.map(readPage))

/** Samples that repeat a request which was refused for a time. */
const patient = samples.filter(
  ({ page, language, code }) =>
    /(limits|idempotency)\.md$/.test(page) && language !== 'sh' && /wait|sleep|setTimeout/.test(code),
)

/** Runs a sample against its own server, which refuses the first request. */
async function runRefused(sample: Sample, refusal: Response): Promise<Printed> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-guide-'))
  const app = await createTestApp({ REEVE_PORT: '0' })
  let first: Response | undefined = refusal
  const server = listen(app.deps, async (request, peer) => {
    const answer = first ?? (await app.handle(request, peer))
    first = undefined
    return answer
  })
  try {
    const { key } = await seedGuideCouncil(app.deps)
    return await runSample(sample, { REEVE_URL: server.url, REEVE_KEY: key }, directory)
  } finally {
    await server.stop()
    await app.close()
    rmSync(directory, { recursive: true })
  }
}

describe('the samples of the guides', () => {
  test.each(patient.map((sample) => [sample.page, sample.language, sample] as const))(
    '%s: the %s waits as it is told and sends again',
    async (page, _language, sample) => {
      if (isMissing(sample)) return
      const status = page.endsWith('limits.md') ? 429 : 503
      const refusal = new Response('{}', { status, headers: { 'retry-after': '1' } })
      const startedAt = performance.now()
      const { exit, err, out } = await runRefused(sample, refusal)
      expect([exit, err]).toEqual([0, ''])
      expect(out).toMatch(patternOf(sample.expected ?? ''))
      expect(performance.now() - startedAt).toBeGreaterThan(1_000)
    },
  )
})

describe('the pages of the guides', () => {
  test('are the same texts, in HTML', async () => {
    expect(topics.toSorted()).toEqual(guides.map(({ topic }) => topic).sort())
    const app = await createTestApp()
    const index = await app.send('GET', '/swagger/guide')
    for (const [i, topic] of topics.entries()) {
      const { status, text } = await app.send('GET', `/swagger/guide/${topic}`)
      const title = /^# (.+)$/m.exec(texts[i] ?? '')?.[1] ?? 'no title'
      expect([topic, status, text.match(/<h1[ >]/g)?.length]).toEqual([topic, 200, 1])
      expect(text).toContain(`>${title.replaceAll("'", '&#39;')}</h1>`)
      expect(text).not.toMatch(/href="[^"]*\.md"|<script|="https?:/)
      const tables = text.match(
        /<div class="scrolled" tabindex="0" role="region" aria-label="Table \d"><table>/g,
      )
      expect([topic, tables?.length]).toEqual([topic, text.match(/<table/g)?.length])
      expect(index.text).toContain(`href="/swagger/guide/${topic}"`)
      for (const [, path = ''] of text.matchAll(/href="(\/[^"#]*)"/g)) {
        expect([path, (await app.send('GET', path)).status]).toEqual([path, 200])
      }
    }
    expect((await app.send('GET', '/swagger/guide/nothing')).status).toBe(404)
    await app.close()
  })
})
