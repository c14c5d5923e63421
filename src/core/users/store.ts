import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { notFound } from '../../lib/errors'
import type { Ctx, Writer } from '../ctx'
import type { Role } from '../scopes'
import { type UserRow, users, userWards } from './table'

export async function getUserByEmail(ctx: Ctx, email: string): Promise<UserRow> {
  const [row] = await ctx.db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, ctx.tenantId), eq(users.email, email.toLowerCase())))
    .limit(1)
  if (!row) throw notFound(`User "${email}"`)
  return row
}

export const listUsers = (ctx: Ctx) =>
  ctx.db.select().from(users).where(eq(users.tenantId, ctx.tenantId)).orderBy(asc(users.email)).limit(10_000)

/** An active user of this tenant, of this role where one is named; throws where there is none. */
export async function getActiveUser(ctx: Ctx, id: string, role?: Role): Promise<UserRow> {
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
  if (!row) throw notFound('User')
  return row
}

/** The wards a user stands for; 1,000 at most. */
export async function wardIdsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .select({ wardId: userWards.wardId })
    .from(userWards)
    .where(eq(userWards.userId, userId))
    .limit(1_000)
  return rows.map(({ wardId }) => wardId)
}

export async function insertUser(
  w: Writer,
  values: typeof users.$inferInsert,
  wardIds: readonly string[],
): Promise<UserRow> {
  const [row] = await w.db.insert(users).values(values).returning()
  if (wardIds.length > 0) {
    await w.db
      .insert(userWards)
      .values(wardIds.map((wardId) => ({ tenantId: w.tenantId, userId: values.id, wardId })))
  }
  return row as UserRow
}

export async function updatePassword(w: Writer, id: string, passwordHash: string): Promise<void> {
  await w.db
    .update(users)
    .set({ passwordHash, mustChangePassword: true, updatedAt: w.clock.now() })
    .where(and(eq(users.tenantId, w.tenantId), eq(users.id, id)))
}
