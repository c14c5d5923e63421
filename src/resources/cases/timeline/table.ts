import { tenants } from '../../../core/tenants/table'
import { index, json, position, table, text, timestamp } from '../../../db/dialect'
import { cases } from '../table'

export const entryKinds = ['note', 'status', 'assignment', 'target', 'public_update'] as const
export type EntryKind = (typeof entryKinds)[number]
export const entryVisibilities = ['internal', 'public'] as const
export type EntryVisibility = (typeof entryVisibilities)[number]
export const authorTypes = ['user', 'key', 'cli', 'system', 'public'] as const

/** Holds only the fields that the entry's kind is about. */
export type EntryState = Record<string, string | null>

/** Entries are never changed. */
export const timelineEntries = table(
  'timeline_entries',
  {
    position: position('position'),
    id: text('id').notNull().unique(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    kind: text('kind', { enum: entryKinds }).notNull(),
    visibility: text('visibility', { enum: entryVisibilities }).notNull(),
    body: text('body'),
    from: json<EntryState>('from_state'),
    to: json<EntryState>('to_state'),
    authorType: text('author_type', { enum: authorTypes }).notNull(),
    authorId: text('author_id').notNull(),
    /** As it was at the time. */
    authorName: text('author_name').notNull(),
    at: timestamp('at').notNull(),
  },
  (t) => [index('timeline_entries_case').on(t.caseId, t.position)],
)

export type TimelineRow = typeof timelineEntries.$inferSelect
