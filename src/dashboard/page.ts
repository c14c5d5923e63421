import { isForRole, type Permission } from '../core/scopes'
import type { Entry, Visit } from '../http/pages'
import { render } from './render'

/** Nothing runs, loads or frames but what this server itself sends. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'"

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-store',
}

/** What every page has: its title, and what to say of what was just done, by the `done` of the address. */
export type PageData = { title: string; notices?: Record<string, string> } & Record<string, unknown>

export type PageOptions = { status?: number; cookie?: string }

type Place = { text: string; href: string; needs: Permission | null }

const places: Place[] = [
  { text: 'Home', href: '/admin', needs: null },
  { text: 'Cases', href: '/admin/cases', needs: 'cases:read' },
  { text: 'People', href: '/admin/users', needs: 'users:read' },
  { text: 'Admin', href: '/admin/administration', needs: 'audit:read' },
]

/** Pages of the administration stand below these addresses. */
const administration = /^\/admin\/(administration|keys|wards|categories|settings|audit|plan)(\/|$)/

function isAt(path: string, href: string): boolean {
  if (href === '/admin/administration') return administration.test(path)
  return path === href || (href !== '/admin' && path.startsWith(`${href}/`))
}

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
  const path = new URL(request.url).pathname
  const navigation = places
    .filter(({ needs }) => need === null && (needs === null || isForRole(needs, user.role)))
    .map(({ text, href }) => ({ text, href, active: isAt(path, href) }))
  const shared = {
    council: tenant.name,
    timezone: tenant.timezone,
    user: { name: user.name, role: user.role },
    isIn: need === null,
    navigation,
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

/** The same, as a page among the others for who is signed in. */
export const showOpen = (entry: Entry, view: string, data: PageData): Promise<Response> =>
  entry.signedIn === null
    ? showEntry(entry, view, data)
    : showPage({ ...entry, signedIn: entry.signedIn, ctx: entry.signedIn.ctx }, view, data)

/** A page that says what went wrong, of whose visitor nothing is known. */
export const showFault = (view: string, data: PageData, status: number): Promise<Response> =>
  htmlResponse(view, data, { status })

/** Sends the browser to another page, which it asks for anew. */
export const redirect = (location: string, cookie?: string): Response =>
  new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', ...(cookie && { 'set-cookie': cookie }) },
  })

/** Of two, the address to go back to: one of our own pages, never another site. */
export function ownPath(wanted: string | null, otherwise: string): string {
  if (wanted === null || !/^\/admin([/?]|$)/.test(wanted)) return otherwise
  const base = 'http://own.invalid'
  if (!URL.canParse(wanted, base)) return otherwise
  const { origin, pathname, search } = new URL(wanted, base)
  return origin === base && /^\/admin(\/|$)/.test(pathname) ? pathname + search : otherwise
}
