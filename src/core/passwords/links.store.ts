import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import type { Maintainer, Writer } from '../ctx'
import { type TenantRow, tenants } from '../tenants/table'
import { type UserRow, users } from '../users/table'
import { type PasswordLinkRow, passwordLinks } from './table'

export type LinkWithOwner = { link: PasswordLinkRow; user: UserRow; tenant: TenantRow }

/** A link of an active user that has not expired; undefined if there is none. Runs before there is a `ctx`. */
export async function findLink(db: Db, id: string, now: Date): Promise<LinkWithOwner | undefined> {
  const [row] = await db
    .select({ link: passwordLinks, user: users, tenant: tenants })
    .from(passwordLinks)
    .innerJoin(users, eq(users.id, passwordLinks.userId))
    .innerJoin(tenants, eq(tenants.id, passwordLinks.tenantId))
    .where(and(eq(passwordLinks.id, id), gt(passwordLinks.expiresAt, now), eq(users.active, true)))
    .limit(1)
  return row
}

/** Stores the link in place of the user's earlier ones. */
export async function replaceLinks(w: Writer, values: PasswordLinkRow): Promise<void> {
  await deleteLinksOf(w, values.userId)
  await w.db.insert(passwordLinks).values(values)
}

export async function deleteLinksOf(w: Writer, userId: string): Promise<void> {
  await w.db
    .delete(passwordLinks)
    .where(and(eq(passwordLinks.tenantId, w.tenantId), eq(passwordLinks.userId, userId)))
}

/** Deletes the link; false if somebody else has just used it. */
export async function takeLink(w: Writer, id: string): Promise<boolean> {
  const taken = await w.db
    .delete(passwordLinks)
    .where(and(eq(passwordLinks.tenantId, w.tenantId), eq(passwordLinks.id, id)))
    .returning({ id: passwordLinks.id })
  return taken.length > 0
}

const perRound = 500

/** Ids of expired links of all councils; 500 at most. */
export async function listExpiredLinks(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .select({ id: passwordLinks.id })
    .from(passwordLinks)
    .where(lt(passwordLinks.expiresAt, now))
    .orderBy(asc(passwordLinks.expiresAt))
    .limit(perRound)
  return rows.map(({ id }) => id)
}

export async function deleteLinks(m: Maintainer, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await m.db.delete(passwordLinks).where(inArray(passwordLinks.id, [...ids]))
}
