import { join } from 'node:path'
import { CannotStart } from './server'

const usesBinary = (given: readonly string[]) => {
  const paths = given.filter((argument) => !argument.startsWith('-'))
  return paths.length === 0 || paths.some((path) => path.includes('binary'))
}

/** The compiled program, built once for all tests that run it; null when none of those asked for does. */
export async function builtBinary(folder: string, given: readonly string[]): Promise<string | null> {
  if (!usesBinary(given)) return null
  const path = join(folder, 'reeve')
  const build = Bun.spawn([process.execPath, 'scripts/build.ts', path], { stdout: 'ignore', stderr: 'pipe' })
  const complaint = await new Response(build.stderr).text()
  if ((await build.exited) !== 0) throw new CannotStart(`The binary could not be built: ${complaint}`, 1)
  return path
}
