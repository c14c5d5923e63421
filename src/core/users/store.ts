import { and, asc, eq, gte, isNull, lte, ne, or } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { notFound } from '../../lib/errors'
import { nameKeys } from '../../lib/name-keys'
import { localDate } from '../../lib/time'
import type { ActingUser, Ctx, Tenant, Writer } from '../ctx'
import type { Role } from '../scopes'
import { typedAddress } from './model'
import { councillorTerms, type TermRow, type UserRow, users } from './table'

/** By the address as people type it. */
export async function findUserByEmail(ctx: Ctx, typed: string): Promise<UserRow | undefined> {
  const [row] = await ctx.db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, ctx.tenantId), eq(users.email, typedAddress(typed))))
    .limit(1)
  return row
}

export async function getUserByEmail(ctx: Ctx, email: string): Promise<UserRow> {
  const row = await findUserByEmail(ctx, email)
  if (!row) throw notFound(`User "${email}"`)
  return row
}

export const listUsers = (ctx: Ctx) =>
  ctx.db.select().from(users).where(eq(users.tenantId, ctx.tenantId)).orderBy(asc(users.email)).limit(10_000)

/** An active user of this council, with the role if given; throws if there is none. */
export async function getActiveUser(ctx: Ctx, id: string, role?: Role): Promise<UserRow> {
  const row = await findActiveUser(ctx, id, role)
  if (!row) throw notFound('User')
  return row
}

export async function findActiveUser(ctx: Ctx, id: string, role?: Role): Promise<UserRow | undefined> {
  const [row] = await ctx.db
    .select()
    .from(users)
    .where(
      and(
        eq(users.tenantId, ctx.tenantId),
        eq(users.id, id),
        eq(users.active, true),
        role && eq(users.role, role),
      ),
    )
    .limit(1)
  return row
}

/** Checked before an admin is deactivated: every council needs one. */
export async function hasOtherAdmin(ctx: Ctx, id: string): Promise<boolean> {
  const rows = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.tenantId, ctx.tenantId),
        eq(users.role, 'admin'),
        eq(users.active, true),
        ne(users.id, id),
      ),
    )
    .limit(1)
  return rows.length > 0
}

/** The wards that a user represents on this local date; 1,000 at most. */
export async function wardIdsOf(db: Db, userId: string, date: string): Promise<string[]> {
  const { wardId, startDate, endDate } = councillorTerms
  const rows = await db
    .selectDistinct({ wardId })
    .from(councillorTerms)
    .where(
      and(eq(councillorTerms.userId, userId), lte(startDate, date), or(isNull(endDate), gte(endDate, date))),
    )
    .orderBy(asc(wardId))
    .limit(1_000)
  return rows.map((row) => row.wardId)
}

/** Adds the wards that a councillor represents today. */
export async function actingAs(
  db: Db,
  { id, name, role }: UserRow,
  { timezone }: Pick<Tenant, 'timezone'>,
  now: Date,
): Promise<ActingUser> {
  const wardIds = role === 'councillor' ? await wardIdsOf(db, id, localDate(now, timezone)) : []
  return { id, name, role, wardIds }
}

export async function insertUser(
  w: Writer,
  values: typeof users.$inferInsert,
  terms: readonly Term[],
): Promise<UserRow> {
  const [row] = await w.db
    .insert(users)
    .values({ ...values, ...nameKeys(values.name) })
    .returning()
  await insertTerms(w, values.id, terms)
  return row as UserRow
}

/** A councillor's time in a ward: both dates are local, `startDate` is empty if unknown, `endDate` null while it lasts. */
export type Term = Pick<TermRow, 'wardId' | 'startDate' | 'endDate'>

export async function insertTerms(w: Writer, userId: string, terms: readonly Term[]): Promise<void> {
  if (terms.length === 0) return
  await w.db.insert(councillorTerms).values(
    terms.map(({ wardId, startDate, endDate }) => ({
      tenantId: w.tenantId,
      userId,
      wardId,
      startDate,
      endDate,
    })),
  )
}

export async function updateUser(
  w: Writer,
  { id, name, version }: UserRow,
  values: Partial<UserRow>,
): Promise<UserRow> {
  const [row] = await w.db
    .update(users)
    .set({ ...values, ...nameKeys(values.name ?? name), version: version + 1, updatedAt: w.clock.now() })
    .where(and(eq(users.tenantId, w.tenantId), eq(users.id, id)))
    .returning()
  if (!row) throw notFound('User')
  return row
}

export async function replaceTerms(w: Writer, userId: string, terms: readonly Term[]): Promise<void> {
  await w.db
    .delete(councillorTerms)
    .where(and(eq(councillorTerms.tenantId, w.tenantId), eq(councillorTerms.userId, userId)))
  await insertTerms(w, userId, terms)
}

export async function updatePassword(
  w: Writer,
  id: string,
  values: Pick<UserRow, 'passwordHash' | 'mustChangePassword'>,
): Promise<void> {
  await w.db
    .update(users)
    .set({ ...values, updatedAt: w.clock.now() })
    .where(and(eq(users.tenantId, w.tenantId), eq(users.id, id)))
}
