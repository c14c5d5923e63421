import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { contains } from '../../db/filters'
import { findRows, ordering } from '../../db/paging'
import { prepared } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import type { Slice } from '../../lib/page'
import type { CategoryQuery } from './model'
import { type CategoryRow, categories } from './table'

const mine = (ctx: Ctx, ...conditions: (SQL | undefined)[]) =>
  and(eq(categories.tenantId, ctx.tenantId), ...conditions)

/** The asked-for part of the tenant's categories. */
export function listCategories(ctx: Ctx, query: CategoryQuery, slice: Slice) {
  const { search, group, visibility, active, sort = 'name' } = query
  const where = mine(
    ctx,
    search === undefined ? undefined : contains([categories.name], search),
    group === undefined ? undefined : eq(categories.group, group),
    visibility === undefined ? undefined : eq(categories.visibility, visibility),
    active === undefined ? undefined : eq(categories.active, active),
  )
  const fields = { name: ['name'], group: ['group', 'name'] }
  return findRows(ctx.db, categories, where, ordering(categories, sort, fields), slice)
}

const byId = prepared((db) =>
  db
    .select()
    .from(categories)
    .where(
      and(eq(categories.tenantId, sql.placeholder('tenantId')), eq(categories.id, sql.placeholder('id'))),
    )
    .limit(1)
    .prepare(),
)

export async function getCategory(ctx: Ctx, id: string): Promise<CategoryRow> {
  const [row] = await byId(ctx.db).execute({ tenantId: ctx.tenantId, id })
  if (!row) throw notFound('Category')
  return row
}

/** All the tenant's categories, for imports; 10,000 at most. */
export const listAllCategories = (ctx: Ctx): Promise<CategoryRow[]> =>
  ctx.db.select().from(categories).where(mine(ctx)).limit(10_000)

export async function insertCategory(
  w: Writer,
  values: typeof categories.$inferInsert,
): Promise<CategoryRow> {
  const [row] = await w.db.insert(categories).values(values).returning()
  return row as CategoryRow
}

export async function updateCategory(
  w: Writer,
  row: CategoryRow,
  values: Partial<CategoryRow>,
): Promise<CategoryRow> {
  const [updated] = await w.db
    .update(categories)
    .set({ ...values, version: row.version + 1, updatedAt: w.clock.now() })
    .where(mine(w, eq(categories.id, row.id)))
    .returning()
  if (!updated) throw notFound('Category')
  return updated
}
