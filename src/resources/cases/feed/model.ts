import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf, Strict } from '../../../core/schema'
import { CaseView } from '../model'

export const maxChanges = 100

export const ChangesQuery = Strict({
  since: Type.Optional(
    Type.String({
      maxLength: 500,
      pattern: '^[A-Za-z0-9_-]*$',
      description: 'empty from the start, then `nextCursor` of the answer before',
    }),
  ),
  pageSize: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maxChanges, default: maxChanges, description: 'Changes a part' }),
  ),
})
export type ChangesQuery = Static<typeof ChangesQuery>

export const CaseChangeView = Strict(
  {
    type: OneOf(
      ['upserted', 'removed', 'erased'],
      '`removed`: the key may no longer see it; `erased`: it is gone for good',
    ),
    id: Type.String(),
    at: Instant,
    case: Nullable(CaseView),
  },
  { title: 'CaseChange' },
)
export type CaseChangeView = Static<typeof CaseChangeView>

export const ChangeList = Strict(
  {
    changes: Type.Array(CaseChangeView),
    nextCursor: Type.String({
      description: 'Where the next part starts, also when nothing more is there yet',
    }),
    hasMore: Type.Boolean(),
  },
  { title: 'CaseChangeList' },
)
export type ChangeList = Static<typeof ChangeList>
