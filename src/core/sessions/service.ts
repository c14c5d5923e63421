import { sha256 } from '../../lib/hash'
import type { RandomBytes } from '../../lib/random'
import { newToken } from '../../lib/token'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant, type Writer } from '../ctx'
import { dashboardScopes } from '../scopes'
import { hasSecondFactor } from '../second-factor/store'
import { toTenant } from '../tenants/store'
import { actingAs } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, maintain, write } from '../write'
import { createLucia } from './lucia'
import { latestEnd, type Need, needOf, type SessionWithOwner } from './model'
import { deleteSession, deleteSessionsOf, findSession, insertSession, updateExpiry } from './store'

/** Where a request came from. */
export type Caller = { address: string; requestId: string }

/** The user of a session; `need` is the step of signing in that is still missing. */
export type SignedIn = {
  sessionId: string
  user: UserRow
  tenant: Tenant
  hasSecondFactor: boolean
  secondFactorAt: Date | null
  /** When the session ends without another request, and when it ends at the latest. */
  endsAt: Date
  latestEndsAt: Date
  need: Need | null
  ctx: Ctx
}

/** The token is for the browser's cookie and nothing else: the store keeps only its hash. */
export type StartedSession = { token: string }

const refused = () => Promise.reject(new Error('A session begins and ends within a change'))

/** Null if no session with this token is still valid. */
export async function findSignedIn(
  deps: Deps,
  token: string | null,
  caller: Caller,
): Promise<SignedIn | null> {
  const found = token === null ? undefined : await findSession(deps.store.read, sha256(token))
  if (!found) return null
  let endsAt = found.session.expiresAt
  const lucia = createLucia(
    {
      find: async () => found.session,
      extend: async (_, expiresAt) => {
        endsAt = await extend(deps, found, expiresAt)
      },
      remove: (id) => maintain(deps, (m) => deleteSession(m, id)),
      insert: refused,
      removeAllOf: refused,
    },
    deps.clock,
  )
  const { session } = await lucia.validateSession(found.session.id)
  if (session === null) return null
  const tenant = toTenant(found.tenant)
  return {
    sessionId: session.id,
    user: found.user,
    tenant,
    hasSecondFactor: found.hasSecondFactor,
    secondFactorAt: found.session.secondFactorAt,
    endsAt,
    latestEndsAt: latestEnd(found),
    need: needOf(found, tenant),
    ctx: await ctxOf(deps, tenant, found.user, { ...caller, revision: found.tenant.revision }),
  }
}

/** The end of the session from now on. */
async function extend(deps: Deps, found: SessionWithOwner, wanted: Date): Promise<Date> {
  const expiresAt = earlier(wanted, latestEnd(found))
  // Near its latest end every request would ask for a moment more.
  if (expiresAt.getTime() - found.session.expiresAt.getTime() < 60_000) return found.session.expiresAt
  await maintain(deps, (m) => updateExpiry(m, found.session.id, expiresAt))
  return expiresAt
}

const earlier = (a: Date, b: Date) => (a < b ? a : b)

async function ctxOf(
  deps: Deps,
  tenant: Tenant,
  user: UserRow,
  { address, requestId, revision }: Caller & { revision: number },
): Promise<Ctx> {
  const acting = await actingAs(deps.store.read, user, tenant, deps.clock.now())
  const actor: Actor = { type: 'user', id: user.id, name: user.name, ip: address }
  return createCtx(deps, { tenant, actor, acting, scopes: dashboardScopes(user.role), requestId, revision })
}

/** Replaces the session with a new one, as after every change of password or second factor; the old token stops working. */
export const renew = (deps: Deps, signedIn: SignedIn, secondFactorAt: Date | null): Promise<StartedSession> =>
  start(signedIn.ctx, deps.random, { user: signedIn.user, secondFactorAt, replaces: signedIn.sessionId })

/** Starts a session for a user who has proved who they are, by password or one-time link; a code may still be needed. */
export async function startFor(
  deps: Deps,
  tenant: Tenant,
  user: UserRow,
  caller: Caller,
): Promise<StartedSession> {
  const ctx = await ctxOf(deps, tenant, user, { ...caller, revision: 0 })
  return start(ctx, deps.random, { user, secondFactorAt: null, replaces: null })
}

type Start = { user: UserRow; secondFactorAt: Date | null; replaces: string | null }

function start(
  ctx: Ctx,
  random: RandomBytes,
  { user, secondFactorAt, replaces }: Start,
): Promise<StartedSession> {
  const token = newToken(random)
  return write(ctx, 'session.start', async (w) => {
    const createdAt = w.clock.now()
    const hasFactor = await hasSecondFactor(w, user.id)
    const lucia = luciaWithin(w, createdAt, hasFactor)
    if (replaces !== null) await lucia.invalidateSession(replaces)
    await lucia.createSession(user.id, { tenantId: w.tenantId, secondFactorAt }, { sessionId: sha256(token) })
    const isHalf = hasFactor && secondFactorAt === null
    await appendOccurrences(w, isHalf ? 'session.half' : 'session.start', [{ entity: 'user', id: user.id }])
    return { changes: [], result: { token } }
  })
}

function luciaWithin(w: Writer, createdAt: Date, hasFactor: boolean) {
  return createLucia(
    {
      find: refused,
      extend: refused,
      insert: ({ expiresAt, ...stored }) => {
        const session = { createdAt, secondFactorAt: stored.secondFactorAt }
        const end = latestEnd({ session, hasSecondFactor: hasFactor })
        return insertSession(w, { ...stored, createdAt, expiresAt: earlier(expiresAt, end) })
      },
      remove: (id) => deleteSession(w, id),
      removeAllOf: (userId) => deleteSessionsOf(w, userId),
    },
    w.clock,
  )
}

/** Ends this session, or all of the user's sessions. */
export const signOut = ({ ctx, user, sessionId }: SignedIn, where: 'here' | 'everywhere'): Promise<void> =>
  write(ctx, 'session.end', async (w) => {
    const lucia = luciaWithin(w, w.clock.now(), false)
    if (where === 'here') await lucia.invalidateSession(sessionId)
    else await lucia.invalidateUserSessions(user.id)
    await appendOccurrences(w, 'session.end', [{ entity: 'user', id: user.id, note: { where } }])
    return { changes: [], result: undefined }
  })

/** Signs another user of the council out everywhere; returns how many sessions ended. */
export const endSessionsOf = (ctx: Ctx, userId: string): Promise<number> =>
  write(ctx, 'session.end', async (w) => {
    const ended = await deleteSessionsOf(w, userId)
    const note = { where: 'everywhere', ended }
    await appendOccurrences(w, 'session.end', [{ entity: 'user', id: userId, note }])
    return { changes: [], result: ended }
  })
