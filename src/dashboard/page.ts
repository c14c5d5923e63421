import type { Entry, Visit } from '../http/pages'
import { navigationFor } from './places'
import { render } from './render'
import { sessionOf } from './session'

/** Only what this server sends may run, load or frame a page. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-store',
}

/**
 * `notices` are the banners for each value of `done` in the address. `important` is a banner about what is still to be done.
 */
export type PageData = {
  title: string
  notices?: Record<string, string>
  important?: string | null
} & Record<string, unknown>

export type PageOptions = { status?: number; cookie?: string }

async function htmlResponse(
  view: string,
  data: object,
  { status = 200, cookie }: PageOptions,
): Promise<Response> {
  const html = await render(view, data)
  return new Response(html, { status, headers: { ...headers, ...(cookie && { 'set-cookie': cookie }) } })
}

const noticeOf = ({ notices = {} }: PageData, query: URLSearchParams): string | null => {
  const done = query.get('done') ?? ''
  return Object.hasOwn(notices, done) ? (notices[done] as string) : null
}

/** A page for somebody who is signed in. */
export function showPage(
  visit: Visit,
  view: string,
  data: PageData,
  options: PageOptions = {},
): Promise<Response> {
  const { signedIn, request, query } = visit
  const { tenant, user, need } = signedIn
  const shared = {
    council: tenant.name,
    timezone: tenant.timezone,
    user: { name: user.name, role: user.role },
    isIn: need === null,
    session: need === null ? sessionOf(visit) : null,
    navigation: navigationFor(visit, new URL(request.url).pathname),
    notice: noticeOf(data, query),
  }
  return htmlResponse(view, { ...shared, ...data }, options)
}

/** A page for everybody. */
export const showEntry = (
  entry: Entry,
  view: string,
  data: PageData,
  options: PageOptions = {},
): Promise<Response> => htmlResponse(view, { ...data, notice: noticeOf(data, entry.query) }, options)

/** A page for everybody, with the navigation for people who are signed in. */
export const showOpen = (
  entry: Entry,
  view: string,
  data: PageData,
  options: PageOptions = {},
): Promise<Response> =>
  entry.signedIn === null
    ? showEntry(entry, view, data, options)
    : showPage({ ...entry, signedIn: entry.signedIn, ctx: entry.signedIn.ctx }, view, data, options)

/** A page that says what went wrong: its visitor is not known. */
export const showFault = (view: string, data: PageData, status: number): Promise<Response> =>
  htmlResponse(view, data, { status })

/** Sends the browser to another page by GET, so that refreshing it sends no form again. */
export const redirect = (location: string, cookie?: string): Response =>
  new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', ...(cookie && { 'set-cookie': cookie }) },
  })

/** Where to go back to: the wanted address if it is one of our own pages, never another site. */
export function ownPath(wanted: string | null, otherwise: string): string {
  if (wanted === null || !/^\/admin([/?]|$)/.test(wanted)) return otherwise
  const base = 'http://own.invalid'
  if (!URL.canParse(wanted, base)) return otherwise
  const { origin, pathname, search } = new URL(wanted, base)
  return origin === base && /^\/admin(\/|$)/.test(pathname) ? pathname + search : otherwise
}
