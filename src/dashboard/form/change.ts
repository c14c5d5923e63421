import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { AppError, badRequest } from '../../lib/errors'
import { strongTag } from '../../lib/etag'
import { type Field, type FormValues, fillFields, offeredOnly, type Problem, readFields } from './fields'
import { textOf } from './listed'
import { type Merged, merge, readTag, type Subject, tagOf } from './merge'
import { changeOnce } from './once'
import { type FormPage, showForm } from './page'
import { noProblem } from './submit'

const tagField = 'tag'

/** A form that changes something that is already there. */
export type ChangePage = Omit<FormPage, 'values' | 'stale' | 'marks' | 'problem'> &
  Subject & { problem: Problem }

/**
 * Shows the saved values, or those that were sent and refused. If somebody else has changed the same field, shows both versions
 * side by side: whoever sends the form again has decided. After any other refusal the form keeps the tag it was opened with.
 */
export function showChange(visit: Visit, page: ChangePage): Promise<Response> {
  const { current, basis: _, problem, ...rest } = page
  const marks = (tag: string | null) => ({ [tagField]: tag })
  if (problem === noProblem) {
    return showForm(visit, { ...rest, problem, values: current, marks: marks(tagOf(visit, page)) })
  }
  if (!problem.isStale) {
    const values = readFields(page.fields, visit.form)
    return showForm(visit, { ...rest, problem, values, marks: marks(visit.form.get(tagField)) })
  }
  const merged = merge(visit, page, tagIn(visit))
  const stale = staleOf(merged, current)
  return showForm(visit, { ...rest, problem, values: merged.values, stale, marks: marks(tagOf(visit, page)) })
}

function staleOf({ conflicts, theirs, values }: Merged, current: FormValues) {
  const textIn = (field: Field, from: FormValues) => fillFields([field], from).map(textOf).join()
  return {
    differences: conflicts.map((field) => ({
      label: field.label,
      yours: textIn(field, values),
      now: textIn(field, current),
    })),
    theirs: theirs.map((field) => ({ label: field.label, now: textIn(field, current) })),
  }
}

function tagIn({ form }: Visit): Map<string, string> {
  const tag = readTag(form.get(tagField) ?? '')
  if (tag === null) {
    throw badRequest('The form does not say which version it changes: refresh the page and try again')
  }
  return tag
}

/** Matches no version. */
const nothing = '""'

/** Others may get in first several times, but not for ever. */
const attempts = 5

/** A subject, with its saved state in the form that the verb compares with `If-Match`. */
export type Changing = Subject & { state: unknown }

/**
 * Saves what the author changed, and keeps what others have changed meanwhile in other fields: `save` gets the merged values of
 * all fields. Throws `stale` if both changed the same field or the basis has changed. A form that has taken effect before gets
 * its earlier answer.
 */
export async function saveChange<S extends Changing, T>(
  visit: Visit,
  read: () => Promise<S>,
  save: (ctx: Ctx, sent: Record<string, string[]>, subject: S) => Promise<T>,
): Promise<T> {
  const tag = tagIn(visit)
  for (let attempt = 1; ; attempt++) {
    const subject = await read()
    const { values, conflicts, isOvertaken } = merge(visit, subject, tag)
    const isStale = conflicts.length > 0 || isOvertaken
    const ifMatch = isStale ? nothing : strongTag(JSON.stringify(subject.state))
    try {
      return await changeOnce(visit, (ctx) =>
        save({ ...ctx, ifMatch }, offeredOnly(subject.fields, values), subject),
      )
    } catch (error) {
      if (isStale || attempt === attempts || !isStaleError(error)) throw error
    }
  }
}

const isStaleError = (error: unknown) => error instanceof AppError && error.kind === 'stale'
