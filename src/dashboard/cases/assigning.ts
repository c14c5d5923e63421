import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { looksLikeReference } from '../../resources/cases/rules/reference'
import type { Field, Option, Problem } from '../form/fields'
import { assigneeOptions } from '../options'
import { counted } from '../words'

/** Nobody, where somebody could be chosen: as an address of the list says it too. */
export const nobody = 'none'

/** Who cases can be given to. */
export const assigneeChoices = async (ctx: Ctx): Promise<Option[]> => [
  { value: '', text: 'Choose somebody' },
  { value: nobody, text: 'Nobody' },
  ...(await assigneeOptions(ctx)),
]

/** Which cases are given to whom. */
export const assigningFields = (options: readonly Option[]): Field[] => [
  { name: 'ids', label: 'Cases', kind: 'checkboxes', options: [] },
  { name: 'assignee', label: 'Assign the selected cases to', kind: 'select', options },
]

/** Why nothing was assigned, for who ticked boxes and chose a name. */
export function assigningProblem(problem: Problem, ids: readonly string[], assignee: string): Problem {
  const issues = problem.issues.map(({ path, message, ...issue }) => {
    if (path === 'assigneeId') {
      return { ...issue, path: 'assignee', message: assignee ? message : 'Choose who to assign the cases to' }
    }
    if (path === 'ids') {
      return { ...issue, path, message: ids.length === 0 ? 'Select at least one case' : `Cases: ${message}` }
    }
    const isCase = path.startsWith('ids.')
    return isCase
      ? {
          ...issue,
          path: 'ids',
          message: 'Some of the cases are no longer among those that you see: select anew',
        }
      : { ...issue, path, message }
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
    ? `Nothing was changed: the cases were assigned to ${name} already`
    : `${counted(Number(count), 'case')} assigned to ${name}`
}

function createdWords(query: URLSearchParams): string | null {
  const reference = query.get('case') ?? ''
  return looksLikeReference(reference)
    ? `Case ${reference} created. It is not among the cases that you see`
    : null
}

/** What is said on the list of what was just done. */
export function noticesOf({ query }: Visit, options: readonly Option[]): Record<string, string> {
  const assigned = assignedWords(query, options)
  const created = createdWords(query)
  return {
    ...(assigned && { assigned }),
    ...(created && { created }),
    gone: 'That was done. The case is no longer among those that you see',
  }
}
