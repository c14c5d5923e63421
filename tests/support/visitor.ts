import { startFor } from '../../src/core/sessions/service'
import { changeTenant } from '../../src/core/tenants/service'
import { sessionCookieName } from '../../src/http/session-cookie'
import { type Council, createTestUser, type TestApp } from './app'

export type Page = { status: number; location: string | null; headers: Headers; html: string; text: string }

/** Somebody at a browser: keeps its cookies, and sends forms as our pages do. */
export type Visitor = {
  see(path: string): Promise<Page>
  send(path: string, fields?: Fields, headers?: Record<string, string>): Promise<Page>
  /** What the browser would send as `Cookie`. */
  cookie: string
}

type Fields = Record<string, string | readonly string[]>

export const password = 'correct horse battery staple'

function encode(fields: Fields): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    for (const text of typeof value === 'string' ? [value] : value) form.append(name, text)
  }
  return form.toString()
}

/** The words of a page as somebody reads them. */
const wordsOf = (html: string) =>
  html
    .replace(/^[\s\S]*<main/, '<main')
    .replace(/<\/main>[\s\S]*$/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()

const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='))

/** The value of `Cookie` after an answer with this `Set-Cookie`. */
function withCookie(cookie: string, set: string): string {
  const [pair = ''] = set.split(';')
  const others = cookie.split('; ').filter((one) => one !== '' && nameOf(one) !== nameOf(pair))
  return [...others, ...(/Max-Age=0/.test(set) ? [] : [pair])].join('; ')
}

/** A browser that has been nowhere yet. */
export function createVisitor(app: TestApp, peer = '127.0.0.1'): Visitor {
  const visitor: Visitor = {
    cookie: '',
    see: (path) => ask(path, { method: 'GET' }),
    send: (path, fields = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: encode(fields),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
  }
  async function ask(path: string, init: RequestInit): Promise<Page> {
    const request = new Request(`http://localhost${path}`, init)
    request.headers.set('host', 'localhost')
    // An empty header is one that this browser does not send.
    for (const [name, value] of [...request.headers]) if (value === '') request.headers.delete(name)
    if (visitor.cookie) request.headers.set('cookie', visitor.cookie)
    const response = await app.handle(request, peer)
    for (const set of response.headers.getSetCookie()) visitor.cookie = withCookie(visitor.cookie, set)
    const html = await response.text()
    return {
      status: response.status,
      location: response.headers.get('location'),
      headers: response.headers,
      html,
      text: wordsOf(html),
    }
  }
  return visitor
}

/** Lets admins of the council in without a second factor. */
export const withoutSecondFactor = ({ ctx }: Council) =>
  changeTenant(ctx, 'settings.update', { requireSecondFactor: false })

/** A new user of the council with this role, in by a session of their own; the password is not asked for. */
export async function signedInAs(
  app: TestApp,
  council: Council,
  input: Parameters<typeof createTestUser>[1],
): Promise<Visitor & { id: string }> {
  const user = await createTestUser(council, { password, ...input })
  const visitor = createVisitor(app)
  const caller = { address: '127.0.0.1', requestId: 'test' }
  const { token } = await startFor(app.deps, council.tenant, user, caller)
  visitor.cookie = `${sessionCookieName}=${token}`
  return Object.assign(visitor, { id: user.id })
}

/** The secret that a page shows to somebody who sets up an authenticator app. */
export const authenticatorSecretIn = (html: string) =>
  /id="key">([A-Z2-7 ]+)</.exec(html)?.[1]?.replaceAll(' ', '') as string
