import type { StartedSession } from '../core/sessions/service'
import { looksLikeToken } from '../lib/token'

export const sessionCookieName = '__Host-reeve_session'

/** Longer than any session, because the server decides when a session ends. */
const maxAgeSeconds = 400 * 24 * 3_600

const setCookie = (token: string, maxAge: number) =>
  `${sessionCookieName}=${token}; HttpOnly; Max-Age=${maxAge}; Path=/; SameSite=Lax; Secure`

/** Values of `Set-Cookie`. */
export const keepCookie = ({ token }: StartedSession) => setCookie(token, maxAgeSeconds)
export const forgetCookie = () => setCookie('', 0)

/** The token in a `Cookie` header; null if there is none, or more than one. */
export function sessionTokenOf(cookies: string | null): string | null {
  const prefix = `${sessionCookieName}=`
  const [own = '', ...more] = (cookies ?? '').split(/;\s*/).filter((pair) => pair.startsWith(prefix))
  const token = own.slice(prefix.length)
  return more.length === 0 && looksLikeToken(token) ? token : null
}
