import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import type { Issue } from '../../lib/errors'
import { meantReference } from '../../resources/cases/rules/reference'
import type { Field, Option, Problem } from '../form/fields'
import { assigneeOptions } from '../options'
import { counted } from '../words'

/** The option that chooses nobody, as in the list’s address. */
export const nobody = 'none'

export const assigneeChoices = async (ctx: Ctx): Promise<Option[]> => [
  { value: '', text: 'Choose somebody' },
  { value: nobody, text: 'Nobody' },
  ...(await assigneeOptions(ctx)),
]

/** `ids` has no options here: its boxes are in the rows of the list. */
export const assigningFields = (options: readonly Option[]): Field[] => [
  { name: 'ids', label: 'Cases', kind: 'checkboxes', options: [] },
  { name: 'assignee', label: 'Assign the selected cases to', kind: 'select', options },
]

/** The faults of the verb as faults of the list’s own fields. */
export function assigningProblem(problem: Problem, ids: readonly string[], assignee: string): Problem {
  if (problem.issues.length === 0) return problem
  const issues = problem.issues.map((issue): Issue => {
    const reword = (path: string, message: string): Issue => ({ in: issue.in, path, code: 'rule', message })
    const { path } = issue
    if (path === 'assigneeId') {
      return assignee === ''
        ? reword('assignee', 'Choose who to assign the cases to')
        : { ...issue, path: 'assignee' }
    }
    if (path === 'ids' && ids.length === 0) return reword(path, 'Select at least one case')
    if (path.startsWith('ids.')) {
      return reword('ids', 'You no longer have permission to view some of these cases. Select them again')
    }
    return issue
  })
  return { ...problem, issues }
}

function assignedWords(query: URLSearchParams, options: readonly Option[]): string | null {
  const count = query.get('count') ?? ''
  const to = query.get('to') ?? ''
  const chosen = options.find(({ value }) => value !== '' && value === to)
  if (!chosen || !/^\d{1,3}$/.test(count)) return null
  const name = to === nobody ? 'nobody' : chosen.text
  return Number(count) === 0
    ? `Nothing was changed: the cases were already assigned to ${name}`
    : `${counted(Number(count), 'case')} assigned to ${name}`
}

function createdWords({ ctx, query }: Visit): string | null {
  const reference = meantReference(query.get('case') ?? '', ctx.tenant.referencePrefix)
  return reference ? `Case ${reference} created. You do not have permission to view it` : null
}

export function noticesOf(visit: Visit, options: readonly Option[]): Record<string, string> {
  const assigned = assignedWords(visit.query, options)
  const created = createdWords(visit)
  return {
    ...(assigned && { assigned }),
    ...(created && { created }),
    gone: 'Saved. You no longer have permission to view the case',
  }
}
