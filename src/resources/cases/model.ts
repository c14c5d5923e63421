import { type Static, Type } from '@sinclair/typebox'
import { Instant, Named, Nullable, OneOf, PaginationView, Strict } from '../../core/schema'
import { roles } from '../../core/scopes'
import type { CategoryRow } from '../categories/table'
import type { Resident } from './residents/model'
import { slaStateOf, slaStates } from './rules/target'
import {
  type CaseRow,
  caseStatuses,
  caseTypes,
  pendingReasons,
  priorities,
  publicStates,
  resolutions,
  sourceChannels,
} from './table'
import { TimelineEntryView } from './timeline/model'

const LocationView = Strict({
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  address: Nullable(Type.String()),
  postcode: Nullable(Type.String()),
  uprn: Nullable(Type.String()),
})

const Person = Strict({ id: Type.String(), name: Type.String(), role: OneOf(roles) })

const ofResident = 'Only for keys with residents:read'

const residentField = (meaning?: string) =>
  Type.Optional(Nullable(Type.String({ description: meaning ? `${meaning}. ${ofResident}` : ofResident })))

const residentView = {
  residentName: residentField(),
  residentEmail: residentField(),
  residentPhone: residentField(),
  residentAddress: residentField(),
  residentPostcode: residentField(),
  residentMessage: residentField('What the resident wrote, word for word'),
  residentUnreadable: Type.Optional(
    Type.Literal(true, {
      description: `Present where the stored details cannot be opened; the fields are then null. ${ofResident}`,
    }),
  ),
}

const view = {
  id: Type.String(),
  reference: Type.String({ examples: ['CW-2026-0042'] }),
  status: OneOf(caseStatuses),
  publicSummary: Nullable(Type.String()),
  wardId: Nullable(Type.String()),
  categoryId: Nullable(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
  internalRef: Nullable(Type.String()),
  receivedAt: Instant,
  type: OneOf(caseTypes),
  summary: Type.String(),
  description: Nullable(Type.String()),
  resolution: Nullable(OneOf(resolutions)),
  duplicateOfId: Nullable(Type.String()),
  pending: Nullable(Strict({ reason: OneOf(pendingReasons), since: Instant, until: Nullable(Instant) })),
  priority: OneOf(priorities),
  sourceChannel: OneOf(sourceChannels),
  ward: Nullable(Named),
  category: Nullable(Named),
  assigneeId: Nullable(Type.String()),
  assignee: Nullable(Person),
  councillorId: Nullable(Type.String()),
  location: Nullable(LocationView),
  publicThemes: Type.Array(Type.String()),
  publicState: OneOf(publicStates),
  highlightedForPublic: Type.Boolean(),
  dueAt: Nullable(Instant),
  slaState: OneOf(slaStates, 'How the case is doing against its target'),
  followUpAt: Nullable(Instant),
  acknowledgedAt: Nullable(Instant),
  resolvedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  reopenCount: Type.Integer(),
  archived: Type.Boolean(),
  version: Type.Integer(),
  ...residentView,
}

export const CaseView = Strict(view)
export type CaseView = Static<typeof CaseView>

export const CaseWithTimeline = Strict(
  { ...view, timeline: Type.Array(TimelineEntryView, { description: 'The newest entries, 100 at most' }) },
  { title: 'CaseWithTimeline' },
)

export const CaseList = Strict(
  {
    cases: Type.Array(CaseView),
    pagination: PaginationView,
    searchActive: Type.Optional(Type.Literal(true, { description: 'Present where the list was searched' })),
  },
  { title: 'CaseList' },
)

export type CaseWithNames = {
  case: CaseRow
  ward: { id: string; name: string } | null
  category: Pick<CategoryRow, 'id' | 'name' | 'visibility'> | null
  assignee: Static<typeof Person> | null
}

const instant = (date: Date | null) => date?.toISOString() ?? null

function toLocation({
  latitude,
  longitude,
  address,
  postcode,
  uprn,
}: CaseRow): Static<typeof LocationView> | null {
  const location = { latitude, longitude, address, postcode, uprn }
  return Object.values(location).every((value) => value === null) ? null : location
}

function toPending({ pendingReason, pendingSince, pendingUntil }: CaseRow): CaseView['pending'] {
  if (pendingReason === null || pendingSince === null) return null
  return { reason: pendingReason, since: pendingSince.toISOString(), until: instant(pendingUntil) }
}

/** The case as an answer or event shows it. Pass `resident` only if the receiver may read residents. */
export function toView(
  { case: row, ward, category, assignee }: CaseWithNames,
  now: Date,
  resident?: Resident,
) {
  return {
    id: row.id,
    reference: row.reference,
    status: row.status,
    publicSummary: row.publicSummary,
    wardId: row.wardId,
    categoryId: row.categoryId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    internalRef: row.internalRef,
    receivedAt: row.receivedAt.toISOString(),
    type: row.type,
    summary: row.summary,
    description: row.description,
    resolution: row.resolution,
    duplicateOfId: row.duplicateOfId,
    pending: toPending(row),
    priority: row.priority,
    sourceChannel: row.sourceChannel,
    ward,
    category: category && { id: category.id, name: category.name },
    assigneeId: row.assigneeId,
    assignee,
    councillorId: row.councillorId,
    location: toLocation(row),
    publicThemes: row.publicThemes,
    publicState: row.publicState,
    highlightedForPublic: row.highlightedForPublic,
    dueAt: instant(row.dueAt),
    slaState: slaStateOf(row, now),
    followUpAt: instant(row.followUpAt),
    acknowledgedAt: instant(row.acknowledgedAt),
    resolvedAt: instant(row.resolvedAt),
    closedAt: instant(row.closedAt),
    reopenCount: row.reopenCount,
    archived: row.archived,
    version: row.version,
    ...resident,
  } satisfies CaseView
}
