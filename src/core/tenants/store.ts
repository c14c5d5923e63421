import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { engineOf } from '../../db/engine'
import { prepared } from '../../db/prepared'
import { AppError, notFound } from '../../lib/errors'
import { nearest } from '../../lib/nearest'
import type { Ctx, Maintainer, Tenant, Writer } from '../ctx'
import { type PublicPart, storeFacts, type TenantRow, tenants } from './table'

export const toTenant = (row: TenantRow): Tenant => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  plan: row.plan,
  timezone: row.timezone,
  nation: row.nation,
  calendar: row.calendar,
  targetDays: row.targetDays,
  targetDayType: row.targetDayType,
  reopenWindowDays: row.reopenWindowDays,
  referencePrefix: row.referencePrefix,
  rateLimit: row.rateLimit,
  corsOrigins: row.corsOrigins,
  retentionMonths: row.retentionMonths,
  publicMinCell: row.publicMinCell,
  webhooksPersonalData: row.webhooksPersonalData,
  open311Enabled: row.open311Enabled,
  website: row.website,
  newsPage: row.newsPage,
  eventPage: row.eventPage,
  casePage: row.casePage,
  requireSecondFactor: row.requireSecondFactor,
})

/** Runs before there is a `ctx`. */
export async function findTenantRow(db: Db, slug: string): Promise<TenantRow | undefined> {
  const [row] = await db.select().from(tenants).where(eq(tenants.slug, slug)).limit(1)
  return row
}

/** For commands only: an unknown short name is answered with those of the councils there are. */
export async function getTenantBySlug(db: Db, slug: string): Promise<Tenant> {
  const row = await findTenantRow(db, slug)
  if (row) return toTenant(row)
  const slugs = (await listTenants(db)).map((council) => council.slug)
  throw new AppError('not_found', `There is no council "${slug}". ${councilsThereAre(slug, slugs)}`)
}

const listedCouncils = 10
const nearCouncils = 3

function councilsThereAre(slug: string, slugs: readonly string[]): string {
  if (slugs.length === 0) return 'There is none yet: "reeve tenant create" makes one'
  if (slugs.length === 1) return `The only council is ${slugs[0]}`
  if (slugs.length <= listedCouncils) return `The councils are ${slugs.join(', ')}`
  const near = nearest(slug, slugs, nearCouncils).join(', ')
  return `The nearest are ${near}; "reeve tenant list" shows all ${slugs.length}`
}

/** Runs before there is a `ctx`. */
export async function getTenantById(db: Db, id: string): Promise<Tenant> {
  const [row] = await db.select().from(tenants).where(eq(tenants.id, id)).limit(1)
  if (!row) throw notFound('Council')
  return toTenant(row)
}

/** The council of the `ctx` as it is now, not when the request arrived. */
export async function getTenant(ctx: Ctx): Promise<TenantRow> {
  const [row] = await ctx.db.select().from(tenants).where(eq(tenants.id, ctx.tenantId)).limit(1)
  if (!row) throw notFound('Council')
  return row
}

/** Web origins that any council allows. */
export async function listCorsOrigins(db: Db): Promise<string[]> {
  const rows = await db
    .select({ origins: tenants.corsOrigins })
    .from(tenants)
    .where(ne(tenants.corsOrigins, []))
    .limit(10_000)
  return rows.flatMap(({ origins }) => origins)
}

export async function hasTenants(db: Db): Promise<boolean> {
  const rows = await db.select({ id: tenants.id }).from(tenants).limit(1)
  return rows.length > 0
}

export const listTenants = (db: Db) => db.select().from(tenants).orderBy(asc(tenants.slug)).limit(10_000)

export async function insertTenant(w: Writer, values: typeof tenants.$inferInsert): Promise<TenantRow> {
  const [row] = await w.db.insert(tenants).values(values).returning()
  return row as TenantRow
}

export async function updateTenant(
  w: Writer,
  values: Partial<typeof tenants.$inferInsert>,
): Promise<TenantRow> {
  const [row] = await w.db
    .update(tenants)
    .set({ ...values, updatedAt: w.clock.now() })
    .where(eq(tenants.id, w.tenantId))
    .returning()
  if (!row) throw notFound('Council')
  return row
}

/** Other changes of the council wait until this one has ended. */
export const lockTenant = (w: Writer): Promise<void> => engineOf(w.db).lockRow(w.db, tenants, w.tenantId)

const raiseRevision = prepared((db) =>
  db
    .update(tenants)
    .set({ revision: sql`${tenants.revision} + 1` })
    .where(eq(tenants.id, sql.placeholder('id')))
    .prepare(),
)

/** Has lists of the council answered anew, where what is found has changed, but no data. */
export const outdateLists = async (m: Maintainer, tenantId: string): Promise<void> => {
  await raiseRevision(m.db).execute({ id: tenantId })
}

/** Marks the council's data, and these public parts of it, as changed. Does nothing for a council that has no row yet. */
export async function bumpRevision(w: Writer, parts: ReadonlySet<PublicPart>): Promise<void> {
  await raiseRevision(w.db).execute({ id: w.tenantId })
  if (parts.size === 0) return
  const now = w.clock.now()
  const values = Object.fromEntries([...parts].map((part) => [`${part}ChangedAt`, now]))
  await w.db.update(tenants).set(values).where(eq(tenants.id, w.tenantId))
}

/** When the public part last changed; null if it never did. */
export const changedAt = (row: TenantRow, part: PublicPart): Date | null => row[`${part}ChangedAt`]

export async function readStoreFact(db: Db, name: string): Promise<string | undefined> {
  const [row] = await db.select().from(storeFacts).where(eq(storeFacts.name, name)).limit(1)
  return row?.value
}

/** Stores the fact, in place of an earlier value. */
export async function putStoreFact(m: Maintainer | Writer, name: string, value: string): Promise<void> {
  await m.db
    .insert(storeFacts)
    .values({ name, value })
    .onConflictDoUpdate({ target: same(storeFacts.name), set: { value } })
}

/** From one value to another, where null is none; false if the fact has another value by now. */
export async function exchangeStoreFact(
  m: Maintainer | Writer,
  name: string,
  from: string | null,
  to: string | null,
): Promise<boolean> {
  const is = from === null ? undefined : and(eq(storeFacts.name, name), eq(storeFacts.value, from))
  if (is === undefined) {
    return to === null ? (await readStoreFact(m.db, name)) === undefined : insertStoreFact(m, name, to)
  }
  const changed =
    to === null
      ? await m.db.delete(storeFacts).where(is).returning()
      : await m.db.update(storeFacts).set({ value: to }).where(is).returning()
  return changed.length > 0
}

/** False if the fact is already stored; it then stays as it is. */
export async function insertStoreFact(m: Maintainer | Writer, name: string, value: string): Promise<boolean> {
  const inserted = await m.db.insert(storeFacts).values({ name, value }).onConflictDoNothing().returning()
  return inserted.length > 0
}
