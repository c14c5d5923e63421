// Compiles a binary for each platform into dist/, with SHA256SUMS beside them: `npm run build:all`.
// The runtime of another platform is fetched from the npm registry by Bun and kept in its cache.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../src/lib/version'
import { compile, megabytes, type Platform, platformOf, type Target } from './build'

type Occurrence = { name: string; target: Target; platform: Platform }

const release = (suffix: string, target: Target, platform: Platform): Occurrence => ({
  name: `reeve-${version}-${suffix}`,
  target,
  platform,
})

const releases: Occurrence[] = [
  release('linux-x64', 'bun-linux-x64', 'linux-x64'),
  release('linux-x64-baseline', 'bun-linux-x64-baseline', 'linux-x64'),
  release('linux-arm64', 'bun-linux-arm64', 'linux-arm64'),
  release('darwin-arm64', 'bun-darwin-arm64', 'darwin-arm64'),
  release('windows-x64.exe', 'bun-windows-x64', 'windows-x64'),
]

async function make({ name, target, platform }: Occurrence, directory: string): Promise<string> {
  const path = join(directory, name)
  try {
    await compile(path, target)
  } catch (error) {
    throw new Error(`${name} could not be compiled: ${reasonOf(error)}`)
  }
  const found = await platformOf(path)
  if (found !== platform) throw new Error(`${name} was compiled for ${found ?? 'no known platform'}`)
  const hash = new Bun.CryptoHasher('sha256').update(await Bun.file(path).arrayBuffer()).digest('hex')
  console.log(`${name.padEnd(34)} ${megabytes(path).padStart(6)}  ${hash}`)
  return `${hash}  ${name}\n`
}

function reasonOf(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error]
  const text = causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join('; ')
  return /download/i.test(text)
    ? `${text}. Bun fetches other platforms’ runtimes from the npm registry; can it be reached?`
    : text
}

const directory = 'dist'
const sums = join(directory, 'SHA256SUMS')
mkdirSync(directory, { recursive: true })
// Checksums of an earlier run must not be left beside files of this one.
rmSync(sums, { force: true })
try {
  let lines = ''
  for (const each of releases) lines += await make(each, directory)
  await Bun.write(sums, lines)
  console.log(`${sums}: check with "sha256sum -c SHA256SUMS" in ${directory}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
