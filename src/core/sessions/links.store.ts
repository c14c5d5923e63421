import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import type { Maintainer, Writer } from '../ctx'
import { type TenantRow, tenants } from '../tenants/table'
import { type UserRow, users } from '../users/table'
import { type PasswordLinkRow, passwordLinks, sessions } from './table'

export type LinkWithOwner = { link: PasswordLinkRow; user: UserRow; tenant: TenantRow }

/** The link with this id that still holds, of an active user; undefined where there is none. Runs before there is a `ctx`. */
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

/** Keeps a link; those that the user had before are good no more. */
export async function replaceLinks(w: Writer, values: PasswordLinkRow): Promise<void> {
  await deleteLinksOf(w, values.userId)
  await w.db.insert(passwordLinks).values(values)
}

export async function deleteLinksOf(w: Writer, userId: string): Promise<void> {
  await w.db
    .delete(passwordLinks)
    .where(and(eq(passwordLinks.tenantId, w.tenantId), eq(passwordLinks.userId, userId)))
}

/** Takes a link out of the store, once: false where somebody else was first. */
export async function takeLink(w: Writer, id: string): Promise<boolean> {
  const taken = await w.db
    .delete(passwordLinks)
    .where(and(eq(passwordLinks.tenantId, w.tenantId), eq(passwordLinks.id, id)))
    .returning({ id: passwordLinks.id })
  return taken.length > 0
}

const sweptAtOnce = 500

export type Expired = { sessions: string[]; links: string[] }

/** Sessions and links of all councils that have ended; 500 of each at most. */
export async function listExpired(db: Db, now: Date): Promise<Expired> {
  const ended = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(lt(sessions.expiresAt, now))
    .orderBy(asc(sessions.expiresAt))
    .limit(sweptAtOnce)
  const links = await db
    .select({ id: passwordLinks.id })
    .from(passwordLinks)
    .where(lt(passwordLinks.expiresAt, now))
    .orderBy(asc(passwordLinks.expiresAt))
    .limit(sweptAtOnce)
  return { sessions: ended.map(({ id }) => id), links: links.map(({ id }) => id) }
}

export async function deleteExpired(m: Maintainer, { sessions: ended, links }: Expired): Promise<void> {
  if (ended.length > 0) await m.db.delete(sessions).where(inArray(sessions.id, ended))
  if (links.length > 0) await m.db.delete(passwordLinks).where(inArray(passwordLinks.id, links))
}
