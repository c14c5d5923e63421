import { join } from 'node:path'
import { nodeTwenty } from './node'
import { readPage } from './samples'

const root = join(import.meta.dir, '..', '..')

type Demo = { env: Record<string, string>; end: () => Promise<unknown> }

/** Starts the demo as `npm start` does, and reads what samples need from its output. */
export async function startDemo(settings: Record<string, string> = {}): Promise<Demo> {
  const command = [process.execPath, 'src/main.ts', 'dev', '--port', '0', '--cases', '20']
  const child = Bun.spawn(command, {
    cwd: root,
    env: { PATH: process.env.PATH, ...settings },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  let said = ''
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += part
    const [, url, key] = /export REEVE_URL=(\S+) REEVE_KEY=(\S+)\n/.exec(said) ?? []
    if (url === undefined || key === undefined) continue
    const end = () => {
      child.kill()
      return child.exited
    }
    return { env: { REEVE_URL: url, REEVE_KEY: key }, end }
  }
  throw new Error(`The demo ended, having said: ${said}`)
}

function freePort(): string {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() })
  const { port } = server
  server.stop(true)
  return String(port)
}

/** The receiver that the guide to webhooks runs in another terminal, on a free port. */
export async function startReceiver(): Promise<{ url: string; end: () => void }> {
  const page = await readPage('docs/guide/webhooks.md')
  const port = freePort()
  const [, address = '', usual = ''] = /export HOOK_URL=(http:\S+?:(\d+))`/.exec(page) ?? []
  const [, line = ''] = /^ {4}node -e '(.+)'$/m.exec(page) ?? []
  const child = Bun.spawn([await nodeTwenty(), '-e', line.replace(usual, port)])
  const url = address.replace(usual, port)
  while (!(await fetch(url).catch(() => null))?.ok) await Bun.sleep(20)
  return { url, end: () => child.kill() }
}
