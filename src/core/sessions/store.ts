import { and, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { bound, prepared } from '../../db/prepared'
import type { Ctx, Maintainer, Writer } from '../ctx'
import { tenants } from '../tenants/table'
import { users } from '../users/table'
import type { SessionWithOwner } from './model'
import { type SessionRow, secondFactors, sessions } from './table'

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

/** The session with this id, whose it is and of which council; undefined where there is none of an active user. */
export async function findSession(db: Db, id: string): Promise<SessionWithOwner | undefined> {
  const [row] = await byId(db).execute({ id })
  if (!row) return undefined
  const { factor, ...found } = row
  return { ...found, hasSecondFactor: factor !== null }
}

export async function insertSession(w: Writer, values: SessionRow): Promise<void> {
  await w.db.insert(sessions).values(values)
}

export async function deleteSession({ db }: Writer | Maintainer, id: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.id, id))
}

/** Keeps that a session goes on: no change of anybody's data. */
export async function updateExpiry(m: Maintainer, id: string, expiresAt: Date): Promise<void> {
  await m.db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id))
}

/** Whether the user has a second factor that is in use. */
export async function hasSecondFactor({ db }: Ctx, userId: string): Promise<boolean> {
  const rows = await db
    .select({ userId: secondFactors.userId })
    .from(secondFactors)
    .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)))
    .limit(1)
  return rows.length > 0
}
