import { keptField, ownerField, ownerMark } from '../../core/sessions/kept-forms.service'
import type { Visit } from '../../http/pages'
import type { Field, Problem } from './fields'
import { onceMarks } from './once'

/** The hidden values of a form, by name. */
export type Marks = Record<string, string | null>

const asksForSecret = (fields: readonly Field[]) =>
  fields.some(({ kind }) => kind === 'password' || kind === 'code')

/**
 * The form’s owner, so that it is kept if the session ends before it is sent; the kept form that it shows again; and the key
 * that makes it take effect once. A form that asks for a password or a code has no marks, so that these are never stored.
 */
export function marksOf(visit: Visit, fields: readonly Field[], problem: Problem): Marks {
  if (asksForSecret(fields)) return {}
  return {
    [ownerField]: ownerMark(visit.ctx),
    [keptField]: visit.form.get(keptField),
    ...onceMarks(visit, problem),
  }
}
