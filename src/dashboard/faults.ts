import type { Deps } from '../core/ctx'
import { type KeptForm, keptField } from '../core/sessions/kept-forms.service'
import type { Need } from '../core/sessions/model'
import { findSignedIn } from '../core/sessions/service'
import type { ErrorPages } from '../http/errors'
import type { Entry, SignInDetails } from '../http/pages'
import { stateOf } from '../http/request-state'
import { formsCookie, sessionTokenOf } from '../http/session-cookie'
import type { AppError, ErrorKind } from '../lib/errors'
import { manySignIns } from '../lib/password-hash'
import { showDoor } from './door'
import { ownPath, redirect, showFault, showOpen } from './page'

type Words = { title: string; sentences: string[] }

const words: Partial<Record<ErrorKind, Words>> = {
  not_found: {
    title: 'Page not found',
    sentences: [
      'This page does not exist, or you do not have permission to view it.',
      'If you typed the address, check that it is correct.',
    ],
  },
  forbidden: { title: 'You do not have permission to view this page', sentences: [] },
  rate_limited: {
    title: 'Too many requests',
    sentences: ['This address has sent too many requests. Wait a minute, then try again.'],
  },
  unavailable: {
    title: 'Reeve is not available',
    sentences: ['Nothing was changed. Try again in a moment.'],
  },
  stale: {
    title: 'Somebody else has changed this',
    sentences: ['Somebody changed this after you opened it. Go back, refresh the page and try again.'],
  },
  internal: {
    title: 'Something went wrong',
    sentences: ['This is a fault in Reeve, not something you did. Try again later.'],
  },
}

/** Faults of the request, not of the store. */
const visited: readonly ErrorKind[] = ['not_found', 'forbidden', 'stale']

const busy: Words = { title: 'Reeve is busy', sentences: [manySignIns] }

/** The pages on which an incomplete sign-in is completed. */
const needPaths: Record<Need, string> = {
  code: '/admin/sign-in/code',
  password: '/admin/sign-in/password',
  second_factor: '/admin/sign-in/second-factor',
}

/** Where somebody goes after signing in: the page that they wanted, or the form that they sent. */
function nextOf({ method, url, headers }: Request, kept: KeptForm | null): string {
  const { pathname, search, searchParams } = new URL(url)
  // A step of signing in, sent too late.
  if (searchParams.has('next')) return ownPath(searchParams.get('next'), '/admin')
  if (kept) return `${pathname}?${keptField}=${kept.id}`
  if (method !== 'POST') return pathname + search
  // A button without a page of its own: go back to where it was pressed.
  const from = headers.get('referer') ?? ''
  return URL.canParse(from) ? ownPath(new URL(from).pathname, '/admin') : '/admin'
}

/** Leads to the next step of signing in. */
function toSignIn({ details }: AppError, request: Request): Response {
  const { need, kept } = details as SignInDetails
  const next = nextOf(request, kept)
  const query = new URLSearchParams({
    ...(next !== '/admin' && { next }),
    ...(kept && { ended: 'kept' }),
    ...(request.method === 'POST' && !kept && !need && { ended: 'lost' }),
  })
  const path = need ? needPaths[need] : '/admin/sign-in'
  return redirect(query.size > 0 ? `${path}?${query}` : path, kept ? formsCookie(kept.token) : undefined)
}

/** Pages of faults have the navigation for people who are signed in, unless the store may be at fault. */
async function openEntry(deps: Deps, request: Request): Promise<Entry> {
  const { id: requestId, address } = stateOf(request)
  const caller = { address, requestId }
  const token = sessionTokenOf(request.headers.get('cookie'))
  const signedIn = await findSignedIn(deps, token, caller)
  return { request, query: new URLSearchParams(), form: new URLSearchParams(), caller, signedIn }
}

/** Errors as pages; people who are not signed in are sent to sign in. */
export const errorPages = (deps: Deps): ErrorPages => ({
  under: '/admin',
  show: async (error, status, request) => {
    if (error.kind === 'unauthenticated') return toSignIn(error, request)
    if (error.details.door !== undefined) return showDoor(error.message, status)
    const known = error.message === manySignIns ? busy : words[error.kind]
    const { title, sentences } = known ?? { title: 'That is not possible', sentences: [] }
    const lines = sentences.length > 0 ? sentences : [`${error.message}.`]
    const requestId = error.kind === 'internal' ? stateOf(request).id : null
    const data = { title, sentences: lines, requestId }
    if (!visited.includes(error.kind)) return showFault('layout/fault.njk', data, status)
    return showOpen(await openEntry(deps, request), 'layout/fault.njk', data, { status })
  },
})
