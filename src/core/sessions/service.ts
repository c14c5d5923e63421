import { addressBucket } from '../../lib/address'
import { AppError } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { spend } from '../../lib/limits'
import type { RandomBytes } from '../../lib/random'
import { looksLikeToken, newToken } from '../../lib/token'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant, type Writer } from '../ctx'
import { dashboardScopes } from '../scopes'
import { findTenantRow, toTenant } from '../tenants/store'
import { actingAs, findUserByEmail } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, maintain, recordFirst, write } from '../write'
import { deleteSessionsOf } from './end.store'
import { createLucia, sessionCookieName } from './lucia'
import { latestEnd, type Need, needOf, type SessionWithOwner } from './model'
import { checkSecondFactor } from './second-factor.service'
import { deleteSession, findSession, hasSecondFactor, insertSession, updateExpiry } from './store'

/** Where a request came from. */
export type Caller = { address: string; requestId: string }

/** Somebody with a session, and what they still have to do before they are let in. */
export type SignedIn = {
  sessionId: string
  user: UserRow
  tenant: Tenant
  hasSecondFactor: boolean
  secondFactorAt: Date | null
  need: Need | null
  ctx: Ctx
}

/** A session that has just begun: its token, for the browser's cookie and nobody else. */
export type Started = { token: string }

const refused = () => Promise.reject(new Error('A session begins and ends within a change'))

/** Who has the session of this `Cookie` header; null where there is none that still holds. */
export async function findSignedIn(
  deps: Deps,
  cookies: string | null,
  caller: Caller,
): Promise<SignedIn | null> {
  const token = tokenOf(cookies)
  const found = token === null ? undefined : await findSession(deps.store.read, sha256(token))
  if (!found) return null
  const lucia = createLucia(
    {
      find: async () => found.session,
      extend: (_, expiresAt) => extend(deps, found, expiresAt),
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
    need: needOf(found, tenant),
    ctx: await ctxOf(deps, tenant, found.user, { ...caller, revision: found.tenant.revision }),
  }
}

/** The token in a `Cookie` header; null where there is none, or more than one. */
function tokenOf(cookies: string | null): string | null {
  const prefix = `${sessionCookieName}=`
  const [own = '', ...more] = (cookies ?? '').split(/;\s*/).filter((pair) => pair.startsWith(prefix))
  const token = own.slice(prefix.length)
  return more.length === 0 && looksLikeToken(token) ? token : null
}

async function extend(deps: Deps, found: SessionWithOwner, wanted: Date): Promise<void> {
  const expiresAt = earlier(wanted, latestEnd(found))
  // Near its latest end every request would ask for a moment more.
  if (expiresAt.getTime() - found.session.expiresAt.getTime() < 60_000) return
  await maintain(deps, (m) => updateExpiry(m, found.session.id, expiresAt))
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

export type Credentials = { council: string; email: string; password: string }

/** The same for an unknown council or address, a wrong password and a user who is not active. */
const wrong = () => new AppError('unauthenticated', 'The e-mail address or the password is wrong')

/** Begins a session for who knows the password; it may still need a second factor. */
export async function signIn(
  deps: Deps,
  { council, email, password }: Credentials,
  caller: Caller,
): Promise<Started> {
  await slowDown(deps, `${council} ${email.trim().toLowerCase().slice(0, 254)}`, caller)
  const row = await findTenantRow(deps.store.read, council)
  if (!row) {
    await deps.passwords.verify(password, null)
    throw wrong()
  }
  const tenant = toTenant(row)
  const nobody: Actor = { type: 'public', id: 'public', name: 'Public', ip: caller.address }
  const ctx = createCtx(deps, { tenant, actor: nobody, requestId: caller.requestId })
  const user = await findUserByEmail(ctx, email.trim())
  const isRight = await deps.passwords.verify(password, user?.active ? user.passwordHash : null)
  if (!user || !isRight) {
    // Of an address that nobody has too: what is put on record takes as long.
    await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user?.id ?? 'unknown' }])
    throw wrong()
  }
  const own = await ctxOf(deps, tenant, user, { ...caller, revision: row.revision })
  return start(own, deps.random, { user, secondFactorAt: null, replaces: null })
}

