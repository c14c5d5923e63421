import { keptMinutes } from '../core/sessions/kept-forms.service'
import type { StartedSession } from '../core/sessions/service'
import { looksLikeToken } from '../lib/token'

export const sessionCookieName = '__Host-reeve_session'

/** As long as any session lasts; the server may end it before. */
const keptSeconds = 12 * 3_600

/** Behind the token where the browser keeps the cookie, so that its successors are kept too. */
const keptMark = '.kept'

const setCookie = (value: string, maxAge: number | null, name = sessionCookieName) =>
  `${name}=${value}; HttpOnly; ${maxAge === null ? '' : `Max-Age=${maxAge}; `}Path=/; SameSite=Lax; Secure`

/** A value of `Set-Cookie`. Unless it `isKept`, it ends with the browser. */
export const sessionCookie = ({ token }: StartedSession, isKept: boolean) =>
  isKept ? setCookie(token + keptMark, keptSeconds) : setCookie(token, null)

export const forgetCookie = () => setCookie('', 0)

const formsCookieName = '__Host-reeve_forms'

/** A value of `Set-Cookie` with the token that gives this browser its kept forms. */
export const formsCookie = (token: string) => setCookie(token, keptMinutes * 60, formsCookieName)

/** The token that gives this browser its kept forms; null if it has none. */
export function formsTokenOf(request: Request): string | null {
  const token = valueIn(request.headers.get('cookie'), formsCookieName)
  return looksLikeToken(token) ? token : null
}

/** The token in a `Cookie` header; null if there is none, or more than one. */
export function sessionTokenOf(cookies: string | null): string | null {
  const value = valueIn(cookies)
  const token = isKeptValue(value) ? value.slice(0, -keptMark.length) : value
  return looksLikeToken(token) ? token : null
}

/** Whether its owner asked to stay signed in on this device. */
export const isKept = (request: Request): boolean => isKeptValue(valueIn(request.headers.get('cookie')))

const isKeptValue = (value: string) => value.endsWith(keptMark)

function valueIn(cookies: string | null, name = sessionCookieName): string {
  const prefix = `${name}=`
  const [own = '', ...more] = (cookies ?? '').split(/;\s*/).filter((pair) => pair.startsWith(prefix))
  return more.length === 0 ? own.slice(prefix.length) : ''
}
