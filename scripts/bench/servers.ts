import { join } from 'node:path'

export type Running = { name: string; port: number; pid: number; stop(): Promise<void> }

const startWithinMs = 20_000

/** Starts a server in a process that ends with this one, however this one ends. */
export async function start(name: string, file: string, args: string[]): Promise<Running> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'serve', file), ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  // First of the exit listeners: a server that still runs would create its files again after they are removed.
  process.prependOnceListener('exit', () => child.kill('SIGKILL'))
  const timer = setTimeout(() => child.kill('SIGKILL'), startWithinMs)
  let output = ''
  for await (const chunk of child.stdout) {
    output += new TextDecoder().decode(chunk)
    if (output.includes('\n')) break
  }
  clearTimeout(timer)
  const port = Number(output)
  if (!(port > 0)) throw new Error(`The ${name} server did not start`)
  return {
    name,
    port,
    pid: child.pid,
    stop: async () => {
      await child.stdin.end()
      await child.exited
    },
  }
}

/** In the server's process: reports the port, and ends when the benchmark does. */
export async function announce(port: number | undefined, stop: () => unknown = () => {}): Promise<never> {
  console.log(port)
  await Bun.stdin.text()
  await stop()
  process.exit(0)
}
