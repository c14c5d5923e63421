import { expect } from 'bun:test'
import type { Ctx } from '../../src/core/ctx'
import type { Issue } from '../../src/lib/errors'
import { strongTag } from '../../src/lib/etag'
import { refusalOf } from './store'

/** The faults that the work is refused for, all of them of a field: `name: Required`. */
export async function faultsOf(work: () => unknown): Promise<string[]> {
  const { kind, message, details } = await refusalOf(work)
  expect([kind, message]).toEqual(['bad_request', 'Invalid request'])
  return (details.issues as Issue[]).map((issue) => `${issue.path}: ${issue.message}`).sort()
}

/** The fields that the work is refused for. */
export const faultyFields = async (work: () => unknown): Promise<string[]> =>
  (await faultsOf(work)).map((fault) => fault.replace(/: .*/, ''))

/** The kind of refusal that the work ends in. */
export const kindOf = async (work: () => unknown): Promise<string> => (await refusalOf(work)).kind

/** The same caller, who has seen this view of what they are about to change. */
export const having = (ctx: Ctx, view: unknown): Ctx => ({ ...ctx, ifMatch: strongTag(JSON.stringify(view)) })
