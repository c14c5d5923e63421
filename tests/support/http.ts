import { type AnyElysia, Elysia } from 'elysia'
import type { App } from '../../src/app'
import type { Deps } from '../../src/core/ctx'
import { body } from '../../src/http/body'
import { errors } from '../../src/http/errors'
import { gate } from '../../src/http/gate'
import { type Handle, withRequestLog } from '../../src/http/request-log'
import { RouteTable } from '../../src/http/route-table'
import { createLog, type Log } from '../../src/lib/log'
import type { Answer, TestApp } from './app'

/** No limit that a test could meet by accident. */
export const unlimited = { REEVE_RATE_LIMIT: '1000000000', REEVE_AUTH_FAIL_LIMIT: '1000000000' }

/** The real plugins around routes of a test's own. */
export function createSmallApp(deps: Deps, routes: AnyElysia): App {
  const table: { routes?: RouteTable } = {}
  const app = new Elysia({ normalize: false, handler: { standardHostname: false } })
    .use(errors(deps.log))
    .use(gate(deps, () => table.routes as RouteTable))
    .use(body)
    .use(routes)
  table.routes = new RouteTable(app.routes)
  return { handle: withRequestLog(deps, app.fetch), routes: table.routes }
}

/** Asks an application that is not the harness's own. */
export async function ask(
  handle: Handle,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Pick<Answer, 'status' | 'headers' | 'text'>> {
  const init: RequestInit = { method, headers: { host: 'localhost', ...headers } }
  if (body !== undefined) init.body = body
  const response = await handle(new Request(`http://localhost${path}`, init), '127.0.0.1')
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** A log as the server writes it, kept in memory. */
export function memoryLog(): { lines: string[]; log: Log } {
  const lines: string[] = []
  const log = createLog({
    level: 'debug',
    format: 'json',
    now: () => new Date(0),
    write: (line) => void lines.push(line),
  })
  return { lines, log }
}

/** All of an answer that does not name the request, to compare two answers byte by byte. */
export function fingerprint({ status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>) {
  const passing = /^(x-request-id|x-ratelimit-|ratelimit)/
  return { status, headers: [...headers].filter(([name]) => !passing.test(name)), text }
}

/** The named faults of a refusal: `query pageSize`. */
export const issuesOf = ({ body }: Answer): string[] =>
  (body.details.issues as { in: string; path: string }[]).map((issue) => `${issue.in} ${issue.path}`)

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** Sets the test’s wall clock to this instant while `work` runs, then puts it back. */
export async function atInstant<T>({ clock }: TestApp, instant: string, work: () => Promise<T>): Promise<T> {
  const before = clock.now()
  clock.set(new Date(instant))
  try {
    return await work()
  } finally {
    clock.set(before)
  }
}
