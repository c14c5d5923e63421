import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Listening, listen } from '../../src/http/server'
import { type Answer, type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { type Binary, buildBinary, type Running } from '../support/binary'
import { unlimited } from '../support/http'
import { startPostgres } from '../support/postgres-server'
import { allowLoopback } from '../support/receiver'
import { createSide } from '../support/sides'

/** Something that somebody does, Reeve’s answer in words, and whether that is right. */
export type Row = {
  group: string
  does: string
  answer: () => Promise<string>
  isRight: (answer: string) => boolean
}

const notTried = 'not tried here: '
export const notTriedHere = (why: string) => `${notTried}${why}`
export const wasTried = (answer: string) => !answer.startsWith(notTried)

const endings: (() => unknown)[] = []

/** Does this after the last row, whatever happens. */
export const atEnd = (end: () => unknown) => void endings.push(end)

export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end()
}

/** Makes something at its first use. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Machines of these rows: the whole of 127.0.0.0/8 is this one. The dashboard is shut to `outside`. */
export const [ofProxy, outside, inside] = ['127.0.0.1', '127.0.0.2', '127.0.0.3']

export type Served = { app: TestApp; server: Listening; port: number }

/** A server of this process, with what `listen` adds to the application. */
export async function serve(...given: Parameters<typeof createTestApp>): Promise<Served> {
  const [env, overrides] = given
  const app = await createTestApp({ ...unlimited, ...allowLoopback, REEVE_PORT: '0', ...env }, overrides)
  const server = listen(app.deps, app.handle)
  atEnd(async () => {
    await server.stop()
    await app.close()
  })
  return { app, server, port: Number(new URL(server.url).port) }
}

/** The server that most rows ask. */
export const served = once(() =>
  serve({
    REEVE_TRUSTED_PROXIES: ofProxy,
    REEVE_ADMIN_ALLOW: [ofProxy, inside, '192.0.2.0/24'].join(),
  }),
)

export const side = once(async () => createSide((await served()).app, 'calder', 8))

export type Office = Served & {
  council: Council
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

let councils = 0

/** A council of a row's own. */
export async function office(of: Served | Promise<Served> = served()): Promise<Office> {
  const { app, ...rest } = await of
  const council = await createCouncil(app, `council-${++councils}`)
  return {
    ...rest,
    app,
    council,
    ask: (method, path, body, headers = {}) =>
      app.send(method, path, { key: council.key, headers, ...(body === undefined ? {} : { body }) }),
  }
}

export const binary = once(async (): Promise<Binary> => {
  const made = await buildBinary()
  atEnd(() => made.remove())
  return made
})

let directories = 0

/** A data directory for the compiled program that is not there yet, and commands on it. */
export async function newData() {
  const { directory, run, start } = await binary()
  const data = join(directory, `data-${++directories}`)
  const reeveOn = (place: string, ...args: string[]) => run(args, { env: { REEVE_DATA: place } })
  const startOn = async (place: string, env: Record<string, string> = {}): Promise<Running> => {
    const running = await start(['serve'], { REEVE_DATA: place, ...env })
    atEnd(() => running.stop('SIGKILL'))
    return running
  }
  const reeve = (...args: string[]) => reeveOn(data, ...args)
  const done = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await reeve(...args)
    if (code !== 0) throw new Error(`reeve ${args.join(' ')} ended with ${code}: ${err}`)
    return out
  }
  return {
    data,
    reeve,
    /** A command that must succeed; what it prints. */
    done,
    make: (slug: string) => done('tenant', 'create', '--slug', slug, '--name', slug),
    start: (env?: Record<string, string>) => startOn(data, env),
    /** The same somewhere else. */
    reeveOn,
    startOn,
  }
}

/** A folder of the compiled program for files. */
export async function newFolder(): Promise<string> {
  const folder = join((await binary()).directory, `folder-${++directories}`)
  mkdirSync(folder)
  return folder
}

/** A PostgreSQL server of these rows; null where none can be started. */
export const postgres = once(async () => {
  const started = await startPostgres().catch(() => null)
  if (started === null) return null
  atEnd(() => started.stop())
  process.env.REEVE_TEST_POSTGRES = started.url
  return started
})

export const noPostgres = notTriedHere('no PostgreSQL server can be started')

/** A list in words, each once: `200 (3 times), 412`. */
export function counted(values: readonly (string | number)[]): string {
  const counts = Map.groupBy(values, String)
  return [...counts]
    .map(([value, { length }]) => (length > 1 ? `${value} (${length} times)` : value))
    .join(', ')
}
