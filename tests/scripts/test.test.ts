import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { startedBrowser } from '../../scripts/test/browser'

const root = join(import.meta.dir, '..', '..')
const limitMs = 30_000

/** Runs `npm test` on a file of browser tests, for which it starts a browser. */
async function runTests(env: Record<string, string>) {
  const command = [process.execPath, 'scripts/test.ts', 'tests/browser/none.test.ts']
  const child = Bun.spawn(command, {
    cwd: root,
    env: { ...process.env, ...env },
    stdout: 'ignore',
    stderr: 'pipe',
  })
  let isStuck = false
  const timer = setTimeout(() => {
    isStuck = true
    child.kill()
  }, limitMs)
  const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited])
  clearTimeout(timer)
  return { stderr, exitCode, isStuck }
}

test('npm test ends when something that it needs cannot be started', async () => {
  const { stderr, ...ended } = await runTests({ REEVE_TEST_POSTGRES: 'mysql://example.org' })
  expect(stderr).toContain('REEVE_TEST_POSTGRES is neither a postgres:// URL nor "off"')
  expect(ended).toEqual({ exitCode: 2, isStuck: false })
})

test('the browser leaves it to npm test what a signal ends, and in which order', async () => {
  const listeners = () => ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))
  const before = listeners()
  const browser = await startedBrowser(['tests/browser'])
  const during = listeners()
  await browser?.close()
  expect(during).toEqual(before)
})
