import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { bound, prepared } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import type { Ctx, Writer } from '../ctx'
import { type TenantRow, tenants } from '../tenants/table'
import { type UserRow, users } from '../users/table'
import { type ApiKeyRow, apiKeys } from './table'

export type KeyWithOwner = { key: ApiKeyRow; tenant: TenantRow; user: UserRow | null }

const byHash = prepared((db) =>
  db
    .select({ key: apiKeys, tenant: tenants, user: users })
    .from(apiKeys)
    .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
    .leftJoin(users, eq(users.id, apiKeys.actingUserId))
    .where(eq(apiKeys.hash, bound(db, 'hash')))
    .prepare(),
)

/** Finds revoked and expired keys too. Runs before there is a `ctx`. */
export async function findKeyByHash(db: Db, hash: string): Promise<KeyWithOwner | undefined> {
  const [row] = await byHash(db).execute({ hash })
  return row
}

export const listKeys = (ctx: Ctx) =>
  ctx.db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.tenantId, ctx.tenantId))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(10_000)

export async function insertKey(w: Writer, values: typeof apiKeys.$inferInsert): Promise<ApiKeyRow> {
  const [row] = await w.db.insert(apiKeys).values(values).returning()
  return row as ApiKeyRow
}

export async function getKey(ctx: Ctx, id: string): Promise<ApiKeyRow> {
  const [row] = await ctx.db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.tenantId, ctx.tenantId), eq(apiKeys.id, id)))
    .limit(1)
  if (!row) throw notFound(`API key "${id}"`)
  return row
}

/** The slug of the key's council, for console commands that do not name one. */
export async function findTenantOfKey(db: Db, id: string): Promise<string> {
  const [row] = await db
    .select({ slug: tenants.slug })
    .from(apiKeys)
    .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
    .where(eq(apiKeys.id, id))
    .limit(1)
  if (!row) throw notFound(`API key "${id}"`)
  return row.slug
}

export async function updateKeyRevoked(w: Writer, id: string, revokedAt: Date): Promise<void> {
  await w.db
    .update(apiKeys)
    .set({ revokedAt })
    .where(and(eq(apiKeys.tenantId, w.tenantId), eq(apiKeys.id, id)))
}

export async function updateKeyReplaced(
  w: Writer,
  id: string,
  values: Pick<ApiKeyRow, 'expiresAt' | 'replacedById'>,
): Promise<void> {
  await w.db
    .update(apiKeys)
    .set(values)
    .where(and(eq(apiKeys.tenantId, w.tenantId), eq(apiKeys.id, id)))
}
