import { and, asc, eq, gte, lte } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import { localDate } from '../../lib/time'
import { holds } from './boundary'
import type { WardLookup } from './model'
import { type Boundary, type WardRow, wardBoundaries, wards, wardTiers } from './table'

type BoundedWard = { ward: WardRow; boundary: Boundary }

/** Wards in use whose bounding box contains the point; at most 100. */
function listWardsAround(ctx: Ctx, longitude: number, latitude: number): Promise<BoundedWard[]> {
  return ctx.db
    .select({ ward: wards, boundary: wardBoundaries.boundary })
    .from(wardBoundaries)
    .innerJoin(wards, eq(wards.id, wardBoundaries.wardId))
    .where(
      and(
        eq(wardBoundaries.tenantId, ctx.tenantId),
        lte(wardBoundaries.west, longitude),
        gte(wardBoundaries.east, longitude),
        lte(wardBoundaries.south, latitude),
        gte(wardBoundaries.north, latitude),
        eq(wards.enabled, true),
      ),
    )
    .orderBy(asc(wards.name), asc(wards.id))
    .limit(100)
}

const isValidOn = ({ validFrom, validTo }: WardRow, date: string) =>
  (validFrom === null || validFrom <= date) && (validTo === null || validTo >= date)

/** The smallest kind of area comes first; undefined if there is none. */
export async function findWardAt(
  ctx: Ctx,
  { latitude, longitude, tier }: WardLookup,
): Promise<WardRow | undefined> {
  const today = localDate(ctx.clock.now(), ctx.tenant.timezone)
  const around = await listWardsAround(ctx, longitude, latitude)
  const holding = around.filter(
    ({ ward, boundary }) =>
      (tier === undefined || ward.tier === tier) &&
      isValidOn(ward, today) &&
      holds(boundary, longitude, latitude),
  )
  return wardTiers.flatMap((kind) => holding.filter(({ ward }) => ward.tier === kind))[0]?.ward
}
