import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedGuideCouncil } from '../../src/dev/guide-council'
import { guides } from '../../src/http/docs/guides'
import { listen } from '../../src/http/server'
import { startDispatcher } from '../../src/jobs/dispatcher'
import { queueDeliveries } from '../../src/resources/webhooks/queue/service'
import { createTestApp } from '../support/app'
import { allowLoopback, startReceiver } from '../support/receiver'

const root = join(import.meta.dir, '../..')
const folder = join(root, 'docs/guide')

type Snippet = { topic: string; number: number; language: string; code: string; expected: string | null }

type Program = { command: (file: string) => string[]; extension: string; needs: string[] }

const programs: Record<string, Program> = {
  sh: { command: (file) => ['sh', file], extension: 'sh', needs: ['sh', 'curl'] },
  ts: { command: (file) => [process.execPath, file], extension: 'ts', needs: [] },
  python: { command: (file) => ['python3', file], extension: 'py', needs: ['python3'] },
}

/** Shown, but not run: what runs them is on no machine that tests. */
const shownOnly = ['php', 'csharp', 'go']

/** Every fenced block of a page; the `text` that follows a program is what it prints. */
function snippetsOf(topic: string, text: string): Snippet[] {
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))
  return fences.flatMap(({ language, code }, i) => {
    if (language === 'text') return []
    const next = fences[i + 1]
    return [{ topic, number: i + 1, language, code, expected: next?.language === 'text' ? next.code : null }]
  })
}

const topics = readdirSync(folder).map((file) => file.replace(/\.md$/, ''))
const texts = await Promise.all(topics.map((topic) => Bun.file(join(folder, `${topic}.md`)).text()))
const blocks = topics.flatMap((topic, i) => snippetsOf(topic, texts[i] ?? ''))
const snippets = blocks.filter(({ language }) => !shownOnly.includes(language))

/** `…` stands for anything within a line. */
const patternOf = (expected: string) =>
  new RegExp(`^${expected.split('…').map(RegExp.escape).join('[^\\n]*')}$`)

// Not every machine has them; where they are missing the snippet is not tried.
const isMissing = (language: string) =>
  programs[language]?.needs.some((name) => Bun.which(name) === null) ?? true

async function expectToRun(
  { language, code, expected }: Snippet,
  env: Record<string, string>,
  directory: string,
): Promise<void> {
  const program = programs[language]
  const file = join(directory, `snippet.${program?.extension}`)
  await Bun.write(file, code)
  const child = Bun.spawn(program?.command(file) ?? [], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, exit] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  expect([exit, err]).toEqual([0, ''])
  expect(out.replaceAll('\r\n', '\n').trimEnd()).toMatch(patternOf((expected ?? '').trimEnd()))
}

/** A server of its own for each snippet, with the council that `npm start` makes for them, whose first answer may be given; none sees what another has done. */
async function withServer(
  work: (env: Record<string, string>, directory: string) => Promise<void>,
  first?: Response,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-guide-'))
  // The packages that a page says to install.
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction')
  const app = await createTestApp({ REEVE_PORT: '0', ...allowLoopback })
  const dispatcher = startDispatcher(app.deps)
  const receiver = startReceiver()
  let refused = first
  const server = listen(app.deps, async (request, peer) => {
    const answer = refused ?? (await app.handle(request, peer))
    refused = undefined
    return answer
  })
  try {
    // As for whoever pastes it: samples reckon from today.
    app.clock.set(new Date())
    const { key } = await seedGuideCouncil(app.deps)
    // What has happened so far is no news to a webhook that a snippet creates.
    while ((await queueDeliveries(app.deps)) > 0);
    const env = { REEVE_URL: server.url, REEVE_KEY: key, HOOK_URL: receiver.url }
    await work(env, directory)
  } finally {
    await dispatcher.stop()
    await receiver.stop()
    await server.stop()
    await app.close()
    rmSync(directory, { recursive: true })
  }
}

describe('the guides', () => {
  test('show every topic in curl, TypeScript and Python between them, and what is printed', () => {
    expect(topics.toSorted()).toEqual(guides.map(({ topic }) => topic).sort())
    for (const topic of topics) {
      const own = snippets.filter((snippet) => snippet.topic === topic)
      expect(own.length).toBeGreaterThanOrEqual(3)
      for (const { language, number, expected } of own) {
        expect([topic, number, language in programs, expected !== null]).toEqual([topic, number, true, true])
      }
      expect([topic, new Set(own.map(({ language }) => language)).size]).toEqual([topic, 3])
    }
  })

  for (const snippet of snippets) {
    const { topic, number, language } = snippet
    test.skipIf(isMissing(language))(
      `${topic}, block ${number}: the ${language} runs and prints what is shown`,
      () => withServer((env, directory) => expectToRun(snippet, env, directory)),
    )
  }

  const patient = snippets.filter(
    ({ topic, language, code }) =>
      /^(limits|idempotency)$/.test(topic) && language !== 'sh' && /wait|sleep|setTimeout/.test(code),
  )

  test.each(patient.map((snippet) => [snippet.topic, snippet.language, snippet] as const))(
    '%s: the %s waits as it is told and sends again',
    async (topic, language, snippet) => {
      if (isMissing(language)) return
      const refusal = new Response('{}', {
        status: topic === 'limits' ? 429 : 503,
        headers: { 'retry-after': '1' },
      })
      const startedAt = performance.now()
      await withServer((env, directory) => expectToRun(snippet, env, directory), refusal)
      expect(performance.now() - startedAt).toBeGreaterThan(1_000)
    },
  )
})

describe('the pages of the guides', () => {
  test('are the same texts, in HTML', async () => {
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
