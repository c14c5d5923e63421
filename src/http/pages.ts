import { Elysia } from 'elysia'
import type { Ctx, Deps } from '../core/ctx'
import { isForRole, type Permission } from '../core/scopes'
import { type KeptForm, keepForm } from '../core/sessions/kept-forms.service'
import type { Need } from '../core/sessions/model'
import { type Caller, findSignedIn, type SignedIn } from '../core/sessions/service'
import { AppError, forbidden } from '../lib/errors'
import { readForm } from './own-form'
import { stateOf } from './request-state'
import { permissionKey } from './route-table'
import { formsTokenOf, sessionTokenOf } from './session-cookie'

/** Besides a permission, a page may need a sign-in, or one that is not complete yet. */
export type PagePermission = Permission | 'signed-in' | 'signing-in'

/** A request for a page, from anybody. */
export type Entry = {
  request: Request
  query: URLSearchParams
  /** Empty if no form was sent. */
  form: URLSearchParams
  caller: Caller
  signedIn: SignedIn | null
}

/** A request of somebody who is signed in. */
export type Visit = Entry & { signedIn: SignedIn; ctx: Ctx }

async function openEntry(deps: Deps, request: Request): Promise<Entry> {
  const { id, address, method } = stateOf(request)
  const form = method === 'POST' ? await readForm(request) : new URLSearchParams()
  const caller = { address, requestId: id }
  const signedIn = await findSignedIn(deps, sessionTokenOf(request.headers.get('cookie')), caller)
  return { request, query: new URL(request.url).searchParams, form, caller, signedIn }
}

async function openVisit(deps: Deps, request: Request, permission: PagePermission): Promise<Visit> {
  const { signedIn, ...entry } = await openEntry(deps, request)
  if (signedIn === null) throw await toSignIn(deps, entry, null)
  stateOf(request).tenant = signedIn.tenant.slug
  const { need, user } = signedIn
  if (permission !== 'signing-in' && need !== null) throw await toSignIn(deps, entry, need)
  if (permission !== 'signing-in' && permission !== 'signed-in' && !isForRole(permission, user.role)) {
    throw forbidden('Your role does not include this page', { role: user.role })
  }
  return { ...entry, signedIn, ctx: ctxFor(signedIn, permission) }
}

/** Details of a refusal that signing in resolves: the missing step, and the kept form if one was sent. */
export type SignInDetails = { need: Need | null; kept: KeptForm | null }

async function toSignIn(
  deps: Deps,
  { request, form }: Omit<Entry, 'signedIn'>,
  need: Need | null,
): Promise<AppError> {
  const { pathname: path } = new URL(request.url)
  const kept = form.size === 0 ? null : await keepForm(deps, { path, form }, formsTokenOf(request))
  const details: SignInDetails = { need, kept }
  return new AppError('unauthenticated', 'Sign in to see this page', details)
}

/** Only pages about residents get residents’ fields. */
function ctxFor({ ctx }: SignedIn, permission: PagePermission): Ctx {
  if (permission !== 'residents:read') return ctx
  return { ...ctx, scopes: new Set([...ctx.scopes, permission]) }
}

/**
 * `page` on a route line says who may see the page: the handler gets the `visit` of somebody who is signed in. `entry` is for
 * everybody, as for signing in. Forms of other sites reach neither.
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
