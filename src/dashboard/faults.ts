import type { Need } from '../core/sessions/model'
import type { ErrorPages } from '../http/errors'
import { stateOf } from '../http/request-state'
import type { AppError, ErrorKind } from '../lib/errors'
import { manySignIns } from '../lib/password-hash'
import { redirect, showFault } from './page'

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

const busy: Words = { title: 'Reeve is busy', sentences: [manySignIns] }

/** The pages on which an incomplete sign-in is completed. */
const needPaths: Record<Need, string> = {
  code: '/admin/sign-in/code',
  password: '/admin/sign-in/password',
  second_factor: '/admin/sign-in/second-factor',
}

/** The page for people who are not (completely) signed in; after it they come back to the page that they wanted. */
function signInPath({ details }: AppError, request: Request): string {
  if (details.need) return needPaths[details.need as Need]
  const { pathname, search } = new URL(request.url)
  if (request.method !== 'GET' || pathname === '/admin') return '/admin/sign-in'
  return `/admin/sign-in?next=${encodeURIComponent(pathname + search)}`
}

/** Errors as pages; people who are not signed in are sent to sign in. */
export const errorPages: ErrorPages = {
  under: '/admin',
  show: async (error, status, request) => {
    if (error.kind === 'unauthenticated') return redirect(signInPath(error, request))
    const known = error.message === manySignIns ? busy : words[error.kind]
    const { title, sentences } = known ?? { title: 'That is not possible', sentences: [] }
    const lines = sentences.length > 0 ? sentences : [`${error.message}.`]
    const requestId = error.kind === 'internal' ? stateOf(request).id : null
    return showFault('layout/fault.njk', { title, sentences: lines, requestId }, status)
  },
}
