import { integer, json, table, text, timestamp } from '../../db/dialect'
import { plans } from '../scopes'

export const nations = ['england_wales', 'scotland', 'northern_ireland'] as const
export type Nation = (typeof nations)[number]

export const tenants = table('tenants', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  plan: text('plan', { enum: plans }).notNull(),
  nation: text('nation', { enum: nations }).notNull(),
  timezone: text('timezone').notNull(),
  referencePrefix: text('reference_prefix').notNull(),
  rateLimit: integer('rate_limit'),
  corsOrigins: json<string[]>('cors_origins').notNull().default([]),
  /** Grows with every change to the tenant's data. */
  revision: integer('revision').notNull().default(0),
  createdAt: timestamp('created_at').notNull(),
  updatedAt: timestamp('updated_at').notNull(),
})

export type TenantRow = typeof tenants.$inferSelect

/** Facts of the store itself, such as whether its keys are live or for tests. */
export const storeFacts = table('store_facts', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})
