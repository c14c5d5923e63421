import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo, startReceiver } from '../support/demo'
import { isDrill } from '../support/drill'
import {
  blocks,
  guidePages,
  isCommand,
  isMissing,
  isProgram,
  packages,
  patternOf,
  runSample,
  type Sample,
  samples,
} from '../support/samples'

const directory = mkdtempSync(join(tmpdir(), 'reeve-samples-'))

let env: Record<string, string> = {}
const ends: (() => unknown)[] = []

beforeAll(async () => {
  symlinkSync(packages, join(directory, 'node_modules'), 'junction')
  const [demo, receiver] = await Promise.all([startDemo(), startReceiver()])
  ends.push(demo.end, receiver.end)
  env = { ...demo.env, HOOK_URL: receiver.url }
})

afterAll(async () => {
  for (const end of ends) await end()
  rmSync(directory, { recursive: true })
})

/** Shown but not run, because no test machine has what runs them. */
const shownOnly = ['csharp', 'go', 'php']

describe('the samples of the pages', () => {
  test('are 61: each topic in curl, JavaScript and Python, with what it prints', () => {
    expect(samples.length).toBe(61)
    expect(blocks.filter(isCommand).map(({ page }) => page)).toEqual(['README.md', 'README.md'])
    const others = blocks.filter((block) => !isProgram(block)).map(({ language }) => language)
    expect(others.sort()).toEqual(shownOnly)
    for (const { page, number, expected } of samples) expect([page, number, expected]).not.toContain(null)
    for (const page of guidePages) {
      const own = samples.filter((sample) => sample.page === page)
      expect([page, [...new Set(own.map(({ language }) => language))].sort()]).toEqual([
        page,
        ['js', 'python', 'sh'],
      ])
    }
  })
})

function pasted(sample: Sample, turn = ''): void {
  const { page, number, language, expected } = sample
  test.skipIf(isMissing(sample))(
    `${page}, block ${number}: the ${language} prints what is shown${turn}`,
    async () => {
      const { exit, err, out } = await runSample(sample, env, directory)
      expect([exit, err]).toEqual([0, ''])
      expect(out).toMatch(patternOf(expected ?? ''))
    },
  )
}

/** They show how many requests are left in the minute; the other samples together need more than that. */
const isAboutLimits = ({ page }: Sample) => /(keys|limits)\.md$/.test(page)
const others = samples.filter((sample) => !isAboutLimits(sample))

describe('pasted into the demo, one after the other', () => {
  for (const sample of samples.filter(isAboutLimits)) pasted(sample)

  test('the council allows more requests', async () => {
    const { status } = await fetch(`${env.REEVE_URL}/api/settings`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${env.REEVE_KEY}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ rateLimit: 10_000 }),
    })
    expect(status).toBe(200)
  })

  for (const sample of others) pasted(sample)
  if (isDrill) for (const sample of others.toReversed()) pasted(sample, ', a second time')
})
