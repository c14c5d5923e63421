import { and, asc, desc, eq, gte, inArray, isNotNull, lt, ne } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { bound, prepared } from '../../db/prepared'
import { auditEntries } from '../audit/table'
import type { Ctx, Maintainer, Writer } from '../ctx'
import { secondFactors } from '../second-factor/table'
import { tenants } from '../tenants/table'
import { users } from '../users/table'
import type { SessionWithOwner } from './model'
import { type SessionRow, sessions } from './table'

const byId = prepared((db) =>
  db
    .select({ session: sessions, user: users, tenant: tenants, factor: secondFactors.confirmedAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(tenants, eq(tenants.id, sessions.tenantId))
    .leftJoin(
      secondFactors,
      and(eq(secondFactors.userId, sessions.userId), isNotNull(secondFactors.confirmedAt)),
    )
    .where(and(eq(sessions.id, bound(db, 'id')), eq(users.active, true)))
    .prepare(),
)

/** The session with its active user and council; undefined if there is none. */
export async function findSession(db: Db, id: string): Promise<SessionWithOwner | undefined> {
  const [row] = await byId(db).execute({ id })
  if (!row) return undefined
  const { factor, ...found } = row
  return { ...found, hasSecondFactor: factor !== null }
}

const expiry = prepared((db) =>
  db
    .select({ expiresAt: sessions.expiresAt })
    .from(sessions)
    .where(eq(sessions.id, bound(db, 'id')))
    .prepare(),
)

/** Whether there is such a session and it has not expired; says nothing about its user. */
export async function isRunning(db: Db, id: string, now: Date): Promise<boolean> {
  const [session] = await expiry(db).execute({ id })
  return session !== undefined && session.expiresAt > now
}

export async function insertSession(w: Writer, values: SessionRow): Promise<void> {
  await w.db.insert(sessions).values(values)
}

export async function deleteSession({ db }: Writer | Maintainer, id: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.id, id))
}

/** Signs a user of this council out everywhere, except in the session `except`; returns how many sessions ended. */
export async function deleteSessionsOf(w: Writer, userId: string, except?: string): Promise<number> {
  const ended = await w.db
    .delete(sessions)
    .where(
      and(
        eq(sessions.tenantId, w.tenantId),
        eq(sessions.userId, userId),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id })
  return ended.length
}

/** Not a change of anybody's data, so it leaves no audit entry. */
export async function updateExpiry(m: Maintainer, id: string, expiresAt: Date): Promise<void> {
  await m.db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id))
}

const startsBack = 200

/** Whether this user has signed in completely since then from an address that `isThere`, as far as their last 200 sign-ins say. */
export async function hasStartedFrom(
  ctx: Ctx,
  userId: string,
  since: Date,
  isThere: (address: string) => boolean,
): Promise<boolean> {
  const { tenantId, seq, action, at, actorId, actorIp } = auditEntries
  // Others can add entries about the user, but no complete sign-in.
  const started = and(eq(actorId, userId), eq(action, 'session.start'), gte(at, since))
  const starts = await ctx.db
    .select({ address: actorIp })
    .from(auditEntries)
    .where(and(eq(tenantId, ctx.tenantId), started))
    .orderBy(desc(seq))
    .limit(startsBack)
  return starts.some(({ address }) => address !== null && isThere(address))
}

const perRound = 500

/** Ids of ended sessions of all councils; 500 at most. */
export async function listEndedSessions(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(lt(sessions.expiresAt, now))
    .orderBy(asc(sessions.expiresAt))
    .limit(perRound)
  return rows.map(({ id }) => id)
}

export async function deleteSessions(m: Maintainer, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await m.db.delete(sessions).where(inArray(sessions.id, [...ids]))
}
