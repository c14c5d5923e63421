import { existsSync, linkSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')
const readyWithinMs = 60_000

export type Output = { code: number; out: string; err: string }
export type Running = {
  url: string
  pid: number
  output(): string
  stop(signal?: NodeJS.Signals): Promise<number>
}

/** The compiled binary, alone in an empty directory, which is the working directory of all it runs. */
export type Binary = {
  directory: string
  run(args: string[], options?: { env?: Record<string, string>; stdin?: string }): Promise<Output>
  /** What a command prints, and its exit code, if its reader closes the pipe before it begins. */
  runUnread(args: string[], env?: Record<string, string>): Promise<Omit<Output, 'out'>>
  start(args: string[], env?: Record<string, string>): Promise<Running>
  remove(): void
}

function build(path: string): void {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'scripts/build.ts', path], { cwd: root })
  if (exitCode !== 0) throw new Error(stderr.toString())
}

/** The binary that `npm test` has built, or else a fresh one. */
export async function buildBinary(): Promise<Binary> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-binary-'))
  const path = join(directory, 'reeve')
  if (process.env.REEVE_TEST_BINARY) linkSync(process.env.REEVE_TEST_BINARY, path)
  else build(path)

  const spawn = (args: string[], env: Record<string, string> = {}, stdin = '') =>
    Bun.spawn([path, ...args], {
      cwd: directory,
      env: { HOME: directory, PATH: process.env.PATH, ...env },
      stdin: new Blob([stdin]),
      stdout: 'pipe',
      stderr: 'pipe',
    })

  return {
    directory,
    run: async (args, { env, stdin } = {}) => {
      const child = spawn(args, env, stdin)
      const [out, err, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ])
      return { code, out, err }
    },
    runUnread: async (args, env = {}) => {
      const script = './reeve "$@" | true; exit $PIPESTATUS'
      const command = ['bash', '-c', script, 'bash', ...args]
      const shell = Bun.spawn(command, { cwd: directory, env: { ...process.env, ...env }, stderr: 'pipe' })
      return { code: await shell.exited, err: await new Response(shell.stderr).text() }
    },
    start: async (args, env) => {
      const child = spawn(args, { REEVE_PORT: '0', ...env })
      let output = ''
      const gather = async (stream: ReadableStream<Uint8Array>) => {
        for await (const chunk of stream) output += new TextDecoder().decode(chunk)
      }
      void gather(child.stdout)
      void gather(child.stderr)
      const deadline = Date.now() + readyWithinMs
      for (;;) {
        const url = /"url": ?"(http[^"]+)"/.exec(output)?.[1]
        if (url) {
          const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
            child.kill(signal)
            return child.exited
          }
          return { url, pid: child.pid, output: () => output, stop }
        }
        if (child.exitCode !== null || Date.now() > deadline) {
          child.kill()
          throw new Error(`The server did not start: ${output}`)
        }
        await Bun.sleep(20)
      }
    },
    remove: () => existsSync(directory) && rmSync(directory, { recursive: true, force: true }),
  }
}
