import { expect, test } from 'bun:test'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')
const sleeper =
  "console.log(process.pid); process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000)"

/** Starts a program as `npm start` does, in a shell; resolves once it runs. */
async function startedByNpm() {
  const shell = Bun.spawn(['sh', '-c', 'node scripts/with-bun.mjs -e "$CODE"; true'], {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: 'start', CODE: sleeper },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const output = shell.stdout.getReader()
  const first = new TextDecoder().decode((await output.read()).value)
  return { shell, output, pid: Number(first) }
}

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.if(Bun.which('node') !== null)('SIGTERM to the shell of npm start ends everything in it', async () => {
  const { shell, output, pid } = await startedByNpm()
  expect(isRunning(pid)).toBe(true)
  shell.kill('SIGTERM')
  // The pipe closes when the last of those that hold it has ended.
  expect((await output.read()).done).toBe(true)
  expect(isRunning(pid)).toBe(false)
})
