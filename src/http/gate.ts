import { Elysia } from 'elysia'
import { type Authenticated, authenticate } from '../core/api-keys/service'
import { type Ctx, createCtx, type Deps } from '../core/ctx'
import { isInPlan, isInRole, planFor, type RouteScope, type Scope } from '../core/scopes'
import { isRunning } from '../core/sessions/store'
import { recordFirst } from '../core/write'
import { addressBucket, isInRanges } from '../lib/address'
import { AppError, forbidden, notFound, shortName } from '../lib/errors'
import { sha256 } from '../lib/hash'
import { maxBodyBytes } from '../lib/json'
import { rateLimited, spend } from '../lib/limits'
import { turns } from '../lib/turns'
import { answerAnyPreflight, answerPreflight, anyOrigin, corsHeaders, isPreflight } from './cors'
import { presentedKey } from './credentials'
import { isAllowedHost } from './hosts'
import { limitHeaders } from './limits'
import { assertPlainBody } from './own-form'
import { type RequestState, stateOf } from './request-state'
import type { RouteEntry, RouteTable } from './route-table'
import { sessionTokenOf } from './session-cookie'

/**
 * Requests a minute outside `/api`, for each session or, without one, each address: generous, for health checks and pages
 * with their assets. A council’s people often share one address.
 */
const visitorLimit = 1_200

/**
 * Everything decided before the body is read, in this documented order: host, route and method, declared size, credentials,
 * rate, plan and address, scope, content type. Only routes in the route table can be reached.
 */
export const gate = (deps: Deps, routes: () => RouteTable) =>
  new Elysia({ name: 'gate' }).onRequest(async ({ request }) => {
    const state = stateOf(request)
    const isApi = state.path.startsWith('/api/')
    // Forms take longer than anything else here: many at once are looked at one by one, and other requests in between.
    if (!isApi && state.method === 'POST') await turns.run(() => Promise.resolve())
    assertHost(deps, state, request)
    const match = routes().match(state.method, state.path)
    if (isForEverybody(state)) state.headers = anyOrigin
    if (!isApi || !match) await visit(deps, state, request)
    assertDoor(deps, state)
    if (!match) throw notFound('Route')
    if ('allow' in match && isPreflight(request)) {
      if (isApi) await visit(deps, state, request)
      if (isApi) return answerPreflight(deps, request, match.allow)
      if (isForEverybody(state)) return answerAnyPreflight(match.allow)
    }
    if ('allow' in match) {
      throw new AppError('method_not_allowed', 'Method not allowed', { allow: match.allow.join(', ') })
    }
    state.route = match.entry
    assertDeclaredSize(request)
    if (!isApi) {
      assertContentType(match.entry, request)
      return undefined
    }
    const known = await identify(deps, state, request)
    state.headers = corsHeaders(request, known.tenant.corsOrigins)
    await countRequest(deps, state, known)
    const ctx = ctxFor(deps, state, known)
    try {
      assertPlanAndAddress(known, state)
      assertScope(match.entry.scope, known)
    } catch (refusal) {
      await recordRefusal(deps, ctx, state, refusal)
      throw refusal
    }
    assertContentType(match.entry, request)
    state.ctx = ctx
    return undefined
  })

const ctxFor = (deps: Deps, state: RequestState, known: Authenticated): Ctx =>
  createCtx(deps, {
    tenant: known.tenant,
    actor: { type: 'key', id: known.key.id, name: known.key.name, ip: state.address },
    acting: known.acting,
    revision: known.revision,
    scopes: new Set(known.key.scopes.filter((scope) => isInPlan(scope, known.tenant.plan))),
    requestId: state.id,
  })

/** Records that a known key was refused; the key is refused even if that fails. */
async function recordRefusal(deps: Deps, ctx: Ctx, state: RequestState, refusal: unknown): Promise<void> {
  if (!(refusal instanceof AppError) || refusal.kind === 'internal') return
  const { requiredScope = null } = refusal.details
  const route = `${state.method} ${state.route?.path}`
  const note = { route, reason: refusal.message, requiredScope }
  try {
    await recordFirst(ctx, 'access.refuse', [{ entity: 'key', id: ctx.actor.id, note }])
  } catch (error) {
    deps.log.error('a refusal could not be recorded in the audit log', { id: state.id, error })
  }
}

/** Monitors request the health by IP address, so every host name may have it. */
function assertHost({ config, log }: Deps, { id, path }: RequestState, { headers }: Request): void {
  const given = headers.get('host')
  if (path === '/health' || isAllowedHost(given, config)) return
  const host = shortName(given ?? '')
  log.warn('a request for another host: to answer it, add the host to REEVE_ALLOWED_HOSTS', { id, host })
  throw new AppError(
    'misdirected',
    `This server does not answer for the host "${host}". If it should, add the host to REEVE_ALLOWED_HOSTS`,
    { host },
  )
}

