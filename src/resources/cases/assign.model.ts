import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Strict } from '../../core/schema'

export const maxAssigned = 100

/** Cases that are to be given to somebody at once, or to nobody. */
export const CaseAssignment = Strict({
  ids: Type.Array(Id, { minItems: 1, maxItems: maxAssigned }),
  assigneeId: Nullable(Id),
})
export type CaseAssignment = Static<typeof CaseAssignment>
