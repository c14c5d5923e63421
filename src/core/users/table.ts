import { boolean, index, integer, primaryKey, table, text, timestamp, uniqueIndex } from '../../db/dialect'
import { roles } from '../scopes'
import { tenants } from '../tenants/table'

export const users = table(
  'users',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role', { enum: roles }).notNull(),
    passwordHash: text('password_hash').notNull(),
    mustChangePassword: boolean('must_change_password').notNull(),
    active: boolean('active').notNull().default(true),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [uniqueIndex('users_email').on(t.tenantId, t.email)],
)

export type UserRow = typeof users.$inferSelect

/** The wards a councillor stands for. No foreign key to wards: a resource, which core does not know; wards are never deleted. */
export const userWards = table(
  'user_wards',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    wardId: text('ward_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.wardId] }), index('user_wards_ward').on(t.tenantId, t.wardId)],
)
