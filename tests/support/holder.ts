import { join } from 'node:path'

export type Holder = { exited: Promise<number>; kill(): Promise<number> }

/** Starts a script of tests/db/sqlite in a process of its own and waits until it says that it holds its lock. */
export async function startHolder(script: string, args: readonly string[]): Promise<Holder> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '..', 'db', 'sqlite', script), ...args], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const { value } = await child.stdout.getReader().read()
  if (!value) throw new Error(`${script} ended before it held its lock`)
  return {
    exited: child.exited,
    kill: () => {
      child.kill('SIGKILL')
      return child.exited
    },
  }
}
