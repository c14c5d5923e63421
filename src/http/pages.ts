import { Elysia } from 'elysia'
import type { Ctx, Deps } from '../core/ctx'
import { isForRole, type Permission } from '../core/scopes'
import { type Caller, findSignedIn, type SignedIn } from '../core/sessions/service'
import { AppError, forbidden } from '../lib/errors'
import { readForm } from './own-form'
import { stateOf } from './request-state'
import { permissionKey } from './route-table'

/** What a page may ask of its visitors: a permission, to be in, or to have a session that is not complete yet. */
export type PagePermission = Permission | 'signed-in' | 'signing-in'

/** What somebody asks of a page before they are known. */
export type Entry = {
  request: Request
  query: URLSearchParams
  /** What their form holds; empty where they sent none. */
  form: URLSearchParams
  caller: Caller
  signedIn: SignedIn | null
}

/** What somebody who is signed in asks of a page. */
export type Visit = Entry & { signedIn: SignedIn; ctx: Ctx }

async function openEntry(deps: Deps, request: Request): Promise<Entry> {
  const { id, address, method } = stateOf(request)
  const form = method === 'POST' ? await readForm(request) : new URLSearchParams()
  const caller = { address, requestId: id }
  const signedIn = await findSignedIn(deps, request.headers.get('cookie'), caller)
  return { request, query: new URL(request.url).searchParams, form, caller, signedIn }
}

async function openVisit(deps: Deps, request: Request, permission: PagePermission): Promise<Visit> {
  const { signedIn, ...entry } = await openEntry(deps, request)
  if (signedIn === null) throw new AppError('unauthenticated', 'Sign in to see this page')
  stateOf(request).tenant = signedIn.tenant.slug
  const { need, user } = signedIn
  if (permission !== 'signing-in' && need !== null) {
    throw new AppError('unauthenticated', 'The sign-in is not complete', { need })
  }
  if (permission !== 'signing-in' && permission !== 'signed-in' && !isForRole(permission, user.role)) {
    throw forbidden('Your role does not include this page', { role: user.role })
  }
  return { ...entry, signedIn, ctx: ctxFor(signedIn, permission) }
}

/** Residents' fields come with the pages that are about them, and with no other. */
function ctxFor({ ctx }: SignedIn, permission: PagePermission): Ctx {
  if (permission !== 'residents:read') return ctx
  return { ...ctx, scopes: new Set([...ctx.scopes, permission]) }
}

/**
 * `page` on a route line says who may see it: the handler gets the `visit` of somebody who is signed in. `entry` says that
 * everybody may, as they must to sign in. Forms of other sites reach neither.
 */
export const pages = (deps: Deps) =>
  new Elysia({ name: 'pages' }).macro({
    page: (permission: PagePermission) => ({
      detail: { hide: true, [permissionKey]: permission } as Record<string, unknown>,
      resolve: async ({ request }) => ({ visit: await openVisit(deps, request, permission) }),
    }),
    entry: (_: true) => ({
      detail: { hide: true, [permissionKey]: 'everybody' } as Record<string, unknown>,
      resolve: async ({ request }) => ({ entry: await openEntry(deps, request) }),
    }),
  })
