// Runs the project's own pinned Bun: `node scripts/with-bun.mjs <bun arguments>`.
// Works under Node and under Bun alone, and installs the dependencies first when
// they are missing or older than the lockfile.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lockfile = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules', '.installed-lockfile')
const [dotEveryMs, watchEveryMs] = [1_000, 200]
const bun = join(root, 'node_modules', 'bun', 'bin', 'bun.exe')

function isInstalled(lockHash) {
  return existsSync(bun) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash
}

/** Runs a command to its end: resolves to its exit code. What ends this process ends the command too. */
function run(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options })
  const stop = () => child.kill('SIGTERM')
  process.on('SIGTERM', stop)
  const watch = watchNpm(stop)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)))
  }).finally(() => {
    clearInterval(watch)
    process.off('SIGTERM', stop)
  })
}

/**
 * npm passes SIGTERM only to the shell that it started this in, which ends and says nothing: then this process has another
 * parent.
 */
function watchNpm(stop) {
  if (!process.env.npm_lifecycle_event) return undefined
  const parent = process.ppid
  return setInterval(() => process.ppid !== parent && stop(), watchEveryMs)
}

async function install(lockHash) {
  const [command, args] = process.versions.bun
    ? [process.execPath, ['install', '--no-save', '--no-progress']]
    : ['npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress']]
  process.stderr.write('Installing what Reeve needs; the first time takes about half a minute ')
  const dots = setInterval(() => process.stderr.write('.'), dotEveryMs)
  const code = await run(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  }).finally(() => {
    clearInterval(dots)
    process.stderr.write('\n')
  })
  if (code !== 0) {
    console.error('Installing the dependencies failed; see the messages above.')
    process.exit(1)
  }
  writeFileSync(stamp, lockHash)
}

// Ctrl+C reaches what runs here by itself: it is of the same terminal. It only must not end this process first.
process.on('SIGINT', () => {})
const lockHash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
try {
  if (!isInstalled(lockHash)) await install(lockHash)
  process.exit(await run(bun, process.argv.slice(2), { stdio: 'inherit' }))
} catch (error) {
  console.error(`Bun could not be started: ${error.message}`)
  process.exit(1)
}