/** Everything under `/admin`, styles and scripts too, is shown only to the addresses that the operator allows. */
function assertDoor({ config }: Deps, { path, address }: RequestState): void {
  const isDashboard = path === '/admin' || path.startsWith('/admin/')
  if (!isDashboard || config.adminAllow.length === 0 || isInRanges(address, config.adminAllow)) return
  throw forbidden(`The dashboard may not be used from this address (${address})`, { door: address })
}

/** Pages of any site may read these answers. */
const isForEverybody = ({ path }: RequestState) => path.startsWith('/public/')

async function visit({ store, limits, clock }: Deps, state: RequestState, request: Request): Promise<void> {
  const token = sessionTokenOf(request.headers.get('cookie'))
  const session = token === null ? null : sha256(token)
  const isKnown = session !== null && (await isRunning(store.read, session, clock.now()))
  const visitorKey = isKnown ? `session ${session}` : addressBucket(state.address)
  await spend(limits.visitors, visitorKey, visitorLimit, clock.monotonic())
}

function assertDeclaredSize(request: Request): void {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > maxBodyBytes) {
    throw new AppError('too_large', 'The body is larger than 1 MiB', { maxBytes: maxBodyBytes })
  }
}

/** Failures count against the address, so that guessing is slow and uses up no council's quota. */
async function identify(deps: Deps, state: RequestState, request: Request): Promise<Authenticated> {
  let refusal: AppError
  let known: Authenticated | null = null
  try {
    const presented = presentedKey(request.headers)
    known = presented === null ? null : await authenticate(deps, presented)
    if (known && known.ended === null) return known
    refusal = new AppError('unauthenticated', presented === null ? 'API key required' : 'Invalid API key')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    refusal = error
  }
  const { limits, config, clock } = deps
  await spend(limits.failures, addressBucket(state.address), config.authFailLimit, clock.monotonic())
  if (known) {
    const reason = new AppError(refusal.kind, `The key no longer works: ${known.ended}`)
    await recordRefusal(deps, ctxFor(deps, state, known), state, reason)
  }
  throw refusal
}

async function countRequest(
  { limits, config, clock, keyUses }: Deps,
  state: RequestState,
  known: Authenticated,
): Promise<void> {
  const limit = known.tenant.rateLimit ?? config.rateLimit
  const window = await limits.keys.hit(known.key.id, limit, clock.monotonic())
  state.keyPrefix = known.key.prefix
  state.tenant = known.tenant.slug
  Object.assign(state.headers, limitHeaders(window, limit, limits.keys.windowMs, clock))
  keyUses.count(known.key.id, clock.now(), window.isExceeded)
  if (window.isExceeded) throw rateLimited(limit, window)
}

function assertPlanAndAddress({ tenant, key }: Authenticated, { address }: RequestState): void {
  if (tenant.plan === 'free') {
    throw forbidden('API access requires a Pro or Council plan', { plan: tenant.plan })
  }
  if (key.ipAllow.length > 0 && !isInRanges(address, key.ipAllow)) {
    throw forbidden('This key may not be used from this address')
  }
}

function assertScope(scope: RouteScope | null, { tenant, key, acting }: Authenticated): void {
  if (scope === null) throw new AppError('internal', 'A route under /api has no scope')
  if (scope === 'any-key') return
  const granted: readonly Scope[] = key.scopes
  if (!granted.includes(scope)) {
    throw forbidden('Insufficient scope', { requiredScope: scope, scopes: granted })
  }
  if (!isInPlan(scope, tenant.plan)) {
    const details = { requiredScope: scope, requiredPlan: planFor(scope), plan: tenant.plan }
    throw forbidden('Not available on this plan', details)
  }
  if (acting && !isInRole(scope, acting.role)) {
    throw forbidden('Not available to the role this key acts for', {
      requiredScope: scope,
      role: acting.role,
    })
  }
}

/** `utf8` is not a registered name, but many clients send it. */
const jsonTypes = /^application\/(json|merge-patch\+json)\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?;?\s*$/i

function assertContentType({ body }: RouteEntry, request: Request): void {
  if (body === null) return
  assertPlainBody(request)
  if (!jsonTypes.test(request.headers.get('content-type') ?? '')) {
    throw new AppError('unsupported_media_type', 'The body must be application/json in UTF-8')
  }
}
