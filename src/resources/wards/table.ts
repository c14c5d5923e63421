import { tenants } from '../../core/tenants/table'
import { boolean, index, integer, json, real, table, text, timestamp, uniqueIndex } from '../../db/dialect'
import { nameColumns } from '../../db/name-columns'

export const wardTiers = ['ward', 'division', 'parish', 'district', 'county', 'unitary'] as const
export type WardTier = (typeof wardTiers)[number]

/** GeoJSON geometry in WGS 84, longitude first. */
export type Boundary =
  | { type: 'Polygon'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] }

export const wards = table(
  'wards',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    nameCy: text('name_cy'),
    slug: text('slug').notNull(),
    gssCode: text('gss_code'),
    tier: text('tier', { enum: wardTiers }).notNull(),
    description: text('description'),
    enabled: boolean('enabled').notNull().default(true),
    validFrom: text('valid_from'),
    validTo: text('valid_to'),
    electorate: integer('electorate'),
    ...nameColumns(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('wards_slug').on(t.tenantId, t.slug),
    uniqueIndex('wards_gss_code').on(t.tenantId, t.gssCode),
    index('wards_name').on(t.tenantId, t.name, t.id),
    index('wards_sort').on(t.tenantId, t.sortKey, t.id),
  ],
)

export type WardRow = typeof wards.$inferSelect

/** In a table of its own so that lists of wards do not read it. */
export const wardBoundaries = table(
  'ward_boundaries',
  {
    wardId: text('ward_id')
      .primaryKey()
      .references(() => wards.id),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    boundary: json<Boundary>('boundary').notNull(),
    /** Bounding box in degrees: rules out most wards without reading their boundary. */
    west: real('west').notNull().default(-180),
    south: real('south').notNull().default(-90),
    east: real('east').notNull().default(180),
    north: real('north').notNull().default(90),
  },
  (t) => [index('ward_boundaries_box').on(t.tenantId, t.west, t.east, t.south, t.north)],
)
