import { type Static, Type } from '@sinclair/typebox'
import {
  Instant,
  ListOf,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Prose,
  Strict,
} from '../../../core/schema'
import { Confirmation } from '../rules/personal'
import {
  authorTypes,
  type EntryKind,
  type EntryState,
  type EntryVisibility,
  entryKinds,
  entryVisibilities,
  type TimelineRow,
} from './table'

const State = Type.Record(Type.String(), Nullable(Type.String()), {
  description: 'What changed, under the names of the case’s fields',
})

export const TimelineEntryView = Strict(
  {
    id: Type.String(),
    at: Instant,
    kind: OneOf(entryKinds),
    visibility: OneOf(entryVisibilities),
    body: Nullable(Type.String()),
    from: Nullable(State),
    to: Nullable(State),
    author: Strict({ type: OneOf(authorTypes), id: Type.String(), name: Type.String() }),
  },
  { title: 'TimelineEntry' },
)
export type TimelineEntryView = Static<typeof TimelineEntryView>

export const NoteCreate = Strict({
  body: Prose(100_000, { examples: ['Rang the depot: a crew is booked for Thursday.'] }),
  visibility: Type.Optional(OneOf(entryVisibilities, 'Public notes show on the resident’s side')),
  confirmPersonalData: Type.Optional(Confirmation),
})
export type NoteCreate = Static<typeof NoteCreate>

export const TimelineQuery = Strict({
  ...PageQuery,
  kind: Type.Optional(ListOf(OneOf(entryKinds))),
  visibility: Type.Optional(OneOf(entryVisibilities)),
})
export type TimelineQuery = Static<typeof TimelineQuery>

export const TimelineList = Strict({
  timeline: Type.Array(TimelineEntryView),
  pagination: PaginationView,
})

/** Internal by default. */
export type NewEntry = {
  kind: EntryKind
  visibility?: EntryVisibility
  body?: string | null
  from?: EntryState | null
  to?: EntryState | null
}

export function toView(row: TimelineRow): TimelineEntryView {
  const { id, kind, visibility, body, from, to, authorType, authorId, authorName } = row
  const author = { type: authorType, id: authorId, name: authorName }
  return { id, at: row.at.toISOString(), kind, visibility, body, from, to, author }
}
