import { tenants } from '../../core/tenants/table'
import { boolean, index, integer, table, text, timestamp, uniqueIndex } from '../../db/dialect'
import { nameColumns } from '../../db/name-columns'
import { dayTypes } from '../../lib/workdays'

export const visibilities = ['public', 'staff', 'hidden'] as const

export const categories = table(
  'categories',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    group: text('group_name'),
    description: text('description'),
    visibility: text('visibility', { enum: visibilities }).notNull(),
    active: boolean('active').notNull(),
    /** Counted by `dayType`; null for no target. */
    targetDays: integer('target_days'),
    dayType: text('day_type', { enum: dayTypes }).notNull(),
    ...nameColumns(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('categories_slug').on(t.tenantId, t.slug),
    index('categories_sort').on(t.tenantId, t.sortKey, t.id),
  ],
)

export type CategoryRow = typeof categories.$inferSelect