/** Takes the code of the authenticator app, or one for recovery, and begins the session anew with it. */
export async function showSecondFactor(deps: Deps, signedIn: SignedIn, code: string): Promise<Started> {
  const { ctx, user } = signedIn
  await spend(deps.limits.signIns, `code ${user.id}`, attempts.code, deps.clock.monotonic())
  if ((await checkSecondFactor(ctx, user.id, code)) === null) {
    await recordFirst(ctx, 'session.refuse', [{ entity: 'user', id: user.id, note: { reason: 'code' } }])
    throw new AppError('unauthenticated', 'The code is wrong, too old or was used before')
  }
  return renew(deps, signedIn, deps.clock.now())
}

/** Begins the session anew, as after every change of what it stands on; the old token is good no more. */
export const renew = (deps: Deps, signedIn: SignedIn, secondFactorAt: Date | null): Promise<Started> =>
  start(signedIn.ctx, deps.random, { user: signedIn.user, secondFactorAt, replaces: signedIn.sessionId })

/** Begins a session for a user who has proved who they are by a one-time link. */
export async function startFor(deps: Deps, tenant: Tenant, user: UserRow, caller: Caller): Promise<Started> {
  const ctx = await ctxOf(deps, tenant, user, { ...caller, revision: 0 })
  return start(ctx, deps.random, { user, secondFactorAt: null, replaces: null })
}

type Start = { user: UserRow; secondFactorAt: Date | null; replaces: string | null }

function start(ctx: Ctx, random: RandomBytes, { user, secondFactorAt, replaces }: Start): Promise<Started> {
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

function luciaWithin(w: Writer, createdAt: Date, hasSecondFactor: boolean) {
  return createLucia(
    {
      find: refused,
      extend: refused,
      insert: ({ expiresAt, ...kept }) => {
        const end = latestEnd({
          session: { createdAt, secondFactorAt: kept.secondFactorAt },
          hasSecondFactor,
        })
        return insertSession(w, { ...kept, createdAt, expiresAt: earlier(expiresAt, end) })
      },
      remove: (id) => deleteSession(w, id),
      removeAllOf: (userId) => deleteSessionsOf(w, userId),
    },
    w.clock,
  )
}

/** Ends this session, or every one of the user. */
export const signOut = ({ ctx, user, sessionId }: SignedIn, where: 'here' | 'everywhere'): Promise<void> =>
  write(ctx, 'session.end', async (w) => {
    const lucia = luciaWithin(w, w.clock.now(), false)
    if (where === 'here') await lucia.invalidateSession(sessionId)
    else await lucia.invalidateUserSessions(user.id)
    await appendOccurrences(w, 'session.end', [{ entity: 'user', id: user.id, note: { where } }])
    return { changes: [], result: undefined }
  })

/** Attempts in a window of fifteen minutes. */
const attempts = { here: 10, account: 100, address: 100, code: 10 }

/** Guessing is slow from one address, for one account from many, and for many accounts from one. */
async function slowDown({ limits, clock }: Deps, account: string, { address }: Caller): Promise<void> {
  const [from, now] = [addressBucket(address), clock.monotonic()]
  await spend(limits.signIns, `here ${from} ${account}`, attempts.here, now)
  await spend(limits.signIns, `address ${from}`, attempts.address, now)
  await spend(limits.signIns, `account ${account}`, attempts.account, now)
}

const cookies = createLucia(
  { find: refused, extend: refused, insert: refused, remove: refused, removeAllOf: refused },
  { now: () => new Date(0), monotonic: () => 0 },
)

/** What `Set-Cookie` says to keep a token, or to forget it. */
export const keepCookie = ({ token }: Started) => cookies.createSessionCookie(token).serialize()
export const forgetCookie = () => cookies.createBlankSessionCookie().serialize()
