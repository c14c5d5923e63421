import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { strongTag } from '../../lib/etag'
import { type FormValues, type Problem, readFields } from './fields'
import { type FormPage, showForm } from './page'
import { noProblem } from './submit'

/** A form that changes something that is already there. */
export type ChangePage = Omit<FormPage, 'values' | 'current' | 'marks' | 'problem'> & {
  /** What is saved now, exactly as the verb that changes it will compare it. */
  state: unknown
  /** The fields' values as they are saved now. */
  current: FormValues
  problem: Problem
}

/**
 * Shows the saved values, or those that were sent and refused. If somebody else made a change meanwhile, the saved values
 * stand beside the sent ones and the form gets a new tag, so that sending it again is a decision. After any other refusal it
 * keeps its tag.
 */
export function showChange(
  visit: Visit,
  { state, current, problem, ...page }: ChangePage,
): Promise<Response> {
  const isFresh = problem === noProblem || problem.isStale
  return showForm(visit, {
    ...page,
    problem,
    values: problem === noProblem ? current : readFields(page.fields, visit.form),
    ...(problem.isStale && { current }),
    marks: { tag: isFresh ? strongTag(JSON.stringify(state)) : visit.form.get('tag') },
  })
}

/** The `ctx` in which a change is refused if another was made since its form was shown. */
export function changing({ ctx, form }: Visit): Ctx {
  const tag = form.get('tag') ?? ''
  if (!/^"[\w-]+"$/.test(tag)) {
    throw badRequest('The form does not say which version it changes: refresh the page and try again')
  }
  return { ...ctx, ifMatch: tag }
}
