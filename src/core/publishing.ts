import { Type } from '@sinclair/typebox'
import { conflict, forbidden, type Issue, invalid } from '../lib/errors'
import type { Ctx } from './ctx'
import { Id, Prose, Strict } from './schema'

/** Which statuses may follow each status. */
export type Moves<S extends string> = Record<S, readonly S[]>

/** Staying in the same status is always allowed. */
export function assertMove<S extends string>(what: string, moves: Moves<S>, from: S, to: S): void {
  if (from === to || moves[from].includes(to)) return
  throw conflict(`${what} cannot go from ${from} to ${to}`, { from, to, allowed: moves[from] })
}

/** Whatever a caseworker writes is read by somebody else before it is published. */
export const mayPublish = ({ acting }: Pick<Ctx, 'acting'>): boolean => acting?.role !== 'caseworker'

export function assertMayPublish(ctx: Ctx): void {
  if (mayPublish(ctx)) return
  throw forbidden('A caseworker may not publish, nor change what is published', { role: ctx.acting?.role })
}

const maxApproved = 100

export const Approval = Strict(
  { ids: Type.Array(Id, { minItems: 1, maxItems: maxApproved, description: `${maxApproved} at most` }) },
  { title: 'Approval', examples: [{ ids: ['tz4a98xxat96iws9zmbrgj3a'] }] },
)

export const Approved = Strict(
  {
    approved: Type.Integer({
      description: 'How many this request approved; those already approved do not count',
    }),
  },
  { title: 'Approved' },
)

export const unknownIssues = (ids: readonly string[], found: ReadonlyMap<string, unknown>): Issue[] =>
  ids.flatMap((id, i): Issue[] =>
    found.has(id)
      ? []
      : [{ in: 'body', path: `ids.${i}`, code: 'not_found', message: 'There is no such id' }],
  )

/** Refuses the whole list if one id is unknown. */
export function assertAllFound(ids: readonly string[], found: ReadonlyMap<string, unknown>): void {
  const issues = unknownIssues(ids, found)
  if (issues.length > 0) throw invalid(issues)
}

export const WebAddress = Type.String({
  pattern: '^https?://[^\\s/$.?#][^\\s]*$',
  maxLength: 2_000,
  description: 'an address that begins with https:// or http://',
})

export const Markdown = Prose(50_000, { description: 'Markdown', examples: ['Come and *talk* to us.'] })

export const RenderedHtml = Type.String({ description: 'The body as sanitised HTML' })

export const WardIds = Type.Array(Id, {
  maxItems: 100,
  description: 'Wards that it is for; empty for the whole council',
})
