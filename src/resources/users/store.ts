import { asc } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import { councillorTerms, type TermRow, type UserRow, users } from '../../core/users/table'
import { all, amongMany, equals, holdsFolded } from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import type { Found, Slice } from '../../lib/page'
import { isCurrent, type UserQuery } from './model'

const list = listOf(users)
const fields = { name: ['sortKey'], createdAt: ['createdAt'] }

/** A ward means a term on this local date. */
export async function listUsers(
  ctx: Ctx,
  query: UserQuery,
  date: string,
  slice: Slice,
): Promise<Found<UserRow>> {
  const { wardId, role, party, active, search, sort = 'name' } = query
  const standing = wardId === undefined ? undefined : await userIdsOf(ctx, wardId, date)
  const where = all([
    equals(users.tenantId, ctx.tenantId),
    standing && amongMany(users.id, standing),
    equals(users.role, role),
    equals(users.party, party),
    equals(users.active, active),
    holdsFolded(users.searchText, search),
  ])
  return list(ctx.db, where, ordering(users, sort, fields), slice)
}

const selectTerms = preparedByForm<TermRow>((db, { where, limit }) =>
  db
    .select()
    .from(councillorTerms)
    .where(where)
    .orderBy(asc(councillorTerms.startDate), asc(councillorTerms.wardId))
    .limit(limit),
)

async function userIdsOf(ctx: Ctx, wardId: string, date: string): Promise<string[]> {
  const where = all([equals(councillorTerms.tenantId, ctx.tenantId), equals(councillorTerms.wardId, wardId)])
  const terms = await selectTerms(ctx.db, { where, limit: 10_000 })
  return terms.filter((term) => isCurrent(term, date)).map(({ userId }) => userId)
}

/** By user, the earliest first; at most 10,000. */
export async function getTerms(ctx: Ctx, userIds: readonly string[]): Promise<Map<string, TermRow[]>> {
  if (userIds.length === 0) return new Map()
  const where = all([
    equals(councillorTerms.tenantId, ctx.tenantId),
    amongMany(councillorTerms.userId, userIds),
  ])
  const terms = await selectTerms(ctx.db, { where, limit: 10_000 })
  return Map.groupBy(terms, ({ userId }) => userId)
}

const one = preparedByForm<UserRow>((db, { where }) => db.select().from(users).where(where))

export async function getUser(ctx: Ctx, id: string): Promise<UserRow> {
  const [row] = await one(ctx.db, {
    where: all([equals(users.tenantId, ctx.tenantId), equals(users.id, id)]),
  })
  if (!row) throw notFound('User')
  return row
}
