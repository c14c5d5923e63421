import { sql } from 'drizzle-orm'
import { tenants } from '../../core/tenants/table'
import { index, integer, json, table, text, timestamp, uniqueIndex } from '../../db/dialect'
import { nameColumns } from '../../db/name-columns'

export const newsStatuses = ['draft', 'pending', 'scheduled', 'published', 'withdrawn'] as const
export type NewsStatus = (typeof newsStatuses)[number]

export const news = table(
  'news',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    title: text('title').notNull(),
    slug: text('slug').notNull(),
    summary: text('summary'),
    /** Markdown. */
    body: text('body').notNull(),
    /** Whose news it is, if not the council's own. */
    source: text('source'),
    imageUrl: text('image_url'),
    /** Empty for the whole council. */
    wardIds: json<string[]>('ward_ids').notNull(),
    status: text('status', { enum: newsStatuses }).notNull(),
    /** The time it was, or will be, published. */
    publishedAt: timestamp('published_at'),
    /** When it leaves the feeds. */
    expiresAt: timestamp('expires_at'),
    /** The first publication is announced, later ones are not. */
    firstPublishedAt: timestamp('first_published_at'),
    createdById: text('created_by_id').notNull(),
    createdByName: text('created_by_name').notNull(),
    ...nameColumns(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('news_slug').on(t.tenantId, t.slug),
    index('news_published').on(t.tenantId, sql`coalesce("published_at", -1)`, t.id),
    index('news_status').on(t.tenantId, t.status, sql`coalesce("published_at", -1)`, t.id),
    index('news_scheduled').on(t.publishedAt).where(sql`"status" = 'scheduled'`),
  ],
)

export type NewsRow = typeof news.$inferSelect
