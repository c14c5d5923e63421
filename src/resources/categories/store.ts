import { and, eq, type SQL } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { all, equals, holdsFolded } from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { nameKeys } from '../../lib/name-keys'
import type { Slice } from '../../lib/page'
import type { CategoryQuery } from './model'
import { type CategoryRow, categories } from './table'

const mine = (ctx: Ctx, ...conditions: (SQL | undefined)[]) =>
  and(eq(categories.tenantId, ctx.tenantId), ...conditions)

const list = listOf(categories)
const fields = { name: ['sortKey'], group: ['group', 'sortKey'] }

export function listCategories(ctx: Ctx, query: CategoryQuery, slice: Slice) {
  const where = all([
    equals(categories.tenantId, ctx.tenantId),
    holdsFolded(categories.searchText, query.search),
    equals(categories.group, query.group),
    equals(categories.visibility, query.visibility),
    equals(categories.active, query.active),
  ])
  return list(ctx.db, where, ordering(categories, query.sort ?? 'name', fields), slice)
}

const one = preparedByForm<CategoryRow>((db, { where }) => db.select().from(categories).where(where))

export async function getCategory(ctx: Ctx, id: string): Promise<CategoryRow> {
  const row = await findCategory(ctx, id)
  if (!row) throw notFound('Category')
  return row
}

export async function findCategory(ctx: Ctx, id: string): Promise<CategoryRow | undefined> {
  const where = all([equals(categories.tenantId, ctx.tenantId), equals(categories.id, id)])
  const [row] = await one(ctx.db, { where })
  return row
}

export async function findCategoryCalled(ctx: Ctx, slug: string): Promise<CategoryRow | undefined> {
  const where = all([equals(categories.tenantId, ctx.tenantId), equals(categories.slug, slug)])
  const [row] = await one(ctx.db, { where })
  return row
}

/** At most 10,000. */
export const listAllCategories = (ctx: Ctx): Promise<CategoryRow[]> =>
  ctx.db.select().from(categories).where(mine(ctx)).limit(10_000)

export async function insertCategory(
  w: Writer,
  values: typeof categories.$inferInsert,
): Promise<CategoryRow> {
  const [row] = await w.db
    .insert(categories)
    .values({ ...values, ...nameKeys(values.name) })
    .returning()
  return row as CategoryRow
}

export async function updateCategory(
  w: Writer,
  row: CategoryRow,
  values: Partial<CategoryRow>,
): Promise<CategoryRow> {
  const [updated] = await w.db
    .update(categories)
    .set({
      ...values,
      ...nameKeys(values.name ?? row.name),
      version: row.version + 1,
      updatedAt: w.clock.now(),
    })
    .where(mine(w, eq(categories.id, row.id)))
    .returning()
  if (!updated) throw notFound('Category')
  return updated
}
