// Runs the project's own pinned Bun: `node scripts/with-bun.mjs <bun arguments>`.
// Works under Node and under Bun alone, and installs the dependencies first when
// they are missing or older than the lockfile.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lockfile = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules', '.installed-lockfile')
const bun = join(root, 'node_modules', 'bun', 'bin', 'bun.exe')

function isInstalled(lockHash) {
  return existsSync(bun) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash
}

function install(lockHash) {
  const [command, args] = process.versions.bun
    ? [process.execPath, ['install', '--no-save']]
    : ['npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']]
  console.error(`Installing dependencies (${process.versions.bun ? 'bun install' : 'npm ci'}) …`)
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (result.status !== 0) {
    console.error('Installing the dependencies failed; see the messages above.')
    process.exit(1)
  }
  writeFileSync(stamp, lockHash)
}

const lockHash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
if (!isInstalled(lockHash)) install(lockHash)

const child = spawn(bun, process.argv.slice(2), { cwd: root, stdio: 'inherit' })
process.on('SIGTERM', () => child.kill('SIGTERM'))
// Ctrl+C reaches the child by itself: it is of the same terminal. Here it only must not end the parent first.
process.on('SIGINT', () => {})
child.on('error', (error) => {
  console.error(`Bun could not be started: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
