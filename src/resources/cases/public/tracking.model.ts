import { type Static, Type } from '@sinclair/typebox'
import { Instant, Named, Nullable, OneOf, Strict, Text } from '../../../core/schema'
import { caseStatuses, resolutions } from '../table'
import { PublicEntryView } from './model'

export const TrackInput = Strict(
  { reference: Text(40), secret: Text(100) },
  { title: 'CaseTracking', examples: [{ reference: 'CW-2026-0042', secret: 'k3m9x-7pq2w-8hj4n-5rt6v' }] },
)
export type TrackInput = Static<typeof TrackInput>

export const TrackView = Strict(
  {
    reference: Type.String(),
    status: OneOf(caseStatuses),
    resolution: Nullable(OneOf(resolutions)),
    ward: Nullable(Named),
    category: Nullable(Named),
    receivedAt: Instant,
    updatedAt: Instant,
    dueAt: Nullable(Type.String({ description: 'When the council aims to have dealt with it' })),
    timeline: Type.Array(PublicEntryView, {
      description: 'What the council has told the resident, newest first, 100 at most',
    }),
  },
  { title: 'TrackedCase' },
)
export type TrackView = Static<typeof TrackView>
