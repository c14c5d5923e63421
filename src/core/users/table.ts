import { boolean, index, integer, primaryKey, table, text, timestamp, uniqueIndex } from '../../db/dialect'
import { nameColumns } from '../../db/name-columns'
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
    party: text('party'),
    bio: text('bio'),
    photoUrl: text('photo_url'),
    phone: text('phone'),
    /** When and where residents may call, as text. */
    surgeries: text('surgeries'),
    /** True if the e-mail address and phone number are published. */
    isContactPublic: boolean('is_contact_public').notNull().default(false),
    ...nameColumns(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [uniqueIndex('users_email').on(t.tenantId, t.email)],
)

export type UserRow = typeof users.$inferSelect

/** Which ward a councillor represented when. No foreign key to wards, because core knows no resource; wards are never deleted. */
export const councillorTerms = table(
  'councillor_terms',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    wardId: text('ward_id').notNull(),
    /** Local date of the first day; empty if unknown. */
    startDate: text('start_date').notNull(),
    /** Local date of the last day; null while it lasts. */
    endDate: text('end_date'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.wardId, t.startDate] }),
    index('councillor_terms_ward').on(t.tenantId, t.wardId),
  ],
)

export type TermRow = typeof councillorTerms.$inferSelect
