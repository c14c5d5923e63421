import { type Static, Type } from '@sinclair/typebox'
import {
  Instant,
  Named,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Strict,
  Text,
} from '../../../core/schema'
import type { CaseWithNames } from '../model'
import { caseStatuses, resolutions } from '../table'
import type { TimelineRow } from '../timeline/table'

/** About a hundred metres: this shows the place, but nobody's door. */
const precision = 1_000

const view = {
  reference: Type.String({ examples: ['CW-2026-0042'] }),
  status: OneOf(caseStatuses),
  resolution: Nullable(OneOf(resolutions)),
  publicSummary: Type.String(),
  publicThemes: Type.Array(Type.String()),
  highlighted: Type.Boolean(),
  ward: Nullable(Named),
  category: Nullable(Named),
  location: Nullable(
    Strict(
      { latitude: Type.Number(), longitude: Type.Number() },
      { description: 'Rounded to about a hundred metres' },
    ),
  ),
  createdAt: Instant,
  updatedAt: Instant,
  resolvedAt: Nullable(Type.String()),
}

export const PublicCaseView = Strict(view, { title: 'PublicCase' })
export type PublicCaseView = Static<typeof PublicCaseView>

export const PublicEntryView = Strict(
  {
    at: Instant,
    kind: OneOf(['status', 'public_update', 'note'] as const),
    status: Nullable(OneOf(caseStatuses)),
    body: Nullable(Type.String()),
  },
  { title: 'PublicEntry' },
)
export type PublicEntryView = Static<typeof PublicEntryView>

export const PublicCaseWithTimeline = Strict(
  { ...view, timeline: Type.Array(PublicEntryView) },
  { title: 'PublicCaseWithTimeline' },
)

export const placeFilters = {
  ward: Type.Optional(Text(100, { description: 'Slug, GSS code or id of a ward', examples: ['ashley'] })),
}

export const publicCaseFilters = {
  ...placeFilters,
  category: Type.Optional(Text(100, { description: 'Slug or id of a category', examples: ['potholes'] })),
}

export const PublicCaseQuery = Strict({ ...PageQuery, ...publicCaseFilters })
export type PublicCaseQuery = Static<typeof PublicCaseQuery>

export const PublicCaseList = Strict({ cases: Type.Array(PublicCaseView), pagination: PaginationView })

/** Null for a category that is not public: its name says what the council thinks of a case. */
export const publicCategory = ({ category }: Pick<CaseWithNames, 'category'>): PublicCaseView['category'] =>
  category?.visibility === 'public' ? { id: category.id, name: category.name } : null

/** Holds nothing that names a person or an address. */
export function toPublicView(found: CaseWithNames): PublicCaseView {
  const { case: row, ward } = found
  const { reference, status, resolution, publicSummary, publicThemes, latitude, longitude } = row
  const isPlaced = latitude !== null && longitude !== null
  return {
    reference,
    status,
    resolution,
    publicSummary: publicSummary ?? '',
    publicThemes,
    highlighted: row.highlightedForPublic,
    ward,
    category: publicCategory(found),
    location: isPlaced ? { latitude: rounded(latitude), longitude: rounded(longitude) } : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    resolvedAt: (row.resolvedAt ?? row.closedAt)?.toISOString() ?? null,
  }
}

const rounded = (degrees: number) => Math.round(degrees * precision) / precision

/** Of a move, the public sees only the new status. */
export function toPublicEntry({ at, kind, to, body }: TimelineRow): PublicEntryView {
  const isMove = kind === 'status'
  return {
    at: at.toISOString(),
    kind: kind as PublicEntryView['kind'],
    status: isMove ? ((to?.status ?? null) as PublicEntryView['status']) : null,
    body: isMove ? null : body,
  }
}
