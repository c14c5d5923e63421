import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { strongTag } from '../../lib/etag'
import { type FormValues, type Problem, readFields } from './fields'
import { type FormPage, showForm } from './page'
import { noProblem } from './submit'

/** A page by which something that is there is changed. */
export type ChangePage = Omit<FormPage, 'values' | 'current' | 'tag' | 'problem'> & {
  /** What is so now, as the verb that changes it will compare it. */
  state: unknown
  /** What the fields hold of it. */
  shown: FormValues
  problem: Problem
}

/**
 * Shows what is so now, or what was sent and refused. Where it was refused because another change was made meanwhile, what
 * is so now stands beside it, and sending it again is a decision; after any other refusal the form stays one of what it was
 * first made of.
 */
export function showChange(visit: Visit, { state, shown, problem, ...page }: ChangePage): Promise<Response> {
  const isFresh = problem === noProblem || problem.isStale
  return showForm(visit, {
    ...page,
    problem,
    values: problem === noProblem ? shown : readFields(page.fields, visit.form),
    ...(problem.isStale && { current: shown }),
    tag: isFresh ? strongTag(JSON.stringify(state)) : visit.form.get('tag'),
  })
}

/**
 * The `ctx` of a change that is refused where another was made since its form was shown. A form that does not say what it
 * was made of is not one of ours.
 */
export function changing({ ctx, form }: Visit): Ctx {
  const tag = form.get('tag') ?? ''
  if (!/^"[\w-]+"$/.test(tag)) {
    throw badRequest('The form does not say what it was made of: load the page anew and try again')
  }
  return { ...ctx, ifMatch: tag }
}
